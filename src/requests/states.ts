import { requestStates, type Failure, type ReadBack, type Request, type RequestState } from './request.ts';

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

/** It ended with an agent that was read back. */
export function isSetUp(request: Request): request is SetUp {
  return (request.state === 'done' || request.state === 'incomplete') && request.agentId !== undefined;
}
export type SetUp = Request & { agentId: number };

export const endedStates: readonly RequestState[] = requestStates.filter((state) => !isOpen(state));

export function isOpen(state: RequestState): boolean {
  return openStates.includes(state);
}

/** The request after `to`, with what goes with that state. @throws when there is no such change: a bug */
export function move(request: Request, to: RequestState, at: number, fields: Partial<Request>): Request {
  if (!nextStates[request.state].includes(to)) throw new Error(`No way from ${request.state} to ${to}`);
  return { ...request, ...fields, state: to, updatedAt: at, version: request.version + 1 };
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

/** Here a repair comes to its agent, if nothing had to be changed. `done` when HaloPSA reports every field as planned, else `incomplete`. */
export function finish(request: Request, readBack: ReadBack[], at: number): Request {
  const asPlanned = readBack.every(({ outcome }) => outcome === 'set' || outcome === 'set_by_update');
  const agentId = request.agentId ?? request.repairs?.agentId;
  return move(request, asPlanned ? 'done' : 'incomplete', at, { ...runEnded, agentId, readBack });
}

export function fail(request: Request, failure: Failure, at: number): Request {
  const intent = failure.changed === 'nothing' ? undefined : request.intent;
  return move(request, 'failed', at, { ...runEnded, failure, intent });
}

/**
 * Its approval does not allow to create or to repair the agent any more. Once that is begun (`agentId`), it is brought
 * to its end all the same.
 */
export function hasLapsed({ executeBy, agentId }: Request, at: number): boolean {
  return agentId === undefined && executeBy !== undefined && at >= executeBy;
}
