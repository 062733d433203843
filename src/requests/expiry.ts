import type { Db } from '../storage/database.ts';
import { getRequest, replaceRequest } from './store.ts';
import type { Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { provision, redraw, notifyApprovers, postOutcome } from './follow-up.ts';
import { carryOutUnopposed } from './decisions.ts';
import { payloads } from './payloads.ts';
import type { Approvers, Policy } from './policy.ts';
import type { Request } from './request.ts';
import { expire } from './states.ts';

/** Ends a request that nobody decided in time. A click after the deadline is refused even before this ran. */
export function expireHandler(deps: { db: Db; now: () => number }): Handler {
  return async (task) => {
    const before = await getRequest(deps.db, task.request_id);
    const after = before && expire(before, deps.now());
    if (after === undefined && before?.state === 'pending') notBefore(task, before.expiresAt, deps.now());
    return async (tx) => {
      if (before === undefined || after === undefined) return;
      const stored = await replaceRequest(tx, before, after, {
        tasks: [redraw(after), postOutcome(after)],
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
        tasks: [redraw(after), carriesOut ? provision(after) : notifyApprovers(after)],
        event: { what: carriesOut ? 'unopposed' : 'needs_approver' },
      });
      if (!stored) throw new Error('The request was changed while it was about to be carried out');
    };
  };
}
