import { messageOutput } from '../payloads.ts';
import type { Store, StoredMessage } from '../store.ts';
import type { Channel } from '../workspace.ts';
import {
  channelScope,
  hasBot,
  notMember,
  page,
  refuse,
  type Answer,
  type Args,
  type Method,
  type Slack,
} from './answer.ts';

export const conversationMethods: Record<string, Method> = {
  'conversations.info': { tier: 3, scope: channelScope('read'), run: info },
  'conversations.members': { tier: 4, scope: channelScope('read'), run: members },
  'conversations.open': { tier: 3, scope: 'im:write', run: open },
  'conversations.history': { tier: 3, scope: channelScope('history'), run: history },
  'conversations.replies': { tier: 3, scope: channelScope('history'), run: replies },
};

function visible(store: Store, args: Args): Channel | undefined {
  const channel = store.channels.get(String(args['channel']));
  return channel?.isPrivate === true && !hasBot(channel) ? undefined : channel;
}

function info({ store }: Slack, args: Args): Answer {
  const channel = visible(store, args);
  if (channel === undefined) return refuse('channel_not_found');
  const { id, name, isPrivate = false, isArchived = false, isIm = false, isMpim = false } = channel;
  const { isExtShared = false, isPendingExtShared = false } = channel;
  const flags = {
    is_private: isPrivate,
    is_ext_shared: isExtShared,
    is_pending_ext_shared: isPendingExtShared,
    is_archived: isArchived,
    is_im: isIm,
    is_mpim: isMpim,
  };
  return {
    ok: true,
    channel: { id, name, ...flags, is_member: hasBot(channel), num_members: channel.members.length },
  };
}

function members({ store }: Slack, args: Args): Answer {
  const channel = visible(store, args);
  if (channel === undefined) return refuse('channel_not_found');
  const found = page(channel.members, args, 100);
  if ('error' in found) return refuse(found.error);
  return { ok: true, members: found.items, response_metadata: found.response_metadata };
}

function open({ store }: Slack, args: Args): Answer {
  const person = store.people.get(String(args['users']));
  if (person === undefined) return refuse('user_not_found');
  if (person.deleted === true) return refuse('user_disabled');
  return { ok: true, channel: { id: store.directMessage(person.id).id } };
}

/** The channel's messages without the replies in threads, newest first. */
function history({ store }: Slack, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return refuse('channel_not_found');
  if (!hasBot(channel)) return refuse(notMember(channel));
  const found = store.messages.filter(
    (message) =>
      message.channel === channel.id && message.threadTs === undefined && isWithin(message.ts, args),
  );
  return messagesPage(store, found.reverse(), args);
}

/** The parent and its replies, oldest first. */
function replies({ store }: Slack, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return refuse('channel_not_found');
  if (!hasBot(channel)) return refuse(notMember(channel));
  const parent = store.message(channel.id, String(args['ts']));
  if (parent === undefined) return refuse('thread_not_found');
  return messagesPage(
    store,
    [parent, ...store.repliesTo(parent).filter(({ ts }) => isWithin(ts, args))],
    args,
  );
}

function isWithin(ts: string, args: Args): boolean {
  const oldest = Number(args['oldest'] ?? 0);
  const latest = Number(args['latest'] ?? Infinity);
  const at = Number(ts);
  return (
    (at > oldest && at < latest) || (String(args['inclusive']) === 'true' && (at === oldest || at === latest))
  );
}

/** Without `include_all_metadata` only the event_type of the metadata is told. */
function messagesPage(store: Store, all: StoredMessage[], args: Args): Answer {
  const found = page(all, args, 100);
  if ('error' in found) return refuse(found.error);
  const withMetadata = String(args['include_all_metadata']) === 'true';
  const messages = found.items.map((message) => ({
    ...messageOutput(message, withMetadata),
    ...threadOf(store, message),
  }));
  return { ok: true, messages, has_more: found.hasMore, response_metadata: found.response_metadata };
}

/** What a parent says of its thread. */
function threadOf(store: Store, message: StoredMessage) {
  const found = store.repliesTo(message);
  return found.length === 0
    ? {}
    : { thread_ts: message.ts, reply_count: found.length, latest_reply: found.at(-1)?.ts };
}
