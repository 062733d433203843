import type { Logger } from 'pino';
import type { HaloClient, WatchableHaloClient } from '../halo/client.ts';
import type { Directory } from '../halo/directory.ts';
import type { RoleReader } from '../halo/role-rights.ts';
import { HaloError, isPassing, type PassingKind } from '../halo/errors.ts';
import type { AuditedCall, EventWhat } from '../storage/audit/record.ts';
import { linkedAuditOf } from '../storage/audit/audit.ts';
import type { Db } from '../storage/database.ts';
import { replaceRequest } from '../requests/store.ts';
import type { Task } from '../storage/tasks.ts';
import { TryLater, type Save } from '../storage/worker.ts';
import { redraw } from '../requests/follow-up.ts';
import { doneByRecords, refusedAtGate, type GateAnswer } from '../requests/gate.ts';
import type { Policy } from '../requests/policy.ts';
import type { Failure, Request } from '../requests/request.ts';
import { amend, hasLapsed } from '../requests/states.ts';

export type ProvisioningDeps = {
  db: Db;
  halo: WatchableHaloClient;
  /** The origin of its address. */
  instance: string;
  directory: Directory;
  roles: RoleReader;
  policy: Policy;
  now: () => number;
  log: Logger;
  newReference: () => string;
  /** Pauses in milliseconds between looks at HaloPSA, which may show a new agent late. */
  lookAgainAfterMs: readonly number[];
  /** Pauses in milliseconds before HaloPSA is asked again while it is out of reach; after the last one a person is told. */
  waitForHaloMs: readonly number[];
};

/** One run of one approved request. `request` is always the stored one. */
export type Job = {
  readonly deps: Omit<ProvisioningDeps, 'halo'> & { halo: HaloClient };
  readonly task: Task;
  request: Request;
  /** Stores what became known before the next call to HaloPSA. @throws {ClaimTaken} */
  store(change: (request: Request, at: number) => Request, what: EventWhat): Promise<void>;
  /**
   * The calls to HaloPSA since they were last taken, for the record that is written next. Those of a run that ends
   * before that record, because its process dies, are in its log alone; so is the sign-in, which all runs share.
   */
  takeCalls: () => AuditedCall[];
  /**
   * The last gate before a write to HaloPSA: this process still holds the task, and the audit has the approval of exactly
   * this. `agentId`: the agent to be changed; undefined: one is to be created.
   * @throws {LeaseLost} {ApprovalTooOld} {NotApproved}
   */
  assertMayWrite: (step: Failure['step'], agentId?: number) => Promise<void>;
};

export function openJob(deps: ProvisioningDeps, task: Task, save: Save, request: Request): Job {
  let calls: AuditedCall[] = [];
  const halo = deps.halo.watchedBy(({ method, path, status, kind }) =>
    calls.push({ method, path, status, kind }),
  );
  const takeCalls = () => {
    const taken = calls;
    calls = [];
    return taken;
  };
  return {
    deps: { ...deps, halo },
    task,
    request,
    takeCalls,
    async assertMayWrite(step, agentId) {
      const records = await save((tx) => linkedAuditOf(tx, this.request.id));
      const refused = refusedAtGate(this.request, records, { agentId }, deps.policy.soloDelayMs);
      if (refused === undefined) return;
      if (refused === 'before_audit' && isUntouched(this.request)) throw new ApprovalTooOld(this.request.id);
      deps.log.fatal(
        { requestId: this.request.id, agentId, step, refused },
        'ALARM: write to HaloPSA stopped',
      );
      throw new NotApproved(step, refused, doneByRecords(records));
    },
    async store(change, what) {
      const before = this.request;
      const after = change(before, deps.now());
      const taken = takeCalls();
      const stored = await save((tx) =>
        replaceRequest(tx, before, after, {
          tasks: looksOther(before, after) ? [redraw(after)] : [],
          event: { what, detail: { calls: taken, agentId: after.agentId ?? before.agentId } },
        }),
      ).catch((error: unknown) => {
        calls = [...taken, ...calls];
        throw error;
      });
      if (!stored) throw new Error('The request was changed during its provisioning');
      this.request = after;
      const { id: requestId, state, agentId } = after;
      deps.log.info({ requestId, state, agentId, step: what }, 'provisioning went on');
    },
  };
}

/** Does the card show anything of this change? */
function looksOther(before: Request, after: Request): boolean {
  return (
    before.state !== after.state ||
    before.waitingUntil !== after.waitingUntil ||
    before.isSearching !== after.isSearching
  );
}

/** Nothing was sent to HaloPSA for it so far. */
function isUntouched({ intent, agentId }: Request): boolean {
  return intent === undefined && agentId === undefined;
}

/** The approval is from before the audit: it must be given again. */
export class ApprovalTooOld extends Error {
  override readonly name = 'ApprovalTooOld';
}

/** The story of this run ends here, for a reason that a person must read. */
export class StepFailed extends Error {
  override readonly name: string = 'StepFailed';
  readonly step: Failure['step'];
  readonly reason: Failure['cause'];
  readonly detail: string | undefined;
  /** Of an error of HaloPSA: what it was about. */
  readonly trouble: Pick<Failure, 'rights' | 'code' | 'at'>;
  constructor(
    step: Failure['step'],
    reason: Failure['cause'],
    detail?: string,
    trouble: Pick<Failure, 'rights' | 'code' | 'at'> = {},
  ) {
    super(`${step}: ${reason}`);
    this.step = step;
    this.reason = reason;
    this.detail = detail;
    this.trouble = trouble;
  }

  static at(step: Failure['step'], error: HaloError): StepFailed {
    const { kind, detail, rights, code, at } = error;
    return new StepFailed(step, kind, detail, { rights, code, at });
  }
}

/** An alarm: the row is not to be believed, so what was done comes from the records. */
export class NotApproved extends StepFailed {
  readonly done: ReturnType<typeof doneByRecords>;
  constructor(step: Failure['step'], refused: GateAnswer, done: ReturnType<typeof doneByRecords>) {
    super(step, 'not_approved', refused.replaceAll('_', ' '));
    this.done = done;
  }
}

/** An approval that could not be carried out in time allows nothing any more. @throws {StepFailed} */
export function assertNotLapsed({ request, deps }: Job, step: Failure['step']): void {
  if (hasLapsed(request, deps.now())) throw new StepFailed(step, 'lapsed');
}

/** HaloPSA counts calls over five minutes and was never seen to say how long to wait: the pauses grow to this. */
const longestPauseMs = 60_000;

/**
 * Calls HaloPSA as part of `step`. Its errors end the run, but for those that pass by themselves: they make it wait.
 * @throws {StepFailed} {TryLater}
 */
export async function during<T>(job: Job, step: Failure['step'], call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    if (isPassing(error.kind)) return waitForHalo(job, step, error.kind, error);
    throw StepFailed.at(step, error);
  }
}

/** Says on the card how long and why it waits, and goes on then; for so many times. @throws {StepFailed} {TryLater} */
export async function waitForHalo(
  job: Job,
  step: Failure['step'],
  because: PassingKind,
  error: HaloError,
): Promise<never> {
  const { haloWaits = 0 } = job.request;
  const pauseMs = job.deps.waitForHaloMs[haloWaits];
  // What our own budget holds back always goes on: HaloPSA did nothing wrong.
  if (pauseMs === undefined && because !== 'held_back') throw StepFailed.at(step, error);
  const wantedMs = error.retryAfterMs ?? pauseMs ?? longestPauseMs;
  const delayMs = Math.min(wantedMs, untilItLapses(job));
  await job.store(
    (request, at) =>
      amend(request, at, {
        waitingUntil: at + delayMs,
        waitingBecause: because,
        haloWaits: haloWaits + 1,
      }),
    'waiting_for_halo',
  );
  throw new TryLater(delayMs, `HaloPSA: ${because}`);
}

/** Milliseconds. There is no use in waiting longer than the approval holds; what may have been created is looked for all the same. */
function untilItLapses({ request, deps }: Job): number {
  const { executeBy, intent, agentId } = request;
  if (executeBy === undefined || intent !== undefined || agentId !== undefined) return Infinity;
  return Math.max(0, executeBy - deps.now());
}
