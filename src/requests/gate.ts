import { hashOf, noHash } from '../storage/audit/record.ts';
import type { LinkedRecord } from '../storage/audit/audit.ts';
import { hashPlan } from './plan.ts';
import type { Failure, Request } from './request.ts';

/**
 * Why a write must not be sent. `before_audit`: the approval is older than the audit, so nothing proves it; it has to be
 * given again. All others are alarms: what is stored is not what people decided.
 */
export type GateAnswer =
  | 'plan_altered'
  | 'audit_altered'
  | 'not_approved'
  | 'delay_not_over'
  | 'already_created'
  | 'other_agent'
  | 'before_audit';

/** `agentId`: the agent that is to be changed; undefined: one is to be created. */
export type Write = { agentId: number | undefined };

/** What puts a plan before the approvers. The app alone puts none: that a request needs one approver more changes no plan. */
const begins: readonly string[] = ['submitted', 'edited', 'needs_approver'];

/**
 * The last gate before HaloPSA: may this write be sent for this request? Every write passes it, with the request as it
 * is stored and its audit records, oldest first. Undefined: yes.
 *
 * The row says what is to be done, the audit says what people decided. Whoever alters the row alone gets nothing sent:
 * plan, requester, approvals, delay and agent must be those of the records, and the records must be whole.
 */
export function refusedAtGate(
  request: Request,
  records: readonly LinkedRecord[],
  write: Write,
  soloDelayMs: number | undefined,
): GateAnswer | undefined {
  const { plan, planHash, decision } = request;
  if (records.length === 0) return 'before_audit';
  if (hashPlan(plan) !== planHash || decision?.planHash !== planHash) return 'plan_altered';
  if (!records.every(isWhole)) return 'audit_altered';
  const accepted = records.filter(({ outcome }) => outcome !== 'refused');
  const last = accepted.findLastIndex(({ what, by }) => begins.includes(what) && by !== null);
  const [asked, since] = [accepted[last], accepted.slice(last + 1)];
  if (asked?.by !== request.requester || asked.plan_hash !== planHash) return 'not_approved';
  return (
    refusedByDecision(request, asked, since, soloDelayMs) ??
    refusedByConfirmation(request, since) ??
    refusedByAgent(request, accepted, write)
  );
}

/** What was done in HaloPSA for this request, by the records alone: a row that was altered may say anything. */
export function doneByRecords(records: readonly LinkedRecord[]): {
  changed: Failure['changed'];
  agentId: number | undefined;
} {
  const whats = records.map(({ what }) => what);
  const made = madeBy(records).at(-1);
  if (made !== undefined) return { changed: 'agent_created', agentId: made.detail.agentId };
  const repaired = records.findLast(({ what }) => what === 'repairing');
  if (repaired !== undefined) return { changed: 'agent_repaired', agentId: repaired.detail.agentId };
  const begun = whats.lastIndexOf('creating');
  const undone = Math.max(whats.lastIndexOf('create_refused'), whats.lastIndexOf('create_not_taken'));
  return { changed: begun > undone ? 'unknown' : 'nothing', agentId: undefined };
}

/** The records that say which agent it has, but for one whose id turned out to be another agent's. */
export function madeBy<R extends Pick<LinkedRecord, 'what' | 'detail'>>(records: readonly R[]): R[] {
  return records.filter(
    ({ what, detail }, index) =>
      (what === 'created' || what === 'found') &&
      !records
        .slice(index)
        .some((later) => later.what === 'not_ours' && later.detail.agentId === detail.agentId),
  );
}

/** Is this record what was written, and does it follow the record before it? */
function isWhole({ row, follows }: LinkedRecord): boolean {
  return row.hash === hashOf(row) && row.prev_hash === (row.seq === 1 ? noHash : follows);
}

function refusedByDecision(
  request: Request,
  asked: LinkedRecord,
  since: readonly LinkedRecord[],
  soloDelayMs: number | undefined,
): GateAnswer | undefined {
  const { planHash } = request;
  const given = since.filter(({ plan_hash }) => plan_hash === planHash);
  if (request.decision?.kind === 'unopposed') {
    const unopposed = given.find(({ what }) => what === 'unopposed');
    if (unopposed === undefined) return 'not_approved';
    const delayMs = asked.detail.soloDelayMs ?? soloDelayMs;
    return delayMs !== undefined && unopposed.at - asked.at >= delayMs ? undefined : 'delay_not_over';
  }
  if (request.decision?.kind !== 'approved') return 'not_approved';
  const approvals = given.filter(({ what, by }) => what === 'approved' && by !== request.requester);
  if ([asked, ...approvals].some(({ detail }) => detail.takenOver === true) && !approvals.some(isOwn))
    return 'before_audit';
  const bound = approvals.filter(
    (approval) => isOwn(approval) && approval.detail.agentId === request.repairs?.agentId,
  );
  const people = new Set(bound.map(({ by }) => by));
  if (!people.has(request.decision.by)) return 'not_approved';
  const required = Math.max(1, ...bound.map(({ outcome }) => requiredBy(outcome)));
  return people.size >= required ? undefined : 'not_approved';
}

/** That it is created although HaloPSA may not show all agents is the decision of somebody other than the requester. */
function refusedByConfirmation(
  { createAnyway, planHash, requester }: Request,
  since: readonly LinkedRecord[],
): GateAnswer | undefined {
  if (createAnyway === undefined) return undefined;
  const isRecorded = since.some(
    ({ what, by, plan_hash }) =>
      what === 'create_anyway' && by === createAnyway.by && by !== requester && plan_hash === planHash,
  );
  return isRecorded && createAnyway.planHash === planHash ? undefined : 'not_approved';
}

/** Was it written when it happened, not taken over from before the audit? */
function isOwn({ detail }: LinkedRecord): boolean {
  return detail.takenOver !== true;
}

/** How many approvals were needed, as the record of one says it: `1 of 2`. One that was needed alone says `ok`. */
function requiredBy(outcome: string): number {
  return Number(/^\d+ of (\d+)$/.exec(outcome)?.[1] ?? 1);
}

/** An agent is created once, and only that agent, or the one whose repair was approved, is changed. */
function refusedByAgent(
  request: Request,
  accepted: readonly LinkedRecord[],
  { agentId }: Write,
): GateAnswer | undefined {
  const { repairs } = request;
  const made = madeBy(accepted);
  if (agentId === undefined)
    return repairs !== undefined ? 'other_agent' : made.length > 0 ? 'already_created' : undefined;
  if (repairs !== undefined) return repairs.agentId === agentId ? undefined : 'other_agent';
  // Records of version 0.1.0 do not say which agent it was.
  const isMade = made.some(({ detail }) => detail.agentId === undefined || detail.agentId === agentId);
  return isMade ? undefined : 'other_agent';
}
