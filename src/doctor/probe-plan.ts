import type { ListedRole } from '../halo/roles.ts';
import type { Team } from '../halo/teams.ts';
import { findTimeZone, searchTimeZones } from '../halo/time-zones.ts';
import { describeHours, type Workday } from '../halo/workdays.ts';
import type { Plan } from '../requests/plan.ts';
import { saysAdministrator } from '../requests/role-rights.ts';

export type ProbeLists = {
  teams: readonly Team[];
  roles: readonly ListedRole[];
  workdays: readonly Workday[];
};

/** Few tenants are there, so that a zone that HaloPSA sets by itself is not taken for ours. */
const zone = { iana: 'Asia/Kathmandu', windowsId: 'Nepal Standard Time' };
/** The database's default, which would come back without being sent. */
const defaultWorkday = 1;

/**
 * A disabled agent, which takes no licence. Undefined: HaloPSA has no role, team or working hours to give it.
 * @param mark makes name and address its own
 */
export function probePlan({ teams, roles, workdays }: ProbeLists, at: Date, mark: string): Plan | undefined {
  const role = roles.find(({ name }) => !saysAdministrator(name)) ?? roles[0];
  const workday = workdays.find(({ id }) => id !== defaultWorkday) ?? workdays[0];
  const [team] = teams;
  if (role === undefined || team === undefined || workday === undefined) return undefined;
  return {
    name: `neo-setup probe, please delete ${at.toISOString().slice(0, 19)}Z ${mark}`,
    email: `probe+${mark}@neo-setup.invalid`,
    roles: [{ ...role, isAdministrator: saysAdministrator(role.name) }],
    isActive: false,
    teams: [
      {
        id: team.id,
        name: team.name,
        departmentId: team.department_id,
        departmentName: team.department_name,
      },
    ],
    workday: { id: workday.id, name: workday.name, hours: describeHours(workday) },
    timeZone: { ...zone, haloName: undefined },
  };
}

export type ZoneFormat = 'windows' | 'iana' | 'empty' | 'other' | 'not reported';

/** How HaloPSA writes a timezone. */
export function zoneFormat(reported: string | undefined): ZoneFormat {
  if (reported === undefined) return 'not reported';
  if (reported === '') return 'empty';
  if (searchTimeZones('').some(({ windowsId }) => windowsId === reported)) return 'windows';
  return findTimeZone(reported) === undefined ? 'other' : 'iana';
}
