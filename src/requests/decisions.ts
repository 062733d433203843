import { hashPlan, type Plan } from './plan.ts';
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
import { amend, hasLapsed, move } from './states.ts';

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

type Decision = { kind: 'approved' } | { kind: 'denied'; reason: string };

/** `requesterLeft`: the requester is no full member any more. What the card doesn't say yet is not approved. */
export type Decides = { decision: Decision; requesterLeft?: boolean };

export type Decided = { request: Request } | Refusal;

/**
 * A click: by whom, when, under which rules, and on which plan (`hashPlan`) as it was shown there. Undefined: on a
 * card of an earlier version, which does not say it, and which is drawn again when this version starts.
 */
export type Click = { by: Person; at: number; policy: Policy; shown: string | undefined };

/**
 * Approves or denies. Order of the refusals: who may not decide learns that and nothing else; then that it
 * was decided, then that the time is over, then that this is not the plan that was shown. The last approval that
 * is needed decides; the ones before it are kept.
 */
export function decide(
  request: Request,
  { decision, requesterLeft = false, ...click }: Click & Decides,
): Decided {
  const refusal = mayNotDecide(request, click);
  if (refusal !== undefined) return refusal;
  if (decision.kind === 'approved' && requesterLeft && request.requesterLeft !== true)
    return { refused: 'requester_left' };
  const { by, at } = click;
  const { planHash } = request;
  const given = { by: by.id, at, planHash };
  if (decision.kind === 'denied')
    return { request: move(request, 'denied', at, { decision: { ...given, ...decision } }) };

  // One that was given for another plan does not count, even when somebody changed what is stored.
  const before = (request.approvals ?? []).filter((approval) => approval.planHash === planHash);
  if (before.some((approval) => isPerson(by, approval.by))) return { refused: 'approved_before' };
  const approvals = [...before, given];
  // A rule that was made stricter meanwhile counts; one that was relaxed does not help what was asked before.
  const approvalsRequired = Math.max(request.approvalsRequired ?? 1, click.policy.approvalsRequired);
  if (approvals.length < approvalsRequired)
    return { request: amend(request, at, { approvals, approvalsRequired }) };
  return {
    request: move(request, 'approved', at, {
      approvals,
      approvalsRequired,
      decision: { ...given, kind: 'approved', reason: '' },
      executeBy: at + click.policy.executionTtlMs,
    }),
  };
}

function mayNotDecide(request: Request, { by, at, policy, shown }: Click): Refusal | undefined {
  const because = mayApprove(by, policy.approvers);
  if (because !== undefined) return { refused: 'not_an_approver', because };
  const late = notPending(request, at);
  if (late !== undefined) return late;
  if (isPerson(by, request.requester)) return { refused: 'self_approval' };
  return isShown(request, shown) ? undefined : { refused: 'plan_changed' };
}

function notPending(request: Request, at: number): Refusal | undefined {
  if (request.state === 'expired') return { refused: 'expired' };
  if (request.state !== 'pending') return { refused: 'already_decided' };
  return at >= request.expiresAt ? { refused: 'expired' } : undefined;
}

/** Nobody changed the stored plan behind our back, and it is the one that was looked at. */
function isShown({ plan, planHash }: Request, shown: string | undefined): boolean {
  return shown === planHash && hashPlan(plan) === planHash;
}

/** `viewId`: the Slack view that it was submitted in. Delivered twice, it asks once: the same request comes back. */
export type Question = { viewId: string; text: string };

/** An approver puts a question to the requester. Nothing is decided by it. */
export function ask(request: Request, { asked, ...click }: Click & { asked: Question }): Decided {
  if (request.questions?.some(({ viewId }) => viewId === asked.viewId) === true) return { request };
  const refusal = mayNotDecide(request, click);
  if (refusal !== undefined) return refusal;
  const { by, at } = click;
  const questions = [...(request.questions ?? []), { ...asked, by: by.id, at }];
  return { request: amend(request, at, { questions }) };
}

/** The requester takes the request back. */
export function withdraw(request: Request, { by, at }: Pick<Click, 'by' | 'at'>): Decided {
  const refusal = notTheRequester(request, by) ?? notPending(request, at);
  return refusal ?? { request: move(request, 'withdrawn', at, {}) };
}

/** `viewId`: as that of a question. */
export type Edit = {
  viewId: string;
  plan: Plan;
  note: string;
  resembles?: Request['resembles'];
  /** What HaloPSA says now. */
  haloThen: Request['haloThen'];
  /** When it will be carried out, if nobody but the requester may approve it. */
  soloDelayMs: number | undefined;
  quorum?: Request['quorum'];
};

/**
 * The requester changes the plan or the note: approval starts anew, with all of its time. What changes neither takes no
 * approval away. `shown`: the plan that the form was filled with.
 */
export function edit(request: Request, { edited, ...click }: Click & { edited: Edit }): Decided {
  const { at, policy } = click;
  if (request.edit?.viewId === edited.viewId) return { request };
  const refusal = mayNotEdit(request, click);
  if (refusal !== undefined) return refusal;
  if (!isShown(request, click.shown)) return { refused: 'plan_changed' };
  const { plan, note, resembles, haloThen, viewId, soloDelayMs, quorum } = edited;
  if (hashPlan(plan) === request.planHash && note === request.note) return { refused: 'nothing_edited' };
  return {
    request: amend(request, at, {
      plan,
      note,
      resembles,
      haloThen,
      planHash: hashPlan(plan),
      approvals: [],
      approvalsRequired: policy.approvalsRequired,
      expiresAt: at + policy.approvalTtlMs,
      quorum,
      solo: soloDelayMs === undefined ? undefined : { carryOutAt: at + soloDelayMs },
      edit: {
        viewId,
        // It names the card that shows it, so no later edit may be before it, whatever the clock says.
        at: Math.max(at, (request.edit?.at ?? 0) + 1),
        planBefore: request.plan,
        noteBefore: request.note,
        voided: (request.approvals ?? []).map((approval) => approval.by),
      },
    }),
  };
}

function notTheRequester(request: Request, by: Person): Refusal | undefined {
  if (by.standing !== 'member')
    return { refused: 'not_allowed', because: { reason: 'standing', standing: by.standing } };
  return isPerson(by, request.requester) ? undefined : { refused: 'not_the_requester' };
}

function mayNotRequest(by: Person, { requesters }: Policy): Refusal | undefined {
  const because = mayRequest(by, requesters);
  return because && { refused: 'not_allowed', because };
}

/** Why this person may not edit it now. Undefined: they may. */
export function mayNotEdit(request: Request, { by, at, policy }: Omit<Click, 'shown'>): Refusal | undefined {
  const refusal = notTheRequester(request, by) ?? mayNotRequest(by, policy) ?? notPending(request, at);
  return refusal ?? (request.repairs === undefined ? undefined : { refused: 'repair_has_its_plan' });
}

/** Anybody of the workspace stops what its only approver asked for. */
export function veto(request: Request, { by, at }: Pick<Click, 'by' | 'at'>): Decided {
  if (by.standing !== 'member')
    return { refused: 'not_allowed', because: { reason: 'standing', standing: by.standing } };
  const late = notPending(request, at);
  if (late !== undefined) return late;
  if (request.solo === undefined) return { refused: 'already_decided' };
  const { planHash } = request;
  return {
    request: move(request, 'denied', at, {
      decision: { by: by.id, at, kind: 'vetoed', reason: '', planHash },
    }),
  };
}

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
export type Retry = 'try_again' | 'check_again' | 'create_anyway';

/**
 * Sends a failed request to HaloPSA again. The plan was approved once and is the same, so any approver may
 * ask for it; what was already done (intent, agent id) stays known and is looked for first. `check_again`: an agent
 * that is still missing is not created. `create_anyway`: it is created although HaloPSA may have one that its list does
 * not show; that is another's decision than the requester's.
 */
export function tryAgain(
  request: Request,
  { by, policy, at, how }: Omit<Click, 'shown'> & { how: Retry },
): Decided {
  const because = mayApprove(by, policy.approvers);
  if (because !== undefined) return { refused: 'not_an_approver', because };
  const { failure, agentId } = request;
  const asksForIt = how === 'create_anyway' && failure?.cause !== 'list_incomplete';
  if (request.state !== 'failed' || failure === undefined || asksForIt) return { refused: 'already_decided' };
  if (how === 'create_anyway' && isPerson(by, request.requester)) return { refused: 'self_approval' };
  if (request.decision?.planHash !== hashPlan(request.plan)) return { refused: 'plan_changed' };
  if (how !== 'check_again' && hasLapsed(request, at)) return { refused: 'lapsed' };
  const { planHash } = request;
  return {
    request: move(request, 'approved', at, {
      failure: undefined,
      triedAgain: { by: by.id, at, how, version: request.version, failure, agentId },
      looksOnly: how === 'check_again' || undefined,
      createAnyway: how === 'create_anyway' ? { by: by.id, at, planHash } : undefined,
    }),
  };
}
