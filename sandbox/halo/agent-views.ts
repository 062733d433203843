import type { StoredAgent } from './agents.ts';
import type { Seed, StoredTeam } from './seed.ts';

const colours = ['#2d9cdb', '#27ae60', '#9b51e0', '#f2994a', '#eb5757'];

/** A row of the list, and an agent without its details: no roles, no working hours, no timezone. */
export function agentRow(agent: StoredAgent) {
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
    can_approve_purchaseorder: false,
    can_approve_quote: false,
    can_approve_invoice: false,
    use: 'agent',
  };
}

/** What `includedetails=true` adds. Neither the password nor a trace of it is among it. */
export function agentDetails(agent: StoredAgent, lists: Seed) {
  const workday = lists.workdays.find(({ id }) => id === agent.workday_id);
  return {
    ...agentRow(agent),
    roles: agent.roles.map(({ id, name }) => ({ id, name })),
    role_list: agent.roles.map(({ name }) => name).join(', '),
    first_role_id: agent.roles[0]?.id ?? null,
    teams: agent.teams.map((team) => membership(agent, team)),
    workday_id: agent.workday_id,
    workday_name: workday?.name ?? null,
    workday_timezone: workday?.timezone ?? null,
    timezone: agent.timezone,
  };
}

/** An agent's place in a team, as both of them show it. */
export function membership(agent: StoredAgent, team: StoredTeam) {
  return {
    id: agent.id * 10_000 + team.id,
    agent_id: agent.id,
    agent_name: agent.name,
    team_id: team.id,
    team_name: team.name,
    department_id: team.department_id,
    department_name: team.department_name,
    org_department_team_name: `${team.department_name} > ${team.name}`,
    is_manager: false,
    in_section: true,
    unassigned_access: true,
    otheragent_access: true,
  };
}

function departmentsOf(agent: StoredAgent) {
  const names = new Map(agent.teams.map((team) => [team.department_id, team.department_name]));
  return [...names].map(([id, name]) => ({ agent_id: agent.id, department_id: id, department_name: name }));
}
