import { getRequest, replaceRequest, type NewEvent } from '../requests/store.ts';
import { isAway } from '../storage/problems.ts';
import { LeaseLost } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { configureAgent, NotOurs } from './configuring.ts';
import { createOnce, findCreated, findInsteadOf } from './creating.ts';
import { forgetDrift } from './drift.ts';
import { checkDriftLater, expireLater, redraw, notifyApprovers, postOutcome } from '../requests/follow-up.ts';
import {
  ApprovalTooOld,
  assertNotLapsed,
  openJob,
  NotApproved,
  StepFailed,
  type Job,
  type ProvisioningDeps,
} from './job.ts';
import type { Failure, Request } from '../requests/request.ts';
import {
  amend,
  fail,
  finish,
  isOpen,
  isSetUp,
  notWaiting,
  returnToApproval,
  startProvisioning,
  type SetUp,
} from '../requests/states.ts';

const attemptsBeforeGivingUp = 4;

/**
 * Creates and configures the agent of an approved request, or repairs it, and reads back what HaloPSA kept.
 * It may die anywhere and be called again: everything that was done is in the stored request.
 */
export function provisionHandler(deps: ProvisioningDeps): Handler {
  return async (task, { save }) => {
    const stored = await getRequest(deps.db, task.request_id);
    if (stored === undefined || !['approved', 'provisioning'].includes(stored.state)) return async () => {};
    const job = openJob(deps, task, save, stored);
    const { after, event } = await outcome(job);
    deps.log.info({ requestId: after.id, state: after.state, agentId: after.agentId }, 'provisioning ended');
    return async (tx) => {
      const checks = isSetUp(after) ? [checkDriftLater(after, after.updatedAt)] : [];
      const told = isOpen(after.state) ? [expireLater(after), notifyApprovers(after)] : [postOutcome(after)];
      const tasks = [redraw(after), ...told, ...checks];
      const ended = await replaceRequest(tx, job.request, after, { tasks, event });
      if (!ended) throw new Error('The request was changed during its provisioning');
      if (after.repairs !== undefined && isSetUp(after)) await forgetDrift(tx, after.repairs.requestId);
    };
  };
}

async function outcome(job: Job): Promise<{ after: Request; event: NewEvent }> {
  try {
    const { agentId, readBack } = await run(job);
    const after = finish(job.request, agentId, readBack, job.deps.now());
    const fields = readBack.filter(({ outcome }) => !outcome.startsWith('set')).map(({ field }) => field);
    return { after, event: { what: after.state, detail: { agentId, fields, calls: job.takeCalls() } } };
  } catch (error) {
    if (error instanceof ApprovalTooOld) {
      const after = returnToApproval(job.request, job.deps.now(), job.deps.policy.approvalTtlMs);
      return { after, event: { what: 'needs_approver', by: { id: after.requester } } };
    }
    const failure = failureOf(job, error);
    const agentId = error instanceof NotApproved ? error.done.agentId : job.request.agentId;
    const { step, cause, changed, reference } = failure;
    const detail = { step, changed, reference, agentId, calls: job.takeCalls() };
    const after = fail(job.request, failure, agentId, job.deps.now());
    return { after, event: { what: 'failed', outcome: cause, detail } };
  }
}

async function run(job: Job): Promise<Pick<SetUp, 'agentId' | 'readBack'>> {
  const { state, intent, hasOldIntent } = job.request;
  const wasInterrupted = state === 'provisioning' && intent !== undefined && hasOldIntent !== true;
  if (state === 'approved') await job.store(startProvisioning, 'provisioning_started');
  if (job.request.waitingUntil !== undefined)
    await job.store((request, at) => amend(request, at, notWaiting), 'waiting_over');
  const { agentId, looksOnly, repairs } = job.request;
  await job.assertMayWrite('preflight', repairs?.agentId ?? agentId);
  if (repairs !== undefined) {
    assertNotLapsed(job, 'repair');
    return { agentId: repairs.agentId, readBack: await configureAgent(job, repairs.agentId) };
  }
  const mustFind = wasInterrupted || looksOnly === true;
  const madeId = agentId ?? (mustFind ? await findCreated(job) : await createOnce(job));
  try {
    return { agentId: madeId, readBack: await configureAgent(job, madeId) };
  } catch (error) {
    if (!(error instanceof NotOurs)) throw error;
    const agentId = await findInsteadOf(job, madeId);
    return { agentId, readBack: await configureAgent(job, agentId) };
  }
}

/** What a person is told. Rethrows what is not for a person: the worker then calls again later. */
function failureOf(job: Job, error: unknown): Failure {
  if (error instanceof TryLater || error instanceof LeaseLost || isAway(error)) throw error;
  // A wait for HaloPSA is no error: it must not use up the patience for one.
  const attempts = job.task.attempts - (job.request.haloWaits ?? 0);
  if (!(error instanceof StepFailed) && attempts < attemptsBeforeGivingUp) throw error;
  const { id, agentId } = job.request;
  const reference = job.deps.newReference();
  job.deps.log.error({ requestId: id, agentId, reference, err: error }, 'provisioning failed');
  return {
    step: error instanceof StepFailed ? error.step : stepOf(job.request),
    cause: error instanceof StepFailed ? error.reason : 'internal',
    detail: error instanceof StepFailed ? error.detail : undefined,
    ...(error instanceof StepFailed && error.trouble),
    changed: error instanceof NotApproved ? error.done.changed : changedBy(job.request),
    reference,
  };
}

function changedBy({ agentId, intent, repairs }: Request): Failure['changed'] {
  if (agentId !== undefined) return repairs === undefined ? 'agent_created' : 'agent_repaired';
  return intent === undefined ? 'nothing' : 'unknown';
}

function stepOf(request: Request): Failure['step'] {
  if (request.agentId !== undefined) return 'read_back';
  if (request.repairs !== undefined) return 'repair';
  return request.intent === undefined ? 'preflight' : 'find';
}
