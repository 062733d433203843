import { areAllAgents, getAgent, listAgents, searchAgents, type Agent } from '../halo/agents.ts';
import type { HaloClient } from '../halo/client.ts';
import type { Directory } from '../halo/directory.ts';
import type { Listed } from '../halo/lists.ts';
import { sameText } from './lookalikes.ts';
import type { Plan } from './plan.ts';

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
  const read = await Promise.all(likely.map(({ id }) => getAgent(halo, id)));
  return read.filter((agent) => sameText(agent.email, email));
}

/** There was no agent with this name or email when the intent was stored: one with both is ours. @throws {HaloError} */
export async function findMade(
  halo: HaloClient,
  { name, email }: Wanted,
  agents: readonly Agent[],
): Promise<Agent | undefined> {
  for (const agent of agents.filter((one) => one.name === name)) {
    // Not every build lists the email.
    const listed = agent.email ?? (await getAgent(halo, agent.id)).email;
    if (sameText(listed, email)) return agent;
  }
  return undefined;
}
