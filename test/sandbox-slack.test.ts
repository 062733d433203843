import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../sandbox/serve.ts';
import { LocalSlack, type LocalSlackOptions } from '../sandbox/slack/next/local-slack.ts';
import type { OpenModal } from '../sandbox/slack/next/modal.ts';
import type { SeenMessage } from '../sandbox/slack/next/person.ts';
import { demoWorkspace, identity } from '../sandbox/slack/next/workspace.ts';

const { people, channels, userGroups } = demoWorkspace();
const ops = channels.ops.id;
const secrets = { botToken: 'xoxb-local', appToken: 'xapp-local', signingSecret: 'local-secret' };

const manifest = `
features:
  slash_commands: [{ command: /order }, { command: /slow }]
oauth_config:
  scopes:
    bot: [commands, chat:write, im:write, users:read, usergroups:read, channels:read, channels:history]
`;

let slack: LocalSlack;
let served: Served;
let client: WebClient;
let clock: number;

async function open(change: Partial<LocalSlackOptions> = {}): Promise<void> {
  clock = 0;
  served = await serve((request) => slack.fetch(request));
  slack = new LocalSlack({
    ...secrets,
    manifest,
    webBase: served.url,
    people: Object.values(people),
    channels: Object.values(channels),
    userGroups: Object.values(userGroups),
    now: () => Date.now() + clock,
    ...change,
  });
  slack.attachSockets(served.server);
  client = clientWith(secrets.botToken);
}

async function close(): Promise<void> {
  slack.stop();
  await served.stop();
}

const clientOptions = () => ({
  slackApiUrl: `${served.url}/api/`,
  retryConfig: { retries: 0 },
  rejectRateLimitedCalls: true,
  logLevel: LogLevel.ERROR,
  logger: silent,
});
const clientWith = (token: string) => new WebClient(token, clientOptions());

const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

const plain = (text: string) => ({ type: 'plain_text' as const, text });

const orderForm = (): ModalView => ({
  type: 'modal',
  callback_id: 'order',
  title: plain('Order'),
  submit: plain('Send'),
  private_metadata: 'kept',
  blocks: [
    {
      type: 'input',
      block_id: 'name',
      label: plain('Name'),
      element: { type: 'plain_text_input', action_id: 'value', max_length: 10 },
    },
    {
      type: 'input',
      block_id: 'mail',
      label: plain('Mail'),
      optional: true,
      element: { type: 'email_text_input', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'dish',
      label: plain('Dish'),
      element: { type: 'external_select', action_id: 'dish', min_query_length: 2 },
    },
  ],
});

const card: KnownBlock[] = [
  { type: 'section', text: { type: 'mrkdwn', text: '*An order*' } },
  {
    type: 'actions',
    block_id: 'decide',
    elements: [
      {
        type: 'button',
        action_id: 'accept',
        value: '12',
        text: plain('Accept'),
        confirm: { title: plain('Accept?'), text: plain('Sure?'), confirm: plain('Yes'), deny: plain('No') },
      },
    ],
  },
];

/** What a small app of Slack's own framework does with orders. Everything it hears is kept in `heard`. */
function orders(app: App, heard: Record<string, unknown>[]): void {
  app.command('/order', async ({ ack, body, client: web }) => {
    heard.push({ ...body });
    if (body.text === 'help') {
      await ack('*Order* something');
      return;
    }
    await ack();
    await web.views.open({ trigger_id: body.trigger_id, view: orderForm() });
  });
  app.command('/slow', () => Promise.resolve());
  app.options('dish', async ({ ack, body }) => {
    heard.push({ ...body });
    const options = ['Soup', 'Soup of the day'].map((text) => ({ text: plain(text), value: text }));
    await ack({ options });
  });
  app.view('order', async ({ ack, body, view, client: web }) => {
    heard.push({ ...body });
    if (view.state.values['name']?.['value']?.value === 'wrong') {
      await ack({ response_action: 'errors', errors: { name: 'That is wrong' } });
      return;
    }
    await ack();
    await web.chat.postMessage({ channel: ops, text: 'An order', blocks: card });
  });
  app.action('accept', async ({ ack, body, respond }) => {
    heard.push({ ...body });
    await ack();
    await respond({ response_type: 'ephemeral', replace_original: false, text: 'Only you see this' });
    await respond({ replace_original: true, text: 'Accepted' });
  });
}

async function startInSocketMode(heard: Record<string, unknown>[]): Promise<App> {
  const receiver = new SocketModeReceiver({
    appToken: secrets.appToken,
    logger: silent,
    clientPingTimeout: 300,
    installerOptions: { clientOptions: { slackApiUrl: `${served.url}/api/` } },
  });
  return start(receiver, heard);
}

async function startInHttpMode(heard: Record<string, unknown>[]): Promise<App> {
  const receiver = new HTTPReceiver({ signingSecret: secrets.signingSecret, logger: silent, port: 0 });
  const app = await start(receiver, heard);
  const { port } = listening(receiver);
  slack.sendTo(`http://127.0.0.1:${port}/slack/events`);
  return app;
}

/** Where Bolt listens: it hands out its server only from `start`. */
let httpServer: unknown;
function listening(_receiver: HTTPReceiver): AddressInfo {
  const address = isServer(httpServer) ? httpServer.address() : null;
  if (address === null || typeof address === 'string') throw new Error('Bolt does not listen');
  return address;
}
const isServer = (value: unknown): value is Server =>
  typeof value === 'object' && value !== null && 'address' in value;

async function start(
  receiver: SocketModeReceiver | HTTPReceiver,
  heard: Record<string, unknown>[],
): Promise<App> {
  const app = new App({
    token: secrets.botToken,
    receiver,
    logger: silent,
    convoStore: false,
    deferInitialization: true,
    clientOptions: { slackApiUrl: `${served.url}/api/`, retryConfig: { retries: 0 } },
  });
  await app.init();
  orders(app, heard);
  httpServer = await app.start();
  return app;
}

const seen = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('Nothing there');
  return value;
};

async function orderOpened(): Promise<OpenModal> {
  expect(await slack.as(people.ana.id).types(ops, '/order')).toEqual({ acked: true });
  return slack.until('the form', () => slack.as(people.ana.id).modal());
}

async function ordered(): Promise<SeenMessage> {
  const form = await orderOpened();
  form.fill('Name', 'Ana');
  await form.choose('Dish', 'Soup');
  expect(await form.submit()).toEqual({ outcome: 'closed', errors: {} });
  return slack.until('the card', () => slack.as(people.ben.id).sees(ops)[0]);
}

describe.each([
  ['Socket Mode', startInSocketMode],
  ['HTTP mode', startInHttpMode],
])('an app in Bolt, in %s', (mode, startApp) => {
  let app: App;
  let heard: Record<string, unknown>[];
  beforeEach(async () => {
    heard = [];
    await open();
    app = await startApp(heard);
  });
  afterEach(async () => {
    await app.stop();
    await close();
  });

  test('a command: its fields, and an answer with the ack that only one person sees', async () => {
    const outcome = await slack.as(people.ana.id).types(ops, '/order  help');
    expect(outcome).toEqual({ acked: true, ephemeral: '*Order* something' });
    expect(heard[0]).toMatchObject({
      command: '/order',
      text: 'help',
      team_id: identity.teamId,
      channel_id: ops,
      channel_name: 'msp-ops',
      user_id: people.ana.id,
      user_name: 'ana',
      api_app_id: identity.appId,
    });
    expect(slack.as(people.ana.id).sees(ops)).toMatchObject([{ ephemeral: true }]);
    expect(slack.as(people.ben.id).sees(ops)).toEqual([]);
  });

  test('a form: required fields, a search, errors by label, and the card that follows', async () => {
    const form = await orderOpened();
    const missing = 'Please complete this required field.';
    expect(await form.submit()).toEqual({ outcome: 'errors', errors: { Name: missing, Dish: missing } });

    expect(() => {
      form.fill('Name', 'longer than ten');
    }).toThrow('takes 10 characters');
    form.fill('Name', 'wrong');
    form.fill('Mail', 'no address');
    expect(await form.search('Dish', 'S')).toEqual([]);
    expect(await form.search('Dish', 'So')).toHaveLength(2);
    await expect(form.choose('Dish', 'Stew')).rejects.toThrow('does not offer “Stew”');
    await form.choose('Dish', 'Soup of the day');
    expect((await form.submit()).errors).toEqual({ Mail: 'Please enter a valid email address.' });
    form.fill('Mail', 'no address', { force: true });
    expect(await form.submit()).toEqual({ outcome: 'errors', errors: { Name: 'That is wrong' } });
    expect(form.field('Name')).toEqual({ value: 'wrong', error: 'That is wrong' });

    form.fill('Name', 'Ana');
    expect(await form.submit()).toEqual({ outcome: 'closed', errors: {} });
    expect(slack.as(people.ana.id).modal()).toBeUndefined();
    await slack.until('the card', () => slack.messages(ops).length === 1);
    expect(heard.find(({ type }) => type === 'block_suggestion')).not.toHaveProperty('trigger_id');
    expect(heard.at(-1)).toMatchObject({
      type: 'view_submission',
      user: { id: people.ana.id, team_id: identity.teamId },
      view: {
        callback_id: 'order',
        private_metadata: 'kept',
        app_installed_team_id: identity.teamId,
        bot_id: identity.botId,
        previous_view_id: null,
        state: {
          values: {
            name: { value: { type: 'plain_text_input', value: 'Ana' } },
            dish: { dish: { selected_option: { value: 'Soup of the day' } } },
          },
        },
      },
    });
  });

  test('a button: what the app is told, a private answer, and the message replaced', async () => {
    const message = await ordered();
    expect(message.buttons).toEqual([{ label: 'Accept', actionId: 'accept', value: '12', hasConfirm: true }]);
    await slack.as(people.ben.id).press(message, 'Accept', { confirm: false });
    expect(heard.some(({ type }) => type === 'block_actions')).toBe(false);

    expect(await slack.as(people.ben.id).press(message, 'Accept')).toEqual({ acked: true });
    await slack.until('the new text', () => slack.messages(ops)[0]?.text === 'Accepted');
    expect(slack.as(people.ben.id).sees(ops)).toMatchObject([
      { text: 'Accepted', buttons: [], ephemeral: false },
      { text: 'Only you see this', ephemeral: true },
    ]);
    expect(slack.as(people.ana.id).sees(ops)).toHaveLength(1);
    expect(heard.at(-1)).toMatchObject({
      container: { type: 'message', message_ts: message.ts, channel_id: ops, is_ephemeral: false },
      channel: { id: ops, name: 'msp-ops' },
      message: { ts: message.ts, text: 'An order', bot_id: identity.botId },
      actions: [{ type: 'button', action_id: 'accept', block_id: 'decide', value: '12' }],
    });
  });

  test('a double click is two interactions, a submission delivered twice is one said twice', async () => {
    const message = await ordered();
    await slack.as(people.ben.id).press(message, 'Accept', { twice: true });
    const clicks = heard.filter(({ type }) => type === 'block_actions').map((body) => body['trigger_id']);
    expect(new Set(clicks).size).toBe(2);

    const form = await orderOpened();
    form.fill('Name', 'Again');
    await form.choose('Dish', 'Soup');
    await form.submit({ twice: true });
    const sent = heard.filter(({ type }) => type === 'view_submission').slice(1);
    expect(sent).toHaveLength(2);
    expect(new Set(sent.map((body) => body['trigger_id'])).size).toBe(1);
  });

  test('somebody of another company presses: their own team is in the payload', async () => {
    await client.chat.postMessage({ channel: channels.shared.id, text: 'An order', blocks: card });
    const [message] = slack.as(people.xena.id).sees(channels.shared.id);
    await slack.as(people.xena.id).press(seen(message), 'Accept');
    expect(heard.at(-1)).toMatchObject({
      team: { id: identity.teamId },
      user: { id: people.xena.id, team_id: people.xena.teamId },
    });
    await expect(slack.as(people.xena.id).types(channels.shared.id, '/order')).rejects.toThrow('not a valid');
  });

  test('no ack within three seconds: the person reads that it failed', async () => {
    const outcome = await slack.as(people.ana.id).types(ops, '/slow');
    expect(outcome.acked).toBe(false);
    expect(outcome.failure).toMatch(
      /^\/slow failed with the error "(operation_timeout|http_service_error)"$/,
    );
  });

  if (mode === 'Socket Mode') {
    test('the app dials again after Slack renews its socket, and after the network drops it', async () => {
      slack.disconnectSockets('refresh_requested');
      expect(await slack.as(people.ana.id).types(ops, '/order help')).toEqual({
        acked: false,
        failure: '/order failed because the app did not respond',
      });
      const redialled = (times: number) =>
        slack.until(
          'another socket',
          () => slack.journal.filter(({ method }) => method === 'apps.connections.open').length > times,
        );
      await redialled(1);
      await slack.until('a connection', () => slack.connections === 1);
      slack.dropSockets();
      await redialled(2);
      await slack.until('a connection', () => slack.connections === 1);
      expect((await slack.as(people.ana.id).types(ops, '/order help')).acked).toBe(true);
    });
  }
});
