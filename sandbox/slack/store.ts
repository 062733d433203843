import { randomBytes } from 'node:crypto';
import type { Block } from './block-kit.ts';
import { mentionsIn, mrkdwnIn } from './read.ts';
import { initialValues, type Names, type Values } from './state.ts';
import { Triggers, type Cause } from './triggers.ts';
import { Views, type OpenView } from './views.ts';
import { bot, teamId, type Channel, type Person, type UserGroup } from './workspace.ts';

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };
export type StoredMessage = {
  ts: string;
  channel: string;
  threadTs: string | undefined;
  /** Who wrote it: the bot, or a person. */
  author: string;
  text: string;
  blocks: Block[];
  /** What is chosen in its menus. */
  values: Values;
  metadata: Metadata | undefined;
  /** Whom Slack notified because of it. */
  mentions: string[];
  updates: number;
};
export type Ephemeral = {
  ts: string;
  channel: string;
  /** The only one who sees it. */
  user: string;
  threadTs: string | undefined;
  text: string;
  blocks: Block[];
  values: Values;
};
export type Content = { text: string; blocks: Block[] };

/** What the workspace holds. Everything that changes it ends in `changed()`. */
export class Store {
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly userGroups: UserGroup[];
  readonly messages: StoredMessage[] = [];
  readonly ephemerals: Ephemeral[] = [];
  readonly screens: Views;
  readonly now: () => number;
  /** Does the workspace belong to an Enterprise Grid organization? */
  isOnGrid = false;
  /** Is the app installed for a whole organization, and not for this workspace alone? */
  isOrgWide = false;
  /** Slack escapes `&`, `<` and `>` in what is typed after a command. Some workspaces were seen not to. */
  escapesCommandText = true;
  /** A reply to a message that was deleted: Slack was seen to refuse it, and to post it in the channel itself. */
  lostReplies: 'refused' | 'in_channel' = 'refused';
  private readonly triggers: Triggers;
  private readonly listeners = new Set<() => void>();
  private lastTs = 0;

  constructor(options: {
    people: Person[];
    channels: Channel[];
    userGroups: UserGroup[];
    now: () => number;
  }) {
    for (const person of options.people) this.people.set(person.id, { ...person });
    for (const channel of options.channels)
      this.channels.set(channel.id, { ...channel, members: [...channel.members] });
    this.userGroups = options.userGroups.map((group) => ({ ...group, users: [...group.users] }));
    this.now = options.now;
    this.triggers = new Triggers(this.now);
    this.screens = new Views(this.now);
  }

  readonly names: Names = {
    user: (id) => (id === bot.userId ? 'Neo Setup' : (this.people.get(id)?.name ?? id)),
    channel: (id) => this.channels.get(id)?.name ?? id,
  };

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  id(prefix: string): string {
    return `${prefix}${randomBytes(6).toString('hex').toUpperCase().slice(0, 10)}`;
  }

  /** Unique and growing, as Slack's are. */
  nextTs(): string {
    this.lastTs = Math.max(this.lastTs + 1, this.now() * 1000);
    return `${Math.floor(this.lastTs / 1_000_000)}.${String(this.lastTs % 1_000_000).padStart(6, '0')}`;
  }

  person(id: string): Person {
    const person = this.people.get(id);
    if (person === undefined) throw new Error(`Nobody here has the id ${id}`);
    return person;
  }

  teamOf(userId: string): string {
    return this.people.get(userId)?.teamId ?? teamId;
  }

  directMessage(userId: string): Channel {
    const known = [...this.channels.values()].find(
      (one) => one.isIm === true && one.members.includes(userId),
    );
    if (known !== undefined) return known;
    const channel: Channel = {
      id: this.id('D'),
      name: 'directmessage',
      isIm: true,
      members: [userId, bot.userId],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** By any id that Slack has for them. */
  personByAnyId(id: string): Person | undefined {
    return this.people.get(id) ?? [...this.people.values()].find(({ grid }) => grid?.id === id);
  }

  /** Ephemeral messages live in a client: who loads it again at this moment (epoch milliseconds) sees none from before. */
  clientLoaded(userId: string, at: number): void {
    const kept = this.ephemerals.filter(({ user, ts }) => user !== userId || Number(ts) * 1_000 >= at);
    if (kept.length === this.ephemerals.length) return;
    this.ephemerals.splice(0, Infinity, ...kept);
    this.changed();
  }

  message(channel: string, ts: string): StoredMessage | undefined {
    return this.messages.find((message) => message.channel === channel && message.ts === ts);
  }

  repliesTo(message: StoredMessage): StoredMessage[] {
    return this.messages.filter(
      ({ channel, threadTs }) => channel === message.channel && threadTs === message.ts,
    );
  }

  post(
    message: Content &
      Pick<StoredMessage, 'channel' | 'threadTs'> &
      Partial<Pick<StoredMessage, 'metadata' | 'author'>>,
  ): StoredMessage {
    const stored = {
      author: bot.userId,
      metadata: undefined,
      ...message,
      ts: this.nextTs(),
      values: initialValues(message.blocks),
      mentions: mentionsOf(message),
      updates: 0,
    };
    this.messages.push(stored);
    return stored;
  }

  whisper(message: Content & Pick<Ephemeral, 'channel' | 'user' | 'threadTs'>): Ephemeral {
    const stored = { ...message, ts: this.nextTs(), values: initialValues(message.blocks) };
    this.ephemerals.push(stored);
    return stored;
  }

  update(message: StoredMessage | Ephemeral, content: Content): void {
    Object.assign(message, content, { values: initialValues(content.blocks) });
    if ('updates' in message)
      Object.assign(message, { updates: message.updates + 1, mentions: mentionsOf(content) });
  }

  remove(message: StoredMessage | Ephemeral): void {
    const all: (StoredMessage | Ephemeral)[] = 'updates' in message ? this.messages : this.ephemerals;
    const index = all.indexOf(message);
    if (index >= 0) all.splice(index, 1);
  }

  newTrigger(userId: string, cause: Omit<Cause, 'userId'> = {}): string {
    return this.triggers.give({ userId, ...cause });
  }

  /** Three seconds, once. */
  useTrigger(id: string): Cause | { error: string } {
    return this.triggers.use(id);
  }

  /** All modals that were ever opened. */
  get views(): readonly OpenView[] {
    return this.screens.modals;
  }

  topView(userId: string): OpenView | undefined {
    return this.screens.top(userId);
  }
}

/** Counted in the text that screen readers say as well as in the blocks. */
function mentionsOf(content: Content): string[] {
  return [...new Set([content.text, ...mrkdwnIn(content.blocks)].flatMap(mentionsIn))];
}
