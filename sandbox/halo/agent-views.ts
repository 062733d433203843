import type { StoredAgent } from './agents.ts';
import type { HaloQuirks } from './quirks.ts';
import type { Seed, StoredTeam } from './seed.ts';
import { reportedTimezone } from './timezones.ts';

const colours = ['#2d9cdb', '#27ae60', '#9b51e0', '#f2994a', '#eb5757'];

/** A row of `GET /api/Agent`, as this build lists it. */
export function agentRow(agent: StoredAgent, { unlisted }: HaloQuirks) {
  return without(agentSummary(agent), unlisted);
}

/** One agent, or what was just written, as this build reports it: with its details, or without. */
export function agentView(agent: StoredAgent, lists: Seed, quirks: HaloQuirks, withDetails = true) {
  const view = withDetails ? agentDetails(agent, lists, quirks) : agentSummary(agent);
  return without(view, quirks.unreported);
}

/** No roles, no teams, no working hours, no timezone. Thirty of the keys were recorded from a real list. */
function agentSummary(agent: StoredAgent) {
  const [firstname = '', ...others] = agent.name.split(' ');
  return {
    id: agent.id,
    name: agent.name,
    namewithinactive: agent.isdisabled ? `${agent.name} (Inactive)` : agent.name,
    firstname,
    surname: others.join(' '),
    initials: [firstname, others.at(-1) ?? ''].map((word) => word.charAt(0).toUpperCase()).join(''),
    email: agent.email,
    isdisabled: agent.isdisabled,
    isapiagent: agent.isapiagent,
    is_agent: true,
    team: agent.team,
    departments: departmentsOf(agent),
    colour: colours[agent.id % colours.length] ?? '',
    jobtitle: '',
    sms: '',
    extensionnumber: '',
    ad: '',
    licence_type: 0,
    linemanager: 0,
    lastlogindate: '1900-01-01T00:00:00',
    sendemailerrors: false,
    allowbeyondtrustinvites: false,
    apptsync: 0,
    chargerate: 0,
    exchange_account: '',
    exchange_authorized: false,
    gotoresolve_authorized: false,
    jira_id: '',
    logmeinid: '',
    sentinel_authorized: false,
    splashtop_authorized: false,
    can_approve_campaign: false,
    can_approve_purchaseorder: false,
    can_approve_quote: false,
    can_approve_invoice: false,
    use: 'agent',
  };
}

/** What `includedetails=true` adds. Neither the password nor a trace of it is among it. */
function agentDetails(agent: StoredAgent, lists: Seed, quirks: HaloQuirks) {
  const workday = lists.workdays.find(({ id }) => id === agent.workday_id);
  return {
    ...agentSummary(agent),
    roles: agent.roles.map(({ id, name }) => ({ id, name })),
    role_list: agent.roles.map(({ name }) => name).join(', '),
    first_role_id: agent.roles[0]?.id ?? null,
    teams: [
      ...agent.teams.map((team) => membership(agent, team)),
      ...agent.roles.flatMap((role) =>
        broughtBy(role.name, lists, quirks).map((team) => membership(agent, team, role)),
      ),
    ],
    workday_id: agent.workday_id,
    workday_name: workday?.name ?? null,
    workday_timezone: workday === undefined ? null : reportedTimezone(workday.timezone, quirks.timezones),
    timezone: agent.timezone,
  };
}

/** The teams that whoever has the role is put into. */
export function broughtBy(role: string, { teams }: Seed, { rolesBring }: HaloQuirks): StoredTeam[] {
  const names = rolesBring.filter((one) => one.role === role).flatMap((one) => one.teams);
  return teams.filter(({ name }) => names.includes(name));
}

/** Whether HaloPSA writes it so was not seen; in its place it may have nothing. */
const noRole = '00000000-0000-0000-0000-000000000000';

/** An agent's place in a team, as both of them show it. `role`: through which; its name is left out, as it may be. */
export function membership(agent: StoredAgent, team: StoredTeam, role?: { id: string }) {
  return {
    id: agent.id * 10_000 + team.id,
    agent_id: agent.id,
    agent_name: agent.name,
    team_id: team.id,
    team_name: team.name,
    department_id: team.department_id,
    org_department_team_name: `${team.department_name} > ${team.name}`,
    is_manager: false,
    in_section: true,
    unassigned_access: true,
    otheragent_access: true,
    role_id: role?.id ?? noRole,
  };
}

function without(view: Record<string, unknown>, left: readonly string[]): Record<string, unknown> {
  if (left.length === 0) return view;
  return Object.fromEntries(Object.entries(view).filter(([property]) => !left.includes(property)));
}

function departmentsOf(agent: StoredAgent) {
  const names = new Map(agent.teams.map((team) => [team.department_id, team.department_name]));
  return [...names].map(([id, name]) => ({ agent_id: agent.id, department_id: id, department_name: name }));
}
