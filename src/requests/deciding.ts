import type { AuditWhat } from '../storage/audit-record.ts';
import type { Db } from '../storage/database.ts';
import { getRequest, replaceRequest, type NewEvent } from '../storage/requests.ts';
import type { NewTask, Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import {
  askThread,
  expireLater,
  noteEdit,
  postCardAnew,
  provision,
  redraw,
  tellApprovers,
  tellOutcome,
} from './follow-up.ts';
import {
  ask,
  carryOutUnopposed,
  decide,
  edit,
  tryAgain,
  veto,
  withdraw,
  type Click,
  type Decided,
  type Decides,
  type Edit,
  type Question,
  type Refusal,
  type Retry,
} from './decisions.ts';
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

/** Stores an approval or a denial, or says why not. When this resolves, nothing can be lost. */
export function decideRequest(db: Db, id: string, click: Click & InTime & Decides): Promise<ClickOutcome> {
  return settle(db, id, click, (request) => decide(request, click), {
    tasks: (after) => [redraw(after), ...afterDecision(after)],
    event: (after) => ({
      what: click.decision.kind,
      by: click.by,
      outcome: countOf(after),
      detail: { agentId: after.repairs?.agentId },
    }),
  });
}

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

/** Of an approval among several that are needed: which one it is. */
function countOf({ state, approvals = [], approvalsRequired = 1 }: Request): string | undefined {
  const isOneOfSeveral = state !== 'denied' && approvalsRequired > 1;
  return isOneOfSeveral ? `${approvals.length} of ${approvalsRequired}` : undefined;
}

function afterDecision(after: Request): NewTask[] {
  if (after.state === 'approved') return [provision(after)];
  return after.state === 'denied' ? [tellOutcome(after)] : [];
}

/** Stores a question of an approver, which is put to the requester in the thread; or says why not. */
export function askRequester(
  db: Db,
  id: string,
  click: Click & InTime & { asked: Question },
): Promise<ClickOutcome> {
  return settle(db, id, click, (request) => ask(request, click), {
    tasks: (after) => [redraw(after), askThread(after)],
    event: () => ({ what: 'asked', by: click.by }),
  });
}

/** The requester takes the request back; or says why not. */
export function withdrawRequest(
  db: Db,
  id: string,
  click: Pick<Click, 'by' | 'at'> & InTime,
): Promise<ClickOutcome> {
  return settle(db, id, click, (request) => withdraw(request, click), {
    tasks: (after) => [redraw(after), tellOutcome(after)],
    event: () => ({ what: 'withdrawn', by: click.by }),
  });
}

/** Stores the changed plan, and asks the approvers anew; or says why not. */
export function editRequest(
  db: Db,
  id: string,
  click: Click & InTime & { edited: Edit },
): Promise<ClickOutcome> {
  return settle(db, id, click, (request) => edit(request, click), {
    tasks: (after) => [
      redraw(after),
      expireLater(after),
      noteEdit(after),
      // Slack tells nobody that a message was redrawn, and whoever could stop it must see this one.
      ...(after.solo === undefined ? [tellApprovers(after)] : [postCardAnew(after)]),
    ],
    event: () => ({
      what: 'edited',
      by: click.by,
      detail: { soloDelayMs: click.edited.soloDelayMs },
    }),
  });
}

/** Anybody stops what its only approver asked for; or says why not. */
export function vetoRequest(
  db: Db,
  id: string,
  click: Pick<Click, 'by' | 'at'> & InTime,
): Promise<ClickOutcome> {
  return settle(db, id, click, (request) => veto(request, click), {
    tasks: (after) => [redraw(after), tellOutcome(after)],
    event: () => ({ what: 'vetoed', by: click.by }),
  });
}

const recordedRetries = {
  try_again: 'tried_again',
  check_again: 'checked_again',
  create_anyway: 'create_anyway',
} as const satisfies Record<Retry, AuditWhat>;

/** How the audit calls it. */
export function retryRecord(how: Retry): AuditWhat {
  return recordedRetries[how];
}

/** Sends a failed request to HaloPSA again, to look for its agent only or to go on; or says why not. */
export function retryRequest(
  db: Db,
  id: string,
  click: Omit<Click, 'shown'> & InTime & { how: Retry },
): Promise<ClickOutcome> {
  return settle(db, id, click, (request) => tryAgain(request, click), {
    tasks: (after) => [redraw(after), provision(after)],
    event: () => ({ what: retryRecord(click.how), by: click.by }),
  });
}

/** Two clicks at once: the one that stores second sees the request of the first and is refused by it. */
async function settle(
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
  if (at < dueAt && task.payload === String(dueAt)) throw new TryLater(dueAt - at, 'the clock was set back');
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
