import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { TryLater } from '../storage/worker.ts';
import { isPassing, isTokenRefused } from './unanswered.ts';

/** The channel, and the message whose thread it is. */
export type Conversation = { channel: string; threadTs?: string | undefined };

/** What Slack takes of a message. */
type Content = { text: string; blocks: KnownBlock[] };

/** Slack does not take it, and will not until a person changes something. */
export class SlackRefused extends Error {
  override readonly name = 'SlackRefused';
  /** Slack's error code, or one of ours. */
  readonly code: string;
  constructor(code: string) {
    super(`Slack refused the message: ${code}`);
    this.code = code;
  }
}

/** What posting needs. */
export type Posting = {
  client: WebClient;
  /** Takes one more turn of this channel, of this person's conversation, or of a method. @throws {TryLater} when it has none at this moment */
  admit: (lane: string) => Promise<void>;
  /** See `Channels`. */
  assertInternal: (channel: string) => Promise<void>;
  directWith: (userId: string) => Promise<string>;
};

/** What makes sure that a message is posted once. */
export type Once = {
  /** Names it for ever, and rides in its metadata. */
  key: string;
  /** An earlier try may have got through: it is looked for first. */
  mayBeThere: boolean;
  /** Epoch milliseconds: it cannot be older. */
  since: number;
  /** See `Held`. */
  assertMaySend: () => Promise<void>;
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
 * Posts a message that must stand there once, if only people of this company can read it.
 * @returns where it stands; `wasThere`: an earlier try had posted it, as it looked then.
 * @throws {SlackRefused} also when it may be there, but there are too many messages to find it, when others could read it,
 * and when the message was deleted that it replies to. {TryLater} before anything was sent; {LeaseLost}; or the SDK's
 * errors, after which nobody knows whether it was posted.
 */
export async function postOnce(
  { client, admit, assertInternal }: Posting,
  conversation: Conversation,
  message: Content,
  once: Once,
): Promise<{ channel: string; ts: string; wasThere: boolean }> {
  return translated(async () => {
    const found = once.mayBeThere ? await findPosted(client, conversation, once) : undefined;
    if (found !== undefined) return { channel: conversation.channel, ts: found, wasThere: true };
    await assertInternal(conversation.channel);
    await admit(conversation.channel);
    return send(client, conversation, message, once);
  });
}

const postedAnswer = z.object({
  channel: z.string(),
  ts: z.string(),
  message: z.object({ thread_ts: z.string().optional() }).optional(),
});

async function send(client: WebClient, conversation: Conversation, message: Content, once: Once) {
  const { channel, threadTs } = conversation;
  const answer = await orPlain(message, async (content) => {
    await once.assertMaySend();
    return client.chat.postMessage({
      channel,
      ...(threadTs !== undefined && { thread_ts: threadTs }),
      ...content,
      metadata: { event_type: metadataEvent, event_payload: { key: once.key } },
      unfurl_links: false,
      unfurl_media: false,
    });
  });
  const posted = postedAnswer.parse(answer);
  const isLost = posted.message !== undefined && posted.message.thread_ts === undefined;
  if (threadTs !== undefined && isLost) return undoLostReply(client, posted);
  return { channel: posted.channel, ts: posted.ts, wasThere: false };
}

/**
 * Slack was seen to post a reply to a deleted message in the channel itself (slack-go/slack#1571), and to refuse it.
 * Both end the same way. @throws {SlackRefused}
 */
async function undoLostReply(client: WebClient, at: { channel: string; ts: string }): Promise<never> {
  await deleteMessage(client, at);
  throw new SlackRefused(noThread);
}
const noThread = 'thread_not_found';

/** Deletes a message of ours. It may be gone already. @throws as `postOnce` */
export async function deleteMessage(
  client: WebClient,
  { channel, ts }: { channel: string; ts: string },
): Promise<void> {
  try {
    await translated(() => client.chat.delete({ channel, ts }));
  } catch (error) {
    if (!(error instanceof SlackRefused && error.code === 'message_not_found')) throw error;
  }
}

/**
 * Draws a message of ours again, where only people of this company can read it. May be repeated.
 * @throws as `postOnce`.
 */
export async function redrawMessage(
  client: WebClient,
  at: { channel: string; ts: string },
  message: Content,
  assertMaySend: () => Promise<void>,
): Promise<void> {
  const { channel, ts } = at;
  await translated(() =>
    orPlain(message, async (content) => {
      await assertMaySend();
      await client.chat.update({ channel, ts, ...content });
    }),
  );
}

/** What Slack says when it does not take the blocks. */
const refusedBlocks = ['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'block_mismatch'];

const withoutButtons =
  'Slack refused the layout of this message, so it has no buttons. `/neo-status` shows the request with them.';

/** Sends the message, and its text alone where Slack refuses the blocks: it must be told all the same. */
async function orPlain<T>(message: Content, send: (content: Content) => Promise<T>): Promise<T> {
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

/** Nobody else reads what is between the app and one person. */
const openToNobodyElse = () => Promise.resolve();

/** Posts it to this person directly, once. @throws as `postOnce`; {SlackRefused} when Slack lets nobody write there */
export async function postDirectlyOnce(
  slack: Posting,
  userId: string,
  message: Content,
  once: Once,
): Promise<{ channel: string; ts: string; wasThere: boolean }> {
  const channel = await slack.directWith(userId);
  // Turns are counted by the person: a task knows whom it is for, and not where that is.
  const admit = () => slack.admit(userId);
  return postOnce({ ...slack, admit, assertInternal: openToNobodyElse }, { channel }, message, once);
}

/** The address of a message. Undefined: it no longer exists. @throws as `postOnce`, but for {SlackRefused} */
export async function linkTo(
  client: WebClient,
  { channel, ts }: { channel: string; ts: string },
): Promise<string | undefined> {
  try {
    const answer = await translated(() => client.chat.getPermalink({ channel, message_ts: ts }));
    return z.object({ permalink: z.url() }).parse(answer).permalink;
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return undefined;
  }
}

/** Where an earlier try posted it, if it did: nothing is posted. @throws as `postOnce` */
export function findPostedOnce(
  client: WebClient,
  conversation: Conversation,
  once: Once,
): Promise<string | undefined> {
  return translated(() => findPosted(client, conversation, once));
}

/** @throws {SlackRefused} when its thread is gone: what an earlier try left in the channel instead is deleted first */
async function findPosted(
  client: WebClient,
  conversation: Conversation,
  once: Once,
): Promise<string | undefined> {
  const { channel, threadTs } = conversation;
  const page = { channel, include_all_metadata: true, limit: messagesPerPage };
  const inChannel = () =>
    findIn(
      client.paginate('conversations.history', {
        ...page,
        oldest: String(Math.floor(once.since / 1000) - 60),
      }),
      once.key,
    );
  if (threadTs === undefined) return inChannel();
  try {
    return await translated(() =>
      findIn(client.paginate('conversations.replies', { ...page, ts: threadTs }), once.key),
    );
  } catch (error) {
    if (!(error instanceof SlackRefused && error.code === noThread)) throw error;
    const ts = await inChannel();
    if (ts !== undefined) await deleteMessage(client, { channel, ts });
    throw error;
  }
}

const pageSchema = z.object({ messages: z.array(z.unknown()).optional() });

async function findIn(pages: AsyncIterable<unknown>, key: string): Promise<string | undefined> {
  let seen = 0;
  for await (const page of pages) {
    seen += 1;
    if (seen > maxPages) throw new SlackRefused(tooManyMessages);
    for (const message of pageSchema.parse(page).messages ?? []) {
      const posted = postedSchema.safeParse(message);
      if (posted.success && posted.data.metadata.event_payload.key === key) return posted.data.ts;
    }
  }
  return undefined;
}

/**
 * What Slack refuses for now, or until somebody changes something, as the errors of this file. All codes that don't pass
 * by themselves are refusals, known or not; but not a token that Slack doesn't take: then nobody can be told anything, and
 * everything waits. @throws as `postOnce`
 */
export async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError)
      throw new TryLater(error.retryAfter * 1000, 'Slack rate limit');
    if (error instanceof WebAPIPlatformError && !isPassing(error) && !isTokenRefused(error))
      throw new SlackRefused(error.data.error);
    throw error;
  }
}
