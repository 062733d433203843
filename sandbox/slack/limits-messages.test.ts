import { describe, expect, test } from 'vitest';
import { chars, many } from './testing/block-kit.ts';
import { ops, slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();

test('text: 40,000 characters are posted, more is cut; an update takes 4,000', async () => {
  const post = (n: number) => stage.call('chat.postMessage', { channel: ops, text: chars(n) });
  const { ts } = await post(40_000);
  expect(await post(40_001)).toMatchObject({ ok: true, warning: 'message_truncated' });
  expect(stage.slack.messages(ops).map(({ text }) => Array.from(text).length)).toEqual([40_000, 40_000]);
  const update = (n: number) => stage.call('chat.update', { channel: ops, ts: String(ts), text: chars(n) });
  expect(await update(4_001)).toMatchObject({ error: 'msg_too_long' });
  expect(await update(4_000)).toMatchObject({ ok: true });
});

test('100 attachments are taken, one more is not', async () => {
  const post = (n: number) =>
    stage.call('chat.postMessage', { channel: ops, text: 'x', attachments: many(n, { text: 'a' }) });
  expect(await post(100)).toMatchObject({ ok: true });
  expect(await post(101)).toMatchObject({ error: 'too_many_attachments' });
});

describe('metadata', () => {
  const post = (metadata: unknown) => stage.call('chat.postMessage', { channel: ops, text: 'x', metadata });
  const update = async (metadata: unknown) => {
    const { ts } = await stage.call('chat.postMessage', { channel: ops, text: 'x' });
    return stage.call('chat.update', { channel: ops, ts: String(ts), text: 'x', metadata });
  };
  /** So many characters of JSON. */
  const sized = (length: number) => {
    const of = (id: string) => ({ event_type: 'neo_request', event_payload: { id } });
    return of('x'.repeat(length - JSON.stringify(of('')).length));
  };

  test.each([
    ['post', post],
    ['update', update],
  ])('of a %s has an end', async (_name, send) => {
    expect(await send(sized(8_000))).toMatchObject({ ok: true });
    expect(await send(sized(8_001))).toMatchObject({ error: 'metadata_too_large' });
  });

  test.each<[string, object]>([
    ['an event_type with capitals', { event_type: 'NeoRequest', event_payload: {} }],
    ['keys in camelCase', { eventType: 'neo_request', eventPayload: {} }],
    ['a payload that is no object', { event_type: 'neo_request', event_payload: 'id' }],
  ])('%s is refused', async (_name, metadata) => {
    expect(await post(metadata)).toMatchObject({ error: 'invalid_metadata_format' });
    expect(await update(metadata)).toMatchObject({ error: 'invalid_metadata_format' });
  });
});
