import {
  requestIn,
  requestStates,
  type Failure,
  type ReadBack,
  type Request,
  type RequestFacts,
  type RequestIn,
  type RequestState,
} from './request.ts';

/** Every change of state that there is. */
const nextStates: Record<RequestState, readonly RequestState[]> = {
  pending: ['approved', 'denied', 'withdrawn', 'expired'],
  approved: ['pending', 'provisioning', 'failed'],
  provisioning: ['pending', 'done', 'incomplete', 'failed'],
  failed: ['approved'],
  done: [],
  incomplete: [],
  denied: [],
  withdrawn: [],
  expired: [],
};

/** Not ended: the agent may still be created without anybody asking again. */
export const openStates: readonly RequestState[] = ['pending', 'approved', 'provisioning'];

export const setUpStates = ['done', 'incomplete'] as const;
export type SetUp = RequestIn<(typeof setUpStates)[number]>;

/** It ended with an agent that was read back. */
export function isSetUp(request: Request): request is SetUp {
  return request.state === 'done' || request.state === 'incomplete';
}

/** What a comparison of the agent with its plan came to. `compared`: the request’s `drift` says what differs now. */
export type Checked =
  | { found: 'compared'; request: SetUp }
  | { found: 'set_up_since'; setUpBy: SetUp }
  | { found: 'never_set_up' };

/** It ended without an agent, so the same can be requested once more. A repair is requested where the agent differs. */
export function endedWithoutAgent(request: Request): boolean {
  if (request.repairs !== undefined) return false;
  // Its stored settings were altered: nobody should start from them.
  if (request.state === 'failed')
    return request.failure.changed === 'nothing' && request.failure.cause !== 'not_approved';
  return request.state === 'denied' || request.state === 'withdrawn' || request.state === 'expired';
}

export const endedStates: readonly RequestState[] = requestStates.filter((state) => !isOpen(state));

export function isOpen(state: RequestState): boolean {
  return openStates.includes(state);
}

/** What must be known when a request comes to a state. */
type Needed = {
  pending: unknown;
  approved: unknown;
  provisioning: unknown;
  done: Pick<SetUp, 'agentId' | 'readBack'>;
  incomplete: Pick<SetUp, 'agentId' | 'readBack'>;
  failed: Pick<RequestIn<'failed'>, 'failure'>;
  denied: Pick<RequestIn<'denied'>, 'decision'>;
  withdrawn: unknown;
  expired: unknown;
};

/** The request after `to`, with what that state needs. @throws when there is no such change: a bug */
export function move<To extends RequestState>(
  request: Request,
  to: To,
  at: number,
  fields: Needed[To] & Partial<RequestFacts>,
): RequestIn<To> {
  if (!nextStates[request.state].includes(to)) throw new Error(`No way from ${request.state} to ${to}`);
  return requestIn(to, { ...request, ...fields, updatedAt: at, version: request.version + 1 });
}

/** The request with facts added, in the state that it has. */
export function amend<R extends Request>(request: R, at: number, fields: Partial<R>): R {
  return { ...request, ...fields, updatedAt: at, version: request.version + 1 };
}

/** Undefined: it was decided before, or its time is not over. */
export function expire(request: Request, at: number): Request | undefined {
  return request.state === 'pending' && at >= request.expiresAt
    ? move(request, 'expired', at, {})
    : undefined;
}

/** Its approval proves nothing any longer: it waits for a new one, with all of its time. */
export function returnToApproval(request: Request, at: number, approvalTtlMs: number): Request {
  return move(request, 'pending', at, {
    ...runEnded,
    approvals: [],
    decision: undefined,
    executeBy: undefined,
    askedAgainAt: at,
    expiresAt: at + approvalTtlMs,
  });
}

/** What goes when a run goes on or ends. */
export const notWaiting = { waitingUntil: undefined, waitingBecause: undefined };
const runEnded = {
  ...notWaiting,
  isSearching: undefined,
  rejection: undefined,
  looksOnly: undefined,
  createAnyway: undefined,
  hasOldIntent: undefined,
  haloWaits: undefined,
};

export function startProvisioning(request: Request, at: number): Request {
  return move(request, 'provisioning', at, { hasOldIntent: request.intent === undefined ? undefined : true });
}

/** `done` when HaloPSA reports every field as planned, else `incomplete`. */
export function finish(request: Request, agentId: number, readBack: ReadBack[], at: number): SetUp {
  const asPlanned = readBack.every(({ outcome }) => outcome === 'set' || outcome === 'set_by_update');
  return move(request, asPlanned ? 'done' : 'incomplete', at, { ...runEnded, agentId, readBack });
}

/** `agentId`: the agent that is known to be there because of it. */
export function fail(request: Request, failure: Failure, agentId: number | undefined, at: number): Request {
  const intent = failure.changed === 'nothing' ? undefined : request.intent;
  return move(request, 'failed', at, { ...runEnded, failure, intent, agentId });
}

/**
 * Its approval does not allow to create or to repair the agent any more. Once that is begun (`agentId`), it is brought
 * to its end all the same.
 */
export function hasLapsed({ executeBy, agentId }: Request, at: number): boolean {
  return agentId === undefined && executeBy !== undefined && at >= executeBy;
}
