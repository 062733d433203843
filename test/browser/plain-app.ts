import { App, HTTPReceiver, LogLevel, type BlockAction } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { LocalHalo } from '../../sandbox/halo/local-halo.ts';
import { modal, options, plain, ServedSlack, tokens } from '../../sandbox/slack/testing/served-slack.ts';
import { openPage, type OpenPage } from './workspace.ts';

export type PlainWorkspace = OpenPage & {
  slack: ServedSlack;
  /** What the app was told, one line each. */
  heard: string[];
};

/** A plain Bolt app with shortcuts and a Home tab, and a browser window on its local Slack. */
export async function openPlainWorkspace(browser: Browser): Promise<PlainWorkspace> {
  const slack = new ServedSlack();
  await slack.open();
  const heard: string[] = [];
  const app = await startApp(slack, heard);
  const halo = new LocalHalo({ clientId: 'nobody', clientSecret: 'nothing' });
  const page = await openPage(browser, slack.slack, halo);
  return {
    ...page,
    slack,
    heard,
    close: async () => {
      await page.close();
      await app.stop();
      await slack.close();
    },
  };
}

async function startApp(slack: ServedSlack, heard: string[]): Promise<App> {
  const quiet = { logLevel: LogLevel.ERROR };
  const app = new App({
    ...quiet,
    token: tokens.botToken,
    receiver: new HTTPReceiver({ ...quiet, signingSecret: tokens.signingSecret }),
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } },
  });
  app.shortcut('try_it', async ({ ack, shortcut, client }) => {
    await ack();
    heard.push(`${shortcut.type} ${shortcut.callback_id}`);
    await client.views.open({ trigger_id: shortcut.trigger_id, view: modal(homeBlocks('In a form')) });
  });
  app.shortcut({ callback_id: 'about_this', type: 'message_action' }, async ({ ack, respond, shortcut }) => {
    await ack();
    heard.push(`${shortcut.type} ${shortcut.message.text ?? ''}`);
    await respond({ response_type: 'ephemeral', text: `About ${shortcut.message.text ?? ''}` });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    heard.push(`opened ${event.tab ?? 'no tab'}`);
    if (event.tab === 'home') await publish(event.user, `Hello <@${event.user}>`, client);
  });
  app.action<BlockAction>('pressed', async ({ ack, body, client }) => {
    await ack();
    await publish(body.user.id, 'The button was pressed', client);
  });
  app.action<BlockAction>('chosen', async ({ ack, body, client }) => {
    await ack();
    const [action] = body.actions;
    const chosen = action?.type === 'static_select' ? action.selected_option.text.text : '';
    await publish(body.user.id, `${chosen} was chosen`, client);
  });
  const server = await app.start({ port: 0, host: '127.0.0.1' });
  const { port } = (server as { address(): AddressInfo }).address();
  slack.slack.sendTo(`http://127.0.0.1:${port}/slack/events`);
  return app;
}

async function publish(user: string, text: string, client: App['client']): Promise<void> {
  await client.views.publish({ user_id: user, view: { type: 'home', blocks: homeBlocks(text) } });
}

function homeBlocks(text: string): KnownBlock[] {
  return [
    { type: 'section', text: { type: 'mrkdwn', text } },
    {
      type: 'actions',
      block_id: 'things',
      elements: [
        { type: 'button', action_id: 'pressed', text: plain('Press') },
        { type: 'static_select', action_id: 'chosen', placeholder: plain('Choose'), options },
      ],
    },
  ];
}
