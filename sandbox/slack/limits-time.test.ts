import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { people } from './workspace.ts';
import { button, chars, divider, inputOf, modal, options, section } from './testing/block-kit.ts';
import { ops, slackForEachTest, tokens } from './testing/served-slack.ts';

let time = 0;
beforeEach(() => {
  time = Date.now();
});
const stage = slackForEachTest(() => ({ now: () => time, eventRetriesAfterMs: [0, 0, 0] }));
const ana = () => stage.as('ana');
const trigger = () => stage.slack.store.newTrigger(people.ana.id);
const open = (change: object = {}, blocks: object[] = [divider]) =>
  stage.call('views.open', {
    trigger_id: stage.slack.store.newTrigger(people.ana.id),
    view: modal(blocks, change),
  });
const respond = async (url: string, body: object) =>
  (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
const lastPayload = () => stage.slack.deliveries.at(-1)?.payload ?? {};

describe('an acknowledgement is taken after 3 s and is none after that', () => {
  const late = (ms: number) => () => {
    time += ms;
    return new Response('');
  };
  test.each([
    [3_000, undefined],
    [3_001, '/try failed with the error "operation_timeout"'],
  ])('of a command, %i ms', async (ms, failure) => {
    await stage.answeringWith(late(ms));
    expect(await ana().types(ops, '/try')).toEqual({ failure });
    expect(stage.slack.deliveries).toHaveLength(1);
  });

  test.each([
    [3_000, 'closed'],
    [3_001, 'failed'],
  ])('of a submission, %i ms', async (ms, outcome) => {
    await open();
    await stage.answeringWith(late(ms));
    expect(await ana().modal()?.submit()).toMatchObject({ outcome });
  });

  test('of a submission: a response_action that comes later changes nothing', async () => {
    await open();
    await stage.answeringWith(() => {
      time += 3_001;
      return Response.json({ response_action: 'clear' });
    });
    await ana().modal()?.submit();
    expect(ana().modal()).toBeDefined();
  });

  test.each([
    [3_000, undefined],
    [3_001, 'operation_timeout'],
  ])('of a button, %i ms', async (ms, failure) => {
    await stage.call('chat.postMessage', { channel: ops, text: 'x', blocks: [section(button())] });
    await stage.answeringWith(late(ms));
    const [message] = ana().sees(ops);
    expect(message && (await ana().press(message, chars(5)))).toEqual({ failure });
  });

  test('of a search', async () => {
    await open({}, [inputOf({ type: 'external_select' }, { label: { type: 'plain_text', text: 'Pick' } })]);
    const answer = (ms: number) => () => {
      time += ms;
      return Response.json({ options: options(1) });
    };
    await stage.answeringWith(answer(3_000));
    expect(await ana().modal()?.search('Pick', 'abc')).toHaveLength(1);
    await stage.answeringWith(answer(3_001));
    await expect(ana().modal()?.search('Pick', 'abc')).rejects.toThrow('operation_timeout');
  });

  test('of an event: it comes four times, and says for which time', async () => {
    await stage.answeringWith(late(3_001));
    await stage.slack.emit({ type: 'app_home_opened', user: people.ana.id });
    await stage.slack.until('the last retry', () => stage.slack.deliveries[3]?.ack);
    expect(stage.slack.deliveries.map(({ retry }) => retry)).toEqual([
      undefined,
      { num: 1, reason: 'http_timeout' },
      { num: 2, reason: 'http_timeout' },
      { num: 3, reason: 'http_timeout' },
    ]);
    expect(new Set(stage.slack.deliveries.map(({ payload }) => payload['event_id'])).size).toBe(1);
  });
});

test('a trigger works 3 s long and once', async () => {
  const [first, second] = [trigger(), trigger()];
  time += 3_000;
  const openWith = (id: string) => stage.call('views.open', { trigger_id: id, view: modal([divider]) });
  expect(await openWith(first)).toMatchObject({ ok: true });
  expect(await openWith(first)).toMatchObject({ error: 'exchanged_trigger_id' });
  time += 1;
  expect(await openWith(second)).toMatchObject({ error: 'expired_trigger_id' });
  expect(await openWith('made-up')).toMatchObject({ error: 'invalid_trigger_id' });
});

describe('a response_url', () => {
  const url = async () => {
    await stage.answering(undefined);
    await ana().types(ops, '/try');
    return String(lastPayload()['response_url']);
  };

  test('works 5 times', async () => {
    const target = await url();
    const statuses = [];
    for (let use = 0; use < 6; use += 1) statuses.push(await respond(target, { text: 'x' }));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  });

  test('works 30 minutes', async () => {
    const target = await url();
    time += 30 * 60_000;
    expect(await respond(target, { text: 'x' })).toBe(200);
    time += 1;
    expect(await respond(target, { text: 'x' })).toBe(404);
  });

  test('cannot make a public message ephemeral', async () => {
    await stage.answering(undefined);
    await stage.call('chat.postMessage', { channel: ops, text: 'x', blocks: [section(button())] });
    const [message] = ana().sees(ops);
    if (message) await ana().press(message, chars(5));
    await respond(String(lastPayload()['response_url']), { text: 'new', response_type: 'ephemeral' });
    expect(stage.as('ben').sees(ops)).toMatchObject([{ text: 'new', ephemeral: false }]);
  });

  test('cannot make an ephemeral message public', async () => {
    await stage.answering(undefined);
    await stage.call('chat.postEphemeral', {
      channel: ops,
      user: people.ana.id,
      text: 'x',
      blocks: [section(button())],
    });
    const [whisper] = ana().sees(ops);
    if (whisper) await ana().press(whisper, chars(5));
    await respond(String(lastPayload()['response_url']), { text: 'new', response_type: 'in_channel' });
    expect(ana().sees(ops)).toMatchObject([{ text: 'new', ephemeral: true }]);
    expect(stage.slack.messages(ops)).toEqual([]);
  });
});

describe('a signed request is 5 minutes old at the most', () => {
  test.each([
    [300, undefined],
    [301, '/try failed with the error "http_401"'],
  ])('Slack’s receiver, %i s', async (seconds, failure) => {
    vi.useFakeTimers({ toFake: ['Date'], now: time });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const url = await startBolt();
    time -= seconds * 1_000;
    stage.slack.sendTo(url);
    expect(await ana().types(ops, '/try')).toEqual({ failure });
  });

  async function startBolt(): Promise<string> {
    const { botToken, signingSecret } = tokens;
    const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
    const app = new App({ token: botToken, receiver, clientOptions: { slackApiUrl: stage.apiUrl } });
    app.command('/try', ({ ack }) => ack());
    const server: unknown = await app.start({ port: 0, host: '127.0.0.1' });
    onTestFinished(async () => {
      await app.stop();
    });
    return `http://127.0.0.1:${(server as { address(): AddressInfo }).address().port}/slack/events`;
  }
});
