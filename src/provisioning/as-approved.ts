import { fields, type FieldId } from '../fields/index.ts';
import { during, StepFailed, type Job } from './job.ts';
import type { Failure } from '../requests/request.ts';

/**
 * Right before HaloPSA is sent these fields: what they mean there by now must be what was approved.
 * @throws {StepFailed} {TryLater}
 */
export async function assertAsApproved(
  job: Job,
  step: Failure['step'],
  ids: readonly FieldId[] = fields.map(({ id }) => id),
): Promise<void> {
  const { halo, roles, directory } = job.deps;
  for (const { id, recheck } of fields) {
    if (recheck === undefined || !ids.includes(id)) continue;
    const now = { halo, roles, lists: directory.current() };
    const stopped = await during(job, step, () => recheck(job.request.plan, now));
    if (stopped !== undefined) throw new StepFailed(step, stopped.cause, stopped.found);
  }
}
