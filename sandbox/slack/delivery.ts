import { createHmac, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { z } from 'zod';
import { bot } from './workspace.ts';

export type Payload = Record<string, unknown>;

/** What the app answered within three seconds, or how that looks to the person who waits. */
export type Ack = { ok: true; answer: unknown } | { ok: false; failure: string };

export type Delivery = (type: 'slash_commands' | 'interactive', payload: Payload) => Promise<Ack>;

const ackWithinMs = 3_000;
const timedOut: Ack = { ok: false, failure: 'operation_timeout' };

/** HTTP mode: signed forms with bare content types, as Slack sends them. */
export function httpDelivery(url: string, signingSecret: string): Delivery {
  return async (type, payload) => {
    const form = type === 'slash_commands' ? payload : { payload: JSON.stringify(payload) };
    const body = new URLSearchParams(
      Object.entries(form).map(([key, value]): [string, string] => [key, String(value)]),
    );
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', signingSecret)
      .update(`v0:${timestamp}:${body.toString()}`)
      .digest('hex');
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: body.toString(),
        signal: AbortSignal.timeout(ackWithinMs),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${signature}`,
        },
      });
      const text = await response.text();
      return response.ok
        ? { ok: true, answer: parsed(text) }
        : { ok: false, failure: `http_${response.status}` };
    } catch {
      return timedOut;
    }
  };
}

/** Bolt answers a string as text and everything else as JSON. */
function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

const ackSchema = z.object({ envelope_id: z.string(), payload: z.unknown() });

/** Socket Mode: each payload goes to one of the sockets that the app has open. */
export class SocketMode {
  private readonly sockets: WebSocket[] = [];
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
        this.welcome(websocket);
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

  deliver: Delivery = (type, payload) => {
    const socket = this.sockets[this.next++ % Math.max(1, this.sockets.length)];
    if (socket === undefined) return Promise.resolve({ ok: false, failure: 'dispatch_failed' });
    const envelopeId = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiting.delete(envelopeId);
        resolve(timedOut);
      }, ackWithinMs);
      this.waiting.set(envelopeId, (answer) => {
        clearTimeout(timer);
        resolve({ ok: true, answer: isEmptyObject(answer) ? undefined : answer });
      });
      socket.send(JSON.stringify({ envelope_id: envelopeId, type, payload, accepts_response_payload: true }));
    });
  };

  /** Slack renews connections every few hours. */
  disconnect(reason: 'warning' | 'refresh_requested'): void {
    for (const socket of this.sockets) socket.send(JSON.stringify({ type: 'disconnect', reason }));
  }

  /** The network fails. */
  drop(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  stop(): void {
    this.drop();
    this.server.close();
  }

  private welcome(socket: WebSocket): void {
    this.sockets.push(socket);
    this.changed();
    socket.on('close', () => {
      this.sockets.splice(this.sockets.indexOf(socket), 1);
      this.changed();
    });
    socket.on('message', (data: Buffer) => {
      const ack = ackSchema.safeParse(JSON.parse(data.toString('utf8')));
      if (!ack.success) return;
      const { envelope_id: id, payload } = ack.data;
      this.waiting.get(id)?.(payload);
      this.waiting.delete(id);
    });
    const info = { app_id: bot.appId };
    const debug = { host: 'applink-local', build_number: 1, approximate_connection_time: 3600 };
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: this.sockets.length,
        connection_info: info,
        debug_info: debug,
      }),
    );
  }
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
