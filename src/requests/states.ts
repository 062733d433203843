import { hashPlan } from './plan.ts';
import { mayApprove, type NotAllowed, type PeopleList, type Person } from './policy.ts';
import type { Failure, ReadBack, Request, RequestState } from './request.ts';

/** Every change of state that there is. */
const nextStates: Record<RequestState, readonly RequestState[]> = {
  pending: ['approved', 'denied', 'withdrawn', 'expired'],
  approved: ['provisioning', 'failed'],
  provisioning: ['done', 'incomplete', 'failed'],
  failed: ['approved'],
  done: [],
  incomplete: [],
  denied: [],
  withdrawn: [],
  expired: [],
};

export type Refusal =
  | { refused: 'not_an_approver'; because: NotAllowed }
  | { refused: 'self_approval' }
  | { refused: 'already_decided' }
  | { refused: 'expired' }
  | { refused: 'plan_changed' };

export type Decision = { kind: 'approved' } | { kind: 'denied'; reason: string };

export type Decided = { request: Request } | Refusal;

/** Not ended: the agent may still be created without anybody asking again. */
export const openStates: readonly RequestState[] = ['pending', 'approved', 'provisioning'];

export function isOpen(state: RequestState): boolean {
  return openStates.includes(state);
}

/** The request after `to`, with what goes with that state. Throws when there is no such change: a bug. */
function move(request: Request, to: RequestState, at: number, fields: Partial<Request>): Request {
  if (!nextStates[request.state].includes(to)) throw new Error(`No way from ${request.state} to ${to}`);
  return { ...request, ...fields, state: to, updatedAt: at, version: request.version + 1 };
}

/** The request with facts added, in the state that it has. */
export function amend(request: Request, at: number, fields: Partial<Request>): Request {
  return { ...request, ...fields, updatedAt: at, version: request.version + 1 };
}

/**
 * Approves or denies. Order of the refusals: who may not decide learns that and nothing else; then that it
 * was decided, then that the time is over, then that this is not the plan that was shown.
 */
export function decide(
  request: Request,
  input: { by: Person; approvers: PeopleList; decision: Decision; at: number },
): Decided {
  const { by, approvers, decision, at } = input;
  const because = mayApprove(by, approvers);
  if (because !== undefined) return { refused: 'not_an_approver', because };
  if (request.state === 'expired') return { refused: 'expired' };
  if (request.state !== 'pending') return { refused: 'already_decided' };
  if (at >= request.expiresAt) return { refused: 'expired' };
  if (by.id === request.requester) return { refused: 'self_approval' };
  const planHash = hashPlan(request.plan);
  if (planHash !== request.planHash) return { refused: 'plan_changed' };
  const reason = decision.kind === 'denied' ? decision.reason : '';
  return {
    request: move(request, decision.kind, at, {
      decision: { by: by.id, at, kind: decision.kind, reason, planHash },
    }),
  };
}

/** Undefined: it was decided before, or its time is not over. */
export function expire(request: Request, at: number): Request | undefined {
  return request.state === 'pending' && at >= request.expiresAt
    ? move(request, 'expired', at, {})
    : undefined;
}

/**
 * Sends a failed request to HaloPSA again. The plan was approved once and is the same, so any approver may
 * ask for it; what was already done (intent, agent id) stays known and is looked for first. With `looksOnly`
 * an agent that is still missing is not created.
 */
export function tryAgain(
  request: Request,
  input: { by: Person; approvers: PeopleList; at: number; looksOnly: boolean },
): Decided {
  const because = mayApprove(input.by, input.approvers);
  if (because !== undefined) return { refused: 'not_an_approver', because };
  if (request.state !== 'failed') return { refused: 'already_decided' };
  if (request.decision?.planHash !== hashPlan(request.plan)) return { refused: 'plan_changed' };
  const looksOnly = input.looksOnly ? true : undefined;
  return { request: move(request, 'approved', input.at, { failure: undefined, looksOnly }) };
}

/** What goes when a run goes on or ends. */
export const notWaiting = { waitingUntil: undefined, waitingBecause: undefined };
const runEnded = { ...notWaiting, isSearching: undefined, looksOnly: undefined };

export function startProvisioning(request: Request, at: number): Request {
  return move(request, 'provisioning', at, {});
}

/** `done` when HaloPSA reports every field as planned, else `incomplete`. */
export function finish(request: Request, readBack: ReadBack[], at: number): Request {
  const asPlanned = readBack.every(({ outcome }) => outcome === 'set' || outcome === 'set_by_update');
  return move(request, asPlanned ? 'done' : 'incomplete', at, { ...runEnded, readBack });
}

export function fail(request: Request, failure: Failure, at: number): Request {
  const intent = failure.changed === 'nothing' ? undefined : request.intent;
  return move(request, 'failed', at, { ...runEnded, failure, intent });
}
