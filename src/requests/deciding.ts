import type { Db } from '../storage/database.ts';
import { getRequest, replaceRequest, type NewEvent } from '../storage/requests.ts';
import type { NewTask, Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { provision, redraw, tellApprovers, tellOutcome } from './follow-up.ts';
import { carryOutUnopposed, type Decided, type Refusal } from './decisions.ts';
import { payloads } from './payloads.ts';
import type { Approvers, Policy } from './policy.ts';
import type { Request } from './request.ts';
import { amend, expire } from './states.ts';

/**
 * `assertInTime` is called in the transaction, right before what was decided is stored. What it throws stops that.
 * Undefined: nobody waits.
 */
export type InTime = { assertInTime?: () => void };

/** What a click came to. `current` is the stored request after it: of a loser, the one that the winner left. */
export type ClickOutcome =
  | { accepted: true; current: Request }
  | ({ accepted: false; current: Request } & Refusal)
  | { accepted: false; current: undefined; refused: 'unknown_request' };

/** The card says that the requester is no full member any more, so that it can be approved by who knows that. */
export async function noteRequesterLeft(
  db: Db,
  id: string,
  { at, assertInTime }: InTime & { at: number },
): Promise<void> {
  const before = await getRequest(db, id);
  if (before?.state !== 'pending') return;
  const after = amend(before, at, { requesterLeft: true });
  await db.transaction().execute(async (tx) => {
    assertInTime?.();
    await replaceRequest(tx, before, after, { tasks: [redraw(after)] });
  });
}

/** Two clicks at once: the one that stores second sees the request of the first and is refused by it. */
export async function settle(
  db: Db,
  id: string,
  { assertInTime }: InTime,
  change: (request: Request) => Decided,
  extra: { tasks: (after: Request) => NewTask[]; event: (after: Request) => NewEvent },
): Promise<ClickOutcome> {
  for (;;) {
    const before = await getRequest(db, id);
    if (before === undefined) return { accepted: false, current: undefined, refused: 'unknown_request' };
    const decided = change(before);
    if ('refused' in decided) return { accepted: false, current: before, ...decided };
    const after = decided.request;
    if (after === before) return { accepted: true, current: before };
    const stored = await db.transaction().execute(async (tx) => {
      assertInTime?.();
      return replaceRequest(tx, before, after, { tasks: extra.tasks(after), event: extra.event(after) });
    });
    if (stored) return { accepted: true, current: after };
  }
}

/** Ends a request that nobody decided in time. A click after the deadline is refused even before this ran. */
export function expireHandler(deps: { db: Db; now: () => number }): Handler {
  return async (task) => {
    const before = await getRequest(deps.db, task.request_id);
    const after = before && expire(before, deps.now());
    if (after === undefined && before?.state === 'pending') notBefore(task, before.expiresAt, deps.now());
    return async (tx) => {
      if (before === undefined || after === undefined) return;
      const stored = await replaceRequest(tx, before, after, {
        tasks: [redraw(after), tellOutcome(after)],
        event: { what: 'expired' },
      });
      if (!stored) throw new Error('The request was changed while it expired');
    };
  };
}

/** A clock that was set back makes a task come too early: it comes again. After an edit there is another one. @throws {TryLater} */
function notBefore(task: Task, dueAt: number, at: number): void {
  if (at < dueAt && payloads.expire.parse(task.payload) === dueAt)
    throw new TryLater(dueAt - at, 'the clock was set back');
}

/**
 * Carries out what its only approver asked for, once nobody stopped it for long enough. `approversNow` is asked first:
 * when Slack does not say who may approve, or who could have stopped it, nothing is done and it is tried again.
 */
export function carryOutHandler(deps: {
  db: Db;
  now: () => number;
  policy: Policy;
  approversNow: () => Promise<Approvers>;
  /** Does its card stand where another full member sees it? Throws when Slack does not say. */
  couldBeStopped: (request: Request) => Promise<boolean>;
}): Handler {
  return async (task) => {
    const before = await getRequest(deps.db, task.request_id);
    if (before?.solo === undefined || before.state !== 'pending') return async () => {};
    const { policy } = deps;
    const [approvers, couldBeStopped] = await Promise.all([deps.approversNow(), deps.couldBeStopped(before)]);
    const after = carryOutUnopposed(before, { approvers, policy, at: deps.now(), couldBeStopped });
    if (after === undefined) notBefore(task, before.solo.carryOutAt, deps.now());
    return async (tx) => {
      if (after === undefined) return;
      const carriesOut = after.state === 'approved';
      const stored = await replaceRequest(tx, before, after, {
        tasks: [redraw(after), carriesOut ? provision(after) : tellApprovers(after)],
        event: { what: carriesOut ? 'unopposed' : 'needs_approver' },
      });
      if (!stored) throw new Error('The request was changed while it was about to be carried out');
    };
  };
}
