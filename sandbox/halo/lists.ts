import { hash } from 'node:crypto';
import { broughtBy, membership } from './agent-views.ts';
import type { StoredAgent } from './agents.ts';
import type { HaloQuirks } from './quirks.ts';
import type { Seed, StoredApplication, StoredRole, StoredTeam, StoredWorkday } from './seed.ts';
import { reportedTimezone } from './timezones.ts';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The twenty keys that were recorded. */
export function teamRow(team: StoredTeam) {
  // Named one by one: a spread takes many times as long, which shows with ten thousand teams.
  return {
    id: team.id,
    name: team.name,
    department_id: team.department_id,
    department_name: team.department_name,
    inactive: team.inactive,
    guid: guidOf(`team ${team.id}`),
    org_team_name: `${team.department_name} > ${team.name}`,
    sequence: team.id,
    forrequests: true,
    foropps: false,
    forprojects: false,
    ticket_count: 0,
    concurrent_lic_limit: 0,
    hide_agents_in_tree_if_no_tickets: false,
    homescreendashboardid: 0,
    last_modified: '2026-02-11T08:15:42.317',
    mailbox_override: 0,
    override_column_id: 0,
    teamphotopath: '',
    use: 'team',
  };
}

/** One team; with `includeagents=true` its members, the second place where a membership shows. */
export function teamDetails(team: StoredTeam, agents: readonly StoredAgent[], includeAgents: boolean) {
  const members = agents.filter(({ teams }) => teams.some(({ id }) => id === team.id));
  return {
    ...teamRow(team),
    timezone: '',
    booking_workday_id: 0,
    organisation_id: 1,
    ...(includeAgents && { agents: members.map((agent) => membership(agent, team)) }),
  };
}

/** The four keys that were recorded. */
export function roleRow({ id, id_int, name, notes }: StoredRole) {
  return { id, id_int, name, notes };
}

/** One role with `includedetails=true`: the specification has its claims, which were not seen. */
export function roleDetails(role: StoredRole, lists: Seed, quirks: HaloQuirks) {
  const teams = broughtBy(role.name, lists, quirks);
  return {
    ...roleRow(role),
    claims: role.claims ?? null,
    teams: teams.map(({ id, name }) => ({ team_id: id, team_name: name, role_id: role.id })),
  };
}

/** The 29 keys that were recorded. Dates are sentinels: only the time of day counts. */
export function workdayRow(workday: StoredWorkday, { timezones }: HaloQuirks) {
  const { start, end } = workday;
  const closed = { start: '1899-12-30T09:00:00', end: '1899-12-30T17:00:00' };
  const perDay = days.flatMap((day) => {
    const isOpen = workday[`inc${day}`] === true;
    return [
      [`inc${day}`, isOpen],
      [`start${day}`, isOpen ? start : closed.start],
      [`end${day}`, isOpen ? end : closed.end],
    ] as const;
  });
  return {
    guid: guidOf(`workday ${workday.id}`),
    ...Object.fromEntries(perDay),
    ...workday,
    timezone: reportedTimezone(workday.timezone, timezones),
  };
}

/** The tenant's settings, those that matter to an agent. */
export function control({ settings }: Seed, { timezones }: HaloQuirks) {
  const { licences, ...passwordRules } = settings;
  const timezone = reportedTimezone('GMT Standard Time', timezones);
  return {
    license_count: licences,
    concurrent_license_count: 0,
    license_model: 0,
    licence_error: '',
    ...passwordRules,
    force_agent_2fa: false,
    allow_password_override: true,
    defaultSiteTimezone: timezone,
    rtimezone: timezone,
    show_timezone_input: true,
  };
}

/** An API application, without its secret. */
export function applicationRow(
  { scopes, ...application }: StoredApplication,
  agents: readonly StoredAgent[],
) {
  const id = guidOf(`application ${application.clientId}`);
  return {
    id,
    ...application,
    credential_type: 'secret',
    loginas_agent_name: agents.find((agent) => agent.id === application.loginas_agent_id)?.name ?? '',
    scopes: scopes.map((name, index) => ({ id: index + 1, application_id: id, name })),
  };
}

/** What HaloPSA tells anybody who asks. `base`: the address it is reached at. */
export function instanceInfo(
  base: string,
  { used, all }: { used: number; all: number },
  { build, signInAt, countsAreZero }: HaloQuirks,
) {
  return {
    dbid: guidOf('database'),
    tenant_id: 'brightwater',
    hosted_group: 'EU7-Stable2',
    app_name: 'Halo PSA',
    app_version: build,
    database_version: build.split('.').slice(0, 2).join(''),
    nhserver_version: '1364.01',
    agent_count: countsAreZero ? 0 : used,
    licensed_agent_count: countsAreZero ? 0 : all,
    online_agent_count: 0,
    last_login: '1900-01-01T00:00:00',
    last_task_run: '1900-01-01T00:00:00',
    agent_url: `${base}/`,
    portal_url: `${base}/portal`,
    auth_url: addressOf(signInAt, base),
    mobileapp_enabled: true,
  };
}

/** Where to sign in. Whether the tenant is empty or missing on-premise is not known. */
export function authInfo(base: string, tenant: string | undefined, { signInAt }: HaloQuirks) {
  return { auth_url: addressOf(signInAt, base), tenant_id: tenant ?? '' };
}

function addressOf(place: string, base: string): string {
  return place.startsWith('/') ? `${base}${place}` : place;
}

/** A GUID that is always the same for the same thing. */
function guidOf(thing: string): string {
  const hex = hash('sha256', thing);
  const part = (from: number, to: number) => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}
