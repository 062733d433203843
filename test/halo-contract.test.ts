import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { HaloClient } from '../src/halo/client.ts';
import {
  createAgent,
  deleteAgent,
  getAgent,
  listAgents,
  searchAgents,
  updateAgent,
} from '../src/halo/agents.ts';
import { listApplications } from '../src/halo/applications.ts';
import { getControl } from '../src/halo/control.ts';
import { getInstanceInfo } from '../src/halo/instance-info.ts';
import { getRole, listRoles } from '../src/halo/roles.ts';
import { listTeams } from '../src/halo/teams.ts';
import { listWorkdays } from '../src/halo/workdays.ts';
import type { ModelName, PropertyType } from '../sandbox/halo/model.ts';
import { models } from '../sandbox/halo/models.ts';
import { presetNames } from '../sandbox/halo/presets.ts';
import { CalledHalo, firstLine } from '../sandbox/halo/testing/called-halo.ts';

const rowSchema = z.record(z.string(), z.unknown());
const scalars: Record<Exclude<PropertyType, object>, z.ZodType> = {
  int: z.int32(),
  text: z.string(),
  flag: z.boolean(),
  guid: z.guid(),
  moment: z.iso.datetime({ local: true }),
};

/** What of an answer is not as its model has it. `withheld`: what this build leaves out on purpose. */
function breaches(name: ModelName, answer: unknown, withheld: readonly string[] = []): string[] {
  const row = rowSchema.parse(answer);
  const model = models[name];
  const lacking = Object.entries(model)
    .filter(([property, [, certainty]]) => certainty === 'live' && !(property in row))
    .filter(([property]) => !withheld.includes(property))
    .map(([property]) => `${name} lacks ${property}`);
  const wrong = Object.entries(row).flatMap(([property, value]) => {
    const declared = model[property];
    if (declared === undefined) return [`${name} has no ${property}`];
    const [type, certainty] = declared;
    // HaloPSA's specification lets nearly everything be null; what was seen was not.
    if (value === null && certainty !== 'live') return [];
    if (typeof type === 'object')
      return z
        .array(z.unknown())
        .parse(value)
        .flatMap((one) => breaches(type.listOf, one));
    return scalars[type].safeParse(value).success ? [] : [`${name}.${property} is no ${type}`];
  });
  return [...new Set([...lacking, ...wrong])];
}

const answers: { model: ModelName; path: string; isList: boolean }[] = [
  { model: 'agentRow', path: '/api/Agent?includedisabled=true&includeapiagents=true', isList: true },
  { model: 'agent', path: '/api/Agent/4?includedetails=true', isList: false },
  { model: 'agent', path: '/api/Agent/4', isList: false },
  { model: 'me', path: '/api/Agent/me', isList: false },
  { model: 'team', path: '/api/Team', isList: true },
  { model: 'teamDetails', path: '/api/Team/1?includeagents=true', isList: false },
  { model: 'role', path: '/api/Roles', isList: true },
  { model: 'role', path: `/api/Roles/${firstLine}`, isList: false },
  { model: 'roleDetails', path: `/api/Roles/${firstLine}?includedetails=true`, isList: false },
  { model: 'workday', path: '/api/Workday', isList: true },
  { model: 'workday', path: '/api/Workday/1', isList: false },
  { model: 'application', path: '/api/Application', isList: true },
  { model: 'control', path: '/api/Control', isList: false },
  { model: 'instanceInfo', path: '/api/InstanceInfo', isList: false },
  { model: 'authInfo', path: '/api/authinfo', isList: false },
];
/** The list of a build that wraps it, too. */
const rowsSchema = z.union([
  z.array(z.unknown()),
  z.object({ record_count: z.int(), results: z.array(z.unknown()) }).transform(({ results }) => results),
]);
const wanted = {
  name: 'Neo Agent',
  password: 'Wq7-unlikely-Zebra-42-of-the-longer-kind-that-keeps-rules',
  roles: [{ id: firstLine }],
  teams: [{ team_id: 1 }],
  workday_id: 2,
};

describe('every answer of the local HaloPSA has the names and types of its model, and all that is sure', () => {
  // Those are the presets whose answers break their models on purpose.
  const tidy = presetNames.filter((preset) => !['odd-values', 'null-rows'].includes(preset));

  test.each(tidy)('%s', async (preset) => {
    const local = await CalledHalo.open({ preset });
    const { unlisted, unreported } = local.halo.quirks;
    for (const { model, path, isList } of answers) {
      const answer = await local.json(path);
      const rows = isList ? rowsSchema.parse(answer) : [answer];
      expect(rows).not.toEqual([]);
      expect(rows.flatMap((row) => breaches(model, row, [...unlisted, ...unreported]))).toEqual([]);
    }
    expect(breaches('token', await (await local.signIn()).json())).toEqual([]);
  });

  const creating = tidy.filter((preset) => !['no-licence', 'no-permission'].includes(preset));
  test.each(creating)('%s: the answer of a create', async (preset) => {
    const local = await CalledHalo.open({ preset });
    local.halo.heal();
    const agents = [await (await local.post(wanted)).json()].flat();
    expect(agents.flatMap((agent) => breaches('agent', agent, local.halo.quirks.unreported))).toEqual([]);
  });
});

describe('what the local HaloPSA reads of a write', () => {
  test.each(Object.entries(models.agentWrite))(
    '%s is one of its properties, of its type',
    async (property, [type]) => {
      const local = await CalledHalo.open();
      const wrong = type === 'text' ? 5 : 'wrong';
      const answer = await local.post({ name: 'A', [property]: wrong });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toHaveProperty([`[0].${property}`]);
    },
  );
});

/** What a schema reads: of lists and unions in `inner`. */
type Shape = { type: string[]; inner: Shape[]; properties: Record<string, Shape> };
const shape = (part: Partial<Shape>): Shape => ({ type: [], inner: [], properties: {}, ...part });

function shapeOf(schema: unknown): Shape {
  if (schema instanceof z.ZodObject)
    return shape({
      properties: Object.fromEntries(Object.entries(schema.shape).map(([key, one]) => [key, shapeOf(one)])),
    });
  if (schema instanceof z.ZodArray) return shape({ inner: [shapeOf(schema.element)] });
  if (schema instanceof z.ZodUnion) return shape({ inner: schema.options.map(shapeOf) });
  if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap());
  // What only makes a value fit stands before what it must fit.
  if (schema instanceof z.ZodPipe)
    return shapeOf(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  if (schema instanceof z.ZodNumber) return shape({ type: ['integer'] });
  if (schema instanceof z.ZodString) return shape({ type: ['string'] });
  if (schema instanceof z.ZodBoolean) return shape({ type: ['boolean'] });
  return shape({});
}
const jsonTypes = { int: 'integer', text: 'string', flag: 'boolean', guid: 'string', moment: 'string' };

/** What the app reads of an answer that its model does not declare, or reads as another type. */
function misread(name: ModelName, { inner, properties }: Shape): string[] {
  return [
    ...inner.flatMap((shape) => misread(name, shape)),
    ...Object.entries(properties).flatMap(([property, shape]) => {
      const [type] = models[name][property] ?? [];
      if (type === undefined) return [`${name} has no ${property}`];
      if (typeof type === 'object') return misread(type.listOf, shape);
      const read = [shape, ...shape.inner].flatMap((one) => one.type);
      const isRight = read.length > 0 && read.every((one) => one === jsonTypes[type]);
      return isRight ? [] : [`${name}.${property} is read as ${read.join(' or ') || 'anything'}`];
    }),
  ];
}

/** Every call of `src/halo` but the sign-in, and the model of what it is answered. */
const reads: { what: string; model: ModelName; call: (http: HaloClient) => Promise<unknown> }[] = [
  { what: 'the list of agents', model: 'agentRow', call: listAgents },
  { what: 'a search for agents', model: 'agentRow', call: (http) => searchAgents(http, 'neo') },
  { what: 'an agent', model: 'agent', call: (http) => getAgent(http, 4) },
  { what: 'a create', model: 'agent', call: (http) => createAgent(http, {}) },
  { what: 'an update', model: 'agent', call: (http) => updateAgent(http, { id: 4 }) },
  { what: 'a delete', model: 'agent', call: (http) => deleteAgent(http, 4) },
  { what: 'teams', model: 'team', call: listTeams },
  { what: 'roles', model: 'role', call: listRoles },
  { what: 'a role', model: 'roleDetails', call: (http) => getRole(http, firstLine) },
  { what: 'working hours', model: 'workday', call: listWorkdays },
  { what: 'the instance', model: 'instanceInfo', call: getInstanceInfo },
  { what: 'API applications', model: 'application', call: listApplications },
  { what: 'the settings', model: 'control', call: getControl },
];

/** The schema that a call would read its answer by. */
async function schemaOf(call: (http: HaloClient) => Promise<unknown>): Promise<Shape> {
  const schemas: z.ZodType[] = [];
  const stop = new Error('not sent');
  const take = ({ schema }: { schema: z.ZodType }) => {
    schemas.push(schema);
    return Promise.reject(stop);
  };
  const http: HaloClient = {
    get: (_path, _query, reader) => take(reader),
    post: (_path, _body, reader) => take(reader),
    delete: (_path, reader) => take(reader),
  };
  await expect(call(http)).rejects.toBe(stop);
  const [schema] = schemas;
  if (schema === undefined) throw new Error('The call read nothing');
  return shapeOf(schema);
}

describe('what the app reads of HaloPSA', () => {
  test.each(reads)(
    '$what: only what the model $model declares, as the type that it has',
    async ({ model, call }) => {
      expect(misread(model, await schemaOf(call))).toEqual([]);
    },
  );

  test('a call that is not held here would read unseen: there is none', () => {
    const folder = fileURLToPath(new URL('../src/halo', import.meta.url));
    const calls = readdirSync(folder).flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(/\bhttp\.(get|post|delete)\(|\breadList\(/g),
    ]);
    // Two of them are in `readList` itself.
    expect(calls).toHaveLength(reads.length + 2);
  });
});
