import { randomBytes, randomInt } from 'node:crypto';
import { mentionsOf, type Names } from './kit.ts';
import type {
  Channel,
  Content,
  Ephemeral,
  Identity,
  Metadata,
  Person,
  ResponseUrl,
  StoredMessage,
  UserGroup,
} from './model.ts';

const responseUrlLifeMs = 30 * 60_000;

type NewMessage = Content & {
  channelId: string;
  threadTs?: string | undefined;
  userId: string;
  metadata?: Metadata | undefined;
};

/** What the workspace holds. Whoever changes it from outside calls `changed()` when done. */
export class Store {
  readonly identity: Identity;
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();
  readonly userGroups = new Map<string, UserGroup>();
  readonly messages: StoredMessage[] = [];
  readonly ephemerals: Ephemeral[] = [];
  readonly responseUrls = new Map<string, ResponseUrl>();
  readonly now: () => number;
  private readonly listeners = new Set<() => void>();
  private lastTs = 0;

  constructor(options: {
    identity: Identity;
    people: readonly Person[];
    channels: readonly Channel[];
    userGroups: readonly UserGroup[];
    now: () => number;
  }) {
    this.identity = options.identity;
    for (const person of options.people) this.people.set(person.id, { ...person });
    for (const channel of options.channels)
      this.channels.set(channel.id, { ...channel, members: [...channel.members] });
    for (const group of options.userGroups)
      this.userGroups.set(group.id, { ...group, users: [...group.users] });
    this.now = options.now;
  }

  readonly names: Names = {
    user: (id) =>
      id === this.identity.botUserId ? this.identity.botName : (this.people.get(id)?.name ?? id),
    channel: (id) => this.channels.get(id)?.name ?? id,
  };

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  changed(): void {
    for (const listener of [...this.listeners]) listener();
  }

  /** An id in Slack's form: a letter and ten more characters. */
  newId(prefix: string): string {
    return `${prefix}${randomBytes(8).toString('hex').toUpperCase().slice(0, 10)}`;
  }

  /** Seconds with six digits behind the point; unique and growing, as Slack's are. */
  nextTs(): string {
    this.lastTs = Math.max(this.lastTs + 1, Math.floor(this.now()) * 1000);
    return `${Math.floor(this.lastTs / 1_000_000)}.${String(this.lastTs % 1_000_000).padStart(6, '0')}`;
  }

  /** @throws Error when nobody has the id */
  person(id: string): Person {
    const person = this.people.get(id);
    if (person === undefined) throw new Error(`user_not_found: ${id}`);
    return person;
  }

  /** @throws Error when there is no such channel */
  channel(id: string): Channel {
    const channel = this.channels.get(id);
    if (channel === undefined) throw new Error(`channel_not_found: ${id}`);
    return channel;
  }

  teamOf(userId: string): string {
    return this.people.get(userId)?.teamId ?? this.identity.teamId;
  }

  isBotIn(channel: Channel): boolean {
    return channel.members.includes(this.identity.botUserId);
  }

  /** The conversation between the bot and this person, opened when there is none. */
  directMessage(userId: string): Channel {
    const { botUserId } = this.identity;
    const known = [...this.channels.values()].find(
      ({ isIm, members }) => isIm === true && members.includes(userId) && members.includes(botUserId),
    );
    if (known !== undefined) return known;
    const channel: Channel = {
      id: this.newId('D'),
      name: 'directmessage',
      isIm: true,
      members: [userId, botUserId],
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  post({ threadTs, metadata, ...content }: NewMessage): StoredMessage {
    const message: StoredMessage = {
      ...content,
      ts: this.nextTs(),
      edited: 0,
      mentions: mentionsOf(content),
      ...(threadTs !== undefined && { threadTs }),
      ...(metadata !== undefined && { metadata }),
    };
    this.messages.push(message);
    return message;
  }

  whisper({ threadTs, ...content }: Omit<NewMessage, 'metadata'>): Ephemeral {
    const ephemeral: Ephemeral = {
      ...content,
      ts: this.nextTs(),
      ...(threadTs !== undefined && { threadTs }),
    };
    this.ephemerals.push(ephemeral);
    return ephemeral;
  }

  /** Replaces what a message says. Whoever was mentioned once stays among its mentions. */
  edit(message: StoredMessage | Ephemeral, content: Content): void {
    Object.assign(message, content);
    if (!('edited' in message)) return;
    message.edited += 1;
    message.mentions = [...new Set([...message.mentions, ...mentionsOf(content)])];
  }

  remove(message: StoredMessage | Ephemeral): void {
    const holder: (StoredMessage | Ephemeral)[] = 'edited' in message ? this.messages : this.ephemerals;
    const index = holder.indexOf(message);
    if (index >= 0) holder.splice(index, 1);
  }

  find(channelId: string, ts: string): StoredMessage | undefined {
    return this.messages.find((message) => message.channelId === channelId && message.ts === ts);
  }

  /** @returns its path, below the address of Slack's hooks */
  newResponseUrl(target: Pick<ResponseUrl, 'channelId' | 'userId' | 'original' | 'isCommand'>): string {
    const kind = target.isCommand ? 'commands' : 'actions';
    const secret = randomBytes(18).toString('base64url');
    const path = `/${kind}/${this.identity.teamId}/${randomInt(1e9, 1e10)}/${secret}`;
    this.responseUrls.set(path, { ...target, uses: 0, until: this.now() + responseUrlLifeMs });
    return path;
  }
}
