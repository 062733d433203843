import { checkBlocks, type Block } from './block-kit.ts';
import type { Ack, Payload } from './delivery.ts';
import { OpenModal } from './modal.ts';
import { readBlocks, readMrkdwn } from './read.ts';
import type { Ephemeral, OpenView, Store, StoredMessage } from './store.ts';
import { asSlackShowsIt } from './web-api.ts';
import { bot, teamId, type Channel, type Person } from './workspace.ts';

/** What one person sees of a message. */
export type SeenMessage = {
  ts: string;
  channel: string;
  threadTs: string | undefined;
  /** As it is drawn. */
  text: string;
  /** What a screen reader says. */
  spoken: string;
  buttons: string[];
  ephemeral: boolean;
  blocks: Block[];
};

export type Context = {
  store: Store;
  user: Person;
  commands: readonly string[];
  hooksBase: () => string;
  deliver: (type: 'slash_commands' | 'interactive', payload: Payload) => Promise<Ack>;
};

/** A person at Slack: types, reads, presses. Throws where Slack's client would not let them. */
export class PersonAtSlack {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  /** Types a slash command. What comes back is Slack's own failure line, if there is one. */
  async types(channelId: string, line: string): Promise<{ failure: string | undefined }> {
    const { store, user, commands, hooksBase, deliver } = this.context;
    const [command = '', ...words] = line.split(' ');
    if (!commands.includes(command)) throw new Error(`${command} is not a valid command.`);
    if (store.teamOf(user.id) !== teamId) throw new Error(`${command} is not a valid command.`);
    const channel = this.channel(channelId);
    const ack = await deliver('slash_commands', {
      token: 'legacy-token',
      team_id: teamId,
      team_domain: 'brightwater',
      channel_id: channelId,
      channel_name:
        channel.isIm === true ? 'directmessage' : channel.isPrivate === true ? 'privategroup' : channel.name,
      user_id: user.id,
      user_name: user.name.toLowerCase(),
      command,
      text: words.join(' '),
      api_app_id: bot.appId,
      is_enterprise_install: 'false',
      response_url: store.newResponseUrl(hooksBase(), channelId, user.id),
      trigger_id: store.newTrigger(user.id),
    });
    if (!ack.ok) return { failure: `${command} failed with the error "${ack.failure}"` };
    this.showCommandAnswer(channelId, ack.answer);
    return { failure: undefined };
  }

  /** The modal on top of the screen. */
  modal(): OpenModal | undefined {
    const open = this.context.store.topView(this.context.user.id);
    return open && new OpenModal(open, this.context, this.interactive);
  }

  /** Everything in the channel that this person can see, oldest first. */
  sees(channelId: string): SeenMessage[] {
    const { store, user } = this.context;
    if (!this.channel(channelId).members.includes(user.id)) return [];
    const messages = store.messages.filter(({ channel }) => channel === channelId);
    const whispers = store.ephemerals.filter((one) => one.channel === channelId && one.user === user.id);
    return [
      ...messages.map((one) => this.seen(one, false)),
      ...whispers.map((one) => this.seen(one, true)),
    ].sort((a, b) => Number(a.ts) - Number(b.ts));
  }

  directMessages(): SeenMessage[] {
    return this.sees(this.context.store.directMessage(this.context.user.id).id);
  }

  /** Presses a button as it was seen, in its confirm dialog too. `times`: how often Slack delivers the press. */
  async press(message: SeenMessage, label: string, times = 1): Promise<void> {
    const { store, user, hooksBase } = this.context;
    const stored = store.messages.find(({ ts, channel }) => ts === message.ts && channel === message.channel);
    const [block, button] =
      message.blocks.flatMap((one, index) =>
        one.type === 'actions'
          ? one.elements
              .filter(({ text }) => text.text === label)
              .map((element) => [one.block_id ?? `b${index}`, element] as const)
          : [],
      )[0] ?? [];
    if (button === undefined || stored === undefined)
      throw new Error(`There is no button ${label} on:\n${message.text}`);
    const { id, name } = this.channel(message.channel);
    const payload: Payload = {
      ...this.person('block_actions'),
      trigger_id: store.newTrigger(user.id),
      container: { type: 'message', message_ts: message.ts, channel_id: id, is_ephemeral: false },
      channel: { id, name },
      message: asSlackShowsIt(stored, true),
      response_url: store.newResponseUrl(hooksBase(), id, user.id, stored),
      actions: [
        {
          type: 'button',
          action_id: button.action_id,
          block_id: block,
          text: button.text,
          value: button.value,
          action_ts: store.nextTs(),
        },
      ],
    };
    await Promise.all(Array.from({ length: times }, () => this.context.deliver('interactive', payload)));
  }

  private readonly interactive = (type: string, open: OpenView, extra: Payload): Promise<Ack> =>
    this.context.deliver('interactive', {
      ...this.person(type),
      ...(type === 'view_submission' && { trigger_id: this.context.store.newTrigger(this.context.user.id) }),
      view: {
        ...open.view,
        id: open.id,
        hash: open.hash,
        team_id: teamId,
        app_id: bot.appId,
        app_installed_team_id: teamId,
        bot_id: bot.botId,
        root_view_id: open.id,
        previous_view_id: null,
        state: { values: open.values },
      },
      ...extra,
    });

  private person(type: string): Payload {
    const { store, user } = this.context;
    const { id, name } = user;
    return {
      type,
      token: 'legacy-token',
      api_app_id: bot.appId,
      is_enterprise_install: false,
      enterprise: null,
      team: { id: teamId, domain: 'brightwater' },
      user: { id, name: name.toLowerCase(), username: name.toLowerCase(), team_id: store.teamOf(id) },
    };
  }

  private channel(id: string): Channel {
    const channel = this.context.store.channels.get(id);
    if (channel === undefined) throw new Error(`There is no channel ${id}`);
    return channel;
  }

  private seen(message: StoredMessage | Ephemeral, ephemeral: boolean): SeenMessage {
    const { ts, channel, threadTs, text, blocks } = message;
    const { names } = this.context.store;
    const spoken = readMrkdwn(text, names);
    return {
      ts,
      channel,
      threadTs,
      spoken,
      text: blocks.length > 0 ? readBlocks(blocks, names) : spoken,
      buttons: blocks.flatMap((block) =>
        block.type === 'actions' ? block.elements.map((one) => one.text.text) : [],
      ),
      ephemeral,
      blocks: structuredClone(blocks),
    };
  }

  /** An ack with a text is shown to the one who typed. */
  private showCommandAnswer(channel: string, answer: unknown): void {
    const { store, user } = this.context;
    if (
      typeof answer === 'object' &&
      answer !== null &&
      'text' in answer &&
      typeof answer.text === 'string'
    ) {
      const blocks = 'blocks' in answer ? checkBlocks(answer.blocks) : { value: [] };
      if ('errors' in blocks) throw new Error(blocks.errors.join('\n'));
      const whisper = { ts: store.nextTs(), channel, user: user.id, threadTs: undefined };
      store.ephemerals.push({ ...whisper, text: answer.text, blocks: blocks.value });
    }
    store.changed();
  }
}
