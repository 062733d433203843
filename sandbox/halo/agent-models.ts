import { asInferred, type Model, type ModelName } from './model.ts';

/** A row of `GET /api/Agent`. Thirty of its names were recorded; the recording stopped there. */
const agentRow: Model = {
  id: ['int', 'live'],
  name: ['text', 'live'],
  namewithinactive: ['text', 'live'],
  firstname: ['text', 'live'],
  surname: ['text', 'client'],
  initials: ['text', 'live'],
  email: ['text', 'client'],
  isdisabled: ['flag', 'live'],
  isapiagent: ['flag', 'client'],
  is_agent: ['flag', 'live'],
  team: ['text', 'client'],
  departments: [{ listOf: 'agentDepartment' }, 'live'],
  colour: ['text', 'live'],
  jobtitle: ['text', 'live'],
  sms: ['text', 'live'],
  extensionnumber: ['text', 'live'],
  ad: ['text', 'live'],
  licence_type: ['int', 'live'],
  linemanager: ['int', 'live'],
  lastlogindate: ['moment', 'client'],
  sendemailerrors: ['flag', 'live'],
  allowbeyondtrustinvites: ['flag', 'live'],
  apptsync: ['int', 'live'],
  chargerate: ['int', 'live'],
  exchange_account: ['text', 'live'],
  exchange_authorized: ['flag', 'live'],
  gotoresolve_authorized: ['flag', 'live'],
  jira_id: ['text', 'live'],
  logmeinid: ['text', 'live'],
  sentinel_authorized: ['flag', 'live'],
  splashtop_authorized: ['flag', 'live'],
  can_approve_campaign: ['flag', 'live'],
  can_approve_purchaseorder: ['flag', 'live'],
  can_approve_quote: ['flag', 'live'],
  can_approve_invoice: ['flag', 'live'],
  use: ['text', 'client'],
};

/** `GET /api/Agent/{id}`, and the answer to a write. No whole one was ever recorded. */
const agent: Model = {
  ...asInferred(agentRow),
  id: ['int', 'live'],
  name: ['text', 'live'],
  email: ['text', 'live'],
  isdisabled: ['flag', 'live'],
  team: ['text', 'live'],
  colour: ['text', 'live'],
  isapiagent: ['flag', 'spec'],
  roles: [{ listOf: 'agentRole' }, 'spec'],
  role_list: ['text', 'spec'],
  first_role_id: ['text', 'spec'],
  teams: [{ listOf: 'membership' }, 'spec'],
  workday_id: ['int', 'spec'],
  workday_name: ['text', 'spec'],
  workday_timezone: ['text', 'spec'],
  /** In the specifications of 2026, not in those before. */
  timezone: ['text', 'spec'],
};

/** What `agents` and their parts are made of, and what a write of one may hold. */
export const agentModels = {
  agentRow,
  agent,
  /** `GET /api/Agent/me` */
  me: { ...agent, claims: [{ listOf: 'claim' }, 'live'] },
  claim: { type: ['text', 'live'], value: ['text', 'live'] },
  /**
   * An element of the body of `POST /api/Agent`. The certainty is whether a create takes it: a team by its name
   * was seen to be taken by an update.
   */
  agentWrite: {
    id: ['int', 'live'],
    name: ['text', 'live'],
    email: ['text', 'live'],
    isdisabled: ['flag', 'live'],
    team: ['text', 'inferred'],
    password: ['text', 'unknown'],
    isapiagent: ['flag', 'unknown'],
    roles: [{ listOf: 'roleReference' }, 'unknown'],
    add_roles: [{ listOf: 'roleReference' }, 'unknown'],
    teams: [{ listOf: 'teamReference' }, 'unknown'],
    add_teams: [{ listOf: 'teamReference' }, 'unknown'],
    workday_id: ['int', 'unknown'],
    timezone: ['text', 'unknown'],
  },
  /** The smallest element that might do. */
  roleReference: { id: ['text', 'unknown'] },
  teamReference: { team_id: ['int', 'unknown'] },
  agentRole: { id: ['guid', 'spec'], name: ['text', 'spec'] },
  departmentMembership: { department_id: ['int', 'spec'], department_name: ['text', 'spec'] },
  membership: {
    id: ['int', 'spec'],
    agent_id: ['int', 'spec'],
    agent_name: ['text', 'spec'],
    team_id: ['int', 'spec'],
    team_name: ['text', 'spec'],
    department_id: ['int', 'spec'],
    role_id: ['text', 'spec'],
    role_name: ['text', 'spec'],
    org_department_team_name: ['text', 'spec'],
    is_manager: ['flag', 'spec'],
    in_section: ['flag', 'spec'],
    unassigned_access: ['flag', 'spec'],
    otheragent_access: ['flag', 'spec'],
  },
  agentDepartment: {
    agent_id: ['int', 'spec'],
    department_id: ['int', 'spec'],
    department_name: ['text', 'spec'],
  },
} as const satisfies Partial<Record<ModelName, Model>>;
