import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Agent } from '../halo/agents.ts';
import { sameText } from '../requests/lookalikes.ts';
import { listEveryAgent } from '../requests/looking.ts';
import type { Person } from '../requests/policy.ts';
import type { Message } from '../slack/posting.ts';
import { auditOfRequest } from '../storage/audit.ts';
import { findRequestByNumber } from '../storage/requests.ts';
import { echo, statusHelp } from '../views/help.ts';
import { historyAnswer } from '../views/history.ts';
import { commandNames } from '../views/ids.ts';
import { agentsAnswer } from '../views/status.ts';
import { section } from '../views/text.ts';
import type { Dependencies } from './dependencies.ts';
import { readerOf, tellOverview, tellRequest } from './status-pages.ts';
import { readStatusQuery } from './status-query.ts';
import { askHalo, notFound, tellAgent } from './tell-agent.ts';

const commandSchema = z.object({ text: z.string().default(''), user_id: z.string() });

type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;

const mostListed = 10;

export function registerNeoStatus(app: App, deps: Dependencies): void {
  app.command(commandNames.status, (args) => neoStatus(args, deps));
}

/** Somebody types `/neo-status`: acknowledged at once, answered to them alone. */
async function neoStatus({ command, ack, respond, client }: CommandArgs, deps: Dependencies): Promise<void> {
  const { text, user_id: userId } = commandSchema.parse(command);
  await ack();
  const answer = (message: Message) => respond({ response_type: 'ephemeral', ...message });
  const who = await readerOf(deps, { id: userId });
  await answer('refusal' in who ? words(who.refusal) : await tell(deps, client, who.reader, text));
}

async function tell(deps: Dependencies, client: WebClient, reader: Person, text: string): Promise<Message> {
  const { db, identity } = deps;
  const query = readStatusQuery(text);
  switch (query.ask) {
    case 'overview':
      return tellOverview(deps, reader, 0);
    case 'help':
      return words(statusHelp());
    case 'request': {
      const request = await findRequestByNumber(db, identity.teamId, query.number);
      return request === undefined
        ? notFound(`There is no request ${echo(text)}.`)
        : tellRequest(deps, client, { request, reader });
    }
    case 'history': {
      const request = await findRequestByNumber(db, identity.teamId, query.number);
      if (request === undefined) return notFound(`There is no request ${echo(text)}.`);
      return historyAnswer(request, await auditOfRequest(db, request.id), query.page);
    }
    case 'agent':
      return askHalo(deps, reader, () => tellAgent(deps, query.id, { compares: false }));
    case 'email':
      return tellAgents(deps, reader, text, (agents) =>
        agents.filter(({ email }) => sameText(email, query.email)),
      );
    case 'name':
      return tellAgents(deps, reader, text, (agents) => byName(agents, query.name));
  }
}

/**
 * One match is told in full, several are listed. The list in memory is good enough to find agents; that there is none is
 * said of HaloPSA's list of this moment.
 */
async function tellAgents(
  deps: Dependencies,
  reader: Person,
  text: string,
  choose: (agents: readonly Agent[]) => Agent[],
): Promise<Message> {
  const inMemory = choose(deps.directory.current().agents.value);
  if (inMemory.length > 1) return listed(inMemory);
  return askHalo(deps, reader, async () => {
    const all = inMemory.length === 1 ? undefined : await listEveryAgent(deps.halo, deps.directory);
    const found = all === undefined ? inMemory : choose(all.rows);
    const [first] = found;
    if (first === undefined)
      return notFound(
        all?.isWhole === false
          ? `HaloPSA shows me no agent “${echo(text)}”, but it may not show me all of its agents.`
          : `HaloPSA has no agent “${echo(text)}”.`,
      );
    return found.length === 1 && first.id !== undefined
      ? tellAgent(deps, first.id, { compares: false })
      : listed(found);
  });
}

function listed(found: readonly Agent[]): Message {
  return agentsAnswer(found.slice(0, mostListed), found.length);
}

/** The exact name if there is one, else every name that contains the words. */
function byName(agents: readonly Agent[], name: string): Agent[] {
  const exact = agents.filter((agent) => sameText(agent.name, name));
  if (exact.length > 0) return exact;
  return agents.filter((agent) => agent.name?.toLowerCase().includes(name.trim().toLowerCase()));
}

function words(text: string): Message {
  return { text, blocks: [section(text)] };
}
