import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Seed, StoredTeam } from './seed.ts';

export type StoredAgent = {
  id: number;
  name: string;
  email: string;
  isdisabled: boolean;
  isapiagent: boolean;
  team: string;
  teams: StoredTeam[];
  roles: { id: string; name: string }[];
  workday_id: number;
  timezone: string;
  /** Never the password itself. */
  passwordHash: string | undefined;
};

/** A refusal as HaloPSA words it: the body of a 400. */
export class BadRequest extends Error {
  readonly body: unknown;
  constructor(body: unknown) {
    super('bad request');
    this.body = body;
  }
}

/** Unknown properties vanish without a word, as at HaloPSA. */
const wireSchema = z.object({
  id: z.int().optional(),
  name: z.string().optional(),
  email: z.string().optional(),
  password: z.string().optional(),
  isdisabled: z.boolean().optional(),
  isapiagent: z.boolean().optional(),
  roles: z.array(z.object({ id: z.string() })).optional(),
  add_roles: z.array(z.object({ id: z.string() })).optional(),
  teams: z.array(z.object({ team_id: z.int() })).optional(),
  add_teams: z.array(z.object({ team_id: z.int() })).optional(),
  team: z.string().optional(),
  workday_id: z.int().optional(),
  timezone: z.string().max(100).optional(),
});
export type WireAgent = z.infer<typeof wireSchema>;

const longestText = 256;

/** @throws {BadRequest} with the ModelState map that HaloPSA answers for a wrong type */
export function readWireAgent(element: unknown, index: number): WireAgent {
  const parsed = wireSchema.safeParse(element);
  if (parsed.success) return parsed.data;
  const path = `[${index}].${(parsed.error.issues[0]?.path ?? []).join('.')}`;
  throw new BadRequest({ [path]: [`Could not convert value. Path '${path}', line 1, position 1.`] });
}

/** The agent with the given fields set. What HaloPSA would refuse is refused. @throws {BadRequest} */
export function applyFields(
  before: StoredAgent,
  wire: WireAgent,
  lists: Seed,
  fieldNames: FieldNames,
): StoredAgent {
  const { name = before.name, email = before.email } = wire;
  if (name.trim() === '') throw new BadRequest('Agent Name must not be blank');
  if (name.length > longestText || email.length > longestText) throw new BadRequest(databaseError);
  const roles = wire[fieldNames.roles]?.map(({ id }) =>
    lists.roles.find((role) => role.id === id.toLowerCase()),
  );
  const teams = wire[fieldNames.teams]?.map(({ team_id: id }) => lists.teams.find((team) => team.id === id));
  if (roles?.includes(undefined)) throw new BadRequest('Role not found');
  if (teams?.includes(undefined)) throw new BadRequest('Team not found');
  if (wire.workday_id !== undefined && !lists.workdays.some(({ id }) => id === wire.workday_id))
    throw new BadRequest('Workday not found');
  const knownTeam = lists.teams.some((team) => team.name === wire.team);
  return {
    ...before,
    name,
    email,
    isdisabled: wire.isdisabled ?? before.isdisabled,
    isapiagent: wire.isapiagent ?? before.isapiagent,
    roles: roles?.flatMap((role) => role ?? []) ?? before.roles,
    teams: teams?.flatMap((team) => team ?? []) ?? before.teams,
    team: knownTeam ? (wire.team ?? before.team) : before.team,
    workday_id: wire.workday_id ?? before.workday_id,
    timezone: wire.timezone ?? before.timezone,
    passwordHash: wire.password === undefined ? before.passwordHash : hash(wire.password),
  };
}

/** Which property a build of HaloPSA honours. */
export type FieldNames = { roles: 'roles' | 'add_roles'; teams: 'teams' | 'add_teams' };

export function newAgent(id: number): StoredAgent {
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
  };
}

export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Agent 1 is "Unassigned"; disabled and API-only agents need no licence. */
export function takesLicence(agent: StoredAgent): boolean {
  return agent.id !== 1 && !agent.isdisabled && !agent.isapiagent;
}

/** A row of the list: fewer properties than the details. */
export function agentRow({ id, name, email, isdisabled, isapiagent, team }: StoredAgent) {
  const initials = name.slice(0, 2).toUpperCase();
  return {
    id,
    name,
    email,
    isdisabled,
    isapiagent,
    team,
    initials,
    colour: '#2d9cdb',
    use: 'agent',
    is_agent: true,
  };
}

export function agentDetails(agent: StoredAgent, lists: Seed) {
  const workday = lists.workdays.find(({ id }) => id === agent.workday_id);
  return {
    ...agentRow(agent),
    roles: agent.roles.map(({ id, name }) => ({ id, name })),
    role_list: agent.roles.map(({ name }) => name).join(', '),
    teams: agent.teams.map((team) => ({
      agent_id: agent.id,
      team_id: team.id,
      team_name: team.name,
      department_id: team.department_id,
      department_name: team.department_name,
      is_manager: false,
    })),
    workday_id: agent.workday_id,
    workday_name: workday?.name ?? null,
    workday_timezone: workday?.timezone ?? null,
    timezone: agent.timezone,
  };
}

const databaseError = {
  ClassName: 'System.Exception',
  Message: 'A database error occurred (8152) - String or binary data would be truncated.',
  Data: null,
  InnerException: null,
  HelpURL: null,
  StackTraceString: null,
  RemoteStackTraceString: null,
  RemoteStackIndex: 0,
  ExceptionMethod: null,
  HResult: -2146233088,
};
