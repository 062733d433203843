import type { Logger } from 'pino';
import { z } from 'zod';
import { amend, isSetUp, type SetUp } from '../requests/states.ts';
import { driftNews, postCard, tellDenied } from '../requests/follow-up.ts';
import type { Request } from '../requests/request.ts';
import type { Db, Tx } from '../storage/database.ts';
import { getRequest, replaceRequest } from '../storage/requests.ts';
import { addTasks, isWaiting, type NewTask, type Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import type { Channels } from './channels.ts';
import type { Message } from '../views/message.ts';
import { ChannelClosed, postDirectlyOnce, postOnce, type Posting } from './posting.ts';

export type OutboxDeps = Posting & {
  db: Db;
  isIn: Channels['isIn'];
  log: Logger;
  /** Milliseconds before a result is tried again whose card is still being posted. */
  cardInFlightRetryMs: number;
  /** Epoch milliseconds. */
  now: () => number;
  render: {
    card: (request: Request) => Message;
    /** A card that was posted anew. */
    formerCard: (request: Request) => Message;
    /** A card in a channel that people of another company can read by now; or nobody knows who can. */
    hiddenCard: (request: Request, isShared: boolean) => Message;
    outcome: (request: Request) => Message;
    /** `problem`: Slack's error code, or `shared_channel`. */
    cardNotPosted: (request: Request, problem: string) => Message;
    question: (request: Request, index: number) => Message;
    denied: (request: Request, link: string | undefined) => Message;
    drift: (request: SetUp) => Message;
  };
};

/** Before what was posted is found again and recorded with the request as it is then. */
export const recordAgainMs = 100;
/**
 * Tells how it ended: in the card's thread, and to the requester directly when there is no such thread or they can't see
 * it. A denial is told in both places; the second one follows the first, so that it is never told directly twice.
 */
export function postOutcomeHandler(deps: OutboxDeps): Handler {
  const { db, log, render, cardInFlightRetryMs } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request === undefined) return nothing;
    // The card is being posted at this moment: its thread is the place to tell.
    if (request.card === undefined && (await isWaiting(db, postCard(request).key)))
      throw new TryLater(cardInFlightRetryMs, 'the card is not posted yet');
    const message = render.outcome(request);
    try {
      if (request.card === undefined) throw new ChannelClosed('no_card');
      const thread = { channel: request.card.channel, threadTs: request.card.ts };
      await postOnce(deps, thread, message, onceFor(task, request));
      if (request.state === 'denied') return (tx) => addTasks(tx, [tellDenied(request)]);
      await alsoDirectly(deps, task, request, message);
      return nothing;
    } catch (error) {
      if (!(error instanceof ChannelClosed)) throw error;
      const { code } = error;
      log.warn({ requestId: request.id, code }, 'thread is out of reach, telling the requester directly');
      const toldDirectly = await tellDirectly(deps, task, request, message);
      return async (tx) => {
        await record(tx, await currentRequest(tx, request), { outcomeProblem: { code, toldDirectly } });
      };
    }
  };
}

/** Puts a question to the requester: in the card's thread, or directly when there is no such thread any more. */
export function postQuestionHandler({ render, ...slack }: OutboxDeps): Handler {
  return async (task) => {
    const request = await getRequest(slack.db, task.request_id);
    if (request?.card === undefined) return nothing;
    const message = render.question(request, z.coerce.number().int().parse(task.payload));
    await tellThread(slack, task, request, message);
    return nothing;
  };
}

/** Tells that the agent is not as planned, or that it is again. What is out of date by now has a task of its own. */
export function postDriftHandler({ render, ...slack }: OutboxDeps): Handler {
  return async (task) => {
    const request = await getRequest(slack.db, task.request_id);
    if (request === undefined || !isSetUp(request) || driftNews(request) !== task.payload) return nothing;
    await tellThread(slack, task, request, render.drift(request));
    return nothing;
  };
}

/** Tells the requester directly why it was denied, once the thread says it. */
export function tellDeniedHandler(deps: OutboxDeps): Handler {
  return async (task) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request === undefined) return nothing;
    const { card, requester } = request;
    const seesIt = card !== undefined && (await deps.isIn(card.channel, requester)) === true;
    await tellDirectly(deps, task, request, deps.render.denied(request, seesIt ? card.link : undefined));
    return nothing;
  };
}

/** Tells the requester that the card's channel is closed to us. */
export function tellRequesterHandler(deps: OutboxDeps): Handler {
  return async (task) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request?.cardProblem === undefined || request.card !== undefined) return nothing;
    await tellDirectly(deps, task, request, deps.render.cardNotPosted(request, request.cardProblem));
    return nothing;
  };
}

type Telling = Omit<OutboxDeps, 'render'>;

/** In the card's thread; to the requester directly when there is no such thread (any more), or they can't see it. */
async function tellThread(slack: Telling, task: Task, request: Request, message: Message): Promise<void> {
  try {
    if (request.card === undefined) throw new ChannelClosed('no_card');
    const thread = { channel: request.card.channel, threadTs: request.card.ts };
    await postOnce(slack, thread, message, onceFor(task, request));
    await alsoDirectly(slack, task, request, message);
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
    await tellDirectly(slack, task, request, message);
  }
}

/** Who isn't in the card's channel isn't notified there, and may not even see it. */
async function alsoDirectly(slack: Telling, task: Task, request: Request, message: Message): Promise<void> {
  const { card, requester } = request;
  if (card === undefined || (await slack.isIn(card.channel, requester)) === true) return;
  await tellDirectly(slack, task, request, message);
}

/** Adds to the request what became of its messages, and returns it. Throws when it changed meanwhile: then the task is done again. */
export async function record(
  tx: Tx,
  before: Request,
  facts: Partial<Request>,
  tasksFor: (after: Request) => NewTask[] = () => [],
): Promise<Request> {
  const after = amend(before, before.updatedAt, facts);
  if (!(await replaceRequest(tx, before, after, { tasks: tasksFor(after) })))
    throw new TryLater(recordAgainMs, 'The request changed while its message was recorded');
  return after;
}

/** @returns false when the requester cannot be reached either */
async function tellDirectly(
  { client, admit, log }: Telling,
  task: Task,
  request: Request,
  message: Message,
): Promise<boolean> {
  const once = onceFor(task, request);
  const code = await postDirectlyOnce({ client, admit }, request.requester, message, once);
  if (code === undefined) return true;
  log.error({ requestId: request.id, code }, 'requester cannot be told; /neo-status still shows it');
  return false;
}

/** What makes sure that a task's message is posted once. */
export function onceFor(task: Task, request: Request) {
  return { key: task.key, mayBeThere: task.attempts > 1, since: request.createdAt };
}

export async function currentRequest(tx: Tx, known: Request): Promise<Request> {
  return (await getRequest(tx, known.id)) ?? known;
}

/** What a handler returns when there is nothing to record. */
export async function nothing(): Promise<void> {}
