import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { Message } from '../views/message.ts';
import { z } from 'zod';
import { TryLater } from '../storage/worker.ts';

export type Place = { channel: string; threadTs?: string | undefined };

/** The channel does not take messages from us, and will not until a person changes something. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
  readonly code: string;
  constructor(code: string) {
    super(`Slack refused the message: ${code}`);
    this.code = code;
  }
}

const closedCodes = [
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'is_inactive',
  'messages_tab_disabled',
  'user_disabled',
  'user_not_found',
  'user_not_visible',
  'cannot_dm_bot',
  'thread_not_found',
  'message_not_found',
  'cannot_reply_to_message',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_locked',
  'restricted_action_thread_only_channel',
  'team_access_not_granted',
];

/** Resolves when one more message may be posted in this channel. */
type AdmitPost = (channel: string) => Promise<void>;

/** What posting needs. `assertInternal`: see `Channels`. */
export type Posting = {
  client: WebClient;
  admit: AdmitPost;
  assertInternal: (channel: string) => Promise<void>;
};

/**
 * How far a look for an earlier post goes: 4,000 messages, within the fifty pages a minute that Slack allows. Beyond it
 * nobody knows whether the post is there, and what may be there is not posted again.
 */
const messagesPerPage = 200;
const maxPages = 20;
/** Stands for Slack's error code where the look for an earlier post was cut short. */
const tooManyMessages = 'too_many_messages';

const metadataEvent = 'neo_setup_message';

const postedSchema = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.string(), event_payload: z.object({ key: z.string() }) }),
});

/**
 * Posts a message that must stand there once, if only people of this company can read it. `key` names it for ever and rides in its metadata.
 * When an earlier try may have got through (`mayBeThere`), it is looked for first.
 * @param since epoch milliseconds; it cannot be older than that.
 * @returns where it stands; `wasThere`: an earlier try had posted it, as it looked then.
 * @throws {ChannelClosed} also when it may be there, but there are too many messages to find it, and when others could read it. {TryLater} or the SDK's errors, after which nobody knows whether it was posted.
 */
export async function postOnce(
  { client, admit, assertInternal }: Posting,
  place: Place,
  message: Message,
  once: { key: string; mayBeThere: boolean; since: number },
): Promise<{ channel: string; ts: string; wasThere: boolean }> {
  return translated(async () => {
    const found = once.mayBeThere ? await findPosted(client, place, once) : undefined;
    if (found !== undefined) return { channel: place.channel, ts: found, wasThere: true };
    await admit(place.channel);
    await assertInternal(place.channel);
    const answer = await orPlain(message, (content) =>
      client.chat.postMessage({
        channel: place.channel,
        ...(place.threadTs !== undefined && { thread_ts: place.threadTs }),
        ...content,
        metadata: { event_type: metadataEvent, event_payload: { key: once.key } },
        unfurl_links: false,
        unfurl_media: false,
      }),
    );
    return { ...z.object({ channel: z.string(), ts: z.string() }).parse(answer), wasThere: false };
  });
}

/** Draws a message of ours again. May be repeated. @throws as `postOnce`. */
export async function redrawMessage(
  client: WebClient,
  at: { channel: string; ts: string },
  message: Message,
): Promise<void> {
  await translated(() => orPlain(message, (content) => client.chat.update({ ...at, ...content })));
}

/** What Slack says when it does not take the blocks. */
const refusedBlocks = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'block_mismatch'];

const withoutButtons =
  'Slack refused the layout of this message, so it has no buttons. `/neo-status` shows the request with them.';

/** Sends the message, and its text alone where Slack refuses the blocks: it must be told all the same. */
async function orPlain<T>(message: Message, send: (content: Message) => Promise<T>): Promise<T> {
  try {
    return await send(message);
  } catch (error) {
    const isRefused = error instanceof WebAPIPlatformError && refusedBlocks.includes(error.data.error);
    if (!isRefused || message.blocks.length === 0) throw error;
    const hasButtons = message.blocks.some(({ type }) => type === 'actions');
    const text = hasButtons ? `${message.text}\n${withoutButtons}` : message.text;
    return send({ text, blocks: [] });
  }
}

/**
 * Posts it to this person directly, once. Undefined: it stands there. Else Slack's code: it lets nobody write there.
 * @throws as `postOnce`, but for {ChannelClosed}
 */
export async function postDirectlyOnce(
  slack: Omit<Posting, 'assertInternal'>,
  userId: string,
  message: Message,
  once: { key: string; mayBeThere: boolean; since: number },
): Promise<string | undefined> {
  try {
    const answer = await translated(() => slack.client.conversations.open({ users: userId }));
    const { id } = z.object({ channel: z.object({ id: z.string() }) }).parse(answer).channel;
    // Nobody else reads what is between the app and one person.
    await postOnce({ ...slack, assertInternal: () => Promise.resolve() }, { channel: id }, message, once);
    return undefined;
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
    return error.code;
  }
}

/** The address of a message. Undefined: it is not there any more. @throws as `postOnce`, but for {ChannelClosed} */
export async function linkTo(
  client: WebClient,
  { channel, ts }: { channel: string; ts: string },
): Promise<string | undefined> {
  try {
    const answer = await translated(() => client.chat.getPermalink({ channel, message_ts: ts }));
    return z.object({ permalink: z.url() }).parse(answer).permalink;
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
    return undefined;
  }
}

async function findPosted(
  client: WebClient,
  place: Place,
  once: { key: string; since: number },
): Promise<string | undefined> {
  const page = { channel: place.channel, include_all_metadata: true, limit: messagesPerPage };
  const oldest = String(Math.floor(once.since / 1000) - 60);
  const pages =
    place.threadTs === undefined
      ? client.paginate('conversations.history', { ...page, oldest })
      : client.paginate('conversations.replies', { ...page, ts: place.threadTs });
  let seen = 0;
  for await (const { messages } of pages as AsyncIterable<{ messages?: unknown[] }>) {
    seen += 1;
    if (seen > maxPages) throw new ChannelClosed(tooManyMessages);
    for (const message of messages ?? []) {
      const posted = postedSchema.safeParse(message);
      if (posted.success && posted.data.metadata.event_payload.key === once.key) return posted.data.ts;
    }
  }
  return undefined;
}

/** What Slack refuses for now, or for as long as the channel is as it is, as the errors of this file. @throws as `postOnce` */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError)
      throw new TryLater(error.retryAfter * 1000, 'Slack rate limit');
    if (error instanceof WebAPIPlatformError && closedCodes.includes(error.data.error))
      throw new ChannelClosed(error.data.error);
    throw error;
  }
}
