import type { Logger } from 'pino';
import { getAgent, type Agent } from '../halo/agents.ts';
import { HaloError } from '../halo/errors.ts';
import type { EventWhat } from '../storage/audit/record.ts';
import type { Listed } from '../halo/lists.ts';
import { ClaimTaken, nameInstance, releaseClaims } from '../requests/claims.ts';
import type { Db } from '../storage/database.ts';
import { getRequest, listLatecomers, replaceRequest } from '../requests/store.ts';
import { during, StepFailed, type Job } from './job.ts';
import { findInTheWay } from './looking.ts';
import type { Failure, Request } from '../requests/request.ts';
import { amend, isOpen } from '../requests/states.ts';

/** Which HaloPSA it is: the origin of its address. Two requests for the same agent meet only there. */
export function instanceOf(baseUrl: string): string {
  return new URL(baseUrl).origin;
}

/** HaloPSA may show an agent so late after it was created, in milliseconds. */
const mayBeHiddenMs = 60_000;

/**
 * Stores a change that goes with the claim on the plan's name and address: the intent to create, or the agent that was
 * found. Where another request has the claim, this one stops, unless the other's agent is seen not to be there: then
 * the claim is released. `listed`: all agents of HaloPSA, as of now. @throws {StepFailed} `not_alone` {TryLater}
 */
export async function storeWithClaim(
  job: Job,
  listed: Listed<Agent>,
  {
    step,
    what,
    change,
  }: { step: Failure['step']; what: EventWhat; change: (at: number) => Partial<Request> },
): Promise<void> {
  for (;;) {
    const holders = await stored(job, what, change);
    if (holders === 'stored') return;
    const others = await Promise.all(holders.map((id) => holderUnlessGone(job, step, { id, listed })));
    const numbers = others.flatMap((other) => (other === undefined ? [] : [`NEO-${other.number}`]));
    if (numbers.length > 0) throw new StepFailed(step, 'not_alone', numbers.join(', '));
  }
}

/** The ids of those who have the claim, if it is another's. */
async function stored(
  job: Job,
  what: EventWhat,
  change: (at: number) => Partial<Request>,
): Promise<'stored' | readonly string[]> {
  try {
    await job.store((request, at) => amend(request, at, change(at)), what);
    return 'stored';
  } catch (error) {
    if (error instanceof ClaimTaken) return error.holders;
    throw error;
  }
}

/** Undefined: its agent is not there, and it claims nothing any more. */
async function holderUnlessGone(
  job: Job,
  step: Failure['step'],
  { id, listed }: { id: string; listed: Listed<Agent> },
): Promise<Request | undefined> {
  const { db, instance, log, now } = job.deps;
  const holder = await getRequest(db, id);
  if (holder === undefined) throw new Error(`No request ${id}, but it has a claim`);
  if (!(await during(job, step, () => isAbsent(job, holder, listed)))) return holder;
  // Without its intent it can't adopt the agent of another request later.
  const after = amend(holder, holder.updatedAt, holder.agentId === undefined ? { intent: undefined } : {});
  const isReleased = await db.transaction().execute((tx) =>
    replaceRequest(tx, holder, after, {
      tasks: [],
      event: { what: 'claim_released', at: now() },
      also: () => releaseClaims(tx, [id], instance),
    }),
  );
  log.info({ requestId: id, agentId: holder.agentId, isReleased }, 'claim of an agent that is not there');
  return undefined;
}

/** Is it proved that the request has ended and that HaloPSA has no agent of it? @throws {HaloError} */
async function isAbsent(job: Job, holder: Request, listed: Listed<Agent>): Promise<boolean> {
  const { halo, now } = job.deps;
  if (isOpen(holder.state) || now() - holder.updatedAt < mayBeHiddenMs) return false;
  if (holder.agentId === undefined)
    return listed.isWhole && (await findInTheWay(halo, holder.plan, listed.rows)).length === 0;
  try {
    await getAgent(halo, holder.agentId);
    return false;
  } catch (error) {
    if (error instanceof HaloError && error.kind === 'not_found') return true;
    throw error;
  }
}

const maker = ['approved', 'provisioning', 'done', 'incomplete', 'failed'] as const;

/**
 * At the start, before anything is carried out: claims from before there were any get their instance, and requests
 * whose agent has the name or address of an older one's are reported.
 */
export async function settleClaims(deps: { db: Db; instance: string; log: Logger }): Promise<void> {
  const { db, instance, log } = deps;
  await nameInstance(db, instance);
  const late = (await listLatecomers(db, instance, maker)).filter(mayHaveAgent);
  if (late.length === 0) return;
  const requests = late.map(({ number }) => `NEO-${number}`);
  log.warn({ requests }, 'these requests may have an agent with the name or address of an older one’s agent');
}

function mayHaveAgent({ repairs, intent, agentId, drift }: Request): boolean {
  return (
    repairs === undefined && (intent !== undefined || agentId !== undefined) && drift?.goneSince === undefined
  );
}
