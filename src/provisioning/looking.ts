import {
  areAllAgents,
  getAgent,
  listAgents,
  searchAgents,
  type Agent,
  type AgentDetails,
} from '../halo/agents.ts';
import { HaloError } from '../halo/errors.ts';
import type { HaloClient } from '../halo/client.ts';
import type { Directory } from '../halo/directory.ts';
import type { Listed } from '../halo/lists.ts';
import { sameText } from '../requests/lookalikes.ts';
import type { Plan } from '../requests/plan.ts';

type Wanted = Pick<Plan, 'name' | 'email'>;

/** The agents of this moment. `isWhole`: as far as anybody can know, HaloPSA has no others. @throws {HaloError} */
export async function listEveryAgent(
  halo: HaloClient,
  directory: Pick<Directory, 'current'>,
): Promise<Listed<Agent>> {
  const { rows, isWhole } = await listAgents(halo);
  const counted = directory.current().instance.value.agent_count;
  return { rows, isWhole: areAllAgents({ rows, isWhole }, counted) };
}

/**
 * Everybody in the list who has this name or email address. Where the rows show no emails, each who may have it is read
 * alone. @throws {HaloError}
 */
export async function findInTheWay(
  halo: HaloClient,
  { name, email }: Wanted,
  agents: readonly Agent[],
): Promise<Agent[]> {
  const listed = agents.filter((agent) => sameText(agent.name, name) || sameText(agent.email, email));
  if (listed.length > 0 || agents.every((agent) => agent.email !== undefined)) return listed;
  const likely = await searchAgents(halo, email);
  const ids = likely.flatMap(({ id }) => id ?? []);
  const read = await Promise.all(ids.map((id) => getIfThere(halo, id)));
  return read.filter((agent) => agent !== undefined).filter((agent) => sameText(agent.email, email));
}

/** Undefined: HaloPSA no longer has this agent. @throws {HaloError} */
async function getIfThere(halo: HaloClient, id: number): Promise<AgentDetails | undefined> {
  try {
    return await getAgent(halo, id);
  } catch (error) {
    if (error instanceof HaloError && error.kind === 'not_found') return undefined;
    throw error;
  }
}

/**
 * There was no agent with this name or email when the intent was stored: one with both is ours. Without an id it can't be
 * told which one it is. @throws {HaloError}
 */
export async function findMade(
  halo: HaloClient,
  { name, email }: Wanted,
  agents: readonly Agent[],
): Promise<(Agent & { id: number }) | undefined> {
  for (const agent of agents.filter((one) => one.name === name)) {
    const { id } = agent;
    if (id === undefined) continue;
    // Not every build lists the email.
    const listed = agent.email ?? (await getIfThere(halo, id))?.email;
    if (sameText(listed, email)) return { ...agent, id };
  }
  return undefined;
}
