import type { Logger } from 'pino';
import { getAgent, type AgentDetails } from '../halo/agents.ts';
import type { HaloClient } from '../halo/client.ts';
import { HaloError } from '../halo/errors.ts';
import type { Db, Tx } from '../storage/database.ts';
import { releaseClaims, takeFreeClaims } from '../requests/claims.ts';
import { getRequest, listRequestsOfAgent, replaceRequest } from '../requests/store.ts';
import { addTasks } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { checkDriftLater, driftNews, postDrift, redraw } from '../requests/follow-up.ts';
import { compareWithPlan } from './read-back.ts';
import type { ReadBack, Request } from '../requests/request.ts';
import { amend, isSetUp, type Checked, type SetUp } from '../requests/states.ts';

type DriftDeps = {
  db: Db;
  halo: HaloClient;
  /** The origin of its address. */
  instance: string;
  /** Epoch milliseconds. */
  now: () => number;
};

/** Nobody waits for the check, so a HaloPSA that has trouble is left alone for long. */
const tryAgainMs = 3_600_000;

/**
 * Compares an agent with the plan of the request that set it up last, and does so again a day later: one GET per
 * agent and day. What differs is told once. While HaloPSA does not answer nobody is told anything.
 */
export function checkDriftHandler(deps: DriftDeps & { log: Logger }): Handler {
  const { db, now, log } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const { setUpBy: before } = request === undefined ? {} : await requestsOfAgent(db, request);
    // A repair that is done has a check of its own.
    if (before?.id !== task.request_id) return async () => {};
    const after = await compared(deps, before).catch((error: unknown) => {
      if (!(error instanceof HaloError)) throw error;
      log.warn({ requestId: before.id, agentId: before.agentId, err: error }, 'agent could not be compared');
      const delayMs = error.kind === 'held_back' ? error.retryAfterMs : undefined;
      throw new TryLater(delayMs ?? tryAgainMs, `HaloPSA: ${error.kind}`);
    });
    const { id: requestId, agentId, drift } = after;
    log.info({ requestId, agentId, differs: drift?.fields.map(({ field }) => field) }, 'agent compared');
    return async (tx) => {
      if (!(await storeDrift(tx, before, after, deps)))
        throw new Error('The request was changed while its agent was compared');
      await addTasks(tx, [checkDriftLater(after, now())]);
    };
  };
}

/** The same at once, because somebody asks. @throws {HaloError} */
export async function checkDriftNow(deps: DriftDeps, request: Request): Promise<Checked> {
  for (;;) {
    const { setUpBy } = await requestsOfAgent(deps.db, request);
    if (setUpBy === undefined) return { found: 'never_set_up' };
    if (setUpBy.id !== request.id) return { found: 'set_up_since', setUpBy };
    const after = await compared(deps, setUpBy);
    const store = (tx: Tx) => storeDrift(tx, setUpBy, after, deps);
    if (await deps.db.transaction().execute(store)) return { found: 'compared', request: after };
  }
}

/** Of the agent of this request: which request set it up last, and which was the last that was asked to repair it. */
export async function requestsOfAgent(
  db: Db,
  { teamId, agentId }: Request,
): Promise<{ setUpBy?: SetUp | undefined; lastRepair?: Request | undefined }> {
  if (agentId === undefined) return {};
  const all = await listRequestsOfAgent(db, teamId, agentId);
  return { setUpBy: all.find(isSetUp), lastRepair: all.find(({ repairs }) => repairs !== undefined) };
}

/** Another request has set the agent up: what was found before no longer applies. */
export async function forgetDrift(tx: Tx, id: string): Promise<void> {
  const before = await getRequest(tx, id);
  if (before?.drift === undefined) return;
  const after = amend(before, before.updatedAt, { drift: undefined });
  if (!(await replaceRequest(tx, before, after, { tasks: [redraw(after)] })))
    throw new Error('The request was changed while its agent was repaired');
}

/** The request with what differs now; the same object when that is nothing new. @throws {HaloError} */
async function compared({ halo, now }: DriftDeps, request: SetUp): Promise<SetUp> {
  const drift = driftFrom(request, await readAgent(halo, request), now());
  // The request itself ended when it ended: a check does not make it younger.
  return JSON.stringify(drift) === JSON.stringify(request.drift)
    ? request
    : amend(request, request.updatedAt, { drift });
}

async function readAgent(halo: HaloClient, { agentId }: SetUp): Promise<AgentDetails | undefined> {
  try {
    return await getAgent(halo, agentId);
  } catch (error) {
    if (error instanceof HaloError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/**
 * What HaloPSA reports otherwise than planned, and otherwise than when the request ended: what it did not keep then
 * was told then. Of fields that it does not report nothing is known.
 */
function driftFrom(
  { plan, readBack, drift }: SetUp,
  agent: AgentDetails | undefined,
  at: number,
): Request['drift'] {
  if (agent === undefined)
    return drift?.goneSince === undefined ? { newsAt: at, fields: [], goneSince: at } : drift;
  const fields = compareWithPlan(plan, agent)
    .filter((field) => field.outcome === 'different' && sameIn(readBack, field) === undefined)
    .map((field) => ({ ...field, since: sameIn(drift?.fields ?? [], field)?.since ?? at }));
  if (fields.length === 0) return undefined;
  const hasNews = drift === undefined || fields.some((field) => sameIn(drift.fields, field) === undefined);
  return { newsAt: hasNews ? at : drift.newsAt, fields };
}

function sameIn<T extends ReadBack>(list: readonly T[], { field, reported }: ReadBack): T | undefined {
  return list.find((one) => one.field === field && one.outcome === 'different' && one.reported === reported);
}

/** @returns false when somebody was faster: nothing is stored then. */
async function storeDrift(
  tx: Tx,
  before: SetUp,
  after: SetUp,
  { instance, now }: Pick<DriftDeps, 'instance' | 'now'>,
): Promise<boolean> {
  if (after === before) return true;
  const at = now();
  const isNews = driftNews(before) !== driftNews(after);
  const what = after.drift === undefined ? 'drift_over' : 'drift_found';
  return replaceRequest(tx, before, after, {
    tasks: isNews ? [postDrift(after, at), redraw(after)] : [],
    ...(isNews && { event: { what, at } }),
    also: () => followAgent(tx, before, after, instance),
  });
}

/** While HaloPSA has no such agent, nobody claims its name and address: another request may have them. */
async function followAgent(tx: Tx, before: SetUp, after: SetUp, instance: string): Promise<void> {
  if (isGone(before) === isGone(after)) return;
  const requests = await listRequestsOfAgent(tx, after.teamId, after.agentId);
  if (isGone(after)) {
    const ids = requests.map(({ id }) => id);
    return releaseClaims(tx, ids, instance);
  }
  const maker = requests.find(({ repairs }) => repairs === undefined);
  if (maker !== undefined) await takeFreeClaims(tx, maker, instance);
}

function isGone({ drift }: Request): boolean {
  return drift?.goneSince !== undefined;
}
