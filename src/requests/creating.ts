import { createAgent, getAgent, listAgents, searchAgents, type Agent } from '../halo/agents.ts';
import { HaloError, isPassing } from '../halo/errors.ts';
import { listRequestsSince } from '../storage/requests.ts';
import { assertNotLapsed, during, pause, StepFailed, waitForHalo, type Job } from './job.ts';
import { describeAgent, sameText } from './lookalikes.ts';
import { generatePassword } from './password.ts';
import { goneFromHalo } from './preflight.ts';
import { agentFields } from './read-back.ts';
import { assertRolesAsApproved } from './role-check.ts';
import { amend, endedStates, openStates } from './states.ts';

/** Lists younger than this tell what HaloPSA has, in milliseconds. Its agents are asked for anew. */
const freshForMs = 60_000;
const mostRequests = 500;

/**
 * Creates the agent, or finds the one that an earlier run created. Returns its id, which is stored by then.
 * `POST /api/Agent` always makes a new agent and HaloPSA takes duplicates, so it is sent only right after
 * this run saw that no such agent is there.
 * @throws {StepFailed} {TryLater}
 */
export async function createOnce(job: Job): Promise<number> {
  const { halo } = job.deps;
  const { plan, intent } = job.request;
  // What an earlier run may have created is looked for in any case.
  if (intent === undefined) assertNotLapsed(job, 'preflight');
  const directory = await job.deps.directory.refreshIfOlder(freshForMs);
  const { inTheWay, made } = await during(job, 'preflight', async () => {
    const all = await listAgents(halo);
    const found = intent && (await findMade(job, all));
    return { made: found, inTheWay: found === undefined ? await findInTheWay(job, all) : [] };
  });
  if (made !== undefined) return adopt(job, made);
  if (inTheWay.length > 0)
    throw new StepFailed('preflight', 'duplicate', inTheWay.map(describeAgent).join(', '));
  const gone = goneFromHalo(plan, directory);
  if (gone.length > 0) throw new StepFailed('preflight', 'gone', gone.join(', '));
  await assertRolesAsApproved(job, 'preflight');
  assertNotLapsed(job, 'preflight');
  await job.assertMayWrite('create');
  await job.store((request, at) => amend(request, at, { intent: { at } }), 'creating');
  await assertAlone(job);
  try {
    const password = generatePassword(directory.control.value.password_char_length);
    const fields = { ...agentFields(plan), password };
    const { id } = await createAgent(halo, fields, () => job.assertMayWrite('create'));
    await job.store((request, at) => amend(request, at, { agentId: id }), 'created');
    return id;
  } catch (error) {
    if (error instanceof StepFailed)
      await job.store((request, at) => amend(request, at, { intent: undefined }), 'create_not_taken');
    if (!(error instanceof HaloError)) throw error;
    return afterFailedCreate(job, error);
  }
}

/** HaloPSA may show the agent of another request so late, in milliseconds. */
const mayBeHiddenMs = 60_000;

/**
 * Two forms for the same agent, submitted in the same moment, do not see each other. Each run looks for the other's
 * intent after its own is stored, so at most one of them goes on. @throws {StepFailed}
 */
async function assertAlone(job: Job): Promise<void> {
  const { deps, request } = job;
  const { id, teamId, plan } = request;
  const lately = { open: openStates, ended: endedStates, since: deps.now() - mayBeHiddenMs };
  const others = (await listRequestsSince(deps.db, teamId, lately, mostRequests)).filter(
    (other) =>
      other.id !== id &&
      other.intent !== undefined &&
      (sameText(other.plan.name, plan.name) || sameText(other.plan.email, plan.email)),
  );
  if (others.length === 0) return;
  await job.store((before, at) => amend(before, at, { intent: undefined }), 'not_alone');
  throw new StepFailed('preflight', 'not_alone', others.map(({ number }) => `NEO-${number}`).join(', '));
}

/**
 * Looks for the agent of a create whose answer never came, or was no answer (`lost`). Creates nothing.
 * @throws {StepFailed} {TryLater}
 */
export async function findCreated(job: Job, lost?: HaloError): Promise<number> {
  const made = await search(job);
  if (made === undefined) throw new StepFailed('find', 'outcome_unknown', lost?.detail);
  return adopt(job, made);
}

/** Looks for as long as HaloPSA may take to show a new agent. Undefined: it was not there at the last look. */
async function search(job: Job): Promise<Agent | undefined> {
  await job.store((request, at) => amend(request, at, { isSearching: true }), 'looking');
  let failure: HaloError | undefined;
  for (const delayMs of [0, ...job.deps.lookAgainAfterMs]) {
    await pause(delayMs);
    try {
      const made = await findMade(job, await listAgents(job.deps.halo));
      if (made !== undefined) return made;
      failure = undefined;
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      failure = error;
    }
  }
  if (failure === undefined) return undefined;
  if (isPassing(failure.kind)) return waitForHalo(job, 'find', failure.kind, failure);
  throw StepFailed.at('find', failure);
}

async function afterFailedCreate(job: Job, error: HaloError): Promise<number> {
  switch (error.kind) {
    case 'outcome_unknown':
    case 'unexpected_response':
      return findCreated(job, error);
    case 'invalid': {
      // Nothing proves that HaloPSA refuses before it writes: look before saying that nothing was created.
      const made = await search(job);
      if (made !== undefined) return adopt(job, made);
      break;
    }
    case 'rate_limited':
    case 'unavailable':
      await job.store((request, at) => amend(request, at, { intent: undefined }), 'create_not_taken');
      return waitForHalo(job, 'create', error.kind, error);
    case 'unauthorized':
    case 'forbidden':
    case 'not_found':
      break;
  }
  await job.store((request, at) => amend(request, at, { intent: undefined }), 'create_refused');
  throw StepFailed.at('create', error);
}

async function adopt(job: Job, agent: Agent): Promise<number> {
  await job.store(
    (request, at) => amend(request, at, { agentId: agent.id, adopted: true, isSearching: undefined }),
    'found',
  );
  return agent.id;
}

/** Everybody who has the planned name or email address. Where the rows show no emails, each who may have it is read alone. */
async function findInTheWay(job: Job, agents: readonly Agent[]): Promise<Agent[]> {
  const { name, email } = job.request.plan;
  const listed = agents.filter((agent) => sameText(agent.name, name) || sameText(agent.email, email));
  if (listed.length > 0 || agents.every((agent) => agent.email !== undefined)) return listed;
  const likely = await searchAgents(job.deps.halo, email);
  const read = await Promise.all(likely.map(({ id }) => getAgent(job.deps.halo, id)));
  return read.filter((agent) => sameText(agent.email, email));
}

/** There was no agent with this name or email when the intent was stored: one with both is ours. */
async function findMade(job: Job, agents: readonly Agent[]): Promise<Agent | undefined> {
  const { plan } = job.request;
  for (const agent of agents.filter((one) => one.name === plan.name)) {
    // Not every build lists the email.
    const email = agent.email ?? (await getAgent(job.deps.halo, agent.id)).email;
    if (sameText(email, plan.email)) return agent;
  }
  return undefined;
}
