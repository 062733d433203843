/** What the local HaloPSA holds when it starts: a small MSP, all of it invented. */

export type StoredTeam = {
  id: number;
  name: string;
  department_id: number;
  department_name: string;
  inactive: boolean;
};
export type StoredClaim = { type: string; value: string };
/** `claims`: what it allows. Without them HaloPSA says nothing of that. */
export type StoredRole = { id: string; id_int: number; name: string; notes: string; claims?: StoredClaim[] };
export type StoredWorkday = Record<string, unknown> & { id: number; name: string; timezone: string };
export type SeedAgent = {
  id: number;
  name: string;
  email: string;
  isdisabled?: boolean;
  isapiagent?: boolean;
  team?: string;
  teams?: StoredTeam[];
  roles?: { id: string; name: string }[];
  workday_id?: number;
  timezone?: string;
};

/** An API application. `scopes`: the names of those that it was granted. */
export type StoredApplication = {
  clientId: string;
  displayName: string;
  grant_type: string;
  inactive: boolean;
  loginas_agent_id: number;
  scopes: string[];
};
/** What of the tenant's settings is acted upon. `licences`: named ones, used and free. */
export type Settings = {
  licences: number;
  forcestrongpasswords: boolean;
  password_strength_level: number;
  password_char_length: number;
};

export type Seed = {
  agents: SeedAgent[];
  teams: StoredTeam[];
  roles: StoredRole[];
  workdays: StoredWorkday[];
  /** The one that the client signs in as is added when it is not among them. */
  applications: StoredApplication[];
  settings: Settings;
};

const team = (id: number, name: string, department: number, inactive = false): StoredTeam => ({
  id,
  name,
  department_id: department,
  department_name: { 1: 'Service Desk', 2: 'Projects', 3: 'Back Office' }[department] ?? 'Other',
  inactive,
});

/** By the types that reports on HaloPSA's table of claims name: administrator, tickets, clients, creating roles. */
const claimsOf = (isAdministrator: boolean): StoredClaim[] => [
  { type: 'SA', value: String(isAdministrator) },
  { type: 'Tx', value: '2' },
  { type: 'Ux', value: isAdministrator ? '3' : '2' },
  { type: 'Av', value: isAdministrator ? '1' : '0' },
];

const role = (id: string, idInt: number, name: string): StoredRole => ({
  id,
  id_int: idInt,
  name,
  notes: '',
  claims: claimsOf(name === 'Administrator'),
});

const weekdays = {
  incmonday: true,
  inctuesday: true,
  incwednesday: true,
  incthursday: true,
  incfriday: true,
};
const weekend = { incsaturday: true, incsunday: true };
const noWeekend = { incsaturday: false, incsunday: false };

const teams = {
  first: team(1, '1st Line', 1),
  second: team(2, '2nd Line', 1),
  nights: team(3, 'Out of Hours', 1),
  onboarding: team(4, 'Onboarding', 2),
  network: team(5, 'Network Projects', 2),
  procurement: team(6, 'Procurement', 3),
  billing: team(7, 'Billing', 3),
  fax: team(8, 'Fax Support', 1, true),
};

const roles = {
  administrator: role('3f0c1c52-6a0e-4b1f-9a44-5d0b8f6f2c11', 1, 'Administrator'),
  first: role('a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22', 2, '1st Line Support'),
  second: role('c47b2f6e-91d8-4a03-b7c2-6e1f8d0a5b33', 3, '2nd Line Support'),
  engineer: role('5e92a8d4-0f3b-4c68-a1e7-9c2d7b4f6e44', 4, 'Project Engineer'),
  finance: role('d80b6c1a-7e25-4f90-8b3d-1a5c9e2f7d55', 5, 'Finance'),
  viewer: role('72c3f5e8-4b16-4d9a-9e0f-8b7a2d6c1f66', 6, 'Report Viewer'),
};

/** In the first of the teams by default. */
const member = (role: StoredRole, ...of: [StoredTeam, ...StoredTeam[]]) => ({
  roles: [{ id: role.id, name: role.name }],
  team: of[0].name,
  teams: of,
});

/** Unassigned is always agent 1. */
export const seed: Seed = {
  agents: [
    { id: 1, name: 'Unassigned', email: '' },
    {
      id: 3,
      name: 'Admin',
      email: 'admin@brightwater.example',
      ...member(roles.administrator, teams.billing),
    },
    {
      id: 4,
      name: 'Mara Lind',
      email: 'mara.lind@brightwater.example',
      ...member(roles.first, teams.first, teams.nights),
    },
    {
      id: 5,
      name: 'Tomasz Wolny',
      email: 'tomasz.wolny@brightwater.example',
      ...member(roles.second, teams.second),
    },
    {
      id: 6,
      name: 'Priya Raman',
      email: 'priya.raman@brightwater.example',
      ...member(roles.engineer, teams.network, teams.onboarding),
    },
    { id: 7, name: 'Old Bot', email: 'old.bot@brightwater.example', isdisabled: true },
    { id: 8, name: 'Reporting API', email: 'reporting@brightwater.example', isapiagent: true },
  ],
  teams: Object.values(teams),
  roles: Object.values(roles),
  workdays: [
    {
      id: 1,
      name: 'Office hours',
      summary: 'Mon-Fri',
      alldayssame: false,
      start: '1901-01-01T09:00:00',
      end: '1901-01-01T17:00:00',
      endfriday: '1901-01-01T16:30:00',
      startsaturday: '1899-12-30T09:00:00',
      endsaturday: '1899-12-30T17:00:00',
      ...weekdays,
      ...noWeekend,
      timezone: '',
    },
    {
      id: 2,
      name: 'Sydney desk',
      summary: 'Mon-Fri',
      alldayssame: true,
      start: '1901-01-01T08:30:00',
      end: '1901-01-01T17:30:00',
      ...weekdays,
      ...noWeekend,
      timezone: 'AUS Eastern Standard Time',
    },
    {
      id: 3,
      name: '24x7',
      summary: 'Always',
      alldayssame: true,
      start: '1901-01-01T00:00:00',
      end: '1901-01-01T23:59:00',
      ...weekdays,
      ...weekend,
      timezone: 'UTC',
    },
  ],
  applications: [
    {
      clientId: '4d71c0e8-52ba-4f96-a3c7-18e6d09b5f24',
      displayName: 'Reporting',
      grant_type: 'client_credentials',
      inactive: false,
      loginas_agent_id: 8,
      scopes: ['read:tickets', 'read:reporting'],
    },
  ],
  settings: {
    licences: 10,
    forcestrongpasswords: true,
    password_strength_level: 3,
    password_char_length: 16,
  },
};
