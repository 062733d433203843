import { z } from 'zod';
import type { StoredMessage } from '../slack/store.ts';
import { bot } from '../slack/workspace.ts';
import type { World } from '../world.ts';

const keyed = z.object({ event_payload: z.object({ key: z.string() }) });

/** What the app's message is about: the key of the task that posted it rides in its metadata. Undefined: it carries none. */
export function keyOf({ metadata }: StoredMessage): string | undefined {
  const { data } = keyed.safeParse(metadata);
  return data?.event_payload.key;
}

/** All that Slack shows of one request at this moment, and showed: `root` is where its thread hangs, deleted or not. */
export type Shown = {
  /** The id of the stored request. */
  id: string;
  messages: readonly StoredMessage[];
  /** The last card, unless somebody deleted it. */
  card: StoredMessage | undefined;
  root: { channel: string; ts: string } | undefined;
  results: readonly StoredMessage[];
  /** As people name it: NEO-12. */
  name: string | undefined;
};

type Entry = {
  all: StoredMessage[];
  name: string | undefined;
  /** What it plans, by its Username. */
  username: string | undefined;
  isRepair: boolean;
};

const looksEveryMs = 100;

/** The messages of Slack by the request that they are about. */
export class Board {
  private readonly entries = new Map<string, Entry>();
  private readonly read = new WeakSet<StoredMessage>();
  private readonly kinds = new WeakMap<StoredMessage, Kind>();
  private alive = new Set<StoredMessage>();
  private lookedAt = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** The request that asks for an agent of this name, or, with `repairs`, for the repair of it. */
  find(username: string, repairs = false): Shown | undefined {
    this.look();
    for (const [id, entry] of this.entries)
      if (entry.username === username && entry.isRepair === repairs) return this.shown(id, entry);
    return undefined;
  }

  /** The request with this id. */
  byId(id: string): Shown | undefined {
    this.look();
    const entry = this.entries.get(id);
    return entry && this.shown(id, entry);
  }

  all(): Shown[] {
    this.look();
    return [...this.entries].map(([id, entry]) => this.shown(id, entry));
  }

  private shown(id: string, { all, name }: Entry): Shown {
    const messages = all.filter((message) => this.alive.has(message));
    const cards = all.filter((message) => this.kinds.get(message) === 'card');
    const card = cards.at(-1);
    return {
      id,
      name,
      messages,
      card: card && this.alive.has(card) ? card : undefined,
      root: card && { channel: card.channel, ts: card.ts },
      results: messages.filter((message) => this.kinds.get(message) === 'result'),
    };
  }

  private look(): void {
    if (Date.now() - this.lookedAt < looksEveryMs) return;
    this.lookedAt = Date.now();
    this.alive = new Set(this.world.slack.store.messages);
    for (const message of this.world.slack.store.messages) if (!this.read.has(message)) this.file(message);
  }

  private file(message: StoredMessage): void {
    this.read.add(message);
    const key = keyOf(message);
    if (key === undefined || message.author !== bot.userId) return;
    const [id = ''] = key.split(':');
    const entry = this.entries.get(id) ?? {
      all: [],
      name: undefined,
      username: undefined,
      isRepair: false,
    };
    this.entries.set(id, entry);
    entry.all.push(message);
    const kind = kindOf(message);
    this.kinds.set(message, kind);
    if (kind === 'card') entry.isRepair = message.text.includes(' · Repair agent ');
    entry.username ??=
      /(?:New agent|Repair agent \d+): (.*)\n/.exec(message.text)?.[1] ?? this.askedBy(message);
    entry.name ??= /\bNEO-\d+/.exec(message.text)?.[0];
  }

  /** Where no card stands, the requester is told so directly; each of them asks for one agent, and is called by its name. */
  private askedBy(message: StoredMessage): string | undefined {
    const { channels, people } = this.world.slack.store;
    const channel = channels.get(message.channel);
    if (channel?.isIm !== true || !keyOf(message)?.includes(':tell_requester:')) return undefined;
    const reader = channel.members.find((id) => id !== bot.userId) ?? '';
    return people.get(reader)?.name;
  }
}

type Kind = 'card' | 'result' | 'other';

/** Of a message that has a key. */
export function kindOf(message: StoredMessage): Kind {
  const key = keyOf(message) ?? '';
  if (/^[^:]+:card\b/.test(key)) return 'card';
  return /:post_outcome:|:tell_requester:(outcome|denied):/.test(key) ? 'result' : 'other';
}

/** Has it come to an end that is told? */
export function hasEnded({ results }: Shown): boolean {
  return results.some(({ text }) => !text.includes(' had failed '));
}

/** Was it decided, by any of its messages? */
export function isDecided(shown: Shown): boolean {
  return (
    hasEnded(shown) || shown.messages.some(({ text }) => decided.test(text) && !text.includes(' had failed '))
  );
}
const decided = /Approved by|Denied by|Withdrawn by|You approved|You denied|nobody decided|Stopped by/;
