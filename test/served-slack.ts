import type { KnownBlock, ModalView } from '@slack/types';
import { serve, type Served } from '../sandbox/serve.ts';
import { LocalSlack, type LocalSlackOptions } from '../sandbox/slack/local-slack.ts';
import { channels } from '../sandbox/slack/workspace.ts';

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
  readonly slack: LocalSlack;
  readonly served: Served;

  private constructor(slack: LocalSlack, served: Served) {
    this.slack = slack;
    this.served = served;
  }

  static async open(change: Partial<LocalSlackOptions> = {}): Promise<ServedSlack> {
    let url = '';
    const base = () => url;
    const slack = new LocalSlack({ ...tokens, manifest, webBase: base, hooksBase: base, ...change });
    const served = await serve((request) => slack.fetch(request));
    url = served.url;
    slack.attachSockets(served.server);
    return new ServedSlack(slack, served);
  }

  get apiUrl(): string {
    return `${this.served.url}/api/`;
  }

  async close(): Promise<void> {
    this.slack.stop();
    await this.served.stop();
  }
}
