import { createHmac } from 'node:crypto';
import type { Payload } from './model.ts';

/** What the app answered within three seconds, or how it failed. */
export type Ack =
  | { acked: true; answer: unknown }
  | { acked: false; failure: 'operation_timeout' | 'http_service_error' | 'did_not_respond' };

export type Deliver = (type: 'slash_commands' | 'interactive', payload: Payload) => Promise<Ack>;

export const ackWithinMs = 3_000;

/** HTTP mode: signed forms with the bare content type. */
export function httpDelivery(url: string, signingSecret: string): Deliver {
  return async (type, payload) => {
    const fields: Payload = type === 'slash_commands' ? payload : { payload: JSON.stringify(payload) };
    const body = new URLSearchParams(
      Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]),
    ).toString();
    try {
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: signed(body, signingSecret),
        signal: AbortSignal.timeout(ackWithinMs),
      });
      const text = await response.text();
      return response.ok
        ? { acked: true, answer: answerIn(text) }
        : { acked: false, failure: 'http_service_error' };
    } catch (error) {
      const isLate = error instanceof Error && error.name === 'TimeoutError';
      return { acked: false, failure: isLate ? 'operation_timeout' : 'did_not_respond' };
    }
  };
}

/** Apps check the age of the signature with their own clock, so it is the real time that is signed. */
function signed(body: string, signingSecret: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
  };
}

/** Slack takes JSON, and any other text as a message. */
function answerIn(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return { text: body };
  }
}
