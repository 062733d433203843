import { z } from 'zod';
import { validateMessageBlocks } from '../kit.ts';
import type { Channel, Content, Metadata } from '../model.ts';
import { shownMessage } from '../shown.ts';
import type { Store } from '../store.ts';
import { method, refuse, refuseBlocks, visibleChannel, type Answer } from './method.ts';

/** `chat.postMessage` cuts above the first, `chat.update` refuses above the second. */
const mostPostedText = 40_000;
const mostUpdatedText = 4_000;
const mostMetadataBytes = 8_000;

const content = { text: z.string().optional(), blocks: z.unknown().optional() };
const place = { channel: z.string(), thread_ts: z.string().optional() };
const metadata = z.unknown().optional();

/** Posts once per call: Slack has no idempotency key. A person's id as channel opens the direct message. */
export const postMessage = method({
  scope: 'chat:write',
  args: z.object({ ...place, ...content, metadata }),
  run: ({ store }, args) => {
    const channel = destination(store, args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const closed = whyClosed(store, channel);
    if (closed !== undefined) return refuse(closed);
    const said = readContent(args);
    if ('ok' in said) return said;
    const about = readMetadata(args.metadata);
    if ('error' in about) return refuse(about.error);
    if (!isThread(store, channel, args.thread_ts)) return refuse('thread_not_found');
    const text = Array.from(said.text).slice(0, mostPostedText).join('');
    const message = store.post({
      ...said,
      text,
      channelId: channel.id,
      threadTs: args.thread_ts,
      userId: store.identity.botUserId,
      metadata: about.metadata,
    });
    return {
      ok: true,
      channel: channel.id,
      ts: message.ts,
      message: shownMessage(store, message, true),
      ...(text !== said.text && { response_metadata: { warnings: ['message_truncated'] } }),
    };
  },
});

/** Replaces one of the bot's own messages. Text without blocks drops the blocks; metadata stays when omitted. */
export const updateMessage = method({
  scope: 'chat:write',
  args: z.object({ channel: z.string(), ts: z.string(), ...content, metadata }),
  run: ({ store }, args) => {
    const channel = visibleChannel(store, args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    if (channel.isArchived === true) return refuse('is_inactive');
    const message = store.find(channel.id, args.ts);
    if (message === undefined) return refuse('message_not_found');
    if (message.userId !== store.identity.botUserId) return refuse('cant_update_message');
    const said = readContent(args);
    if ('ok' in said) return said;
    if (Array.from(said.text).length > mostUpdatedText) return refuse('msg_too_long');
    const about = readMetadata(args.metadata);
    if ('error' in about) return refuse(about.error);
    store.edit(message, said);
    if (about.metadata !== undefined) message.metadata = about.metadata;
    const shown = shownMessage(store, message, true);
    return { ok: true, channel: channel.id, ts: message.ts, text: message.text, message: shown };
  },
});

/** Shown to one member of the channel; cannot be updated or found again. */
export const postEphemeral = method({
  scope: 'chat:write',
  args: z.object({ ...place, user: z.string(), ...content }),
  run: ({ store }, args) => {
    const channel = visibleChannel(store, args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const closed = whyClosed(store, channel);
    if (closed !== undefined) return refuse(closed);
    const said = readContent(args);
    if ('ok' in said) return said;
    const isThere = channel.members.includes(args.user) && store.people.get(args.user)?.deleted !== true;
    if (!isThere) return refuse('user_not_in_channel');
    if (!isThread(store, channel, args.thread_ts)) return refuse('thread_not_found');
    const whisper = { ...said, channelId: channel.id, userId: args.user, threadTs: args.thread_ts };
    return { ok: true, message_ts: store.whisper(whisper).ts };
  },
});

export const deleteMessage = method({
  scope: 'chat:write',
  args: z.object({ channel: z.string(), ts: z.string() }),
  run: ({ store }, { channel: channelId, ts }) => {
    const channel = visibleChannel(store, channelId);
    if (channel === undefined) return refuse('channel_not_found');
    const message = store.find(channel.id, ts);
    if (message === undefined) return refuse('message_not_found');
    if (message.userId !== store.identity.botUserId) return refuse('cant_delete_message');
    store.remove(message);
    return { ok: true, channel: channel.id, ts };
  },
});

export const getPermalink = method({
  args: z.object({ channel: z.string(), message_ts: z.string() }),
  run: ({ store }, args) => {
    const channel = visibleChannel(store, args.channel);
    if (channel === undefined) return refuse('channel_not_found');
    const message = store.find(channel.id, args.message_ts);
    if (message === undefined) return refuse('message_not_found');
    const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
    const path = `archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
    const permalink = `https://${store.identity.teamDomain}.slack.com/${path}`;
    return { ok: true, channel: channel.id, permalink };
  },
});

function destination(store: Store, id: string): Channel | undefined {
  const person = store.people.get(id);
  if (person === undefined) return visibleChannel(store, id);
  const isReachable = person.deleted !== true && person.isStranger !== true && person.isBot !== true;
  return isReachable ? store.directMessage(person.id) : undefined;
}

function whyClosed(store: Store, channel: Channel): string | undefined {
  if (channel.isArchived === true) return 'is_archived';
  return store.isBotIn(channel) ? undefined : 'not_in_channel';
}

function isThread(store: Store, channel: Channel, threadTs: string | undefined): boolean {
  if (threadTs === undefined) return true;
  const parent = store.find(channel.id, threadTs);
  return parent !== undefined && parent.threadTs === undefined;
}

function readContent(args: { text?: string | undefined; blocks?: unknown }): Content | Answer {
  const text = args.text ?? '';
  const given = args.blocks ?? [];
  if (!Array.isArray(given)) return refuse('invalid_blocks_format');
  if (text === '' && given.length === 0) return refuse('no_text');
  const checked = validateMessageBlocks(given);
  return 'errors' in checked
    ? refuseBlocks('invalid_blocks', checked.errors)
    : { text, blocks: checked.blocks };
}

const snakeCase = z.string().regex(/^[a-z0-9_]{1,255}$/);
const metadataSchema = z.strictObject({
  event_type: snakeCase,
  event_payload: z.record(snakeCase, z.unknown()),
});

function readMetadata(value: unknown): { metadata: Metadata | undefined } | { error: string } {
  if (value === undefined) return { metadata: undefined };
  const parsed = metadataSchema.safeParse(value);
  if (!parsed.success) return { error: 'invalid_metadata_format' };
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  return bytes > mostMetadataBytes ? { error: 'metadata_too_large' } : { metadata: parsed.data };
}
