import { createHash } from 'node:crypto';
import { membership } from './agent-views.ts';
import type { StoredAgent } from './agents.ts';
import type { StoredTeam, StoredWorkday } from './seed.ts';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** The twenty keys that were recorded. */
export function teamRow(team: StoredTeam) {
  return {
    ...team,
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

/** The 29 keys that were recorded. Dates are sentinels: only the time of day counts. */
export function workdayRow(workday: StoredWorkday) {
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
  return { guid: guidOf(`workday ${workday.id}`), ...Object.fromEntries(perDay), ...workday };
}

/** The tenant's settings, those that matter to an agent. */
export function control(licences: number) {
  return {
    license_count: licences,
    concurrent_license_count: 0,
    license_model: 0,
    licence_error: '',
    forcestrongpasswords: true,
    password_strength_level: 3,
    password_char_length: 16,
    force_agent_2fa: false,
    allow_password_override: true,
    defaultSiteTimezone: 'GMT Standard Time',
    rtimezone: 'GMT Standard Time',
    show_timezone_input: true,
  };
}

/** API applications, without their secrets. */
export function applications(clientId: string) {
  const application = (id: string, displayName: string, agentId: number, agentName: string) => ({
    id: guidOf(`application ${id}`),
    clientId: id,
    displayName,
    grant_type: 'client_credentials',
    credential_type: 'secret',
    inactive: false,
    loginas_agent_id: agentId,
    loginas_agent_name: agentName,
  });
  return [
    application(clientId, 'neo-setup', 3, 'Admin'),
    application(guidOf('reporting'), 'Reporting', 8, 'Reporting API'),
  ];
}

/** What HaloPSA tells anybody who asks. */
export function instanceInfo(origin: string, licencesUsed: number, licences: number) {
  return {
    dbid: 'brightwater',
    app_name: 'HaloPSA',
    app_version: '2.250.32',
    database_version: '2.250.32',
    agent_count: licencesUsed,
    licensed_agent_count: licences,
    online_agent_count: 0,
    last_login: '1900-01-01T00:00:00',
    agent_url: `${origin}/`,
    portal_url: `${origin}/portal`,
    auth_url: `${origin}/auth`,
    mobileapp_enabled: true,
  };
}

/** A GUID that is always the same for the same thing. */
function guidOf(thing: string): string {
  const hex = createHash('sha256').update(thing).digest('hex');
  const part = (from: number, to: number) => hex.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-a${part(17, 20)}-${part(20, 32)}`;
}
