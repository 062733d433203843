import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { People } from './people.ts';
import { SlackRefused, linkTo, translated } from './posting.ts';

const channelSchema = z.object({
  channel: z.object({
    is_im: z.boolean().optional(),
    is_mpim: z.boolean().optional(),
    is_member: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
});

/**
 * Who can read along: `internal`, only people of this company; `shared`, people of another one too, or soon; `direct`, a
 * direct or group message, to which anybody may belong; `unknown`, Slack doesn't say, for instance because it is a
 * private channel without the bot. `code`: Slack's error code, or one of ours.
 */
type Audience = 'internal' | 'shared' | 'direct' | 'unknown';
export type ChannelFacts = { audience: Audience; code?: string; isMember: boolean; isArchived: boolean };

/** A private channel that the bot is not in does not exist for it; group messages need a scope that it never has. */
const hiddenCodes = ['channel_not_found', 'missing_scope'];

/** Asks Slack about a channel. @throws SDK errors */
export async function askForChannel(client: WebClient, channelId: string): Promise<ChannelFacts> {
  try {
    const { channel } = channelSchema.parse(await client.conversations.info({ channel: channelId }));
    const facts = { isArchived: channel.is_archived === true, isMember: channel.is_member === true };
    if (channel.is_im === true || channel.is_mpim === true) return { ...facts, audience: 'direct' };
    if (channel.is_ext_shared === true || channel.is_pending_ext_shared === true)
      return { ...facts, audience: 'shared' };
    // Of each channel Slack says it. What it leaves out is not known to be safe.
    if (channel.is_ext_shared === undefined) return { ...facts, audience: 'unknown', code: 'not_said' };
    return { ...facts, audience: 'internal' };
  } catch (error) {
    const isHidden = error instanceof WebAPIPlatformError && hiddenCodes.includes(error.data.error);
    if (!isHidden) throw error;
    return { audience: 'unknown', code: error.data.error, isMember: false, isArchived: false };
  }
}

export type Channels = {
  /** What Slack said of this channel in the last ten seconds, or says now. @throws SDK errors */
  facts: (channelId: string) => Promise<ChannelFacts>;
  /**
   * Before something is written there that only this company may read.
   * @throws {SlackRefused} where others can read it, or that isn't known; with `shared_channel`, `direct_message` or
   * Slack's code. And as `postOnce`
   */
  assertInternal: (channelId: string) => Promise<void>;
  /** Is this person in the channel? Undefined: Slack does not say, or it has too many members to look. @throws as `postOnce` */
  isIn: (channelId: string, userId: string) => Promise<boolean | undefined>;
  /** The id of what is between the app and this person. @throws as `postOnce` */
  directWith: (userId: string) => Promise<string>;
};

/** Slack allows some fifty of these calls a minute. */
const factsForMs = 10_000;
const membersForMs = 60_000;
/** It stays the same for ever. */
const directForMs = 86_400_000;
const membersPerPage = 1_000;
const maxMemberPages = 5;
/** So many channels are kept in memory. */
const maxKept = 200;

/** Who can see a channel, and who is in it. Everybody who asks at the same moment shares one call. */
export function createChannels({ client, now }: { client: WebClient; now: () => number }): Channels {
  const facts = createMemory(factsForMs, now, (channel) => askForChannel(client, channel));
  const members = createMemory(membersForMs, now, (channel) => askForMembers(client, channel));
  const direct = createMemory(directForMs, now, (userId) => openDirect(client, userId));
  return {
    facts,
    assertInternal: async (channelId) => {
      const { audience, code = audience } = await translated(() => facts(channelId));
      const hidden = code === 'missing_scope' ? 'readers_unknown' : code;
      if (audience !== 'internal') throw new SlackRefused(codes[audience] ?? hidden);
    },
    isIn: async (channelId, userId) => {
      const found = await translated(() => members(channelId));
      return found.ids.has(userId) || (found.isWhole ? false : undefined);
    },
    directWith: (userId) => translated(() => direct(userId)),
  };
}

const codes: Partial<Record<Audience, string>> = { shared: 'shared_channel', direct: 'direct_message' };

/** Keeps answers for a while; those that failed it does not keep. */
function createMemory<T>(
  forMs: number,
  now: () => number,
  ask: (key: string) => Promise<T>,
): (key: string) => Promise<T> {
  const kept = new Map<string, { answer: Promise<T>; until: number }>();
  return (key) => {
    const last = kept.get(key);
    if (last !== undefined && last.until > now()) return last.answer;
    kept.delete(key);
    const [oldest] = kept.keys();
    if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
    const entry = { answer: ask(key), until: now() + forMs };
    kept.set(key, entry);
    entry.answer.catch(() => {
      if (kept.get(key) === entry) kept.delete(key);
    });
    return entry.answer;
  };
}

const openedSchema = z.object({ channel: z.object({ id: z.string() }) });

async function openDirect(client: WebClient, userId: string): Promise<string> {
  return openedSchema.parse(await client.conversations.open({ users: userId })).channel.id;
}

const membersSchema = z.object({
  members: z.array(z.string()),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/** A channel that Slack does not show has nobody in it for us, and nobody knows it. */
async function askForMembers(
  client: WebClient,
  channel: string,
): Promise<{ ids: Set<string>; isWhole: boolean }> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  try {
    for (let pages = 0; pages < maxMemberPages; pages += 1) {
      const page = { channel, limit: membersPerPage, ...(cursor !== undefined && { cursor }) };
      const { members, response_metadata } = membersSchema.parse(await client.conversations.members(page));
      for (const member of members) ids.add(member);
      cursor = response_metadata?.next_cursor;
      if (cursor === undefined || cursor === '') return { ids, isWhole: true };
    }
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError)) throw error;
  }
  return { ids, isWhole: false };
}

/** Slack takes so many lookups a minute; among this many members one who could press Stop is found, or nobody is. */
const maxLookedAt = 50;
const lookedAtOnce = 10;

/**
 * Could anybody but the requester have stopped what this card asks for? Its message must stand, and another full member
 * must be in its channel. @throws as `postOnce`: then it is not known
 */
export async function couldBeStopped(
  client: WebClient,
  people: Pick<People, 'find'>,
  card: { channel: string; ts: string },
  requester: string,
): Promise<boolean> {
  if ((await linkTo(client, card)) === undefined) return false;
  const answer = await translated(() => client.conversations.members({ channel: card.channel, limit: 200 }));
  const { members } = membersSchema.parse(answer);
  const others = members.filter((member) => member !== requester).slice(0, maxLookedAt);
  for (let first = 0; first < others.length; first += lookedAtOnce) {
    const users = others.slice(first, first + lookedAtOnce);
    const found = await Promise.all(users.map((user) => people.find(user)));
    if (found.some((person) => person?.standing === 'member')) return true;
  }
  return false;
}
