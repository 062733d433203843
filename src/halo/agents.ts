import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { readerOf } from './lenient.ts';
import { flag, integer, optional, optionalText, text } from './shapes.ts';

const path = '/api/Agent';

/** HaloPSA's specification allows null for each of them; a row without a name or an address equals nobody. */
const agentSchema = z.object({
  id: optional(integer),
  name: optionalText,
  email: optionalText,
  isdisabled: optional(flag),
  isapiagent: optional(flag),
  /** The default team, by name. */
  team: optionalText,
});

const roleOfAgentSchema = z.union([
  z.object({ id: text, name: optionalText }),
  // It cannot be compared, and must not be overlooked.
  z.object({ id: optionalText, name: text }),
]);

/** A role can put whoever has it into teams; HaloPSA's specification then has the role's id in the membership. */
const membershipSchema = z
  .object({ team_id: integer, team_name: optionalText, role_id: optionalText, role_name: optionalText })
  .transform(({ role_id: id, role_name: name, ...team }) => ({
    ...team,
    throughRole: id === undefined || noId.test(id) ? undefined : { id, name },
  }));
/** Empty, 0, or a GUID of zeros. */
const noId = /^[0-]*$/;

const agentDetailsSchema = agentSchema.extend({
  id: integer,
  roles: optional(z.array(roleOfAgentSchema)),
  teams: optional(z.array(membershipSchema)),
  workday_id: optional(integer),
  workday_name: optionalText,
  /** A Windows id. Builds before 2026 do not report it. */
  timezone: optionalText,
});

/** A row of the list. */
export type Agent = z.infer<typeof agentSchema>;
export type AgentDetails = z.infer<typeof agentDetailsSchema>;

const createdSchema = z.preprocess(
  (answer): unknown => (Array.isArray(answer) && answer.length === 1 ? answer[0] : answer),
  z.object({ id: integer.refine((id) => id > 0, { error: 'an ID above 0' }) }),
);

/** JSON of some shape. */
const written = readerOf(z.union([z.looseObject({}), z.array(z.looseObject({}))]));

type RoleRef = { id: string };
type TeamRef = { team_id: number; team_name: string; department_id?: number | undefined };

/** The fields that can be sent, by HaloPSA's names. Unknown ones would vanish without an error. */
export type AgentFields = {
  name?: string;
  email?: string;
  password?: string;
  isdisabled?: boolean;
  isapiagent?: boolean;
  roles?: RoleRef[];
  add_roles?: RoleRef[];
  teams?: TeamRef[];
  add_teams?: TeamRef[];
  team?: string;
  workday_id?: number;
  timezone?: string;
};

const everyKind = { includedisabled: true, includeapiagents: true };

/**
 * All agents. HaloPSA leaves out disabled and API-only agents, each unless asked for, and answers a bare
 * array, or an object with `results` or `agents`. A row recorded from a real tenant had no email. May be
 * repeated. @throws {HaloError}
 */
export function listAgents(http: HaloClient): Promise<Listed<Agent>> {
  return readList(http, { path, query: everyKind, name: 'agents' }, agentSchema);
}

/**
 * Are these all agents that HaloPSA has? An agent without a default team sees no agent but itself (reported by people
 * who use the API), so one row alone proves nothing. `counted`: HaloPSA's `agent_count`, of which 0 and nothing say
 * nothing.
 */
export function areAllAgents(
  { rows, isWhole }: { rows: readonly Agent[]; isWhole: boolean },
  counted: number | undefined,
): boolean {
  return isWhole && rows.length > 1 && rows.length >= (counted ?? 0);
}

/** Agents whose name, email or phone number contains the words, more or less. May be repeated. @throws {HaloError} */
export async function searchAgents(http: HaloClient, words: string): Promise<Agent[]> {
  return (await readList(http, { path, query: { ...everyKind, search: words }, name: 'agents' }, agentSchema))
    .rows;
}

/**
 * One agent as HaloPSA holds it now. An answer about another one is none. May be repeated.
 * @throws {HaloError} `not_found` for an unknown id
 */
export function getAgent(http: HaloClient, id: number): Promise<AgentDetails> {
  const asked = agentDetailsSchema.refine((agent) => agent.id === id, {
    error: 'the ID that was asked for',
    path: ['id'],
  });
  return http.get(`${path}/${id}`, { includedetails: true }, readerOf(asked));
}

/**
 * Creates an agent: always a new one, even with the name and email of another, so it must not be repeated.
 * HaloPSA answers the object, or an array with it. What `beforeSend` throws stops it. @throws {HaloError}
 */
export async function createAgent(
  http: HaloClient,
  fields: AgentFields,
  beforeSend?: () => Promise<void>,
): Promise<{ id: number }> {
  return http.post(path, [fields], readerOf(createdSchema), beforeSend);
}

/**
 * Changes the given fields of an agent and leaves the others. HaloPSA answers JSON of some shape; a login page
 * or an empty answer is no sign that it was done. May be repeated. What `beforeSend` throws stops it. @throws {HaloError}
 */
export async function updateAgent(
  http: HaloClient,
  fields: AgentFields & { id: number },
  beforeSend?: () => Promise<void>,
): Promise<void> {
  await http.post(path, [fields], written, beforeSend);
}

/**
 * Deletes an agent. HaloPSA was seen to answer the object, and 404 to a read after that; whether it is gone must be
 * looked at. Not repeated. @throws {HaloError}
 */
export async function deleteAgent(http: HaloClient, id: number): Promise<void> {
  await http.delete(`${path}/${id}`, written);
}
