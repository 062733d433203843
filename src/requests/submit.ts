import type { InTime } from './decisions.ts';
import { randomUUID } from 'node:crypto';
import type { DirectorySnapshot } from '../halo/directory.ts';
import type { Db } from '../storage/database.ts';
import { insertRequest } from './store.ts';
import { expireLater, postCard } from './follow-up.ts';
import { hashPlan, refreshedPlan, type Plan } from './plan.ts';
import type { Policy } from './policy.ts';
import { haloAtSubmit } from './halo-then.ts';
import type { Request } from './request.ts';

export type Submission = {
  /** Names what was submitted: delivered twice, it makes one request. */
  dedupeKey: string;
  teamId: string;
  requester: string;
  /** The workspace that Slack gives for this person. */
  requesterTeam?: string | undefined;
  /** Where the card goes. */
  channel: string;
  plan: Plan;
  note: string;
  /** What HaloPSA said then. */
  haloThen: Request['haloThen'];
  resembles?: Request['resembles'];
  repairs?: Request['repairs'];
  /** Milliseconds, when the requester is the only approver. The wait starts when the card stands in the channel. */
  soloDelayMs?: number | undefined;
  /** What was wrong with the approvers then. */
  quorum?: Request['quorum'];
};

/**
 * Stores the request with its card to post and its expiry. When this resolves, nothing can be lost. What `assertInTime`
 * throws, right before it is stored, stops that.
 */
export function submitRequest(
  db: Db,
  submission: Submission,
  at: number,
  policy: Pick<Policy, 'approvalTtlMs' | 'approvalsRequired'>,
  { assertInTime }: InTime = {},
): Promise<Request> {
  const { dedupeKey, soloDelayMs, requesterTeam, ...asked } = submission;
  const create = (number: number) => {
    assertInTime?.();
    const request: Request = {
      ...asked,
      id: randomUUID(),
      number,
      state: 'pending',
      version: 1,
      planHash: hashPlan(asked.plan),
      createdAt: at,
      expiresAt: at + policy.approvalTtlMs,
      approvalsRequired: policy.approvalsRequired,
      solo: soloDelayMs === undefined ? undefined : { carryOutAt: at + soloDelayMs },
      updatedAt: at,
      adopted: false,
    };
    return {
      request,
      tasks: [postCard(request), expireLater(request)],
      event: {
        what: 'submitted' as const,
        by: { id: asked.requester, teamId: requesterTeam },
        detail: { agentId: asked.repairs?.agentId, soloDelayMs },
      },
    };
  };
  return insertRequest(db, dedupeKey, create, asked.teamId);
}

/**
 * The submission of a repair: the same plan (with what it means now, as `lists` say) and channel as those of the
 * request that set the agent up. Its key counts the repairs so far, so that two people who ask at once ask for one, and
 * after a denial there may be another.
 */
export function repairOf(
  request: Request,
  {
    agentId,
    lastRepair,
    lists,
  }: { agentId: number; lastRepair: Request | undefined; lists: DirectorySnapshot },
): Omit<Submission, 'requester' | 'soloDelayMs'> {
  const { id, number, teamId, channel, plan, drift } = request;
  return {
    dedupeKey: `repair:${id}:${lastRepair?.number ?? 0}`,
    teamId,
    channel,
    plan: refreshedPlan(plan, lists),
    note: '',
    haloThen: haloAtSubmit(lists, plan),
    repairs: {
      requestId: id,
      number,
      agentId,
      fields: drift?.fields ?? [],
    },
  };
}
