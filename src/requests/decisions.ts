import { hashPlan } from './plan.ts';
import {
  isPerson,
  mayApprove,
  mayRequest,
  quorumFor,
  type Approvers,
  type NotAllowed,
  type Person,
  type Policy,
} from './policy.ts';
import type { Request } from './request.ts';
import { amend, move } from './states.ts';

export type Refusal =
  | { refused: 'not_an_approver'; because: NotAllowed }
  | { refused: 'not_allowed'; because: NotAllowed }
  | { refused: 'not_the_requester' }
  | { refused: 'repair_has_its_plan' }
  | { refused: 'nothing_edited' }
  | { refused: 'self_approval' }
  | { refused: 'requester_left' }
  | { refused: 'approved_before' }
  | { refused: 'already_decided' }
  | { refused: 'expired' }
  | { refused: 'lapsed' }
  | { refused: 'plan_changed' };

export type Decided = { request: Request } | Refusal;

/**
 * A click: by whom, when, under which rules, and on which plan (`hashPlan`) as it was shown there. Undefined: on a
 * card of an earlier version, which does not say it, and which is drawn again when this version starts.
 */
export type Click = { by: Person; at: number; policy: Policy; shown: string | undefined };

/**
 * Order of the refusals: who may not decide learns that and nothing else; then that it was decided, then that the time is
 * over, then that this is not the plan that was shown.
 */
export function mayNotDecide(request: Request, { by, at, policy, shown }: Click): Refusal | undefined {
  const because = mayApprove(by, policy.approvers);
  if (because !== undefined) return { refused: 'not_an_approver', because };
  const late = notPending(request, at);
  if (late !== undefined) return late;
  if (isPerson(by, request.requester)) return { refused: 'self_approval' };
  return isShown(request, shown) ? undefined : { refused: 'plan_changed' };
}

export function notPending(request: Request, at: number): Refusal | undefined {
  if (request.state === 'expired') return { refused: 'expired' };
  if (request.state !== 'pending') return { refused: 'already_decided' };
  return at >= request.expiresAt ? { refused: 'expired' } : undefined;
}

/** Nobody changed the stored plan behind our back, and it is the one that was looked at. */
export function isShown({ plan, planHash }: Request, shown: string | undefined): boolean {
  return shown === planHash && hashPlan(plan) === planHash;
}

/** One that was given for another plan does not count, even when somebody changed what is stored. */
export function approvalsOf({ approvals = [], planHash }: Request): NonNullable<Request['approvals']> {
  return approvals.filter((approval) => approval.planHash === planHash);
}

export function notMember({ standing }: Person): Refusal | undefined {
  return standing === 'member'
    ? undefined
    : { refused: 'not_allowed', because: { reason: 'standing', standing } };
}

export function notTheRequester(request: Request, by: Person): Refusal | undefined {
  return notMember(by) ?? (isPerson(by, request.requester) ? undefined : { refused: 'not_the_requester' });
}

export function mayNotRequest(by: Person, { requesters }: Policy): Refusal | undefined {
  const because = mayRequest(by, requesters);
  return because && { refused: 'not_allowed', because };
}

/**
 * `assertInTime` is called in the transaction, right before what was decided is stored. What it throws stops that.
 * Undefined: nobody waits.
 */
export type InTime = { assertInTime?: () => void };

export type Unopposed = {
  approvers: Approvers;
  policy: Policy;
  at: number;
  /** Its card stands, in a channel where somebody else could have pressed Stop. */
  couldBeStopped: boolean;
};

/**
 * What its only approver asked for is carried out, because nobody stopped it in time. When nobody could have
 * stopped it, the requester may no longer approve, or somebody else may, or the rule is gone, it waits for an approval like any other. Undefined: nothing to do.
 */
export function carryOutUnopposed(
  request: Request,
  { approvers, policy, at, couldBeStopped }: Unopposed,
): Request | undefined {
  const { solo, planHash, requester } = request;
  if (solo === undefined || notPending(request, at) !== undefined || at < solo.carryOutAt) return undefined;
  const isStillAlone = quorumFor({ id: requester }, approvers, policy).kind === 'solo';
  if (!couldBeStopped || !isStillAlone || hashPlan(request.plan) !== planHash)
    return amend(request, at, { solo: undefined });
  return move(request, 'approved', at, {
    decision: { by: requester, at, kind: 'unopposed', reason: '', planHash },
    executeBy: at + policy.executionTtlMs,
  });
}

/** How a failed request goes on. */
export type Retry = NonNullable<Request['triedAgain']>['how'];
