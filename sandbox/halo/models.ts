import { agentModels } from './agent-models.ts';
import { asInferred, type Model, type ModelName } from './model.ts';

const team: Model = {
  id: ['int', 'live'],
  guid: ['guid', 'live'],
  name: ['text', 'live'],
  department_id: ['int', 'live'],
  department_name: ['text', 'live'],
  org_team_name: ['text', 'live'],
  sequence: ['int', 'live'],
  forrequests: ['flag', 'live'],
  foropps: ['flag', 'live'],
  forprojects: ['flag', 'live'],
  inactive: ['flag', 'live'],
  ticket_count: ['int', 'live'],
  concurrent_lic_limit: ['int', 'live'],
  hide_agents_in_tree_if_no_tickets: ['flag', 'live'],
  homescreendashboardid: ['int', 'live'],
  last_modified: ['moment', 'live'],
  mailbox_override: ['int', 'live'],
  override_column_id: ['int', 'live'],
  teamphotopath: ['text', 'live'],
  use: ['text', 'live'],
};

const role: Model = {
  id: ['guid', 'live'],
  id_int: ['int', 'live'],
  name: ['text', 'live'],
  notes: ['text', 'live'],
};

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const hours: Model = Object.fromEntries(
  days.flatMap((day): [string, Model[string]][] => [
    [`inc${day}`, ['flag', 'live']],
    [`start${day}`, ['moment', 'live']],
    [`end${day}`, ['moment', 'live']],
  ]),
);

/** All that the sandbox answers and the app may read, by HaloPSA's names. */
export const models: Record<ModelName, Model> = {
  ...agentModels,
  role,
  /** `GET /api/Roles/{id}?includedetails=true` */
  roleDetails: {
    ...asInferred(role),
    claims: [{ listOf: 'claim' }, 'spec'],
    teams: [{ listOf: 'membership' }, 'spec'],
    departments: [{ listOf: 'departmentMembership' }, 'spec'],
  },
  team,
  /** `GET /api/Team/{id}` */
  teamDetails: {
    ...asInferred(team),
    timezone: ['text', 'spec'],
    booking_workday_id: ['int', 'spec'],
    organisation_id: ['int', 'spec'],
    agents: [{ listOf: 'membership' }, 'spec'],
  },
  workday: {
    id: ['int', 'live'],
    guid: ['guid', 'live'],
    name: ['text', 'live'],
    summary: ['text', 'live'],
    timezone: ['text', 'live'],
    alldayssame: ['flag', 'live'],
    start: ['moment', 'live'],
    end: ['moment', 'live'],
    ...hours,
  },
  application: {
    id: ['text', 'live'],
    clientId: ['text', 'live'],
    displayName: ['text', 'live'],
    grant_type: ['text', 'live'],
    credential_type: ['text', 'live'],
    inactive: ['flag', 'live'],
    loginas_agent_id: ['int', 'live'],
    loginas_agent_name: ['text', 'spec'],
    scopes: [{ listOf: 'applicationScope' }, 'spec'],
  },
  applicationScope: {
    id: ['int', 'spec'],
    application_id: ['text', 'spec'],
    name: ['text', 'spec'],
  },
  control: {
    license_count: ['int', 'spec'],
    concurrent_license_count: ['int', 'spec'],
    license_model: ['int', 'spec'],
    licence_error: ['text', 'spec'],
    forcestrongpasswords: ['flag', 'spec'],
    password_strength_level: ['int', 'spec'],
    password_char_length: ['int', 'spec'],
    force_agent_2fa: ['flag', 'spec'],
    allow_password_override: ['flag', 'spec'],
    defaultSiteTimezone: ['text', 'spec'],
    rtimezone: ['text', 'spec'],
    show_timezone_input: ['flag', 'spec'],
  },
  instanceInfo: {
    dbid: ['guid', 'live'],
    tenant_id: ['text', 'live'],
    hosted_group: ['text', 'live'],
    nhserver_version: ['text', 'live'],
    last_task_run: ['moment', 'live'],
    app_name: ['text', 'client'],
    app_version: ['text', 'client'],
    database_version: ['text', 'client'],
    agent_count: ['int', 'client'],
    licensed_agent_count: ['int', 'client'],
    online_agent_count: ['int', 'client'],
    last_login: ['moment', 'client'],
    agent_url: ['text', 'client'],
    portal_url: ['text', 'client'],
    auth_url: ['text', 'client'],
    mobileapp_enabled: ['flag', 'client'],
  },
  authInfo: { auth_url: ['text', 'client'], tenant_id: ['text', 'client'] },
  token: {
    access_token: ['text', 'live'],
    expires_in: ['int', 'live'],
    token_type: ['text', 'client'],
    scope: ['text', 'client'],
  },
};
