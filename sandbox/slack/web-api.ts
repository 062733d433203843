import { z } from 'zod';
import { checkBlocks, checkView, type Block } from './block-kit.ts';
import type { Store, StoredMessage } from './store.ts';
import { bot, teamId, type Channel } from './workspace.ts';

export type Args = Record<string, unknown>;
export type Answer = { ok: boolean; error?: string } & Record<string, unknown>;
type Method = { scope?: string; run: (store: Store, args: Args) => Answer };

const refuse = (error: string, messages: string[] = []): Answer => ({
  ok: false,
  error,
  ...(messages.length > 0 && { response_metadata: { messages } }),
});

/** Truncated above this, as Slack does; `chat.update` refuses more than the second. */
const mostPostedText = 40_000;
const mostUpdatedText = 4_000;
const mostMetadata = 8_000;

/** The Web API methods that this app may call, with the scope that each needs. */
export const methods: Record<string, Method> = {
  'auth.test': {
    run: () => ({
      ok: true,
      url: 'https://brightwater.slack.com/',
      team: 'Brightwater',
      team_id: teamId,
      user: 'neo_setup',
      user_id: bot.userId,
      bot_id: bot.botId,
    }),
  },
  'views.open': { run: openView },
  'views.update': { run: updateView },
  'chat.postMessage': { scope: 'chat:write', run: postMessage },
  'chat.update': { scope: 'chat:write', run: updateMessage },
  'users.info': { scope: 'users:read', run: userInfo },
  'usergroups.users.list': { scope: 'usergroups:read', run: userGroupMembers },
  'conversations.info': { run: channelInfo },
  'conversations.open': { scope: 'im:write', run: openDirectMessage },
  'conversations.history': { run: history },
  'conversations.replies': { run: replies },
};

/** The scope that a method needs for this channel, where it depends on the kind of channel. */
export function channelScope(store: Store, method: string, args: Args): string | undefined {
  const right = {
    'conversations.info': 'read',
    'conversations.history': 'history',
    'conversations.replies': 'history',
  }[method];
  const channel = store.channels.get(String(args['channel']));
  if (right === undefined || channel === undefined) return undefined;
  return `${channel.isIm ? 'im' : channel.isPrivate ? 'groups' : 'channels'}:${right}`;
}

function openView(store: Store, args: Args): Answer {
  const trigger = store.useTrigger(String(args['trigger_id']));
  if ('error' in trigger) return refuse(trigger.error);
  const checked = checkView(args['view']);
  if ('errors' in checked) return refuse('invalid_arguments', checked.errors);
  const opened = store.openView(trigger.userId, checked.value);
  return { ok: true, view: { ...checked.value, id: opened.id, hash: opened.hash, team_id: teamId } };
}

function updateView(store: Store, args: Args): Answer {
  const open = store.views.find(({ id }) => id === args['view_id']);
  if (open === undefined || open.closed) return refuse('not_found');
  if (args['hash'] !== undefined && args['hash'] !== open.hash) return refuse('hash_conflict');
  const checked = checkView(args['view']);
  if ('errors' in checked) return refuse('invalid_arguments', checked.errors);
  store.replaceView(open, checked.value);
  return { ok: true, view: { ...checked.value, id: open.id, hash: open.hash, team_id: teamId } };
}

const metadataSchema = z.strictObject({
  event_type: z.string().regex(/^[a-z0-9_]{1,255}$/),
  event_payload: z.record(z.string(), z.unknown()),
});

function postMessage(store: Store, args: Args): Answer {
  const wanted = String(args['channel']);
  const channel = store.people.has(wanted) ? store.directMessage(wanted) : store.channels.get(wanted);
  if (channel === undefined) return refuse('channel_not_found');
  const closed = closedFor(channel);
  if (closed !== undefined) return refuse(closed);
  const content = readContent(args);
  if ('error' in content) return content;
  const metadata = metadataSchema.optional().safeParse(args['metadata']);
  if (!metadata.success) return refuse('invalid_metadata_format');
  if (JSON.stringify(metadata.data ?? {}).length > mostMetadata) return refuse('metadata_too_large');
  const threadTs = typeof args['thread_ts'] === 'string' ? args['thread_ts'] : undefined;
  if (threadTs !== undefined && findMessage(store, channel.id, threadTs) === undefined)
    return refuse('thread_not_found');
  const text = Array.from(content.text).slice(0, mostPostedText).join('');
  const posted = store.post({
    channel: channel.id,
    threadTs,
    text,
    blocks: content.blocks,
    metadata: metadata.data,
  });
  return { ok: true, channel: channel.id, ts: posted.ts, message: asSlackShowsIt(posted, false) };
}

function updateMessage(store: Store, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.isArchived === true) return refuse('is_inactive');
  const message = findMessage(store, channel.id, String(args['ts']));
  if (message === undefined) return refuse('message_not_found');
  const content = readContent(args);
  if ('error' in content) return content;
  if (Array.from(content.text).length > mostUpdatedText) return refuse('msg_too_long');
  store.update(message, content);
  return { ok: true, channel: channel.id, ts: message.ts, text: content.text };
}

function readContent(args: Args): { text: string; blocks: Block[] } | (Answer & { error: string }) {
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  if (args['blocks'] === undefined)
    return text === '' ? { ok: false, error: 'no_text' } : { text, blocks: [] };
  const checked = checkBlocks(args['blocks']);
  if ('errors' in checked)
    return { ok: false, error: 'invalid_blocks', response_metadata: { messages: checked.errors } };
  return { text, blocks: checked.value };
}

/** Why the bot cannot post there. A private channel that it is not in does not exist for it. */
function closedFor(channel: Channel): string | undefined {
  if (channel.isArchived === true) return 'is_archived';
  return channel.members.includes(bot.userId) ? undefined : notMember(channel);
}

function notMember(channel: Channel): string {
  return channel.isPrivate === true || channel.isIm === true ? 'channel_not_found' : 'not_in_channel';
}

function userInfo(store: Store, args: Args): Answer {
  const person = store.people.get(String(args['user']));
  if (person === undefined) return refuse('user_not_found');
  const { id, name, tz } = person;
  return {
    ok: true,
    user: {
      id,
      team_id: store.teamOf(id),
      name: name.toLowerCase(),
      real_name: name,
      deleted: person.deleted ?? false,
      is_bot: person.isBot ?? false,
      is_admin: person.isAdmin ?? false,
      is_owner: person.isOwner ?? false,
      is_primary_owner: false,
      is_restricted: person.isGuest ?? false,
      is_ultra_restricted: false,
      ...(person.isStranger === true && { is_stranger: true }),
      ...(tz !== undefined && { tz, tz_label: tz, tz_offset: 0 }),
    },
  };
}

function userGroupMembers(store: Store, args: Args): Answer {
  const group = store.userGroups.find(({ id }) => id === args['usergroup']);
  return group === undefined ? refuse('no_such_subteam') : { ok: true, users: group.users };
}

function channelInfo(store: Store, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  const isMember = channel?.members.includes(bot.userId) ?? false;
  if (channel === undefined || (channel.isPrivate === true && !isMember)) return refuse('channel_not_found');
  const { id, name, isPrivate = false, isExtShared = false, isArchived = false, isIm = false } = channel;
  const flags = { is_private: isPrivate, is_ext_shared: isExtShared, is_archived: isArchived, is_im: isIm };
  return {
    ok: true,
    channel: { id, name, ...flags, is_member: isMember, num_members: channel.members.length },
  };
}

function openDirectMessage(store: Store, args: Args): Answer {
  const person = store.people.get(String(args['users']));
  if (person === undefined) return refuse('user_not_found');
  if (person.deleted === true) return refuse('user_disabled');
  return { ok: true, channel: { id: store.directMessage(person.id).id } };
}

function history(store: Store, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return refuse('channel_not_found');
  if (!channel.members.includes(bot.userId)) return refuse(notMember(channel));
  const oldest = Number(args['oldest'] ?? 0);
  const found = store.messages.filter(
    (message) =>
      message.channel === channel.id && message.threadTs === undefined && Number(message.ts) > oldest,
  );
  return { ok: true, messages: page(found.reverse(), args), has_more: false };
}

function replies(store: Store, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return refuse('channel_not_found');
  if (!channel.members.includes(bot.userId)) return refuse(notMember(channel));
  const ts = String(args['ts']);
  const found = store.messages.filter(
    (one) => one.channel === channel.id && (one.ts === ts || one.threadTs === ts),
  );
  return found.length === 0
    ? refuse('thread_not_found')
    : { ok: true, messages: page(found, args), has_more: false };
}

function page(found: StoredMessage[], args: Args) {
  const withMetadata = String(args['include_all_metadata']) === 'true';
  return found.slice(0, Number(args['limit'] ?? 100)).map((message) => asSlackShowsIt(message, withMetadata));
}

function findMessage(store: Store, channel: string, ts: string): StoredMessage | undefined {
  return store.messages.find((message) => message.channel === channel && message.ts === ts);
}

/** A message as Slack hands it to apps. */
export function asSlackShowsIt(message: StoredMessage, withMetadata: boolean) {
  const { ts, threadTs, text, blocks, metadata } = message;
  return {
    type: 'message',
    user: bot.userId,
    bot_id: bot.botId,
    app_id: bot.appId,
    team: teamId,
    ts,
    text,
    blocks,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(withMetadata && metadata !== undefined && { metadata }),
  };
}
