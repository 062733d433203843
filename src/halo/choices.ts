import type { HaloClient } from './client.ts';
import type { Listed } from './lists.ts';
import { listRoles, type ListedRole } from './roles.ts';
import { listTeams, type Team } from './teams.ts';
import { listWorkdays, type Workday } from './workdays.ts';

/** HaloPSA's lists that an agent's settings are chosen from. */
export type Choices = {
  teams: readonly Team[];
  roles: readonly ListedRole[];
  workdays: readonly Workday[];
};

/** As a person reads their names, and how each is read. May be repeated. @throws {HaloError} */
export const choiceLists: Record<
  keyof Choices,
  { label: string; read: (http: HaloClient) => Promise<Listed<unknown>> }
> = {
  teams: { label: 'teams', read: listTeams },
  roles: { label: 'roles', read: listRoles },
  workdays: { label: 'working hours', read: listWorkdays },
};

/** All of them, in three calls. May be repeated. @throws {HaloError} */
export async function readChoices(http: HaloClient): Promise<Choices> {
  return {
    teams: (await listTeams(http)).rows,
    roles: (await listRoles(http)).rows,
    workdays: (await listWorkdays(http)).rows,
  };
}
