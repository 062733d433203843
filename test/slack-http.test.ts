import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Stage, secrets } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

/** Sends a body to where Slack sends its payloads, signed as Slack would unless `secret` is another. */
const send = async (body: string, type = json, secret = secrets.SLACK_SIGNING_SECRET) => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return fetch(stage.address, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  });
};
const payload = (value: unknown) => new URLSearchParams({ payload: JSON.stringify(value) }).toString();
const user = { id: 'U07QANA4M1X' };
const team = { id: 'T07QH4M2K1A' };

/** The app lives and does its work. */
const stillAnswers = async () => {
  expect(await stage.as('ana').types(stage.ops, '/neo-setup help')).toEqual({ failure: undefined });
};

describe('a signed body that is no payload is answered 4xx, and the app goes on', () => {
  const values = [
    null,
    true,
    0,
    -1e308,
    '',
    'null',
    [],
    [null],
    {},
    { type: null },
    { type: 'event_callback' },
    { type: 'event_callback', event: null, team_id: 'T1' },
    { type: 'event_callback', event: 'app_home_opened', team_id: 'T1' },
    { type: 'event_callback', event: { type: 7 }, team_id: 'T1' },
    { type: 'event_callback', event: { type: 'x', item: 'no object' }, team_id: 'T1' },
    { type: 'event_callback', event: { type: 'x', channel: null }, team_id: 'T1' },
    { type: 'app_rate_limited', team_id: 'T1', minute_rate_limited: 1 },
    { type: 'url_verification' },
    { type: 'url_verification', challenge: { not: 'text' } },
    { type: 'block_actions' },
    { type: 'block_actions', user, team, trigger_id: 't', actions: [] },
    { type: 'block_actions', user, team, trigger_id: 't', actions: [null] },
    { type: 'block_actions', user, team, trigger_id: 't', actions: 'approve' },
    { type: 'block_actions', user: null, team, trigger_id: 't', actions: [{ action_id: 'a' }] },
    { type: 'view_submission', user, team },
    { type: 'view_submission', user, team, view: null },
    { type: 'view_submission', user, team, view: { id: 'V1', type: 'modal', blocks: null } },
    { type: 'block_suggestion', user, team },
    { type: 'shortcut', user, team },
    { command: '/neo-setup' },
    { command: ['/neo-setup'], user_id: 'U1', channel_id: 'C1', team_id: 'T1', trigger_id: 't' },
    { name: 'x' },
    { actions: null },
    JSON.parse('{"__proto__":{"command":"/neo-setup"},"type":"shortcut"}'),
  ];
  test.each(values)('%j', async (value) => {
    expect((await send(JSON.stringify(value))).status).toBeOneOf([400, 404]);
    expect((await send(payload(value), form)).status).toBeOneOf([400, 404]);
    await stillAnswers();
  });

  test.each([
    ['an empty body', '', json],
    ['no JSON', '{"type":', json],
    ['deep nesting', '['.repeat(100_000), json],
    ['an empty form', '', form],
    ['a payload that is empty', 'payload=', form],
    ['a payload that comes twice', 'payload=null&payload=null', form],
    ['a command that comes twice', 'command=/neo-setup&command=/neo-status', form],
    ['another type', 'payload=null', 'multipart/form-data; boundary=x'],
    ['no text', '\u0000\ufffd', json],
  ])('%s', async (_what, body, type) => {
    expect((await send(body, type)).status).toBe(400);
    await stillAnswers();
  });
});

describe('whoever is not Slack', () => {
  test('a wrong signature, whatever the body is: 401', async () => {
    for (const body of ['null', '{}', payload({ type: 'block_actions' })])
      expect((await send(body, json, 'guessed')).status).toBe(401);
    await stillAnswers();
  });

  test.each([
    ['no headers', {}],
    ['a signature of another kind', { 'x-slack-signature': 'v1=00', 'x-slack-request-timestamp': '1' }],
    ['a time that is none', { 'x-slack-signature': 'v0=00', 'x-slack-request-timestamp': 'now' }],
    ['an endless time', { 'x-slack-signature': 'v0=00', 'x-slack-request-timestamp': 'Infinity' }],
    ['an empty signature', { 'x-slack-signature': '', 'x-slack-request-timestamp': '9999999999' }],
  ])('%s: 401', async (_what, headers) => {
    const answer = await fetch(stage.address, {
      method: 'POST',
      body: 'null',
      headers: { 'content-type': json, ...headers },
    });
    expect(answer.status).toBe(401);
    await stillAnswers();
  });

  test('a body above the limit is refused before its signature is looked at', async () => {
    expect((await send('x'.repeat(300_000), json, 'guessed')).status).toBe(413);
    expect((await send('x'.repeat(3_900_000))).status).toBe(413);
    await stillAnswers();
  });
});

test('Slack checks the address: its challenge comes back, and the certificate check is answered', async () => {
  const answer = await send(JSON.stringify({ type: 'url_verification', token: 't', challenge: 'c4ll' }));
  expect(await answer.json()).toEqual({ challenge: 'c4ll' });
  expect((await send('ssl_check=1&token=t', form, 'unsigned')).status).toBe(200);
});

test('a flood of refused requests is one line in the log', async () => {
  const before = stage.logLines.length;
  await Promise.all(Array.from({ length: 50 }, () => send('null')));
  expect(stage.logLines.slice(before).filter((line) => line.includes('Refused')).length).toBeLessThan(2);
});
