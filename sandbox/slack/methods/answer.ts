import type { Manifest } from '../manifest.ts';
import type { Tier } from '../rate-limits.ts';
import type { Store } from '../store.ts';
import type { Tokens } from '../tokens.ts';
import { bot, type Channel } from '../workspace.ts';

export type Args = Record<string, unknown>;
export type Answer = { ok: boolean; error?: string } & Record<string, unknown>;
export type Slack = { store: Store; manifest: Manifest; tokens: Tokens };
export type Method = {
  tier: Tier;
  /** What the bot token needs. A function where it depends on the kind of the channel. */
  scope?: string | ((store: Store, args: Args) => string | undefined);
  /** Nobody has to show a token. Its arguments come as the text that was sent. */
  isOpen?: true;
  run: (slack: Slack, args: Args) => Answer;
};

export const refuse = (error: string, messages: string[] = []): Answer => ({
  ok: false,
  error,
  ...(messages.length > 0 && { response_metadata: { messages } }),
});

/** One page: `cursor` and `limit` in, `next_cursor` out (empty at the end). */
export function page<T>(
  all: readonly T[],
  args: Args,
  defaultLimit: number,
): { items: T[]; hasMore: boolean; response_metadata: { next_cursor: string } } | { error: string } {
  const cursor = typeof args['cursor'] === 'string' ? args['cursor'] : '';
  const start = cursor === '' ? 0 : offsetOf(cursor);
  if (!Number.isInteger(start) || start < 0) return { error: 'invalid_cursor' };
  const limit = Number(args['limit'] ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) return { error: 'invalid_limit' };
  const end = start + limit;
  const next = end < all.length ? Buffer.from(`offset:${end}`).toString('base64') : '';
  return { items: all.slice(start, end), hasMore: next !== '', response_metadata: { next_cursor: next } };
}

function offsetOf(cursor: string): number {
  return Number(
    Buffer.from(cursor, 'base64')
      .toString('utf8')
      .replace(/^offset:/, ''),
  );
}

/** `channels:read`, `groups:history` and so on, by the kind of the channel. */
export const channelScope = (right: 'read' | 'history') => (store: Store, args: Args) => {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return undefined;
  if (channel.isMpim === true) return `mpim:${right}`;
  return `${channel.isIm === true ? 'im' : channel.isPrivate === true ? 'groups' : 'channels'}:${right}`;
};

export function hasBot(channel: Channel): boolean {
  return channel.members.includes(bot.userId);
}

/** How a channel that the bot is not in looks to it: a private one does not exist. */
export function notMember(channel: Channel): string {
  return channel.isPrivate === true || channel.isIm === true ? 'channel_not_found' : 'not_in_channel';
}
