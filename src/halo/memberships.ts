import type { AgentDetails } from '../halo/agents.ts';

export type Membership = NonNullable<AgentDetails['teams']>[number];

/** The teams of an agent who has these roles, for a person; those that come with a role say so. */
export function teamNames(teams: readonly Membership[], roles: AgentDetails['roles']): string[] {
  return teams.map(({ team_id: id, team_name: name = `team ${id}`, throughRole }) =>
    throughRole === undefined ? name : `${name} (through ${roleName(throughRole, roles)})`,
  );
}

/** HaloPSA may name the role beside the membership, or only among the agent's roles. */
function roleName(
  { id, name }: NonNullable<Membership['throughRole']>,
  roles: AgentDetails['roles'] = [],
): string {
  const known = name ?? roles.find((role) => role.id?.toLowerCase() === id.toLowerCase())?.name;
  return known === undefined ? 'a role' : `role ${known}`;
}
