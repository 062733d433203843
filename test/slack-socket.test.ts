import { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect, type Connection } from '../src/slack/connection.ts';
import { createLogger, toSlackLogger } from '../src/slack/logger.ts';
import { bot, people, teamId } from '../sandbox/slack/workspace.ts';
import { ops, slackForEachTest, tokens } from '../sandbox/slack/testing/served-slack.ts';

const stage = slackForEachTest();
let logLines: string[];
let connection: Connection;
let app: App;
let heard: string[];

/** An app that answers /try, through the connection that the real one uses. */
beforeEach(() => {
  logLines = [];
  heard = [];
  const write = (line: string) => {
    logLines.push(line);
    stage.slack.store.changed();
  };
  const logger = toSlackLogger(createLogger('trace', [], { write }));
  connection = connect(
    { mode: 'socket', appToken: tokens.appToken, botToken: tokens.botToken, apiUrl: stage.apiUrl },
    logger,
  );
  app = new App({
    token: tokens.botToken,
    botId: bot.botId,
    botUserId: bot.userId,
    receiver: connection.receiver,
    logger,
    tokenVerificationEnabled: false,
  });
  app.command('/try', async ({ ack }) => {
    heard.push('/try');
    await ack({ text: 'here' });
  });
  app.event('app_home_opened', ({ event }) => {
    heard.push(event.type);
    return Promise.resolve();
  });
});
afterEach(() => app.stop());

const ana = () => stage.as('ana');
const connected = (count: number) =>
  stage.slack.until(`${count} connections`, () => stage.slack.socketMode.connected === count);
const isBack = () => stage.slack.until('the greeting', () => connection.isConnected());
const sockets = () => stage.slack.journal.filter(({ method }) => method === 'apps.connections.open').length;

const envelope = (type: string, payload: unknown) => ({ envelope_id: 'e1', type, payload });
const event = (inner: unknown) =>
  envelope('events_api', { type: 'event_callback', team_id: teamId, event: inner });

describe('a frame that is none of Slack’s is left out, and the connection stays', () => {
  const lifecycle = [
    'close',
    'error',
    'connected',
    'disconnected',
    'disconnecting',
    'reconnecting',
    'authenticated',
    'ws_message',
    'slack_event',
    'outgoing_message',
    '__proto__',
    'constructor',
  ];
  const frames: unknown[] = [
    null,
    true,
    0,
    '',
    'hello',
    [],
    [null],
    {},
    { type: null },
    { type: ['hello'] },
    { type: 'hello\u0000' },
    ...lifecycle.map((type) => ({ type, envelope_id: 'e1', payload: {} })),
    envelope('events_api', null),
    envelope('events_api', {}),
    envelope('events_api', { type: 'app_rate_limited', team_id: teamId, minute_rate_limited: 1 }),
    event(null),
    event('app_home_opened'),
    event({ type: {} }),
    event({ type: 'x', item: 'no object' }),
    ...lifecycle.map((type) => event({ type })),
    envelope('interactive', null),
    envelope('interactive', { type: 'block_actions' }),
    envelope('interactive', { type: 'view_submission', user: { id: people.ana.id }, view: null }),
    envelope('slash_commands', null),
    envelope('slash_commands', { command: ['/try'] }),
    { type: 'slash_commands', payload: { command: '/try' } },
    { envelope_id: {}, type: 'slash_commands', payload: { command: '/try' } },
  ];
  const texts = ['', 'no JSON', '{"type":', '['.repeat(200_000), '\u0000', 'x'.repeat(1_000_000)];

  test('whatever it is', async () => {
    await app.start();
    for (const frame of frames) stage.slack.socketMode.sendFrame(JSON.stringify(frame));
    for (const text of texts) stage.slack.socketMode.sendFrame(text);
    for (const bytes of ['null', '\u00ff\u00fe', ''])
      stage.slack.socketMode.sendFrame(Buffer.from(bytes, 'latin1'));
    expect(await ana().types(ops, '/try')).toEqual({ failure: undefined });
    expect(
      ana()
        .sees(ops)
        .map(({ text }) => text),
    ).toEqual(['here']);
    expect(sockets()).toBe(1);
    expect(heard).toEqual(['/try']);
    expect(logLines.join('')).not.toContain('app_rate_limited');
  });

  test('the frames that Slack does send still do what they are for', async () => {
    await app.start();
    await ana().opensHome();
    await stage.slack.until('the event', () => heard.includes('app_home_opened'));
    stage.slack.socketMode.copies = 2;
    await ana().types(ops, '/try');
    await stage.slack.until('both copies', () => heard.length === 3);
  });
});

describe('the connection ends while the app runs', () => {
  test.each(['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets'] as const)(
    'Slack says %s: a new one is made',
    async (reason) => {
      await app.start();
      stage.slack.socketMode.disconnect(reason);
      await connected(0);
      await isBack();
      expect(await ana().types(ops, '/try')).toEqual({ failure: undefined });
    },
  );

  test.each([
    { kind: 'error', error: 'invalid_auth' },
    { kind: 'error', error: 'account_inactive' },
    { kind: 'error', error: 'an_error_of_tomorrow' },
    { kind: 'status', status: 500 },
    { kind: 'rate_limited', retryAfter: 1 },
    { kind: 'drop' },
  ] as const)('and Slack gives no new one (%o): it is tried again until it does', async (fault) => {
    await app.start();
    stage.slack.fail('apps.connections.open', fault);
    stage.slack.socketMode.drop();
    await stage.slack.until('the first try', () => sockets() === 2);
    expect(connection.isConnected()).toBe(false);
    await isBack();
    expect(sockets()).toBe(3);
    expect(logLines.join('')).toContain('No connection to Slack, trying again');
    expect(await ana().types(ops, '/try')).toEqual({ failure: undefined });
  });

  test('it can be made again at will', async () => {
    await app.start();
    connection.renew();
    await connected(0);
    await isBack();
    expect(await ana().types(ops, '/try')).toEqual({ failure: undefined });
  });
});

describe('the start', () => {
  test('Slack refuses the app token: it says so', async () => {
    stage.slack.fail('apps.connections.open', { kind: 'error', error: 'invalid_auth' });
    await expect(app.start()).rejects.toThrow('invalid_auth');
  });

  test('Slack is out of reach for a moment: it goes on when it is back', async () => {
    stage.slack.fail('apps.connections.open', { kind: 'status', status: 503 }, 2);
    await app.start();
    expect(connection.isConnected()).toBe(true);
  });
});

test('after the stop nothing comes any more', async () => {
  await app.start();
  await app.stop();
  await connected(0);
  expect(connection.isConnected()).toBe(false);
  expect(await ana().types(ops, '/try')).toHaveProperty(
    'failure',
    expect.stringContaining('dispatch_failed'),
  );
});
