import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { ackWithinMs, type Ack, type Deliver } from './delivery.ts';

const mostSockets = 10;
const ticketLifeMs = 30_000;

const ackSchema = z.object({ envelope_id: z.string(), payload: z.unknown() });

type Waiting = (payload: unknown) => void;

/** Socket Mode: each payload goes to one of the sockets that the app has open. */
export class SocketMode {
  private readonly appId: string;
  private readonly now: () => number;
  private readonly open: WebSocket[] = [];
  private readonly all = new Set<WebSocket>();
  private readonly tickets = new Map<string, number>();
  private readonly waiting = new Map<string, Waiting>();
  private readonly server = new WebSocketServer({ noServer: true });
  private turn = 0;

  constructor(appId: string, now: () => number) {
    this.appId = appId;
    this.now = now;
  }

  /** Takes the server's upgrades on `/link`. */
  attach(http: Server): void {
    http.on('upgrade', (request, socket, head) => {
      this.upgrade(request, socket, head);
    });
  }

  /** The address that `apps.connections.open` gives out: it works once, within half a minute. */
  newUrl(base: string): string {
    const ticket = randomUUID();
    this.tickets.set(ticket, this.now() + ticketLifeMs);
    return `${base.replace(/^http/, 'ws')}/link?ticket=${ticket}&app_id=${this.appId}`;
  }

  get connections(): number {
    return this.open.length;
  }

  /** Sends to the next socket in turn. */
  readonly deliver: Deliver = (type, payload) => {
    const socket = this.open[this.turn++ % Math.max(1, this.open.length)];
    if (socket === undefined) return Promise.resolve({ acked: false, failure: 'did_not_respond' });
    const id = randomUUID();
    return new Promise<Ack>((resolve) => {
      const late = setTimeout(() => {
        this.waiting.delete(id);
        resolve({ acked: false, failure: 'operation_timeout' });
      }, ackWithinMs);
      this.waiting.set(id, (answer) => {
        clearTimeout(late);
        resolve({ acked: true, answer: isEmpty(answer) ? undefined : answer });
      });
      send(socket, { envelope_id: id, type, payload, accepts_response_payload: true });
    });
  };

  /** Announces that the sockets will be renewed; nothing is sent to them any more. */
  disconnect(reason: 'refresh_requested' | 'warning'): void {
    for (const socket of this.open.splice(0))
      send(socket, { type: 'disconnect', reason, debug_info: { host: 'applink-local' } });
  }

  /** The network goes away under every socket. */
  drop(): void {
    for (const socket of this.all) socket.terminate();
  }

  stop(): void {
    this.drop();
    this.server.close();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'ws://local');
    const ticket = url.searchParams.get('ticket') ?? '';
    const until = this.tickets.get(ticket) ?? 0;
    this.tickets.delete(ticket);
    if (url.pathname !== '/link' || this.now() > until) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (websocket) => {
      this.welcome(websocket);
    });
  }

  private welcome(socket: WebSocket): void {
    if (this.open.length >= mostSockets) {
      send(socket, { type: 'disconnect', reason: 'too_many_websockets' });
      socket.close();
      return;
    }
    this.all.add(socket);
    this.open.push(socket);
    socket.on('close', () => {
      this.all.delete(socket);
      const index = this.open.indexOf(socket);
      if (index >= 0) this.open.splice(index, 1);
    });
    socket.on('message', (data: Buffer) => {
      this.take(data.toString('utf8'));
    });
    const debug = { host: 'applink-local', build_number: 1, approximate_connection_time: 3600 };
    const info = { app_id: this.appId };
    send(socket, {
      type: 'hello',
      num_connections: this.open.length,
      connection_info: info,
      debug_info: debug,
    });
  }

  /** An ack that is late or of another envelope is dropped without a word. */
  private take(text: string): void {
    const ack = ackSchema.safeParse(JSON.parse(text));
    if (!ack.success) return;
    const { envelope_id: id, payload } = ack.data;
    this.waiting.get(id)?.(payload);
    this.waiting.delete(id);
  }
}

function send(socket: WebSocket, message: object): void {
  socket.send(JSON.stringify(message));
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  );
}
