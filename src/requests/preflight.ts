import type { DirectorySnapshot, Fetched } from '../halo/directory.ts';
import { licencesFree } from '../halo/instance-info.ts';
import type { Plan } from './plan.ts';
import type { Request } from './request.ts';

/** What HaloPSA said when the request was submitted. What it did not say is left out. */
export function haloAtSubmit(
  { instance, agents, teams }: DirectorySnapshot,
  plan: Plan,
): Request['haloThen'] {
  const { app_version: version, licensed_agent_count: all } = instance.value;
  const free = licencesFree(instance.value);
  const namesakes = teams.value.filter(({ name }) => name === plan.teams[0]?.name).length;
  return {
    version,
    defaultTeams: namesakes > 1 ? namesakes : undefined,
    agentsKnown: agentsKnown(agents),
    licences: free === undefined || all === undefined ? undefined : { free: Math.max(0, free), all },
  };
}

function agentsKnown({ value, isWhole, fetchedAt, failure }: DirectorySnapshot['agents']) {
  if (fetchedAt === undefined || failure !== undefined) return 'nothing';
  if (!isWhole) return 'part';
  return value.some(({ email }) => email === undefined) ? 'names' : 'names_and_emails';
}

/** What the plan needs and HaloPSA no longer has, by name. A list that could not be read now, or not to its end, proves nothing. */
export function goneFromHalo(plan: Plan, { roles, teams, workdays }: DirectorySnapshot): string[] {
  return [
    ...missing('role', plan.roles, roles),
    ...missing('team', plan.teams, teams),
    ...missing('working hours', [plan.workday], workdays),
  ];
}

function missing<T extends { id: number | string }>(
  what: string,
  planned: readonly { id: number | string; name: string }[],
  list: Fetched<readonly T[]>,
): string[] {
  if (list.fetchedAt === undefined || list.failure !== undefined || !list.isWhole) return [];
  const ids = new Set(list.value.map(({ id }) => id));
  return planned.filter(({ id }) => !ids.has(id)).map(({ name }) => `${what} ${name}`);
}
