import { z } from 'zod';
import type { StoredMessage } from '../model.ts';
import { shownMessage } from '../shown.ts';
import type { Store } from '../store.ts';
import { flag, method, pageSize, refuse, scopeByChannel, visibleChannel, type Answer } from './method.ts';

export const channelInfo = method({
  scope: scopeByChannel('read'),
  args: z.object({ channel: z.string(), include_num_members: flag }),
  run: ({ store }, args) => {
    const channel = visibleChannel(store, args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const { id, name, isPrivate = false, isExtShared = false, isArchived = false, isIm = false } = channel;
    const other = channel.members.find((member) => member !== store.identity.botUserId);
    const named = {
      name,
      is_channel: !isPrivate,
      is_group: isPrivate,
      is_member: store.isBotIn(channel),
      is_general: name === 'general',
    };
    return {
      ok: true,
      channel: {
        id,
        is_im: isIm,
        is_mpim: false,
        is_private: isPrivate,
        is_archived: isArchived,
        is_shared: isExtShared,
        is_ext_shared: isExtShared,
        is_org_shared: false,
        is_pending_ext_shared: false,
        context_team_id: store.identity.teamId,
        ...(isIm ? { user: other } : named),
        ...(args.include_num_members && { num_members: channel.members.length }),
      },
    };
  },
});

export const channelMembers = method({
  scope: scopeByChannel('read'),
  args: z.object({ channel: z.string(), limit: pageSize(1000), cursor: z.string().default('') }),
  run: ({ store }, { channel: channelId, limit, cursor }) => {
    const channel = visibleChannel(store, channelId);
    if (channel === undefined) return refuse('channel_not_found');
    const start = offsetOf(cursor);
    if (start === undefined) return refuse('invalid_cursor');
    const members = channel.members.slice(start, start + limit);
    return { ok: true, members, ...next(start + limit, channel.members.length) };
  },
});

/** Opens the direct message with one person; the same one every time. */
export const openConversation = method({
  scope: 'im:write',
  args: z.object({ users: z.string(), return_im: flag }),
  run: ({ store }, args) => {
    const [id = '', ...more] = args.users.split(',');
    if (more.length > 0) return refuse('missing_scope');
    if (id === store.identity.botUserId) return refuse('cannot_dm_bot');
    const person = store.people.get(id);
    if (person === undefined) return refuse('user_not_found');
    if (person.deleted === true) return refuse('user_disabled');
    if (person.isStranger === true) return refuse('user_not_visible');
    const before = store.channels.size;
    const channel = store.directMessage(id);
    const wasOpen = store.channels.size === before;
    const whole = { id: channel.id, is_im: true, user: id };
    return {
      ok: true,
      ...(wasOpen && { no_op: true, already_open: true }),
      channel: args.return_im ? whole : { id: channel.id },
    };
  },
});

const range = {
  channel: z.string(),
  oldest: z.string().default('0'),
  latest: z.string().optional(),
  inclusive: flag,
  limit: pageSize(999),
  cursor: z.string().default(''),
  include_all_metadata: flag,
};
type Range = z.output<z.ZodObject<typeof range>>;

/** The channel's own messages, newest first. Replies are in their threads only. */
export const history = method({
  scope: scopeByChannel('history'),
  args: z.object(range),
  run: ({ store }, args) => {
    const refusal = whyUnreadable(store, args.channel);
    if (refusal !== undefined) return refuse(refusal);
    const found = store.messages.filter(
      (one) => one.channelId === args.channel && one.threadTs === undefined && isWithin(one, args),
    );
    return page(store, found.reverse(), args);
  },
});

/** A thread: its parent, then the replies, oldest first. */
export const replies = method({
  scope: scopeByChannel('history'),
  args: z.object({ ...range, ts: z.string() }),
  run: ({ store }, args) => {
    const refusal = whyUnreadable(store, args.channel);
    if (refusal !== undefined) return refuse(refusal);
    const parent = store.find(args.channel, args.ts);
    if (parent === undefined) return refuse('thread_not_found');
    const found = store.messages.filter(
      (one) => one.channelId === args.channel && one.threadTs === parent.ts && isWithin(one, args),
    );
    return page(store, [parent, ...found], args);
  },
});

function whyUnreadable(store: Store, channelId: string): string | undefined {
  const channel = visibleChannel(store, channelId);
  if (channel === undefined) return 'channel_not_found';
  return store.isBotIn(channel) ? undefined : 'not_in_channel';
}

/** Stamps are equally long, so they compare as numbers; the bounds themselves count only if asked for. */
function isWithin({ ts }: StoredMessage, { oldest, latest, inclusive }: Range): boolean {
  const at = micros(ts);
  const from = micros(oldest);
  const until = latest === undefined ? Infinity : micros(latest);
  return inclusive ? at >= from && at <= until : at > from && at < until;
}

function micros(ts: string): number {
  return Math.round(Number(ts) * 1_000_000);
}

function page(store: Store, found: StoredMessage[], args: Range): Answer {
  const start = offsetOf(args.cursor);
  if (start === undefined) return refuse('invalid_cursor');
  const messages = found.slice(start, start + args.limit);
  return {
    ok: true,
    messages: messages.map((message) => shownMessage(store, message, args.include_all_metadata)),
    has_more: found.length > start + args.limit,
    ...next(start + args.limit, found.length),
  };
}

function next(offset: number, total: number) {
  const cursor = offset < total ? Buffer.from(`next:${offset}`).toString('base64') : '';
  return { response_metadata: { next_cursor: cursor } };
}

function offsetOf(cursor: string): number | undefined {
  if (cursor === '') return 0;
  const offset = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1];
  return offset === undefined ? undefined : Number(offset);
}
