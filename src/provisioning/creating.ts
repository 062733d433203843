import { setTimeout as pause } from 'node:timers/promises';
import { fields, generated } from '../fields/index.ts';
import { createAgent, type Agent } from '../halo/agents.ts';
import { HaloError, isPassing } from '../halo/errors.ts';
import type { Listed } from '../halo/lists.ts';
import { assertAsApproved } from './as-approved.ts';
import { storeWithClaim } from './claiming.ts';
import { assertNotLapsed, during, StepFailed, waitForHalo, type Job } from './job.ts';
import { describeAgent, sameText } from '../requests/lookalikes.ts';
import { findInTheWay, findMade, listEveryAgent } from './looking.ts';
import { agentFields, merged } from './read-back.ts';
import type { Failure } from '../requests/request.ts';
import { amend } from '../requests/states.ts';

/** Lists younger than this tell what HaloPSA has, in milliseconds. Its agents are asked for anew. */
const freshForMs = 60_000;
const neededLists = [...fields.flatMap(({ gone }) => gone?.list ?? []), 'instance', 'control'] as const;

/**
 * Creates the agent, or finds the one that an earlier run created. Returns its id, which is stored by then.
 * `POST /api/Agent` always makes a new agent and HaloPSA takes duplicates, so it is sent only right after
 * this run saw that no such agent is there.
 * @throws {StepFailed} {TryLater}
 */
export async function createOnce(job: Job): Promise<number> {
  const { halo, instance } = job.deps;
  const { plan, intent } = job.request;
  // What an earlier run may have created is looked for in any case.
  if (intent === undefined) assertNotLapsed(job, 'preflight');
  const directory = await job.deps.directory.refreshIfOlder(freshForMs, neededLists);
  const { listed, inTheWay, made } = await during(job, 'preflight', async () => {
    const all = await listEveryAgent(halo, job.deps.directory);
    const found = intent && (await findMade(halo, plan, all.rows));
    return { listed: all, made: found, inTheWay: found ? [] : await findInTheWay(halo, plan, all.rows) };
  });
  if (made !== undefined) return adopt(job, made, listed);
  if (inTheWay.length > 0)
    throw new StepFailed('preflight', 'duplicate', inTheWay.map(describeAgent).join(', '));
  const gone = fields.flatMap((field) => field.gone?.find(plan, directory) ?? []);
  if (gone.length > 0) throw new StepFailed('preflight', 'gone', gone.join(', '));
  await assertAsApproved(job, 'preflight');
  assertNotLapsed(job, 'preflight');
  // The last thing before the create: whoever confirms it knows that nothing else is in the way.
  if (!listed.isWhole && job.request.createAnyway === undefined)
    throw new StepFailed('preflight', 'list_incomplete');
  await job.assertMayWrite('create');
  await storeWithClaim(job, listed, {
    step: 'preflight',
    what: 'creating',
    change: (at) => ({ intent: { at, instance }, hasOldIntent: undefined }),
  });
  let id: number;
  try {
    const secrets = generated.map(({ send }) => send(directory.control.value));
    const all = merged([agentFields(plan), ...secrets]);
    ({ id } = await createAgent(halo, all, () => job.assertMayWrite('create')));
  } catch (error) {
    if (error instanceof StepFailed)
      await job.store((request, at) => amend(request, at, { intent: undefined }), 'create_not_taken');
    if (!(error instanceof HaloError)) throw error;
    return afterFailedCreate(job, error);
  }
  if (listed.rows.some((agent) => agent.id === id)) return findCreated(job, answeredOtherId(id));
  await job.store((request, at) => amend(request, at, { agentId: id }), 'created');
  return id;
}

function answeredOtherId(id: number): Doubt {
  return { code: `ID ${id}, which is another agent’s` };
}

/**
 * The agent with the id that HaloPSA answered, and that is stored, has neither the name nor the address of the plan: it
 * is another one, and so is the outcome of the create unknown. Looks for ours and creates nothing.
 * @throws {StepFailed} {TryLater}
 */
export async function findInsteadOf(job: Job, id: number): Promise<number> {
  await job.store((request, at) => amend(request, at, { agentId: undefined }), 'not_ours');
  return findCreated(job, answeredOtherId(id));
}

type Doubt = Pick<Failure, 'detail' | 'code' | 'at'>;

/**
 * Looks for the agent of a create whose answer never came, or was no answer. Creates nothing. `doubt`: what is known of
 * that answer.
 * @throws {StepFailed} {TryLater}
 */
export async function findCreated(job: Job, { detail, code, at }: Doubt = {}): Promise<number> {
  const found = await search(job);
  if (typeof found === 'string') throw new StepFailed('find', 'outcome_unknown', detail, { code, at });
  // Once it was proved that nothing was created, such an agent is somebody else's.
  if (job.request.intent === undefined) throw new StepFailed('find', 'duplicate', describeAgent(found.agent));
  return adopt(job, found.agent, found.listed);
}

type Found = { agent: Agent & { id: number }; listed: Listed<Agent> };

/**
 * Looks for as long as HaloPSA may take to show a new agent. `absent`: it was not there at the last look; `not_seen`: nor
 * was all that HaloPSA has.
 */
async function search(job: Job, rejection?: string): Promise<Found | 'absent' | 'not_seen'> {
  const { halo } = job.deps;
  // Whoever confirmed a create without a whole list did so for one.
  await job.store(
    (request, at) => amend(request, at, { isSearching: true, rejection, createAnyway: undefined }),
    'looking',
  );
  let failure: HaloError | undefined;
  let isWhole = false;
  for (const delayMs of [0, ...job.deps.lookAgainAfterMs]) {
    await pause(delayMs);
    try {
      const listed = await listEveryAgent(halo, job.deps.directory);
      const agent = await findMade(halo, job.request.plan, listed.rows);
      if (agent !== undefined) return { agent, listed };
      isWhole = listed.isWhole && !mayBeUnnumbered(job, listed);
      failure = undefined;
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      failure = error;
    }
  }
  if (failure === undefined) return isWhole ? 'absent' : 'not_seen';
  if (isPassing(failure.kind)) return waitForHalo(job, 'find', failure.kind, failure);
  throw StepFailed.at('find', failure);
}

/** A row that has its name or address, and no id by which it could be taken for ours. */
function mayBeUnnumbered({ request: { plan } }: Job, { rows }: Listed<Agent>): boolean {
  return rows.some(
    ({ id, name, email }) => id === undefined && (sameText(name, plan.name) || sameText(email, plan.email)),
  );
}

async function afterFailedCreate(job: Job, error: HaloError): Promise<number> {
  if (neverReached(error)) {
    await job.store((request, at) => amend(request, at, { intent: undefined }), 'create_not_taken');
    return isPassing(error.kind) ? waitForHalo(job, 'create', error.kind, error) : failed('create', error);
  }
  switch (error.kind) {
    case 'outcome_unknown':
    case 'unexpected_response':
    case 'too_slow':
    case 'unavailable':
      return findCreated(job, error);
    case 'not_halopsa': {
      // Whatever answered may have passed the create on before.
      const found = await search(job);
      return typeof found === 'string' ? failed('create', error) : adopt(job, found.agent, found.listed);
    }
    case 'invalid': {
      // Nothing proves that HaloPSA refuses before it writes: look before saying that nothing was created.
      const found = await search(job, error.detail ?? '');
      if (typeof found !== 'string') return adopt(job, found.agent, found.listed);
      if (found === 'not_seen') throw new StepFailed('find', 'outcome_unknown', error.detail);
      break;
    }
    case 'rate_limited':
    case 'held_back':
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
      break;
  }
  await job.store((request, at) => amend(request, at, { intent: undefined }), 'create_refused');
  return failed('create', error);
}

/** It ended before the create left, or HaloPSA and whatever is in front of it say that they didn't take it. */
function neverReached({ kind, isSignIn, status }: HaloError): boolean {
  // A write whose outcome is not known is never `unavailable`.
  return isSignIn || status === 407 || ['rate_limited', 'held_back', 'unavailable'].includes(kind);
}

function failed(step: Failure['step'], error: HaloError): never {
  throw StepFailed.at(step, error);
}

/** One that a request has for its own is not taken from it. */
async function adopt(job: Job, { id }: { id: number }, listed: Listed<Agent>): Promise<number> {
  const { instance } = job.deps;
  const { intent } = job.request;
  await storeWithClaim(job, listed, {
    step: 'find',
    what: 'found',
    change: (at) => ({
      intent: { at, ...intent, instance },
      agentId: id,
      adopted: true,
      isSearching: undefined,
      rejection: undefined,
    }),
  });
  return id;
}
