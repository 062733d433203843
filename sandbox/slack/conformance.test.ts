import { App, HTTPReceiver, LogLevel, SocketModeReceiver, type BlockAction } from '@slack/bolt';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bot, people } from './workspace.ts';
import { buttons, divider, modal, ops, plain, slackForEachTest, tokens } from './testing/served-slack.ts';

const stage = slackForEachTest();

const form = modal(
  [
    {
      type: 'input',
      block_id: 'name',
      label: plain('Name'),
      element: { type: 'plain_text_input', action_id: 'value' },
    },
    {
      type: 'input',
      block_id: 'team',
      label: plain('Team'),
      optional: true,
      dispatch_action: true,
      element: { type: 'external_select', action_id: 'find', min_query_length: 1 },
    },
  ],
  { callback_id: 'form', submit: plain('Send'), notify_on_close: true },
);

/** A listener of every kind. What they heard goes into `heard`. */
function listen(app: App, heard: string[]): void {
  app.command('/try', async ({ ack, command, client, respond }) => {
    await ack();
    if (command.text === 'form') await client.views.open({ trigger_id: command.trigger_id, view: form });
    else await respond({ response_type: 'ephemeral', text: `You said ${command.text}` });
  });
  app.shortcut('try_it', async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form });
  });
  app.shortcut({ callback_id: 'about_this', type: 'message_action' }, async ({ ack, respond, shortcut }) => {
    await ack();
    await respond({ response_type: 'ephemeral', text: `About ${shortcut.message.text ?? ''}` });
  });
  app.options('find', async ({ ack, options }) => {
    heard.push(`search ${options.value}`);
    await ack({ options: [{ text: plain('1st Line'), value: '1' }] });
  });
  app.action<BlockAction>('find', async ({ ack, body, client }) => {
    await ack();
    const view = modal([divider], { callback_id: 'second', title: plain('On top') });
    await client.views.push({ trigger_id: body.trigger_id, view });
  });
  app.action<BlockAction>('pressed', async ({ ack, respond, body }) => {
    await ack();
    await respond({ replace_original: true, text: `Pressed by <@${body.user.id}>` });
  });
  app.view('form', async ({ ack, view }) => {
    const name = view.state.values['name']?.['value']?.value;
    if (name === 'Neo') await ack({ response_action: 'errors', errors: { name: 'That is taken' } });
    else await ack();
    heard.push(`submitted ${JSON.stringify(view.state.values['team'])}`);
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
    heard.push(`closed ${JSON.stringify(body.view.state.values)}`);
    await ack();
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: buttons } });
  });
  app.event('app_mention', async ({ say }) => {
    await say('You called');
  });
  app.message('hello', async ({ message }) => {
    heard.push(`message ${message.type}`);
    await Promise.resolve();
  });
}

describe.each(['socket', 'http'] as const)('a plain Bolt app, %s mode', (mode) => {
  let app: App;
  let heard: string[];
  const ana = () => stage.slack.as(people.ana.id);

  beforeEach(async () => {
    heard = [];
    const quiet = { logLevel: LogLevel.ERROR };
    const receiver =
      mode === 'socket'
        ? new SocketModeReceiver({
            ...quiet,
            appToken: tokens.appToken,
            installerOptions: { clientOptions: { slackApiUrl: stage.apiUrl } },
          })
        : new HTTPReceiver({ ...quiet, signingSecret: tokens.signingSecret });
    app = new App({
      ...quiet,
      token: tokens.botToken,
      receiver,
      clientOptions: { slackApiUrl: stage.apiUrl, retryConfig: { retries: 0 } },
    });
    listen(app, heard);
    const started: unknown = await app.start({ port: 0, host: '127.0.0.1' });
    if (mode === 'http') {
      const { port } = (started as { address(): AddressInfo }).address();
      stage.slack.sendTo(`http://127.0.0.1:${port}/slack/events`);
    }
  });
  afterEach(async () => {
    await app.stop();
    await stage.slack.until('the end of the socket', () => stage.slack.socketMode.connected === 0);
  });

  test('a command, answered through its response_url, with names as ids', async () => {
    await ana().types(ops, '/try hello @Ben');
    const [seen] = await stage.slack.until('the answer', () => ana().sees(ops).length > 0 && ana().sees(ops));
    expect(seen).toMatchObject({ ephemeral: true, author: 'Neo Setup' });
    expect(seen?.spoken).toContain('You said hello');
    expect(stage.slack.deliveries[0]?.payload['text']).toBe(`hello <@${people.ben.id}|ben>`);
  });

  test('a form: errors under their field, then taken, with the empty shape of what was left out', async () => {
    await ana().types(ops, '/try form');
    const opened = await stage.slack.until('the form', () => ana().modal());
    opened.fill('Name', 'Neo');
    expect(await opened.submit()).toEqual({ outcome: 'errors', errors: { Name: 'That is taken' } });
    opened.fill('Name', 'Nora');
    expect(await opened.submit()).toEqual({ outcome: 'closed', errors: {} });
    expect(ana().modal()).toBeUndefined();
    const team = JSON.stringify({ find: { type: 'external_select', selected_option: null } });
    expect(heard).toEqual([`submitted ${team}`, `submitted ${team}`]);
  });

  test('a global shortcut opens a form; closing it is told without what was typed', async () => {
    await ana().shortcut('try_it');
    const opened = await stage.slack.until('the form', () => ana().modal());
    opened.fill('Name', 'Nora');
    opened.close();
    await stage.slack.until('the notice', () => heard[0]);
    expect(heard).toEqual(['closed {}']);
  });

  test('a search, and a choice that is told at once and puts a view on top', async () => {
    await ana().types(ops, '/try form');
    const opened = await stage.slack.until('the form', () => ana().modal());
    await opened.choose('Team', '1st Line');
    const top = await stage.slack.until('the second view', () => {
      const modal = ana().modal();
      return modal?.title === 'On top' && modal;
    });
    expect(heard).toEqual(['search 1st Line']);
    top.close();
    expect(ana().modal()?.value('Team')).toBe('1st Line');
  });

  test('a button in a message; its response_url replaces the message', async () => {
    await app.client.chat.postMessage({ channel: ops, text: 'x', blocks: buttons });
    const [card] = ana().sees(ops);
    expect(card && (await ana().press(card, 'Press'))).toEqual({ failure: undefined });
    const [replaced] = await stage.slack.until('the new text', () => {
      const seen = ana().sees(ops);
      return seen[0]?.text.startsWith('Pressed') === true && seen;
    });
    expect(replaced).toMatchObject({ text: 'Pressed by @Ana', buttons: [], ephemeral: false });
  });

  test('a message shortcut', async () => {
    await app.client.chat.postMessage({ channel: ops, text: 'this card' });
    const [card] = ana().sees(ops);
    if (card) await ana().messageShortcut(card, 'about_this');
    const told = await stage.slack.until('the answer', () =>
      ana()
        .sees(ops)
        .find(({ ephemeral }) => ephemeral),
    );
    expect(told.text).toBe('About this card');
  });

  test('events: the Home tab is published, a mention answered, a message heard', async () => {
    await ana().opensHome();
    const home = await stage.slack.until('the Home tab', () => ana().home());
    expect(home.buttons).toEqual(['Press']);
    await ana().says(ops, `hello <@${bot.userId}>`);
    await stage.slack.until('the reply', () =>
      ana()
        .sees(ops)
        .some(({ text }) => text === 'You called'),
    );
    expect(heard).toEqual(['message message']);
  });
});
