import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { getAgent, listAgents, type Agent } from '../halo/agents.ts';
import { HaloError } from '../halo/errors.ts';
import { sameText } from '../requests/lookalikes.ts';
import { openStates } from '../requests/states.ts';
import type { Message } from '../slack/posting.ts';
import { auditOfRequest } from '../storage/audit.ts';
import { findRequestByAgent, findRequestByNumber, listRequests } from '../storage/requests.ts';
import { echo, statusHelp, statusNotFound } from '../views/help.ts';
import { historyAnswer } from '../views/history.ts';
import { commandNames } from '../views/ids.ts';
import { cannotCheck, statusRefusal } from '../views/refusals.ts';
import {
  agentAnswer,
  agentsAnswer,
  haloDidNotAnswer,
  overviewAnswer,
  requestAnswer,
} from '../views/status.ts';
import { section } from '../views/text.ts';
import { whoIs } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { readStatusQuery } from './status-query.ts';

const commandSchema = z.object({ text: z.string().default(''), user_id: z.string() });

type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;

const mostListed = 10;

export function registerNeoStatus(app: App, deps: Dependencies): void {
  app.command(commandNames.status, (args) => neoStatus(args, deps));
}

/** Somebody types `/neo-status`: acknowledged at once, answered to them alone. */
async function neoStatus({ command, ack, respond }: CommandArgs, deps: Dependencies): Promise<void> {
  const { text, user_id: userId } = commandSchema.parse(command);
  await ack();
  const answer = (message: Message) => respond({ response_type: 'ephemeral', ...message });
  const person = deps.people.known(userId) ?? (await whoIs(deps, { id: userId }));
  if ('reference' in person) await answer(words(cannotCheck(person.reference)));
  else if (person.standing !== 'member') await answer(words(statusRefusal(person.standing)));
  else await answer(await tell(deps, text));
}

async function tell(deps: Dependencies, text: string): Promise<Message> {
  const { db, identity } = deps;
  const query = readStatusQuery(text);
  switch (query.ask) {
    case 'overview': {
      const open = await listRequests(db, identity.teamId, openStates, mostListed);
      return overviewAnswer(open, await listRequests(db, identity.teamId, [], mostListed));
    }
    case 'help':
      return words(statusHelp());
    case 'request': {
      const request = await findRequestByNumber(db, identity.teamId, query.number);
      return request === undefined ? notFound(`There is no request ${echo(text)}.`) : requestAnswer(request);
    }
    case 'history': {
      const request = await findRequestByNumber(db, identity.teamId, query.number);
      if (request === undefined) return notFound(`There is no request ${echo(text)}.`);
      return historyAnswer(request, await auditOfRequest(db, request.id), query.page);
    }
    case 'agent':
      return askHalo(deps, () => tellAgent(deps, query.id));
    case 'email':
      return askHalo(deps, () =>
        tellAgents(deps, text, (agents) => agents.filter(({ email }) => sameText(email, query.email))),
      );
    case 'name':
      return askHalo(deps, () => tellAgents(deps, text, (agents) => byName(agents, query.name)));
  }
}

async function tellAgent({ db, halo, identity }: Dependencies, id: number): Promise<Message> {
  if (id === 0) return notFound('No agent of HaloPSA has such an ID.');
  try {
    return agentAnswer(await getAgent(halo, id), await findRequestByAgent(db, identity.teamId, id));
  } catch (error) {
    if (error instanceof HaloError && error.kind === 'not_found')
      return notFound(`HaloPSA has no agent with ID ${id}.`);
    throw error;
  }
}

/** One match is told in full, several are listed. */
async function tellAgents(
  deps: Dependencies,
  text: string,
  choose: (agents: readonly Agent[]) => Agent[],
): Promise<Message> {
  const found = choose(await listAgents(deps.halo));
  const [first] = found;
  if (first === undefined) return notFound(`HaloPSA has no agent “${echo(text)}”.`);
  return found.length === 1
    ? tellAgent(deps, first.id)
    : agentsAnswer(found.slice(0, mostListed), found.length);
}

/** The exact name if there is one, else every name that contains the words. */
function byName(agents: readonly Agent[], name: string): Agent[] {
  const exact = agents.filter((agent) => sameText(agent.name, name));
  if (exact.length > 0) return exact;
  return agents.filter((agent) => agent.name.toLowerCase().includes(name.trim().toLowerCase()));
}

async function askHalo({ log, newReference }: Dependencies, ask: () => Promise<Message>): Promise<Message> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    const reference = newReference();
    log.warn({ err: error, reference }, 'HaloPSA did not answer a status question');
    return haloDidNotAnswer(error, reference);
  }
}

function notFound(what: string): Message {
  return words(statusNotFound(what));
}

function words(text: string): Message {
  return { text, blocks: [section(text)] };
}
