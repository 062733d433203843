import type { AuditRecord } from '../storage/audit/audit.ts';
import { madeBy } from './gate.ts';
import { hashPlan } from './plan.ts';
import type { Request, RequestState } from './request.ts';

/** How a stored request differs from the records that made it what it is. */
export type RequestFault = 'unrecorded' | 'requester' | 'plan' | 'decision' | 'state' | 'agent';

/** The record that brings a request to its state. The others are brought there by a record of the decision. */
const arrivals: Partial<Record<RequestState, readonly string[]>> = {
  done: ['done'],
  incomplete: ['incomplete'],
  failed: ['failed'],
  withdrawn: ['withdrawn'],
  expired: ['expired'],
  denied: ['denied', 'vetoed'],
};

/**
 * Does the stored request say what its audit records say, oldest first? What was taken over from before the audit proves
 * nothing, so it is not judged. Undefined: it does.
 */
export function faultOf(request: Request, records: readonly AuditRecord[]): RequestFault | undefined {
  const accepted = records.filter(({ outcome }) => outcome !== 'refused');
  if (accepted.length === 0) return 'unrecorded';
  if (accepted.some(({ detail }) => detail.takenOver === true)) return undefined;
  const asked = accepted.findLast(({ what }) => what === 'submitted' || what === 'edited');
  if (asked === undefined) return 'unrecorded';
  if (asked.by !== request.requester) return 'requester';
  if (asked.plan_hash !== request.planHash || hashPlan(request.plan) !== request.planHash) return 'plan';
  const arrival = arrivals[request.state];
  if (arrival !== undefined && !accepted.some(({ what }) => arrival.includes(what))) return 'state';
  return decisionFault(request, accepted) ?? agentFault(request, accepted);
}

function decisionFault(
  { decision, planHash }: Request,
  accepted: readonly AuditRecord[],
): RequestFault | undefined {
  if (decision === undefined) return undefined;
  const isRecorded = accepted.some(
    ({ what, by, plan_hash }) =>
      what === decision.kind && plan_hash === planHash && (by === decision.by || what === 'unopposed'),
  );
  return isRecorded ? undefined : 'decision';
}

/** Records of version 0.1.0 do not say which agent was created. */
function agentFault(
  { agentId, repairs }: Request,
  accepted: readonly AuditRecord[],
): RequestFault | undefined {
  if (agentId === undefined || repairs !== undefined) return undefined;
  const isMade = madeBy(accepted).some(
    ({ detail }) => detail.agentId === undefined || detail.agentId === agentId,
  );
  return isMade ? undefined : 'agent';
}
