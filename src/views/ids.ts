/** Every id that travels to Slack and back. Nothing else spells them. */
export const commandNames = { setup: '/neo-setup', status: '/neo-status' } as const;

export const callbackIds = { setup: 'neo_setup', deny: 'neo_deny', notice: 'neo_notice' } as const;

export const actionIds = {
  approve: 'approve_request',
  deny: 'deny_request',
  tryAgain: 'try_request_again',
  checkAgain: 'check_request_again',
  roles: 'search_roles',
  teams: 'search_teams',
  workday: 'search_workdays',
  timeZone: 'search_time_zones',
  input: 'input',
} as const;

export const blockIds = {
  name: 'username',
  email: 'email_address',
  roles: 'roles',
  isActive: 'account_active',
  isApiOnly: 'api_only_agent',
  teams: 'teams',
  workday: 'working_hours',
  timeZone: 'timezone',
  /** Slack keeps what a field with a known id shows: the default that comes later needs a field of its own. */
  timeZoneWithDefault: 'timezone_with_default',
  note: 'note',
  reason: 'reason',
} as const;
