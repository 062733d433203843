import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { z } from 'zod';
import { amend, isSetUp, type SetUp } from '../requests/states.ts';
import {
  carryOutLater,
  driftNews,
  postCard,
  redraw,
  tellApprovers,
  tellDenied,
  tellRequester,
} from '../requests/follow-up.ts';
import type { Request } from '../requests/request.ts';
import type { Db, Tx } from '../storage/database.ts';
import { getRequest, replaceRequest } from '../storage/requests.ts';
import { addTasks, isWaiting, type NewTask, type Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { channelFacts } from './channels.ts';
import {
  ChannelClosed,
  postDirectlyOnce,
  postOnce,
  redrawMessage,
  translated,
  type AdmitPost,
  type Message,
} from './posting.ts';

export type OutboxDeps = {
  db: Db;
  client: WebClient;
  admit: AdmitPost;
  log: Logger;
  /** Milliseconds before a result is tried again whose card is still being posted. */
  cardInFlightRetryMs: number;
  /** Epoch milliseconds. */
  now: () => number;
  render: {
    card: (request: Request) => Message;
    outcome: (request: Request) => Message;
    /** `problem`: Slack's error code, or `shared_channel`. */
    cardNotPosted: (request: Request, problem: string) => Message;
    question: (request: Request, index: number) => Message;
    denied: (request: Request) => Message;
    drift: (request: SetUp) => Message;
  };
};

/** Before what was posted is found again and recorded with the request as it is then. */
const recordAgainMs = 100;
/** How often a card is tried again while its channel does not take it. */
const closedChannelRetryMs = 30_000;

/**
 * Posts the card, where only people of this company see it. While the channel is closed to us or shared, the requester
 * is told once what to do, and it is tried again.
 */
export function postCardHandler({ db, client, admit, now: clock, render }: OutboxDeps): Handler {
  return async (task, save) => {
    const drawn = await getRequest(db, task.request_id);
    if (drawn === undefined || drawn.card !== undefined) return nothing;
    // An earlier try may have posted it all the same: then its buttons must go.
    const hasEnded = drawn.state === 'expired' || drawn.state === 'withdrawn';
    if (hasEnded && task.attempts === 1) return nothing;
    try {
      // A private channel tells who sees it only once the bot is in it, which may be after the submission.
      const { isShared } = await translated(() => channelFacts(client, drawn.channel));
      if (isShared && !hasEnded) throw new ChannelClosed('shared_channel');
      const place = { channel: drawn.channel };
      const once = onceFor(task, drawn);
      const { channel, ts, wasThere } = await postOnce({ client, admit }, place, render.card(drawn), once);
      return async (tx) => {
        const now = await currentRequest(tx, drawn);
        const solo = soloFrom(now, clock());
        const isOutdated = wasThere || now.version !== drawn.version || solo !== undefined;
        const card = { channel, ts };
        await record(tx, now, { card, cardProblem: undefined, solo }, (after) => [
          ...(isOutdated ? [redraw(after)] : []),
          ...(after.state === 'pending' ? [tellApprovers(after), ...carryOutLater(after)] : []),
        ]);
      };
    } catch (error) {
      if (!(error instanceof ChannelClosed)) throw error;
      if (hasEnded) return nothing;
      if (drawn.cardProblem !== error.code) await save((tx) => reportClosed(tx, drawn, error.code));
      throw new TryLater(closedChannelRetryMs, error.message);
    }
  };
}

/** Nobody can stop what nobody sees: the whole delay counts from when the card stands in the channel. */
function soloFrom({ solo, createdAt, edit }: Request, at: number): Request['solo'] {
  return solo && { carryOutAt: solo.carryOutAt + at - (edit?.at ?? createdAt) };
}

/** Draws the card as the request is now; and again, if the request changed while Slack was drawing. */
export function redrawCardHandler({ db, client, log, render }: OutboxDeps): Handler {
  return async (task) => {
    const drawn = await getRequest(db, task.request_id);
    if (drawn?.card === undefined) return nothing;
    let cardProblem: string | undefined;
    try {
      await redrawMessage(client, drawn.card, render.card(drawn));
    } catch (error) {
      if (!(error instanceof ChannelClosed)) throw error;
      log.warn({ requestId: drawn.id, code: error.code }, 'card is out of reach');
      cardProblem = error.code;
    }
    return async (tx) => {
      const now = await currentRequest(tx, drawn);
      if (now.cardProblem !== cardProblem) await record(tx, now, { cardProblem });
      if (now.version !== drawn.version) await addTasks(tx, [redraw(now)]);
    };
  };
}

/**
 * Tells how it ended: in the card's thread, or to the requester directly when there is no such thread. A denial is
 * told in both places; the second one follows the first, so that it is never told directly twice.
 */
export function postOutcomeHandler(deps: OutboxDeps): Handler {
  const { db, client, admit, log, render, cardInFlightRetryMs } = deps;
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
      await postOnce({ client, admit }, thread, message, onceFor(task, request));
      return (tx) => addTasks(tx, request.state === 'denied' ? [tellDenied(request)] : []);
    } catch (error) {
      if (!(error instanceof ChannelClosed)) throw error;
      const { code } = error;
      log.warn({ requestId: request.id, code }, 'thread is out of reach, telling the requester directly');
      const toldDirectly = await tellDirectly({ client, admit, log }, task, request, message);
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
export function tellDeniedHandler({ db, client, admit, log, render }: OutboxDeps): Handler {
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request === undefined) return nothing;
    await tellDirectly({ client, admit, log }, task, request, render.denied(request));
    return nothing;
  };
}

/** Tells the requester that the card's channel is closed to us. */
export function tellRequesterHandler({ db, client, admit, log, render }: OutboxDeps): Handler {
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request?.cardProblem === undefined || request.card !== undefined) return nothing;
    const message = render.cardNotPosted(request, request.cardProblem);
    await tellDirectly({ client, admit, log }, task, request, message);
    return nothing;
  };
}

/** In the card's thread; to the requester directly when there is no such thread (any more). */
async function tellThread(
  { client, admit, log }: Pick<OutboxDeps, 'client' | 'admit' | 'log'>,
  task: Task,
  request: Request,
  message: Message,
): Promise<void> {
  try {
    if (request.card === undefined) throw new ChannelClosed('no_card');
    const thread = { channel: request.card.channel, threadTs: request.card.ts };
    await postOnce({ client, admit }, thread, message, onceFor(task, request));
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
    await tellDirectly({ client, admit, log }, task, request, message);
  }
}

async function reportClosed(tx: Tx, drawn: Request, code: string): Promise<void> {
  const now = await currentRequest(tx, drawn);
  await record(tx, now, { cardProblem: code }, (after) => [tellRequester(after)]);
}

/** Adds to the request what became of its messages. Throws when it changed meanwhile: then the task is done again. */
export async function record(
  tx: Tx,
  before: Request,
  facts: Partial<Request>,
  tasksFor: (after: Request) => NewTask[] = () => [],
): Promise<void> {
  const after = amend(before, before.updatedAt, facts);
  if (!(await replaceRequest(tx, before, after, { tasks: tasksFor(after) })))
    throw new TryLater(recordAgainMs, 'The request changed while its message was recorded');
}

/** @returns false when the requester cannot be reached either */
async function tellDirectly(
  { client, admit, log }: Pick<OutboxDeps, 'client' | 'admit' | 'log'>,
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
