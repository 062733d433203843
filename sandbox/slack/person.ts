import { checkBlocks, type Block } from './block-kit.ts';
import { interact, pressableIn, type Context } from './acting.ts';
import { OpenHome } from './home.ts';
import type { Command } from './manifest.ts';
import { OpenMessage } from './message.ts';
import { OpenModal } from './modal.ts';
import { homeOutput, messageOutput, personPayload } from './payloads.ts';
import { readBlocks, readMrkdwn } from './read.ts';
import type { Ephemeral, StoredMessage } from './store.ts';
import { bot, teamDomain, teamId, type Channel } from './workspace.ts';

/** What one person sees of a message. */
export type SeenMessage = {
  ts: string;
  channel: string;
  threadTs: string | undefined;
  /** Who wrote it, by name. */
  author: string;
  /** As it is drawn. */
  text: string;
  /** What a screen reader says. */
  spoken: string;
  buttons: string[];
  ephemeral: boolean;
  blocks: Block[];
};

/** What came of something that Slack told the app. Undefined: the app took it. */
export type Outcome = { failure: string | undefined };

/** A person at Slack: types, reads, presses. Throws where Slack's client would not let them. */
export class PersonAtSlack {
  private readonly context: Context;

  constructor(context: Context) {
    this.context = context;
  }

  /** Types a slash command. What comes back is Slack's own failure line, if there is one. */
  async types(channelId: string, line: string): Promise<Outcome> {
    const { store, user, manifest, hooksBase, deliver, responseUrls } = this.context;
    const [name = '', ...words] = line.split(' ');
    const command = manifest.commands.find((one) => one.command === name);
    if (command === undefined || this.isStranger()) throw new Error(`${name} is not a valid command.`);
    const channel = this.channel(channelId);
    const ack = await deliver('slash_commands', {
      token: 'legacy-token',
      team_id: teamId,
      team_domain: teamDomain,
      channel_id: channelId,
      channel_name:
        channel.isIm === true ? 'directmessage' : channel.isPrivate === true ? 'privategroup' : channel.name,
      user_id: user.id,
      user_name: user.name.toLowerCase(),
      command: name,
      text: this.commandText(command, words.join(' ')),
      api_app_id: bot.appId,
      is_enterprise_install: 'false',
      response_url: responseUrls.give(hooksBase(), { channel: channelId, user: user.id, message: undefined }),
      trigger_id: store.newTrigger(user.id, { conversation: channelId }),
    });
    const failure = ack.ok ? this.showCommandAnswer(channelId, ack.answer) : ack.failure;
    return { failure: failure === undefined ? undefined : `${name} failed with the error "${failure}"` };
  }

  /** Runs a global shortcut. People of other workspaces and guests do not find it in their menu. */
  async shortcut(callbackId: string): Promise<Outcome> {
    const { store, user, manifest } = this.context;
    const found = manifest.shortcuts.find((one) => one.type === 'global' && one.callback_id === callbackId);
    if (found === undefined || this.isStranger() || user.isGuest === true)
      throw new Error(`There is no shortcut ${callbackId}`);
    const ack = await interact(this.context, {
      ...personPayload('shortcut', user),
      callback_id: callbackId,
      action_ts: store.nextTs(),
      trigger_id: store.newTrigger(user.id),
    });
    return { failure: ack.ok ? undefined : ack.failure };
  }

  /** Runs a shortcut of a message. */
  async messageShortcut(message: SeenMessage, callbackId: string): Promise<Outcome> {
    const { store, user, manifest, responseUrls, hooksBase } = this.context;
    const found = manifest.shortcuts.find((one) => one.type === 'message' && one.callback_id === callbackId);
    const stored = store.message(message.channel, message.ts);
    if (found === undefined || stored === undefined || this.isStranger())
      throw new Error(`There is no shortcut ${callbackId}`);
    const { id, name } = this.channel(message.channel);
    const ack = await interact(this.context, {
      ...personPayload('message_action', user),
      callback_id: callbackId,
      action_ts: store.nextTs(),
      message_ts: stored.ts,
      channel: { id, name },
      message: messageOutput(stored, true),
      trigger_id: store.newTrigger(user.id, { conversation: id }),
      response_url: responseUrls.give(hooksBase(), { channel: id, user: user.id, message: undefined }),
    });
    return { failure: ack.ok ? undefined : ack.failure };
  }

  /** Writes a message, as people do; with `threadTs` into that thread. */
  async says(channelId: string, text: string, threadTs?: string): Promise<StoredMessage> {
    const { store, user, emit } = this.context;
    const { id, isIm, isPrivate, members } = this.channel(channelId);
    if (!members.includes(user.id)) throw new Error(`${user.name} is not in ${id}`);
    const posted = store.post({ author: user.id, channel: id, threadTs, text, blocks: [] });
    store.changed();
    if (members.includes(bot.userId)) {
      const kind = isIm === true ? 'im' : isPrivate === true ? 'groups' : 'channels';
      const event = { ...messageOutput(posted, false), channel: id };
      await emit({ ...event, channel_type: kind === 'im' ? kind : kind.slice(0, -1) }, `message.${kind}`);
      if (text.includes(`<@${bot.userId}>`)) await emit({ ...event, type: 'app_mention' });
    }
    return posted;
  }

  /** Opens the app's Home tab. */
  async opensHome(): Promise<OpenHome | undefined> {
    const { store, user, manifest, emit } = this.context;
    if (!manifest.hasHomeTab) throw new Error('The app has no Home tab');
    const home = store.screens.home(user.id);
    await emit({
      type: 'app_home_opened',
      user: user.id,
      channel: store.directMessage(user.id).id,
      tab: 'home',
      ...(home !== undefined && { view: homeOutput(home) }),
    });
    return this.home();
  }

  /** The Home tab as the app published it last. */
  home(): OpenHome | undefined {
    const home = this.context.store.screens.home(this.context.user.id);
    return home && new OpenHome(this.context, home);
  }

  /** The modal on top of the screen. */
  modal(): OpenModal | undefined {
    const open = this.context.store.topView(this.context.user.id);
    return open && new OpenModal(this.context, open);
  }

  /** Everything in the channel that this person can see, oldest first. */
  sees(channelId: string, isMeant: (one: StoredMessage | Ephemeral) => boolean = () => true): SeenMessage[] {
    const { store, user } = this.context;
    if (!this.channel(channelId).members.includes(user.id)) return [];
    const messages = store.messages.filter((one) => one.channel === channelId && isMeant(one));
    const whispers = store.ephemerals.filter(
      (one) => one.channel === channelId && one.user === user.id && isMeant(one),
    );
    return [...messages, ...whispers]
      .map((one) => this.seen(one))
      .sort((a, b) => Number(a.ts) - Number(b.ts));
  }

  directMessages(): SeenMessage[] {
    return this.sees(this.context.store.directMessage(this.context.user.id).id);
  }

  /** The buttons and menus of a message as it was seen. @throws when it is deleted */
  on(message: SeenMessage): OpenMessage {
    const { store, user } = this.context;
    const stored =
      store.message(message.channel, message.ts) ??
      store.ephemerals.find(({ ts, user: reader }) => ts === message.ts && reader === user.id);
    if (stored === undefined) throw new Error(`It is not there any more:\n${message.text}`);
    return new OpenMessage(this.context, stored, message.blocks);
  }

  /** Presses a button as it was seen, in its confirm dialog too. `times`: how often Slack delivers the press. */
  press(message: SeenMessage, label: string, times = 1): Promise<Outcome> {
    return this.on(message).press(label, times);
  }

  private isStranger(): boolean {
    return this.context.store.teamOf(this.context.user.id) !== teamId;
  }

  private channel(id: string): Channel {
    const channel = this.context.store.channels.get(id);
    if (channel === undefined) throw new Error(`There is no channel ${id}`);
    return channel;
  }

  private seen(message: StoredMessage | Ephemeral): SeenMessage {
    const { ts, channel, threadTs, text, blocks } = message;
    const { names } = this.context.store;
    const spoken = readMrkdwn(text, names);
    return {
      ts,
      channel,
      threadTs,
      author: names.user('author' in message ? message.author : bot.userId),
      spoken,
      text: blocks.length > 0 ? readBlocks(blocks, names) : spoken,
      buttons: pressableIn(blocks).map(({ label }) => label),
      ephemeral: !('author' in message),
      blocks: structuredClone(blocks),
    };
  }

  /** With `should_escape`, names become ids. */
  private commandText({ should_escape: escapes }: Command, text: string): string {
    if (!escapes) return text;
    const { people, channels } = this.context.store;
    const named = (all: Iterable<{ id: string; name: string }>, name: string) =>
      [...all].find((one) => one.name.toLowerCase() === name.toLowerCase());
    return text
      .replace(/@([\w-]+)/g, (all, name: string) => {
        const person = named(people.values(), name);
        return person === undefined ? all : `<@${person.id}|${person.name.toLowerCase()}>`;
      })
      .replace(/#([\w-]+)/g, (all, name: string) => {
        const channel = named(channels.values(), name);
        return channel === undefined ? all : `<#${channel.id}|${channel.name}>`;
      });
  }

  /** An ack with content is shown to the one who typed, unless it says `in_channel`. What is wrong with it. */
  private showCommandAnswer(channel: string, answer: unknown): string | undefined {
    const { store, user, manifest, complain } = this.context;
    if (typeof answer !== 'object' || answer === null) return undefined;
    const checked = checkBlocks('blocks' in answer ? answer.blocks : [], manifest);
    if ('errors' in checked) {
      complain([checked.error, ...checked.errors].join('\n'));
      return checked.error;
    }
    const text = 'text' in answer && typeof answer.text === 'string' ? answer.text : '';
    if (text === '' && checked.value.length === 0) return undefined;
    const content = { text, blocks: checked.value, channel, threadTs: undefined };
    if ('response_type' in answer && answer.response_type === 'in_channel') store.post(content);
    else store.whisper({ ...content, user: user.id });
    store.changed();
    return undefined;
  }
}
