/** A payload as Slack sends it to the app. */
export type Payload = Record<string, unknown>;

export type EnvelopeType = 'slash_commands' | 'interactive' | 'events_api';

/** What the app answered within three seconds, or how that looks to the person who waits. */
export type Ack = { ok: true; answer: unknown } | { ok: false; failure: string };

/** Why an event comes again. */
export type Retry = { num: number; reason: 'http_timeout' | 'http_error' };

export type Delivery = (type: EnvelopeType, payload: Payload, retry?: Retry) => Promise<Ack>;

/** One delivery, as the journal keeps it. `ack`: undefined while it is under way. */
export type Sent = {
  at: number;
  type: EnvelopeType;
  payload: Payload;
  retry: Retry | undefined;
  ack: Ack | undefined;
};

export const ackWithinMs = 3_000;
export const timedOut: Ack = { ok: false, failure: 'operation_timeout' };
