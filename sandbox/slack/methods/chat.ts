import { z } from 'zod';
import { checkBlocks } from '../block-kit.ts';
import { messageOutput } from '../payloads.ts';
import type { Content, Metadata, StoredMessage } from '../store.ts';
import { bot, teamDomain, type Channel } from '../workspace.ts';
import { hasBot, notMember, refuse, type Answer, type Args, type Method, type Slack } from './answer.ts';

/**
 * Slack's reference: a post is truncated above this, and `chat.update` refuses more than the second. Uncertain:
 * one team measured in August 2026 that Slack splits a post of more than 4,040 characters into several
 * messages. That is documented nowhere, so it is not done here.
 */
const maxPostedText = 40_000;
const maxUpdatedText = 4_000;
/** Our guess, in characters of its JSON: Slack refuses metadata that is too large, but publishes no figure. */
const maxMetadata = 8_000;
const maxAttachments = 100;
/** Slack publishes no figure; some 11,300 characters of all blocks together were seen refused. */
const maxInBlocks = 11_300;

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': { tier: 'special', scope: 'chat:write', run: postMessage },
  'chat.postEphemeral': { tier: 4, scope: 'chat:write', run: postEphemeral },
  'chat.update': { tier: 3, scope: 'chat:write', run: updateMessage },
  'chat.delete': { tier: 3, scope: 'chat:write', run: deleteMessage },
  'chat.getPermalink': { tier: 'special', run: permalink },
};

const metadataSchema = z.strictObject({
  event_type: z.string().regex(/^[a-z0-9_]{1,255}$/),
  event_payload: z.record(z.string(), z.unknown()),
});

function readMetadata(args: Args): { metadata: Metadata | undefined } | { error: string } {
  const read = metadataSchema.optional().safeParse(args['metadata']);
  if (!read.success) return { error: 'invalid_metadata_format' };
  return JSON.stringify(read.data ?? {}).length > maxMetadata
    ? { error: 'metadata_too_large' }
    : { metadata: read.data };
}

function postMessage(slack: Slack, args: Args): Answer {
  const { store, manifest } = slack;
  const wanted = String(args['channel']);
  const channel = store.people.has(wanted) ? store.directMessage(wanted) : store.channels.get(wanted);
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.isIm === true && !manifest.hasMessagesTab) return refuse('messages_tab_disabled');
  const closed = closedFor(channel, manifest.scopes);
  if (closed !== undefined) return refuse(closed);
  const content = readContent(slack, args);
  if ('error' in content) return content;
  const read = readMetadata(args);
  if ('error' in read) return refuse(read.error);
  const wantedTs = optional(args['thread_ts']);
  const isLost = wantedTs !== undefined && store.message(channel.id, wantedTs) === undefined;
  if (isLost && store.lostReplies === 'refused') return refuse('thread_not_found');
  const threadTs = isLost ? undefined : wantedTs;
  const text = Array.from(content.text).slice(0, maxPostedText).join('');
  const posted = store.post({ ...content, text, channel: channel.id, threadTs, ...read });
  return {
    ok: true,
    channel: channel.id,
    ts: posted.ts,
    message: messageOutput(posted, false),
    ...(text !== content.text && { warning: 'message_truncated' }),
  };
}

function postEphemeral(slack: Slack, args: Args): Answer {
  const { store } = slack;
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return refuse('channel_not_found');
  if (channel.isArchived === true) return refuse('is_archived');
  if (!hasBot(channel)) return refuse(notMember(channel));
  const user = String(args['user']);
  if (!channel.members.includes(user)) return refuse('user_not_in_channel');
  const content = readContent(slack, args);
  if ('error' in content) return content;
  const sent = store.whisper({
    ...content,
    channel: channel.id,
    user,
    threadTs: optional(args['thread_ts']),
  });
  return { ok: true, message_ts: sent.ts };
}

function updateMessage(slack: Slack, args: Args): Answer {
  const found = ownMessage(slack, args, 'cant_update_message');
  if ('error' in found) return found;
  const { channel, message } = found;
  if (channel.isArchived === true) return refuse('is_inactive');
  const content = readContent(slack, args);
  if ('error' in content) return content;
  if (Array.from(content.text).length > maxUpdatedText) return refuse('msg_too_long');
  const read = readMetadata(args);
  if ('error' in read) return refuse(read.error);
  slack.store.update(message, content);
  if (read.metadata !== undefined) message.metadata = read.metadata;
  return {
    ok: true,
    channel: channel.id,
    ts: message.ts,
    text: content.text,
    message: messageOutput(message, false),
  };
}

function deleteMessage(slack: Slack, args: Args): Answer {
  const found = ownMessage(slack, args, 'cant_delete_message');
  if ('error' in found) return found;
  slack.store.remove(found.message);
  return { ok: true, channel: found.channel.id, ts: found.message.ts };
}

function permalink({ store }: Slack, args: Args): Answer {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined || (channel.isPrivate === true && !hasBot(channel)))
    return refuse('channel_not_found');
  const message = store.message(channel.id, String(args['message_ts']));
  if (message === undefined) return refuse('message_not_found');
  const thread = message.threadTs === undefined ? '' : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
  const link = `https://${teamDomain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { ok: true, channel: channel.id, permalink: link };
}

/** Only what the bot wrote itself, and never what is ephemeral. */
function ownMessage(
  { store }: Slack,
  args: Args,
  notOwn: string,
): { channel: Channel; message: StoredMessage } | (Answer & { error: string }) {
  const channel = store.channels.get(String(args['channel']));
  if (channel === undefined) return { ok: false, error: 'channel_not_found' };
  const message = store.message(channel.id, String(args['ts']));
  if (message === undefined) return { ok: false, error: 'message_not_found' };
  return message.author === bot.userId ? { channel, message } : { ok: false, error: notOwn };
}

function readContent({ manifest }: Slack, args: Args): Content | (Answer & { error: string }) {
  const text = typeof args['text'] === 'string' ? args['text'] : '';
  const attachments = Array.isArray(args['attachments']) ? args['attachments'] : [];
  if (attachments.length > maxAttachments) return { ok: false, error: 'too_many_attachments' };
  const checked = checkBlocks(args['blocks'] ?? [], manifest);
  if ('errors' in checked) {
    const { error, errors } = checked;
    return { ok: false, error, errors, response_metadata: { messages: errors } };
  }
  if (charactersIn(checked.value) > maxInBlocks) return { ok: false, error: 'msg_blocks_too_long' };
  return text === '' && checked.value.length === 0
    ? { ok: false, error: 'no_text' }
    : { text, blocks: checked.value };
}

/** Of all that is written in them. */
function charactersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, one]) =>
      sum + (key === 'text' && typeof one === 'string' ? Array.from(one).length : charactersIn(one)),
    0,
  );
}

/** Why the bot cannot post there. */
function closedFor(channel: Channel, scopes: readonly string[]): string | undefined {
  if (channel.isArchived === true) return 'is_archived';
  if (hasBot(channel)) return undefined;
  const reason = notMember(channel);
  return reason === 'not_in_channel' && scopes.includes('chat:write.public') ? undefined : reason;
}

function optional(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
