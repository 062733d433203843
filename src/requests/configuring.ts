import { getAgent, updateAgent, type AgentDetails } from '../halo/agents.ts';
import { HaloError, isPassing } from '../halo/errors.ts';
import { during, pause, type Job } from './job.ts';
import { agentFields, compareWithPlan, deviations } from './read-back.ts';
import type { ReadBack } from './request.ts';

/**
 * Reads the agent back, and sets once more by an update what HaloPSA did not keep on create.
 * What is returned is what HaloPSA reported last.
 * @throws {StepFailed} {TryLater}
 */
export async function configureAgent(job: Job, agentId: number): Promise<ReadBack[]> {
  const { plan } = job.request;
  const first = compareWithPlan(plan, await read(job, agentId));
  const missing = deviations(first);
  if (missing.length === 0) return first;
  await during(job, 'read_back', () => update(job, agentId, missing));
  const second = await readUntilAsPlanned(job, agentId);
  return second.map((field) =>
    field.outcome === 'set' && missing.includes(field.field) ? { ...field, outcome: 'set_by_update' } : field,
  );
}

/** A refused update is no end: the read after it tells what HaloPSA holds. */
async function update(job: Job, agentId: number, missing: ReturnType<typeof deviations>): Promise<void> {
  try {
    await updateAgent(job.deps.halo, { ...agentFields(job.request.plan, missing), id: agentId });
  } catch (error) {
    if (!(error instanceof HaloError) || isPassing(error.kind)) throw error;
    job.deps.log.warn({ requestId: job.request.id, agentId, missing, err: error }, 'update was not taken');
  }
}

async function readUntilAsPlanned(job: Job, agentId: number): Promise<ReadBack[]> {
  const readBack = compareWithPlan(job.request.plan, await read(job, agentId));
  const [delayMs] = job.deps.lookAgainAfterMs;
  if (deviations(readBack).length === 0 || delayMs === undefined) return readBack;
  await pause(delayMs);
  return compareWithPlan(job.request.plan, await read(job, agentId));
}

/** HaloPSA may show a new agent late, and a read may be repeated freely. */
async function read(job: Job, agentId: number): Promise<AgentDetails> {
  return during(job, 'read_back', async () => {
    for (const delayMs of job.deps.lookAgainAfterMs) {
      try {
        return await getAgent(job.deps.halo, agentId);
      } catch (error) {
        const mayPass = error instanceof HaloError && ['not_found', 'unavailable'].includes(error.kind);
        if (!mayPass) throw error;
        await pause(delayMs);
      }
    }
    return getAgent(job.deps.halo, agentId);
  });
}
