import { z } from 'zod';
import { jsonOf } from './journal.ts';
import { Refusal } from './refusals.ts';

/** HaloPSA's schema has null for every string and list: it is as if they were not sent. */
const orAbsent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);
const text = orAbsent(z.string());
const flag = z.boolean().optional();
const roleRefs = orAbsent(z.array(z.object({ id: text })));
const teamRefs = orAbsent(z.array(z.object({ team_id: z.int32().optional() })));

/** What HaloPSA reads of an element; all else vanishes without a word. */
const wireAgentSchema = z.object({
  id: z.int32().optional(),
  name: text,
  email: text,
  password: text,
  isdisabled: flag,
  isapiagent: flag,
  roles: roleRefs,
  add_roles: roleRefs,
  teams: teamRefs,
  add_teams: teamRefs,
  team: text,
  workday_id: z.int32().optional(),
  timezone: text,
});

export type WireAgent = z.output<typeof wireAgentSchema>;

/** The elements of a body of `POST /api/Agent`: types are checked before anything is done. @throws {Refusal} */
export function readWireAgents(body: string): WireAgent[] {
  if (body.trim() === '') throw Refusal.modelState('', 'A non-empty request body is required.');
  const json = jsonOf(body);
  if (json === undefined)
    throw Refusal.modelState('', "Unexpected character encountered while parsing value. Path '', line 1.");
  const elements = z.array(z.unknown()).safeParse(json);
  if (!elements.success)
    throw Refusal.modelState(
      '',
      'Cannot deserialize the current JSON object (e.g. {"name":"value"}) into type \'System.Collections.Generic.List`1[Uname]\' because the type requires a JSON array (e.g. [1,2,3]) to deserialize correctly.',
    );
  return elements.data.map((element, index) => readElement(element, index, body));
}

function readElement(element: unknown, index: number, body: string): WireAgent {
  const parsed = wireAgentSchema.safeParse(element);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const value = path.reduce(inside, element);
  const place = `[${index}]${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}`;
  const position = positionOf(body, path.findLast((key) => typeof key === 'string') ?? '', value);
  const wanted = issue?.code === 'invalid_type' ? issue.expected : 'int';
  throw Refusal.modelState(
    place,
    `${problemOf(wanted, value)} Path '${place}', line 1, position ${position}.`,
  );
}

function inside(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** In the words of Newtonsoft.Json, which HaloPSA passes on with the value. */
function problemOf(wanted: string, value: unknown): string {
  const type = wanted === 'boolean' ? 'boolean' : 'integer';
  const isScalar = ['boolean', 'int', 'number'].includes(wanted);
  return isScalar && typeof value === 'string'
    ? `Could not convert string to ${type}: ${value}.`
    : `Error converting value ${value === null ? '{null}' : JSON.stringify(value)} to type '${wanted}'.`;
}

/** Where the reader stood when it met the value: right behind it. */
function positionOf(body: string, key: string, value: unknown): number {
  const written = JSON.stringify(value);
  const at = body.indexOf(written, body.indexOf(`"${key}"`));
  return at < 0 ? body.length : at + written.length;
}
