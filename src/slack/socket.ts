import { SocketModeClient, type SocketModeOptions } from '@slack/socket-mode';
import { z } from 'zod';
import { bodyLimit } from './http-receiver.ts';
import { payloadSchemas } from './payloads.ts';

const envelope = { envelope_id: z.string() };
const envelopeSchema = z.discriminatedUnion('type', [
  z.looseObject({
    ...envelope,
    type: z.literal('slash_commands'),
    payload: payloadSchemas.slash_commands,
  }),
  z.looseObject({ ...envelope, type: z.literal('interactive'), payload: payloadSchemas.interactive }),
  z.looseObject({
    ...envelope,
    type: z.literal('events_api'),
    payload: payloadSchemas.events_api,
    retry_attempt: z.number().optional(),
    retry_reason: z.string().optional(),
  }),
]);
/** A payload and the id that its answer goes by. */
export type Envelope = z.infer<typeof envelopeSchema>;

const frameSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('hello') }),
  z.looseObject({ type: z.literal('disconnect') }),
  envelopeSchema,
]);
type Frame = z.infer<typeof frameSchema>;

/** Milliseconds that Slack has to close its side. It was seen to leave TCP open. */
const goodbyeMs = 1_000;

export type SocketListener = {
  /** `answer` takes the acknowledgement, once. @throws when the connection has ended */
  onEnvelope: (envelope: Envelope, answer: (payload: object) => Promise<void>) => void;
  /** A frame that is none of Slack's. Its content may be personal, and is not for the log. */
  onNonsense: () => void;
};

/**
 * One connection to Slack, which is made once and ends once. The SDK's client makes it and keeps it alive; it gets to
 * see greetings and goodbyes alone. Frames are checked and payloads handled here, because the client ends the process
 * over a frame `null` and over an event without an inner event, and takes an event whose type is `close` for its own.
 */
export class SlackSocket extends SocketModeClient {
  /** Resolves when nothing comes this way any more. */
  readonly ended: Promise<void>;
  private readonly listener: SocketListener;
  private end: () => void = () => {};
  private isGreeted = false;

  constructor(options: Omit<SocketModeOptions, 'autoReconnectEnabled'>, listener: SocketListener) {
    super({ ...options, autoReconnectEnabled: false });
    this.listener = listener;
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.once('disconnected', this.end);
  }

  /** Slack has greeted and can send. */
  get isOpen(): boolean {
    return this.isGreeted && this.websocket?.isActive() === true;
  }

  /** Says goodbye, once more with force if Slack doesn't answer in time. */
  leave(): void {
    void this.disconnect();
    setTimeout(() => {
      if (this.websocket?.readyState !== undefined) void this.disconnect();
      this.end();
    }, goodbyeMs);
  }

  private answer(envelopeId: string, payload: object): Promise<void> {
    return new Promise((resolve, reject) => {
      // Slack may send before it greets.
      if (this.websocket?.isActive() !== true) {
        reject(new Error('The connection to Slack ended before the answer'));
        return;
      }
      this.websocket.send(JSON.stringify({ envelope_id: envelopeId, payload }), (error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  }

  protected override async onWebSocketMessage(data: string | ArrayBuffer, isBinary: boolean): Promise<void> {
    const frame = typeof data === 'string' ? readFrame(data) : undefined;
    if (frame === undefined) {
      this.listener.onNonsense();
    } else if (frame.type === 'hello') {
      this.isGreeted = true;
      await super.onWebSocketMessage(data, isBinary);
    } else if (frame.type === 'disconnect') {
      this.leave();
    } else {
      this.listener.onEnvelope(frame, (payload) => this.answer(frame.envelope_id, payload));
    }
  }
}

function readFrame(data: string): Frame | undefined {
  if (data.length > bodyLimit) return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    return isFrame(frame) ? frame : undefined;
  } catch {
    return undefined;
  }
}

function isFrame(frame: unknown): frame is Frame {
  return frameSchema.safeParse(frame).success;
}
