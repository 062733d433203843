import { payloads } from '../requests/payloads.ts';
import { offeredOn } from '../actions/index.ts';
import {
  cardFor,
  carryOutLater,
  redraw,
  notifyApprovers,
  notifyRequester,
  postNote,
} from '../requests/follow-up.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import { postOnce, redrawMessage, SlackRefused } from '../slack/posting.ts';
import type { Tx } from '../storage/database.ts';
import {
  cardOf,
  getMessage,
  noteDrawn,
  putMessage,
  type CardMessage,
  type MessageId,
} from '../storage/messages.ts';
import { getRequest, lockRequest, replaceRequest } from '../requests/store.ts';
import { addTasks } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { hiddenCard, requestCard } from '../views/request-card.ts';
import {
  currentRequest,
  drawAgain,
  nothing,
  onceFor,
  postedMessage,
  type Delivery,
  type Job,
} from './delivery.ts';
import { againWhileRefused, redrawOthers } from './redraw.ts';

export type CardDelivery = Delivery & {
  /** Could somebody but the requester press Stop on this card? Throws when Slack does not say. */
  couldBeStopped: (request: Request, card: CardMessage) => Promise<boolean>;
};

/** Before what was posted is found again and recorded with the request as it is then. */
const recordAgainMs = 100;

/**
 * Posts the card, where only people of this company see it. While Slack refuses it, the requester is told what to do, once
 * for each reason, and it is tried again.
 */
export function postCardHandler(deps: CardDelivery): Handler {
  const { db, now: clock, couldBeStopped } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    if (request === undefined) return nothing;
    const before = await cardOf(db, request.id);
    if (before !== undefined && before.nth >= payloads.post_card.parse(task.payload)) return nothing;
    const id: MessageId = { requestId: request.id, kind: 'card', nth: cardFor(request), recipient: '' };
    // An earlier try may have posted it all the same: then its buttons must go.
    const hasEnded = request.state === 'expired' || request.state === 'withdrawn';
    if (hasEnded && task.sent === 0) return nothing;
    try {
      const message = requestCard(request, offeredOn(request));
      const posted = await postOnce(
        deps,
        { channel: request.channel },
        message,
        onceFor(task, held, request),
      );
      const { channel, ts } = posted;
      const card = { ...postedMessage(id, posted, { request, message }), at: { channel, ts } };
      const isSeen = request.solo === undefined || (await couldBeStopped(request, card));
      return async (tx) => {
        // Who changes the request from now on finds this card: it waits for it.
        const now = await lockRequest(tx, request.id);
        await putMessage(tx, card);
        const after = await startClock(tx, { drawn: request, now, isSeen }, clock());
        await redrawOthers(tx, after);
        await addTasks(tx, postNote(request, clock()));
        if (posted.wasThere || after.version !== request.version) await addTasks(tx, [redraw(after)]);
      };
    } catch (error) {
      if (!(error instanceof SlackRefused)) throw error;
      if (hasEnded) return nothing;
      await reportProblem({ task, held, request }, id, error.code, deps);
      throw new TryLater(deps.refusedRetry.firstMs, error.message);
    }
  };
}

/**
 * The card stands: approvers are told. Nobody can stop what nobody sees: of what its only approver asked for, the whole
 * delay counts from now, unless nobody else sees this card either. @returns the request after it
 */
async function startClock(
  tx: Tx,
  { drawn, now, isSeen }: { drawn: Request; now: Request; isSeen: boolean },
  at: number,
): Promise<Request> {
  if (now.state !== 'pending') return now;
  const { solo, createdAt, edit } = now;
  if (solo === undefined) {
    await addTasks(tx, [notifyApprovers(now)]);
    return now;
  }
  // What was edited meanwhile gets a card of its own: this one shows what it was.
  if (cardFor(now) !== cardFor(drawn)) return now;
  const counted = { carryOutAt: solo.carryOutAt + at - (edit?.at ?? createdAt) };
  const after = amend(now, isSeen ? now.updatedAt : at, { solo: isSeen ? counted : undefined });
  const isStored = await replaceRequest(tx, now, after, {
    tasks: [notifyApprovers(after), ...carryOutLater(after)],
    ...(!isSeen && { event: { what: 'needs_approver' } }),
  });
  if (!isStored) throw new TryLater(recordAgainMs, 'The request changed while its card was recorded');
  return after;
}

async function reportProblem(
  { held, request }: Job,
  id: MessageId,
  code: string,
  { db, now }: Delivery,
): Promise<void> {
  if ((await getMessage(db, id))?.problem === code) return;
  await held.save(async (tx) => {
    const nowhere = { ...id, at: undefined, link: undefined, version: 0, content: '' };
    await putMessage(tx, { ...nowhere, problem: code });
    await addTasks(tx, [notifyRequester(request, 'card_problem', now(), now())]);
  });
}

/** Draws the card as the request is now, and has every other message of it drawn; again, if the request changed meanwhile. */
export function redrawCardHandler(deps: Delivery): Handler {
  const { db, now: clock } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    if (request === undefined) return nothing;
    await held.save((tx) => redrawOthers(tx, request));
    const card = await cardOf(db, request.id);
    if (card === undefined) return nothing;
    const drawn = await drawAgain(deps, { held, request }, card, requestCard(request, offeredOn(request)));
    if (drawn.problem !== undefined) await hide(deps, { task, held, request }, card, drawn.problem);
    return againWhileRefused(deps, { task, held, request }, drawn, async (tx) => {
      await noteDrawn(tx, drawn);
      const now = await currentRequest(tx, request);
      if (now.version !== request.version) await addTasks(tx, [redraw(now)]);
      if (drawn.problem === card.problem) return;
      // What the requester was told of the card is another thing now.
      await redrawOthers(tx, now);
      if (drawn.problem !== undefined && now.state === 'pending')
        await addTasks(tx, [notifyRequester(now, 'card_problem', clock(), clock())]);
    });
  };
}

/** In a channel that others can read by now, or may, nothing is left of it. */
async function hide(
  { client, assertInternal }: Delivery,
  { held, request }: Job,
  { at }: CardMessage,
  code: string,
) {
  try {
    await assertInternal(at.channel);
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    const isShared = code === 'shared_channel';
    await redrawMessage(client, at, hiddenCard(request, isShared), held.assertMaySend).catch(ifRefused);
  }
}

function ifRefused(error: unknown): void {
  if (!(error instanceof SlackRefused)) throw error;
}
