import type { Plan } from '../requests/plan.ts';
import type { ReadBack, Request } from '../requests/request.ts';
import { cut, type Row } from './text.ts';

/** The guide's own names of the fields, wherever a field is named. */
export const fieldLabels: Record<ReadBack['field'], string> = {
  name: 'Username',
  email: 'Email Address',
  roles: 'Roles',
  isActive: 'Account Active',
  isApiOnly: 'Is an API-only Agent',
  teams: 'Teams',
  defaultTeam: 'Default team',
  workday: 'Working Hours',
  timeZone: 'Timezone',
};

/** The whole plan, as an approver must judge it. `password`: what becomes of it. */
export function planRows(plan: Plan, password: string): Row[] {
  return [
    { label: fieldLabels.name, value: plan.name },
    { label: fieldLabels.email, value: plan.email },
    { label: 'Password', value: password },
    { label: fieldLabels.roles, value: plan.roles.map(roleText).join(', ') },
    { label: fieldLabels.isActive, value: plan.isActive ? 'Yes' : 'No' },
    { label: fieldLabels.isApiOnly, value: 'No' },
    { label: fieldLabels.teams, value: plan.teams.map(teamText).join(', ') },
    { label: fieldLabels.workday, value: `${plan.workday.name} (${plan.workday.hours})` },
    { label: fieldLabels.timeZone, value: `${plan.timeZone.iana} (${plan.timeZone.windowsId} in HaloPSA)` },
  ];
}

/** Of names in a warning, in characters. The rows show them whole. */
const maxNamed = 200;

/** What an approver must not overlook. */
export function planWarnings(plan: Plan): string[] {
  const administrators = plan.roles.filter((role) => role.isAdministrator).map(({ name }) => name);
  return [
    ...(administrators.length > 0
      ? [
          `Administrator role: ${cut(administrators.join(', '), maxNamed)} gives this agent full rights in HaloPSA.`,
        ]
      : []),
    ...(plan.isActive
      ? []
      : ['Account Active is off: Neo Agent cannot work until somebody enables the agent.']),
  ];
}

/** Somebody may take the agent for another one. */
export function lookalikeWarnings(resembles: Request['resembles'] = []): string[] {
  return resembles.map(
    ({ field, what }) =>
      `${fieldLabels[field]} looks like ${cut(what, maxNamed)}, but is spelled differently.`,
  );
}

/** HaloPSA takes the default team by its name, so of teams of one name it can't be said which one it takes. */
export function defaultTeamWarnings({ haloThen, plan }: Pick<Request, 'haloThen' | 'plan'>): string[] {
  const { defaultTeams = 1 } = haloThen ?? {};
  const name = plan.teams[0]?.name ?? '';
  return defaultTeams === 1
    ? []
    : [
        `HaloPSA has ${defaultTeams} teams named ${cut(name, maxNamed)}, and takes the default team by its name alone. Check it in HaloPSA afterwards.`,
      ];
}

/** Each team and department that comes with the role is named, because it is approved with it. */
function roleText({ name, rights, brings = [] }: Plan['roles'][number]): string {
  const facts = [
    ...(rights === 'unknown' ? ['rights unknown'] : []),
    ...(brings.length === 0 ? [] : [`brings ${broughtText(brings)}`]),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join('; ')})`;
}

function broughtText(brings: NonNullable<Plan['roles'][number]['brings']>): string {
  return (['team', 'department'] as const)
    .map((kind) => ({ kind, names: brings.filter((one) => one.kind === kind).map(({ name }) => name) }))
    .filter(({ names }) => names.length > 0)
    .map(({ kind, names }) => `${names.length === 1 ? kind : `${kind}s`} ${names.join(', ')}`)
    .join(' and ');
}

function teamText(team: Plan['teams'][number], index: number): string {
  const place = [team.departmentName, index === 0 ? 'default team' : ''].filter(Boolean).join(', ');
  return place === '' ? team.name : `${team.name} (${place})`;
}
