import { createHmac } from 'node:crypto';
import {
  ackWithinMs,
  timedOut,
  type Delivery,
  type EnvelopeType,
  type Payload,
  type Retry,
} from './delivery.ts';
import { readJson } from './json.ts';

/** HTTP mode: signed at `now`, with the bare content types that Slack sends. `url`: asked for with each payload. */
export function httpDelivery(url: () => string, signingSecret: string, now: () => number): Delivery {
  return async (type, payload, retry) => {
    const { body, contentType } = encoded(type, payload);
    const timestamp = String(Math.floor(now() / 1000));
    const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
    try {
      const response = await fetch(url(), {
        method: 'POST',
        body,
        signal: AbortSignal.timeout(ackWithinMs),
        headers: {
          'content-type': contentType,
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${signature}`,
          ...retryHeaders(retry),
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

function encoded(type: EnvelopeType, payload: Payload): { body: string; contentType: string } {
  if (type === 'events_api') return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form = type === 'slash_commands' ? payload : { payload: JSON.stringify(payload) };
  const fields = Object.entries(form).map(([key, value]): [string, string] => [key, String(value)]);
  return {
    body: new URLSearchParams(fields).toString(),
    contentType: 'application/x-www-form-urlencoded',
  };
}

function retryHeaders(retry: Retry | undefined): Record<string, string> {
  return retry === undefined
    ? {}
    : { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason };
}

/** Bolt answers a string as text and everything else as JSON. */
function parsed(text: string): unknown {
  if (text === '') return undefined;
  const json = readJson(text);
  return json === undefined ? { text } : json.value;
}
