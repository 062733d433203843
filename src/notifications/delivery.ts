import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { redrawLane } from '../requests/follow-up.ts';
import type { Request } from '../requests/request.ts';
import type { Channels } from '../slack/channels.ts';
import {
  findPostedOnce,
  postDirectlyOnce,
  postOnce,
  redrawMessage,
  SlackRefused,
  type Posting,
} from '../slack/posting.ts';
import type { Db, Tx } from '../storage/database.ts';
import { cardOf, type MessageId, type StoredMessage } from '../storage/messages.ts';
import { getRequest } from '../requests/store.ts';
import type { Task } from '../storage/tasks.ts';
import type { Held, TaskRetry } from '../storage/worker.ts';
import type { Message } from '../views/message.ts';

/** What every notification needs. */
export type Delivery = Posting & {
  db: Db;
  isIn: Channels['isIn'];
  log: Logger;
  /** Milliseconds before a result is tried again whose card is still being posted. */
  cardInFlightRetryMs: number;
  /** Pauses before Slack is asked again to take what it refused, such as a card in a channel that is closed to the bot. */
  refusedRetry: TaskRetry;
  /** Epoch milliseconds. */
  now: () => number;
};

/** A task in hand, and the request that it is about. */
export type Job = { task: Task; held: Held; request: Request };

/**
 * Posts a message once: in the card's thread, or to one person where it has a recipient.
 * @returns the message as it is to be stored; with `problem` where Slack refuses it. @throws as `postOnce`
 */
export async function deliver(
  deps: Delivery,
  { task, held, request }: Job,
  id: MessageId,
  message: Message,
): Promise<StoredMessage> {
  const nowhere = { ...id, at: undefined, link: undefined, version: request.version, content: '' };
  const once = onceFor(task, held, request);
  try {
    const posted =
      id.recipient === ''
        ? await postOnce(deps, await threadOf(deps.db, request), message, once)
        : await postDirectlyOnce(deps, id.recipient, message, once);
    return postedMessage(id, posted, { request, message });
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    const { code } = error;
    deps.log.warn(
      { requestId: request.id, message: id.kind, to: id.recipient, code },
      'Slack refuses a message',
    );
    return { ...nowhere, problem: code };
  }
}

/**
 * What an earlier try may have sent that has become needless since: it must not stand there unknown, as nobody would draw
 * it again. Undefined: it was not sent, or isn't there. @throws as `postOnce`
 */
export async function findDelivered(
  deps: Delivery,
  { task, held, request }: Job,
  id: MessageId,
): Promise<StoredMessage | undefined> {
  if (task.sent === 0) return undefined;
  try {
    const place =
      id.recipient === ''
        ? await threadOf(deps.db, request)
        : { channel: await deps.directWith(id.recipient) };
    const ts = await findPostedOnce(deps.client, place, onceFor(task, held, request));
    if (ts === undefined) return undefined;
    return postedMessage(id, { channel: place.channel, ts, wasThere: true }, { request, message: noMessage });
  } catch (error) {
    if (error instanceof SlackRefused) return undefined;
    throw error;
  }
}
const noMessage: Message = { text: '', blocks: [] };

async function threadOf(db: Db, request: Request): Promise<{ channel: string; threadTs: string }> {
  const card = await cardOf(db, request.id);
  if (card === undefined) throw new SlackRefused('no_card');
  return { channel: card.at.channel, threadTs: card.at.ts };
}

/** What was posted, as it is stored. What an earlier try posted may show an earlier state. */
export function postedMessage(
  id: MessageId,
  { channel, ts, wasThere }: { channel: string; ts: string; wasThere: boolean },
  drawn: { request: Request; message: Message },
): StoredMessage {
  return {
    ...id,
    at: { channel, ts },
    link: undefined,
    problem: undefined,
    version: wasThere ? 0 : drawn.request.version,
    content: wasThere ? '' : contentOf(drawn.message),
  };
}

/**
 * Draws what stands as `message`, unless it shows that already.
 * @returns as `deliver`
 */
export async function drawAgain(
  deps: Delivery,
  { held, request }: Omit<Job, 'task'>,
  stored: StoredMessage,
  message: Message,
): Promise<StoredMessage> {
  const content = contentOf(message);
  const shown = { ...stored, version: request.version, content };
  if (stored.at === undefined || (stored.content === content && stored.problem === undefined)) return shown;
  try {
    if (stored.recipient === '') await deps.assertInternal(stored.at.channel);
    await deps.admit(redrawLane);
    await redrawMessage(deps.client, stored.at, message, held.assertMaySend);
    return { ...shown, problem: undefined };
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    const { code } = error;
    deps.log.warn({ requestId: request.id, message: stored.kind, code }, 'message is out of reach');
    return { ...stored, version: request.version, problem: code };
  }
}

/** What makes sure that a task's message is posted once. */
export function onceFor(task: Task, { assertMaySend }: Held, request: Request) {
  return { key: task.key, mayBeThere: task.sent === 1, since: request.createdAt, assertMaySend };
}

function contentOf(message: Message): string {
  return createHash('sha256').update(JSON.stringify(message)).digest('hex');
}

export async function currentRequest(tx: Tx, known: Request): Promise<Request> {
  return (await getRequest(tx, known.id)) ?? known;
}

/** What a handler returns when there is nothing to record. */
export async function nothing(): Promise<void> {}
