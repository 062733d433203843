import { carryOutLater, postCardAnew, redraw, tellApprovers, tellRequester } from '../requests/follow-up.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import type { Tx } from '../storage/database.ts';
import { getRequest, replaceRequest } from '../storage/requests.ts';
import { addTasks } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { currentRequest, nothing, onceFor, record, recordAgainMs, type OutboxDeps } from './outbox.ts';
import type { Message } from '../views/message.ts';
import { ChannelClosed, postOnce, redrawMessage } from './posting.ts';

export type CardDeps = OutboxDeps & {
  /** Could somebody but the requester press Stop? Throws when Slack does not say. */
  couldBeStopped: (request: Request) => Promise<boolean>;
};

/** How often a card is tried again while its channel does not take it. */
const closedChannelRetryMs = 30_000;

/**
 * Posts the card, where only people of this company see it. While the channel is closed to us or shared, the requester
 * is told once what to do, and it is tried again.
 */
export function postCardHandler(deps: CardDeps): Handler {
  const { db, now: clock, render, couldBeStopped } = deps;
  return async (task, save) => {
    const drawn = await getRequest(db, task.request_id);
    if (drawn === undefined || drawn.card !== undefined) return nothing;
    // An earlier try may have posted it all the same: then its buttons must go.
    const hasEnded = drawn.state === 'expired' || drawn.state === 'withdrawn';
    if (hasEnded && task.attempts === 1) {
      for (const former of drawn.formerCards ?? []) await replaceFormer(deps, drawn, former);
      return nothing;
    }
    try {
      const place = { channel: drawn.channel };
      const once = onceFor(task, drawn);
      const posted = await postOnce(deps, place, render.card(drawn), once);
      const card = { channel: posted.channel, ts: posted.ts };
      for (const former of drawn.formerCards ?? []) await replaceFormer(deps, drawn, former);
      const isSeen = drawn.solo === undefined || (await couldBeStopped({ ...drawn, card }));
      return async (tx) => {
        const now = await currentRequest(tx, drawn);
        const after = await recordCard(tx, { drawn, now, card, wasThere: posted.wasThere }, clock());
        if (after.solo !== undefined && after.card !== undefined && !isSeen)
          await needApprover(tx, after, clock());
      };
    } catch (error) {
      if (!(error instanceof ChannelClosed)) throw error;
      if (hasEnded) return nothing;
      if (drawn.cardProblem !== error.code) await save((tx) => reportClosed(tx, drawn, error.code));
      throw new TryLater(closedChannelRetryMs, error.message);
    }
  };
}

type PostedCard = { drawn: Request; now: Request; card: { channel: string; ts: string }; wasThere: boolean };

/** The request with its card. What its only approver changed meanwhile is posted anew: this card shows what it was. */
async function recordCard(tx: Tx, { drawn, now, card, wasThere }: PostedCard, at: number): Promise<Request> {
  const isReplaced = now.solo !== undefined && now.planHash !== drawn.planHash;
  const others = (now.formerCards ?? []).filter((one) => !drawn.formerCards?.some(({ ts }) => ts === one.ts));
  if (isReplaced)
    return record(tx, now, { formerCards: [...others, card] }, (after) => [postCardAnew(after)]);
  const solo = soloFrom(now, at);
  const isOutdated = wasThere || now.version !== drawn.version || solo !== undefined;
  const formerCards = others.length === 0 ? undefined : others;
  return record(tx, now, { card, formerCards, cardProblem: undefined, solo }, (after) => [
    ...(isOutdated ? [redraw(after)] : []),
    ...(after.state === 'pending' ? [tellApprovers(after), ...carryOutLater(after)] : []),
  ]);
}

/** Nobody but the requester sees the card, so nobody could stop it: it waits for an approval like any other. */
async function needApprover(tx: Tx, before: Request, at: number): Promise<void> {
  const after = amend(before, at, { solo: undefined });
  const isStored = await replaceRequest(tx, before, after, {
    tasks: [redraw(after), tellApprovers(after)],
    event: { what: 'needs_approver' },
  });
  if (!isStored) throw new TryLater(recordAgainMs, 'The request changed while its card was recorded');
}

/** Its buttons go. Whoever presses one before is told that the plan was changed. */
async function replaceFormer(
  deps: CardDeps,
  request: Request,
  former: { channel: string; ts: string },
): Promise<void> {
  const { log, render } = deps;
  try {
    await redrawOrHide(deps, request, former, render.formerCard(request));
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
    log.warn({ requestId: request.id, code: error.code }, 'a former card is out of reach');
  }
}

/** Nobody can stop what nobody sees: the whole delay counts from when the card stands in the channel. */
function soloFrom({ solo, createdAt, edit }: Request, at: number): Request['solo'] {
  return solo && { carryOutAt: solo.carryOutAt + at - (edit?.at ?? createdAt) };
}

/** Draws the card as the request is now; and again, if the request changed while Slack was drawing. */
export function redrawCardHandler(deps: CardDeps): Handler {
  const { db, log, render } = deps;
  return async (task) => {
    const drawn = await getRequest(db, task.request_id);
    if (drawn?.card === undefined) return nothing;
    let cardProblem: string | undefined;
    try {
      await redrawOrHide(deps, drawn, drawn.card, render.card(drawn));
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

/** In a channel that others can read by now, or may, nothing is left of it. @throws {ChannelClosed} then too. And as `postOnce` */
async function redrawOrHide(
  { client, assertInternal, render }: CardDeps,
  request: Request,
  at: { channel: string; ts: string },
  message: Message,
): Promise<void> {
  try {
    await assertInternal(at.channel);
  } catch (error) {
    if (error instanceof ChannelClosed)
      await redrawMessage(client, at, render.hiddenCard(request, error.code === 'shared_channel'));
    throw error;
  }
  await redrawMessage(client, at, message);
}

async function reportClosed(tx: Tx, drawn: Request, code: string): Promise<void> {
  const now = await currentRequest(tx, drawn);
  await record(tx, now, { cardProblem: code }, (after) => [tellRequester(after)]);
}
