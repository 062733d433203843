import { setTimeout as pause } from 'node:timers/promises';
import { getAgent, updateAgent, type AgentDetails, type AgentFields } from '../halo/agents.ts';
import { HaloError, isPassing } from '../halo/errors.ts';
import { getRequest } from '../requests/store.ts';
import { assertAsApproved } from './as-approved.ts';
import { assertNotLapsed, during, StepFailed, type Job } from './job.ts';
import { compareWithPlan, deviations, merged, repairRounds, repairsOf } from './read-back.ts';
import type { ReadBack } from '../requests/request.ts';
import { sameText } from '../requests/lookalikes.ts';
import { amend } from '../requests/states.ts';

/** Reads after a write that do not show what was planned are repeated so often: they may lag behind. */
const maxLooks = 3;

/**
 * Reads the agent back, and sets by updates what HaloPSA did not keep on create, each time in another way that its
 * specification names. What is returned is what HaloPSA reported last.
 * @throws {NotOurs} {StepFailed} {TryLater}
 */
export async function configureAgent(job: Job, agentId: number): Promise<ReadBack[]> {
  const isRepair = job.request.repairs !== undefined;
  let now = await readUntilAsPlanned(job, agentId, 1);
  if (isRepair) await assertAsShown(job, now);
  let afterFirstWrite = isRepair ? undefined : now;
  for (let round = 0; round < repairRounds && deviations(now).length > 0; round += 1) {
    const repairs = repairsOf(job.request.plan, deviations(now), round);
    if (repairs.length === 0) continue;
    await assertAsApproved(job, isRepair ? 'repair' : 'read_back', deviations(now));
    await beginRepair(job, agentId);
    await during(job, 'read_back', () => repair(job, agentId, repairs));
    now = await readUntilAsPlanned(job, agentId, maxLooks);
    afterFirstWrite ??= now;
  }
  const wrongAtFirst = deviations(afterFirstWrite ?? now);
  return now.map((field) =>
    field.outcome === 'set' && wrongAtFirst.includes(field.field)
      ? { ...field, outcome: 'set_by_update' }
      : field,
  );
}

/**
 * The approver of a repair was shown what differed when it was asked for, and approved to set that. What differs
 * otherwise by now, and not since the agent was set up, nobody approved. @throws {StepFailed}
 */
async function assertAsShown({ request, deps }: Job, now: readonly ReadBack[]): Promise<void> {
  const { repairs, agentId } = request;
  // Once it has begun, the differences are those that it left.
  if (repairs === undefined || agentId !== undefined) return;
  const setUp = await getRequest(deps.db, repairs.requestId);
  const known = [...repairs.fields, ...(setUp?.readBack ?? [])].filter(isDifferent);
  const isKnown = (one: ReadBack) =>
    known.some(({ field, reported }) => field === one.field && reported === one.reported);
  if (!now.filter(isDifferent).every(isKnown)) throw new StepFailed('repair', 'differs_otherwise');
}

function isDifferent({ outcome }: ReadBack): boolean {
  return outcome === 'different';
}

/** The agent of a create is stored by now; that of a repair from its first update on. */
async function beginRepair(job: Job, agentId: number): Promise<void> {
  if (job.request.agentId !== undefined) return;
  assertNotLapsed(job, 'repair');
  await job.assertMayWrite('repair', agentId);
  await job.store((request, at) => amend(request, at, { agentId, intent: { at } }), 'repairing');
}

/** All in one update; and if HaloPSA refuses that, each alone, so that one bad value does not keep the others out. */
async function repair(job: Job, agentId: number, repairs: readonly AgentFields[]): Promise<void> {
  const isTaken = await update(job, agentId, merged(repairs));
  if (isTaken || repairs.length === 1) return;
  for (const one of repairs) await update(job, agentId, one);
}

/** A refused update is no end: the read after it tells what HaloPSA holds. */
async function update(job: Job, agentId: number, fields: AgentFields): Promise<boolean> {
  try {
    const step = job.request.repairs === undefined ? 'read_back' : 'repair';
    await updateAgent(job.deps.halo, { ...fields, id: agentId }, () => job.assertMayWrite(step, agentId));
    return true;
  } catch (error) {
    if (!(error instanceof HaloError) || isPassing(error.kind)) throw error;
    const facts = { requestId: job.request.id, agentId, fields: Object.keys(fields) };
    job.deps.log.warn({ ...facts, err: error }, 'update was not taken');
    return error.kind !== 'invalid';
  }
}

/** What was read is not the agent that this request made. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** HaloPSA may keep one of the two otherwise than planned. An agent that has neither is somebody else's. */
function assertOurs({ request: { plan, repairs } }: Job, agent: AgentDetails): void {
  const isOurs = sameText(agent.name, plan.name) || sameText(agent.email, plan.email);
  if (repairs === undefined && !isOurs) throw new NotOurs(`Agent ${agent.id} is another one`);
}

async function readUntilAsPlanned(job: Job, agentId: number, looks: number): Promise<ReadBack[]> {
  const { plan } = job.request;
  let readBack = compareWithPlan(plan, await read(job, agentId));
  for (const delayMs of job.deps.lookAgainAfterMs.slice(0, looks)) {
    if (deviations(readBack).length === 0) break;
    await pause(delayMs);
    readBack = compareWithPlan(plan, await read(job, agentId));
  }
  return readBack;
}

/** HaloPSA may show a new agent late, and a read may be repeated freely. @throws {NotOurs} {StepFailed} {TryLater} */
async function read(job: Job, agentId: number): Promise<AgentDetails> {
  const agent = await readAgent(job, agentId);
  assertOurs(job, agent);
  return agent;
}

function readAgent(job: Job, agentId: number): Promise<AgentDetails> {
  return during(job, 'read_back', async () => {
    for (const delayMs of job.deps.lookAgainAfterMs) {
      try {
        return await getAgent(job.deps.halo, agentId);
      } catch (error) {
        const mayPass =
          error instanceof HaloError && ['not_found', 'unavailable', 'too_slow'].includes(error.kind);
        if (!mayPass) throw error;
        await pause(delayMs);
      }
    }
    return getAgent(job.deps.halo, agentId);
  });
}
