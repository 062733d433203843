import type { Block } from './block-kit.ts';
import { interact, pressableIn, type Context } from './acting.ts';
import { runCommand } from './command.ts';
import type { Payload } from './delivery.ts';
import type { Named } from './fields.ts';
import { OpenHome } from './home.ts';
import type { Shortcut } from './manifest.ts';
import { OpenMessage } from './message.ts';
import { OpenModal } from './modal.ts';
import { homeOutput, messageOutput, personPayload } from './payloads.ts';
import { readBlocks, readMrkdwn } from './read.ts';
import type { Ephemeral, StoredMessage } from './store.ts';
import { bot, teamId, type Channel } from './workspace.ts';

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
    const [name = '', ...words] = line.split(' ');
    if (name === '/invite') return this.invites(channelId, words.join(' '));
    const command = this.context.manifest.commands.find((one) => one.command === name);
    if (command === undefined || this.isStranger()) throw new Error(`${name} is not a valid command.`);
    const failure = await runCommand(this.context, this.channel(channelId), command, words.join(' '));
    return { failure: failure === undefined ? undefined : `${name} failed with the error "${failure}"` };
  }

  /** Slack's own command, with the app's name or that of a person. @throws when nobody is called so */
  private invites(channelId: string, name: string): Outcome {
    const { store, user } = this.context;
    const channel = this.channel(channelId);
    if (!channel.members.includes(user.id)) throw new Error(`${user.name} is not in ${channelId}`);
    const wanted = name.replace(/^@/, '').toLowerCase();
    const all = [...store.people.values(), { id: bot.userId, name: store.names.user(bot.userId) }];
    const found = all.find((one) => one.name.toLowerCase() === wanted);
    if (found === undefined) throw new Error(`There is nobody called ${name} to invite.`);
    if (!channel.members.includes(found.id)) channel.members.push(found.id);
    store.changed();
    return { failure: undefined };
  }

  /** What the menus offer: people of other workspaces find no shortcuts there, guests no global ones. */
  shortcuts(type: Shortcut['type']): Shortcut[] {
    const { user, manifest } = this.context;
    const findsNone = this.isStranger() || (type === 'global' && user.isGuest === true);
    return findsNone ? [] : manifest.shortcuts.filter((one) => one.type === type);
  }

  /** Runs a global shortcut. @throws when this person's menu does not offer it */
  async shortcut(callbackId: string): Promise<Outcome> {
    const { store, user } = this.context;
    this.mustOffer('global', callbackId);
    const ack = await interact(this.context, {
      ...personPayload('shortcut', user),
      callback_id: callbackId,
      action_ts: store.nextTs(),
      trigger_id: store.newTrigger(user.id),
    });
    return { failure: ack.ok ? undefined : ack.failure };
  }

  /** Runs a shortcut of a message. @throws when its menu does not offer it, as for ephemeral messages */
  async messageShortcut(message: Pick<SeenMessage, 'channel' | 'ts'>, callbackId: string): Promise<Outcome> {
    const { store, user, responseUrls, hooksBase } = this.context;
    const stored = store.message(message.channel, message.ts);
    if (stored === undefined) throw new Error('This message has no menu of shortcuts');
    this.mustOffer('message', callbackId);
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

  /** Opens the app's Home tab. @throws when the manifest turns none on */
  async opensHome(): Promise<OpenHome | undefined> {
    const { store, user, manifest } = this.context;
    if (!manifest.hasHomeTab) throw new Error('The app has no Home tab');
    const home = store.screens.home(user.id);
    await this.tellOfTab('home', home === undefined ? {} : { view: homeOutput(home) });
    return this.home();
  }

  /** Opens the app's Messages tab, which holds the direct messages. @throws when the manifest turns none on */
  async opensMessages(): Promise<void> {
    if (!this.context.manifest.hasMessagesTab) throw new Error('The app has no Messages tab');
    await this.tellOfTab('messages', {});
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

  /** The same, if it can be sent in. */
  form(): OpenModal | undefined {
    const modal = this.modal();
    return modal?.canSubmit === true ? modal : undefined;
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

  /** The same of one message. Undefined: they aren't in its channel, or it was deleted. */
  seesOne(message: StoredMessage): SeenMessage | undefined {
    const { store, user } = this.context;
    const isThere = store.message(message.channel, message.ts) === message;
    return isThere && this.channel(message.channel).members.includes(user.id)
      ? this.seen(message)
      : undefined;
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
  press(message: SeenMessage, button: Named, times = 1): Promise<Outcome> {
    return this.on(message).press(button, times);
  }

  private tellOfTab(tab: 'home' | 'messages', more: Payload): Promise<void> {
    const { store, user, emit } = this.context;
    const channel = store.directMessage(user.id).id;
    return emit({ type: 'app_home_opened', user: user.id, channel, tab, ...more });
  }

  private mustOffer(type: Shortcut['type'], callbackId: string): void {
    if (!this.shortcuts(type).some((one) => one.callback_id === callbackId))
      throw new Error(`There is no shortcut ${callbackId}`);
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
}
