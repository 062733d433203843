import type { KnownBlock, ModalView } from '@slack/types';
import { LogLevel, WebAPIPlatformError, WebClient } from '@slack/web-api';
import { afterEach, beforeEach } from 'vitest';
import { z } from 'zod';
import { serve, type Served } from '../../serve.ts';
import type { Payload } from '../delivery.ts';
import { LocalSlack, type LocalSlackOptions } from '../local-slack.ts';
import type { OpenModal } from '../modal.ts';
import type { PersonAtSlack, SeenMessage } from '../person.ts';
import { channels, people } from '../workspace.ts';

/** Everything that this Slack has, for an app that uses all of it. */
export const manifest = `
display_information: { name: Try }
features:
  app_home: { home_tab_enabled: true }
  slash_commands: [{ command: /try, description: Try it, should_escape: true }]
  shortcuts:
    - { name: Try it, type: global, callback_id: try_it, description: Opens a form }
    - { name: About this, type: message, callback_id: about_this, description: Tells what it is }
oauth_config:
  scopes:
    bot: [commands, chat:write, im:write, users:read, usergroups:read, channels:read, groups:read, im:read,
      channels:history, groups:history, im:history, app_mentions:read]
settings:
  event_subscriptions: { bot_events: [app_home_opened, app_mention, message.channels] }
  interactivity: { is_enabled: true }
  socket_mode_enabled: true
`;
export const tokens = {
  botToken: 'xoxb-local',
  appToken: 'xapp-local',
  signingSecret: 'local-signing-secret',
};
export const ops = channels.ops.id;

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const divider: KnownBlock = { type: 'divider' };
export const modal = (blocks: KnownBlock[], change: Partial<ModalView> = {}): ModalView => ({
  type: 'modal',
  title: plain('A form'),
  blocks,
  ...change,
});
export const buttons: KnownBlock[] = [
  { type: 'actions', elements: [{ type: 'button', action_id: 'pressed', text: plain('Press'), value: 'v' }] },
];

/** A local Slack on a loopback port, as Slack's own clients reach it. */
export class ServedSlack {
  slack!: LocalSlack;
  served!: Served;
  private app: Served | undefined;

  async open(change: Partial<LocalSlackOptions> = {}): Promise<void> {
    const base = () => this.served.url;
    const slack = new LocalSlack({ ...tokens, manifest, webBase: base, hooksBase: base, ...change });
    this.slack = slack;
    this.served = await serve((request) => slack.fetch(request));
    slack.attachSockets(this.served.server);
  }

  async close(): Promise<void> {
    this.slack.stop();
    await this.served.stop();
    await this.app?.stop();
    this.app = undefined;
  }

  async reopen(change: Partial<LocalSlackOptions>): Promise<void> {
    await this.close();
    await this.open(change);
  }

  get apiUrl(): string {
    return `${this.served.url}/api/`;
  }

  get client(): WebClient {
    return new WebClient(tokens.botToken, {
      slackApiUrl: this.apiUrl,
      retryConfig: { retries: 0 },
      logLevel: LogLevel.ERROR,
    });
  }

  as(who: keyof typeof people): PersonAtSlack {
    return this.slack.as(people[who].id);
  }

  /** From now on the app is one that answers every payload so. */
  async answering(answer: object | undefined): Promise<void> {
    await this.answeringWith(() => (answer === undefined ? new Response('') : Response.json(answer)));
  }

  async answeringWith(answer: () => Response | Promise<Response>): Promise<void> {
    await this.app?.stop();
    this.app = await serve(answer);
    this.slack.sendTo(this.app.url);
  }

  /** The payloads of this type that the app was sent. */
  sent(type: string): Payload[] {
    return this.slack.deliveries.map(({ payload }) => payload).filter((payload) => payload['type'] === type);
  }

  /** Calls a method without an SDK before it, so with what its types would not let through. */
  async call(
    method: string,
    args: Record<string, unknown>,
    token = tokens.botToken,
  ): Promise<Record<string, unknown>> {
    const form = Object.entries(args).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const answer = await fetch(`${this.apiUrl}${method}`, {
      method: 'POST',
      headers: token === '' ? {} : { authorization: `Bearer ${token}` },
      body: new URLSearchParams(form),
    });
    return z.record(z.string(), z.unknown()).parse(await answer.json());
  }

  /** Opens a modal before Ana. */
  async show(blocks: KnownBlock[], change: Partial<ModalView> = {}): Promise<OpenModal> {
    const trigger = this.slack.store.newTrigger(people.ana.id, { conversation: ops });
    const view = modal(blocks, { submit: plain('Send'), ...change });
    await this.client.views.open({ trigger_id: trigger, view });
    const shown = this.as('ana').modal();
    if (shown === undefined) throw new Error('There is no modal');
    return shown;
  }

  /** Posts as the bot. Returns it as Ana sees it. */
  async post(blocks: KnownBlock[]): Promise<SeenMessage> {
    await this.client.chat.postMessage({ channel: ops, text: 'x', blocks });
    const seen = this.as('ana').sees(ops).at(-1);
    if (seen === undefined) throw new Error('There is no message');
    return seen;
  }
}

/** A local Slack of its own for every test of the file. */
export function slackForEachTest(change: () => Partial<LocalSlackOptions> = () => ({})): ServedSlack {
  const stage = new ServedSlack();
  beforeEach(() => stage.open(change()));
  afterEach(() => stage.close());
  return stage;
}

/** Slack's code, where the call was refused. */
export async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

type InputElement = Extract<KnownBlock, { type: 'input' }>['element'];
/** A field of this id, which is its label too. */
export const input = (id: string, element: InputElement, change: object = {}): KnownBlock => ({
  type: 'input',
  block_id: id,
  label: plain(id),
  optional: true,
  element: { ...element, action_id: 'a' },
  ...change,
});
export const options = [
  { text: plain('One'), value: '1' },
  { text: plain('Two'), value: '2' },
];
