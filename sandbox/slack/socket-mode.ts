import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { ackWithinMs, timedOut, type Ack, type Delivery } from './delivery.ts';
import { bot } from './workspace.ts';

const ackSchema = z.object({ envelope_id: z.string(), payload: z.unknown() });

type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled' | 'too_many_websockets';

const maxSockets = 10;
const host = 'applink-local';

/** Socket Mode: each payload goes to one of the sockets that the app has open. */
export class SocketMode {
  /** How often each envelope is sent. Slack promises at least once, with the same envelope_id. */
  copies = 1;
  /** Slack may take its time to greet; the app is not started before it did. */
  beforeHello: () => Promise<void> = () => Promise.resolve();
  /** After the close handshake Slack leaves the TCP connection open: the client has to end it. */
  leavesTcpOpen = false;
  private readonly sockets: WebSocket[] = [];
  private readonly leftOpen = new Set<Duplex>();
  private readonly tickets = new Set<string>();
  private readonly waiting = new Map<string, (answer: unknown) => void>();
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly changed: () => void;
  private next = 0;

  constructor(changed: () => void) {
    this.changed = changed;
  }

  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => {
      const ticket = new URL(request.url ?? '/', 'ws://local').searchParams.get('ticket') ?? '';
      if (!this.tickets.delete(ticket)) {
        socket.destroy();
        return;
      }
      this.server.handleUpgrade(request, socket, head, (websocket) => {
        if (this.leavesTcpOpen) {
          // What ws calls when both sides have said goodbye.
          socket.end = () => {
            this.leave(websocket);
            return socket;
          };
          this.leftOpen.add(socket);
          socket.once('close', () => this.leftOpen.delete(socket));
        }
        if (this.sockets.length < maxSockets) this.welcome(websocket);
        else {
          websocket.send(disconnectFrame('too_many_websockets'));
          websocket.close();
        }
      });
    });
  }

  /** The address that `apps.connections.open` gives out: it works once. */
  newUrl(base: string): string {
    const ticket = randomUUID();
    this.tickets.add(ticket);
    return `${base.replace(/^http/, 'ws')}/link/?ticket=${ticket}&app_id=${bot.appId}`;
  }

  get connected(): number {
    return this.sockets.length;
  }

  deliver: Delivery = (type, payload, retry) => {
    const socket = this.sockets[this.next++ % Math.max(1, this.sockets.length)];
    if (socket === undefined) return Promise.resolve({ ok: false, failure: 'dispatch_failed' });
    const envelopeId = randomUUID();
    const envelope = JSON.stringify({
      envelope_id: envelopeId,
      type,
      payload,
      accepts_response_payload: type !== 'events_api',
      ...(type === 'events_api' && { retry_attempt: retry?.num ?? 0, retry_reason: retry?.reason ?? '' }),
    });
    const answered = this.answerTo(envelopeId);
    for (let copy = 0; copy < this.copies; copy += 1) socket.send(envelope);
    return answered;
  };

  /** Slack renews connections every few hours: it warns, or asks for a new one at once. */
  disconnect(reason: DisconnectReason): void {
    for (const socket of this.sockets) socket.send(disconnectFrame(reason));
  }

  /** Sends a frame as it is: text, or bytes as a binary one. */
  sendFrame(frame: string | Buffer): void {
    for (const socket of this.sockets) socket.send(frame);
  }

  /** The network fails. */
  drop(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  stop(): void {
    this.drop();
    for (const socket of this.leftOpen) socket.destroy();
    this.server.close();
  }

  private answerTo(envelopeId: string): Promise<Ack> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting.delete(envelopeId);
        resolve(timedOut);
      }, ackWithinMs);
      this.waiting.set(envelopeId, (answer) => {
        clearTimeout(timer);
        resolve({ ok: true, answer: isEmptyObject(answer) ? undefined : answer });
      });
    });
  }

  private leave(socket: WebSocket): void {
    const at = this.sockets.indexOf(socket);
    if (at < 0) return;
    this.sockets.splice(at, 1);
    this.changed();
  }

  private welcome(socket: WebSocket): void {
    this.sockets.push(socket);
    this.changed();
    socket.on('close', () => {
      this.leave(socket);
    });
    socket.on('message', (data: Buffer) => {
      const ack = ackSchema.safeParse(JSON.parse(data.toString('utf8')));
      if (!ack.success) return;
      const { envelope_id: id, payload } = ack.data;
      this.waiting.get(id)?.(payload);
      this.waiting.delete(id);
    });
    void this.beforeHello().then(() => {
      socket.send(helloFrame(this.sockets.length));
    });
  }
}

function helloFrame(connections: number): string {
  return JSON.stringify({
    type: 'hello',
    num_connections: connections,
    connection_info: { app_id: bot.appId },
    debug_info: { host, build_number: 1, approximate_connection_time: 3600 },
  });
}

function disconnectFrame(reason: DisconnectReason): string {
  return JSON.stringify({ type: 'disconnect', reason, debug_info: { host } });
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
