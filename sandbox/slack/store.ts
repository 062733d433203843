import { randomBytes } from 'node:crypto';
import type { Block, View } from './block-kit.ts';
import { mentionsIn, mrkdwnIn, type Names } from './read.ts';
import { initialValues, keptValues, type Values } from './state.ts';
import { bot, teamId, type Channel, type Person, type UserGroup } from './workspace.ts';

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };
export type StoredMessage = {
  ts: string;
  channel: string;
  threadTs: string | undefined;
  text: string;
  blocks: Block[];
  metadata: Metadata | undefined;
  /** Whom Slack notified because of it. */
  mentions: string[];
  updates: number;
};
export type Ephemeral = {
  ts: string;
  channel: string;
  user: string;
  threadTs: string | undefined;
  text: string;
  blocks: Block[];
};
export type OpenView = {
  id: string;
  hash: string;
  userId: string;
  view: View;
  values: Values;
  errors: Record<string, string>;
  closed: boolean;
};
export type ResponseUrl = {
  channel: string;
  user: string;
  message: StoredMessage | undefined;
  uses: number;
  until: number;
};

const triggerLifeMs = 3_000;
const responseUrlLifeMs = 30 * 60_000;

/** What the workspace holds. Everything that changes it ends in `changed()`. */
export class Store {
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly userGroups: UserGroup[];
  readonly messages: StoredMessage[] = [];
  readonly ephemerals: Ephemeral[] = [];
  readonly views: OpenView[] = [];
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly now: () => number;
  private readonly triggers = new Map<string, { userId: string; until: number; used: boolean }>();
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

  post(message: Pick<StoredMessage, 'channel' | 'threadTs' | 'text' | 'blocks' | 'metadata'>): StoredMessage {
    const stored = { ...message, ts: this.nextTs(), mentions: mentionsOf(message), updates: 0 };
    this.messages.push(stored);
    return stored;
  }

  update(message: StoredMessage, content: { text: string; blocks: Block[] }): void {
    Object.assign(message, content, { updates: message.updates + 1, mentions: mentionsOf(content) });
  }

  newTrigger(userId: string): string {
    const id = `${String(this.now())}.${randomBytes(8).toString('hex')}`;
    this.triggers.set(id, { userId, until: this.now() + triggerLifeMs, used: false });
    return id;
  }

  /** Three seconds, once. */
  useTrigger(id: string): { userId: string } | { error: string } {
    const trigger = this.triggers.get(id);
    if (trigger === undefined) return { error: 'invalid_trigger_id' };
    if (trigger.used) return { error: 'exchanged_trigger_id' };
    if (this.now() > trigger.until) return { error: 'expired_trigger_id' };
    trigger.used = true;
    return { userId: trigger.userId };
  }

  openView(userId: string, view: View): OpenView {
    for (const open of this.views) if (open.userId === userId) open.closed = true;
    const values = initialValues(view);
    const opened = {
      id: this.id('V'),
      hash: this.newHash(),
      userId,
      view,
      values,
      errors: {},
      closed: false,
    };
    this.views.push(opened);
    return opened;
  }

  replaceView(open: OpenView, view: View): void {
    Object.assign(open, { view, values: keptValues(open.values, view), hash: this.newHash(), errors: {} });
  }

  topView(userId: string): OpenView | undefined {
    return this.views.findLast((view) => view.userId === userId && !view.closed);
  }

  newResponseUrl(base: string, channel: string, user: string, message?: StoredMessage): string {
    const path = `/commands/${teamId}/${randomBytes(6).toString('hex')}/${randomBytes(12).toString('hex')}`;
    this.responseUrls.set(path, { channel, user, message, uses: 0, until: this.now() + responseUrlLifeMs });
    return `${base}${path}`;
  }

  private newHash(): string {
    return `${Math.floor(this.now() / 1000)}.${randomBytes(4).toString('hex')}`;
  }
}

/** Counted in the text that screen readers say as well as in the blocks. */
function mentionsOf(content: { text: string; blocks: Block[] }): string[] {
  return [...new Set([content.text, ...mrkdwnIn(content.blocks)].flatMap(mentionsIn))];
}
