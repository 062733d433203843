import type { WebClient } from '@slack/web-api';
import type { Agent } from '../halo/agents.ts';
import { foldText } from '../text/fold.ts';
import { nearest } from '../text/nearest.ts';
import { escape, requestName } from '../views/text.ts';
import { describeAgent, sameText } from '../requests/lookalikes.ts';
import { listEveryAgent } from '../provisioning/looking.ts';
import { mayReadHalo, type Person } from '../requests/policy.ts';
import { requestStates, type Request } from '../requests/request.ts';
import { openStates } from '../requests/states.ts';
import { listPosted } from '../storage/messages.ts';
import { listRequests, listRequestsNamed } from '../requests/store.ts';
import { echo } from '../views/help.ts';
import { message, paragraph, words, type Message } from '../views/message.ts';
import { requestLine } from '../views/request-line.ts';
import { agentsAnswer } from '../views/status.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { requestPage } from '../actions/status-pages.ts';
import { askHalo, notFound, agentPage } from './agent-page.ts';

const maxListed = 10;
/** Among so many open requests, the newest, one is found by a part of its name. */
const maxOpen = 200;

/** What somebody is looked for by. */
export type Sought = { by: 'name' | 'email'; text: string };

/**
 * Agents of HaloPSA and requests of this app, by a name or an address. Who may neither ask for agents nor approve them
 * finds only what this app has to do with.
 */
export async function search(
  deps: Dependencies,
  client: WebClient,
  reader: Person,
  sought: Sought,
): Promise<Message> {
  const requests = await findRequests(deps, sought);
  if (!mayReadHalo(reader, deps.config.policy)) return ofThisApp(deps, client, reader, requests, sought);
  const open = requests.filter(({ agentId, state }) => agentId === undefined && openStates.includes(state));
  const inMemory = findAgents(deps.directory.current().agents.value, sought);
  if (inMemory.length > 1) return withRequests(deps, listed(inMemory), open);
  return askHalo(deps, reader, async () => {
    // That there is none is said of HaloPSA's list of this moment.
    const all = inMemory.length === 1 ? undefined : await listEveryAgent(deps.halo, deps.directory);
    const found = all === undefined ? inMemory : findAgents(all.rows, sought);
    const [agent] = found;
    if (agent === undefined) {
      if (open.length > 0) return told(deps, client, reader, open);
      return notFound(
        all?.isWhole === false
          ? `HaloPSA shows me no agent “${echo(sought.text)}”, but it may not show me all of its agents.`
          : `HaloPSA has no agent “${echo(sought.text)}”.`,
        nearestAgent(all?.rows ?? [], sought) ?? (await nearestRequest(deps, sought)),
      );
    }
    const isOne = found.length === 1 && agent.id !== undefined;
    const answer = isOne ? await agentPage(deps, agent.id ?? 0, { compares: false }) : listed(found);
    return withRequests(deps, answer, open);
  });
}

async function ofThisApp(
  deps: Dependencies,
  client: WebClient,
  reader: Person,
  requests: readonly Request[],
  sought: Sought,
): Promise<Message> {
  const { text } = sought;
  const [first] = requests;
  if (first === undefined)
    return notFound(
      `No request of this app is for an agent “${echo(text)}”.`,
      await nearestRequest(deps, sought),
    );
  const ids = new Set(requests.map(({ agentId }) => agentId));
  const { agentId } = first;
  if (ids.size === 1 && agentId !== undefined)
    return askHalo(deps, reader, () => agentPage(deps, agentId, { compares: false }));
  return told(deps, client, reader, requests);
}

async function told(
  deps: Dependencies,
  client: WebClient,
  reader: Person,
  requests: readonly Request[],
): Promise<Message> {
  const [request] = requests;
  if (request !== undefined && requests.length === 1) return requestPage(deps, client, { request, reader });
  return message((await requestLines(deps, requests)).map((line) => paragraph(line)));
}

/** Those with exactly this name or address, and open ones of which it is a part. Newest first. */
async function findRequests({ db, identity }: Dependencies, { by, text }: Sought): Promise<Request[]> {
  const { teamId } = identity;
  const [exact, open] = await Promise.all([
    listRequestsNamed(db, { teamId, by, text, limit: maxListed }),
    listRequests(db, teamId, openStates, maxOpen),
  ]);
  const part = foldText(text);
  const alike = open.requests.filter(({ plan }) => foldText(plan[by]).includes(part));
  const all = new Map([...exact, ...alike].map((request) => [request.id, request]));
  return [...all.values()].sort((a, b) => b.number - a.number);
}

/** The exact name if there is one, else every name that contains the words; an address as a whole. */
function findAgents(agents: readonly Agent[], { by, text }: Sought): Agent[] {
  const exact = agents.filter((agent) => sameText(agent[by], text));
  if (exact.length > 0 || by === 'email') return exact;
  return agents.filter((agent) => agent.name?.toLowerCase().includes(text.toLowerCase()));
}

/** Of agents that are spelled alike. */
function nearestAgent(agents: readonly Agent[], { by, text }: Sought): string | undefined {
  const near = nearest(text, agents, (agent) => agent[by] ?? '');
  return near && `The nearest is ${escape(describeAgent(near))}.`;
}

/** Of the newest requests. */
async function nearestRequest(
  { db, identity }: Dependencies,
  { by, text }: Sought,
): Promise<string | undefined> {
  const { requests } = await listRequests(db, identity.teamId, requestStates, maxOpen);
  const near = nearest(text, requests, ({ plan }) => plan[by]);
  return near && `The nearest is ${escape(near.plan.name)} (${requestName(near)}).`;
}

function listed(found: readonly Agent[]): Message {
  return agentsAnswer(found.slice(0, maxListed), found.length);
}

async function withRequests(
  deps: Dependencies,
  { text, blocks }: Message,
  requests: readonly Request[],
): Promise<Message> {
  if (requests.length === 0) return { text, blocks };
  const more = words((await requestLines(deps, requests)).join('\n'));
  return { text: `${text}\n${more.text}`, blocks: [...blocks, ...more.blocks] };
}

async function requestLines({ db }: Dependencies, requests: readonly Request[]): Promise<string[]> {
  const more = requests.length - maxListed;
  const shown = requests.slice(0, maxListed);
  const posted = await listPosted(
    db,
    shown.map(({ id }) => id),
  );
  return [
    ...shown.map((request) => requestLine(request, posted(request.id))),
    ...(more > 0 ? [`…and ${more} more.`] : []),
  ];
}
