import type { AgentDetails } from './agents.ts';

type Membership = NonNullable<AgentDetails['teams']>[number];

/** The teams of an agent, for a person; those that come with one of its roles say so. Undefined: HaloPSA reports none at all. */
export function teamNames({ teams, roles }: Pick<AgentDetails, 'teams' | 'roles'>): string[] | undefined {
  return teams?.map(({ team_id: id, team_name: name = `team ${id}`, throughRole }) =>
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
