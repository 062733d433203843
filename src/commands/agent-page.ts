import { getAgent } from '../halo/agents.ts';
import { listApplications } from '../halo/applications.ts';
import { HaloError } from '../halo/errors.ts';
import { checkNeoApplication } from '../requests/neo-application.ts';
import { mayReadHalo, type Person } from '../requests/policy.ts';
import { isSetUp, setUpStates } from '../requests/states.ts';
import { findRequestByAgent, listRequests } from '../requests/store.ts';
import type { ApplicationCheck } from '../views/application-check.ts';
import { statusNotFound } from '../views/help.ts';
import { words, type Message } from '../views/message.ts';
import { tooManyLookUps } from '../views/refusals.ts';
import { escape } from '../views/text.ts';
import { agentAnswer, agentFacts, haloDidNotAnswer } from '../views/status.ts';
import type { Dependencies } from '../actions/dependencies.ts';

/**
 * One agent: what this app has set up is compared with the guide, and others only on request, because most of them are
 * people. @throws {HaloError}
 */
export async function agentPage(
  deps: Dependencies,
  id: number,
  { compares }: { compares: boolean },
): Promise<Message> {
  const { db, halo, identity } = deps;
  if (id === 0) return notFound('No agent of HaloPSA has such an ID.', await newestAgent(deps));
  try {
    const [agent, madeBy] = await Promise.all([
      getAgent(halo, id),
      findRequestByAgent(db, identity.teamId, id),
    ]);
    return madeBy === undefined && !compares
      ? agentFacts(agent)
      : agentAnswer(agent, madeBy, await checkApplication(deps, id));
  } catch (error) {
    if (error instanceof HaloError && error.kind === 'not_found')
      return notFound(`HaloPSA has no agent with ID ${id}.`, await newestAgent(deps));
    throw error;
  }
}

/** The agent with this id, for who may read of it; every member may of those that this app has set up. */
export async function agentPageFor(
  deps: Dependencies,
  reader: Person,
  id: number,
  compares = false,
): Promise<Message> {
  const isOurs = async () => (await findRequestByAgent(deps.db, deps.identity.teamId, id)) !== undefined;
  if (!mayReadHalo(reader, deps.config.policy) && !(await isOurs()))
    return notFound(`This app hasn’t set up an agent with ID ${id}.`, await newestAgent(deps));
  return askHalo(deps, reader, () => agentPage(deps, id, { compares }));
}

/** An application that may not list the others, as the guide has it, still reads the agent. */
async function checkApplication(
  { halo, ownClientId, log, newReference }: Dependencies,
  agentId: number,
): Promise<ApplicationCheck> {
  try {
    const { rows, isWhole } = await listApplications(halo);
    return checkNeoApplication({ rows, isWhole }, { agentId, ownClientId });
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    const reference = newReference();
    log.warn({ err: error, reference, agentId }, 'API applications could not be listed');
    return { found: 'failed', error, reference };
  }
}

/** Asks HaloPSA for somebody, as often as they may ask; what HaloPSA does not answer is said, with a reference. */
export async function askHalo(
  { log, newReference, countLookUp }: Dependencies,
  reader: Person,
  ask: () => Promise<Message>,
): Promise<Message> {
  const waitMs = countLookUp(reader.id);
  if (waitMs > 0) return words(tooManyLookUps(waitMs));
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    const reference = newReference();
    log.warn({ err: error, reference }, 'HaloPSA did not answer a status question');
    return haloDidNotAnswer(error, reference);
  }
}

/** `near`: the nearest thing that there is, as a sentence. */
export function notFound(what: string, near: string | undefined): Message {
  return words(statusNotFound(what, near));
}

async function newestAgent({ db, identity }: Dependencies): Promise<string | undefined> {
  const { requests } = await listRequests(db, identity.teamId, setUpStates, 1);
  const newest = requests.find(isSetUp);
  return newest && `The newest one set up here is ${escape(newest.plan.name)} (ID ${newest.agentId}).`;
}
