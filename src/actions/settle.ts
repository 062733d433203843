import type { Click, Decided, InTime, Refusal } from '../requests/decisions.ts';
import { redraw } from '../requests/follow-up.ts';
import type { Person, Policy } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import type { Db } from '../storage/database.ts';
import { getRequest, replaceRequest } from '../requests/store.ts';
import { cannotCheck, clickRefusal, tooLate } from '../views/refusals.ts';
import { decided, type FormAction } from './action.ts';
import { whoIs, type PressedButton } from './clicks.ts';
import { beforeAck, type Deadline } from './deadline.ts';
import type { Dependencies } from './dependencies.ts';
import { notIdentified, recordRefused } from './refused.ts';

/** What somebody tries to do with a request. `what`: as the audit records it. */
type ClickAttempt = Pick<PressedButton, 'user' | 'requestId'> & { what: string };
type ClickBy = { by: Person; at: number; policy: Policy } & InTime;
type Change = (click: ClickBy) => Promise<ClickOutcome>;

/**
 * Does what somebody clicked for, in storage. Undefined: it is done. Else why not, in words for who clicked.
 * `change` is given who it is, when, and by which rules. What is refused is recorded.
 */
export async function settleClick(
  deps: Dependencies,
  attempt: ClickAttempt,
  change: Change,
): Promise<string | undefined> {
  return beforeAck(
    (deadline) => settleWithin(deadline, deps, attempt, change),
    () => tookTooLong(deps, attempt),
  );
}

/** The same, where a deadline runs already. */
export async function settleWithin(
  deadline: Deadline,
  deps: Dependencies,
  attempt: ClickAttempt,
  change: Change,
): Promise<string | undefined> {
  const judged = await judge(deps, { ...attempt, ...deadline }, change);
  if ('refusal' in judged) return judged.refusal;
  const { id: requestId, state } = judged.current;
  deps.log.info({ requestId, state, by: attempt.user.id }, 'click accepted');
  deps.wake();
  return undefined;
}

/** It was not decided in time, so it never will be. That is recorded without anybody waiting for it. */
export function tookTooLong(
  deps: Pick<Dependencies, 'db' | 'identity' | 'log' | 'now' | 'repeats' | 'newReference'>,
  { user, requestId, what }: Pick<ClickAttempt, 'user' | 'what'> & { requestId: string | undefined },
): string {
  const reference = deps.newReference();
  deps.log.error({ requestId, reference, by: user.id }, 'not decided in time, so nothing was done');
  const by = { id: user.id, teamId: user.team_id };
  void recordRefused(deps, { what, requestId, by, refused: 'too_late', reference });
  return tooLate(reference);
}

async function judge(
  deps: Dependencies,
  { user, requestId, what, assertInTime }: ClickAttempt & InTime,
  change: Change,
): Promise<{ current: Request } | { refusal: string }> {
  const { config, log, now } = deps;
  const by = await whoIs(deps, user);
  const attempt = { what, requestId, by: { id: user.id, teamId: user.team_id } };
  if ('reference' in by) {
    await recordRefused(deps, { ...attempt, ...notIdentified(by.reference) });
    return { refusal: cannotCheck(by.reference) };
  }
  const outcome = await change({
    by,
    at: now(),
    policy: config.policy,
    ...(assertInTime && { assertInTime }),
  });
  if (!outcome.accepted) {
    log.info({ requestId, refused: outcome.refused, by: user.id }, 'click refused');
    await recordRefused(deps, {
      ...attempt,
      planHash: outcome.current?.planHash,
      refused: outcome.refused,
    });
    return { refusal: clickRefusal(outcome, config.policy) };
  }
  return { current: outcome.current };
}

/** Why this person may not do it now, before they are asked for more. Only a refusal is stored, for the audit. */
export async function refusalNow(
  deps: Dependencies,
  attempt: ClickAttempt,
  change: (request: Request, click: ClickBy) => Decided,
): Promise<string | undefined> {
  // Nothing is stored, and Slack was answered before.
  const judged = await judge(deps, attempt, async (click) => {
    const current = await getRequest(deps.db, attempt.requestId);
    if (current === undefined) return { accepted: false, current, refused: 'unknown_request' };
    const decided = change(current, click);
    return 'refused' in decided ? { accepted: false, current, ...decided } : { accepted: true, current };
  });
  return 'refusal' in judged ? judged.refusal : undefined;
}

/** What a click came to. `current` is the stored request after it: of a loser, the one that the winner left. */
export type ClickOutcome =
  | { accepted: true; current: Request }
  | ({ accepted: false; current: Request } & Refusal)
  | { accepted: false; current: undefined; refused: 'unknown_request' };

type Settled<Given> = Pick<FormAction<Given>, 'audit' | 'may' | 'change' | 'follows' | 'recorded'> &
  Partial<Pick<FormAction<Given>, 'isDone'>>;

/**
 * Stores what the action changes, with all that follows, or says why not. When this resolves, nothing can be lost. Of two
 * clicks at once, the one that stores second sees the request of the first and is refused by it.
 */
export async function settleAction<Given>(
  db: Db,
  requestId: string,
  action: Settled<Given>,
  click: Click & InTime,
  given: Given,
): Promise<ClickOutcome> {
  for (;;) {
    const before = await getRequest(db, requestId);
    if (before === undefined) return { accepted: false, current: undefined, refused: 'unknown_request' };
    const outcome = decided(action, before, click, given);
    if ('refused' in outcome) return { accepted: false, current: before, ...outcome };
    const after = outcome.request;
    if (after === before) return { accepted: true, current: before };
    const stored = await db.transaction().execute(async (tx) => {
      click.assertInTime?.();
      const event = { what: action.audit.what, by: click.by, ...action.recorded?.(after) };
      return replaceRequest(tx, before, after, { tasks: action.follows(after), event });
    });
    if (stored) return { accepted: true, current: after };
  }
}

/** The card then says that the requester is no longer a full member, so that whoever approves it knows. */
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
