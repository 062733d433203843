import { createHmac } from 'node:crypto';
import type { HaloQuirks } from './quirks.ts';
import { Refusal } from './refusals.ts';
import type { Seed, StoredTeam } from './seed.ts';
import type { WireAgent } from './wire-agent.ts';

/** An agent as HaloPSA holds it. */
export type StoredAgent = {
  id: number;
  name: string;
  email: string;
  isdisabled: boolean;
  isapiagent: boolean;
  /** The default team, by name. */
  team: string;
  teams: StoredTeam[];
  roles: { id: string; name: string }[];
  workday_id: number;
  timezone: string;
  /** Salted; never the password itself. Undefined: none was set. */
  passwordHash: string | undefined;
  passwordLength: number;
};

/** What a write asks of an agent. Lists replace, `add…` adds. */
type Change = Omit<WireAgent, 'roles' | 'add_roles' | 'teams' | 'add_teams'> & {
  roles: WireAgent['roles'];
  addRoles: WireAgent['roles'];
  teams: WireAgent['teams'];
  addTeams: WireAgent['teams'];
};

/** The columns of HaloPSA's database. */
const longestName = 256;
const longestZone = 100;

/** An agent of whom nothing is known but the id. Working hours 1 are the database's default. */
export function blankAgent(id: number): StoredAgent {
  return {
    id,
    name: '',
    email: '',
    isdisabled: false,
    isapiagent: false,
    team: '',
    teams: [],
    roles: [],
    workday_id: 1,
    timezone: '',
    passwordHash: undefined,
    passwordLength: 0,
  };
}

/** What is left of an element after this build's quirks: the rest vanishes without a word. */
export function honoured(wire: WireAgent, quirks: HaloQuirks): Change {
  const { ignoreAlways, ignoreOnCreate, rolesProperty, teamsProperty } = quirks;
  const ignored = new Set(wire.id === undefined ? [...ignoreAlways, ...ignoreOnCreate] : ignoreAlways);
  const kept = (key: keyof WireAgent) => !ignored.has(key);
  const takes = (key: 'roles' | 'add_roles' | 'teams' | 'add_teams') =>
    kept(key) && [key, 'both'].includes(key.endsWith('roles') ? rolesProperty : teamsProperty);
  return {
    id: wire.id,
    name: kept('name') ? wire.name : undefined,
    email: kept('email') ? wire.email : undefined,
    password: kept('password') ? wire.password : undefined,
    isdisabled: kept('isdisabled') ? wire.isdisabled : undefined,
    isapiagent: kept('isapiagent') ? wire.isapiagent : undefined,
    team: kept('team') ? wire.team : undefined,
    workday_id: kept('workday_id') ? wire.workday_id : undefined,
    timezone: kept('timezone') ? wire.timezone : undefined,
    roles: takes('roles') ? wire.roles : undefined,
    addRoles: takes('add_roles') ? wire.add_roles : undefined,
    teams: takes('teams') ? wire.teams : undefined,
    addTeams: takes('add_teams') ? wire.add_teams : undefined,
  };
}

/** The agent with what was sent; all else stays. A default team that does not exist vanishes. @throws {Refusal} */
export function changedAgent(before: StoredAgent, change: Change, lists: Seed): StoredAgent {
  const { name = before.name, email = before.email, timezone = before.timezone } = change;
  if (name.trim() === '') throw Refusal.rule('Agent Name must not be blank');
  if (name.length > longestName || email.length > longestName || timezone.length > longestZone)
    throw Refusal.database('(8152) - String or binary data would be truncated.');
  const { workday_id = before.workday_id, password } = change;
  if (change.workday_id !== undefined && !lists.workdays.some(({ id }) => id === workday_id))
    throw Refusal.rule('Workday not found');
  const rolesOf = (refs: Change['roles']) => refs?.map(({ id }) => knownRole(lists, id));
  const teamsOf = (refs: Change['teams']) => refs?.map(({ team_id: id }) => knownTeam(lists, id));
  const isKnownTeam = lists.teams.some((team) => team.name === change.team);
  return {
    ...before,
    name,
    email,
    timezone,
    workday_id,
    isdisabled: change.isdisabled ?? before.isdisabled,
    isapiagent: change.isapiagent ?? before.isapiagent,
    team: isKnownTeam ? (change.team ?? before.team) : before.team,
    roles: distinct([...(rolesOf(change.roles) ?? before.roles), ...(rolesOf(change.addRoles) ?? [])]),
    teams: distinct([...(teamsOf(change.teams) ?? before.teams), ...(teamsOf(change.addTeams) ?? [])]),
    ...(password !== undefined && {
      passwordHash: passwordHash(before.id, password),
      passwordLength: password.length,
    }),
  };
}

function knownRole(lists: Seed, id: string | undefined): { id: string; name: string } {
  const role = lists.roles.find((one) => one.id.toLowerCase() === id?.toLowerCase());
  if (role === undefined) throw Refusal.rule('Role not found');
  return { id: role.id, name: role.name };
}

function knownTeam(lists: Seed, id: number | undefined): StoredTeam {
  const team = lists.teams.find((one) => one.id === id);
  if (team === undefined) throw Refusal.rule('Team not found');
  return team;
}

function distinct<T extends { id: unknown }>(list: T[]): T[] {
  return [...new Map(list.map((one) => [one.id, one])).values()];
}

/** Salted with the agent, so that two agents with one password do not show it. */
export function passwordHash(agentId: number, text: string): string {
  return createHmac('sha256', `agent ${agentId}`).update(text).digest('hex');
}

/** Agent 1 is "Unassigned"; disabled and API-only agents need no licence. */
export function takesLicence(agent: StoredAgent): boolean {
  return agent.id !== 1 && !agent.isdisabled && !agent.isapiagent;
}
