import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { bigTenant } from './big-tenant.ts';
import { presetNames, type PresetName } from './presets.ts';
import { DROP_CONNECTION } from '../serve.ts';
import { agentSchema, CalledHalo, secondLine } from './testing/called-halo.ts';

let local: CalledHalo;

afterEach(() => {
  local.halo.heal();
});

/** What a bot sends for an agent with every field. Working hours and teams are not the first ones. */
const wanted = {
  name: 'Neo Agent',
  email: 'Team@NeoAgent.example',
  password: 'Wq7-unlikely-Zebra-42-of-the-longer-kind-that-keeps-rules',
  isdisabled: false,
  isapiagent: false,
  roles: [{ id: secondLine }],
  teams: [{ team_id: 2 }, { team_id: 5 }],
  team: '2nd Line',
  workday_id: 2,
  timezone: 'AUS Eastern Standard Time',
};
const reportedSchema = z.object({
  name: z.string(),
  email: z.string(),
  isdisabled: z.boolean(),
  isapiagent: z.boolean(),
  roles: z.array(z.object({ id: z.string() })).optional(),
  teams: z.array(z.object({ team_id: z.int() })),
  team: z.string(),
  workday_id: z.int(),
  timezone: z.string().optional(),
});

/** The fields that one read of the agent does not show as wanted. 'absent': it does not show the agent. */
const differing = async (id: number): Promise<string[]> => {
  const answer = await local.get(`/api/Agent/${id}?includedetails=true`);
  if (answer.status === 404) return ['absent'];
  const reported = reportedSchema.parse(await answer.json());
  return Object.keys(reportedSchema.shape).filter(
    (key) =>
      JSON.stringify(z.record(z.string(), z.unknown()).parse(reported)[key]) !==
      JSON.stringify(z.record(z.string(), z.unknown()).parse(wanted)[key]),
  );
};

/**
 * What a client lives through: `create`, what the first read after it does not show as wanted, and the first
 * read after an update with the same fields.
 */
const livedThrough = async (preset: PresetName) => {
  local = await CalledHalo.open({ preset });
  const before = local.halo.agents.length;
  const response = await local.post(wanted);
  const create = response.headers.has(DROP_CONNECTION) ? 'dropped' : response.status;
  const made = local.halo.agents.slice(before);
  const [agent] = made;
  expect(made.length).toBeLessThanOrEqual(1);
  if (agent === undefined) return { create, made: false };
  const afterCreate = await differing(agent.id);
  await local.post({ ...wanted, id: agent.id });
  return { create, made: true, afterCreate, afterUpdate: await differing(agent.id) };
};
const kept = (afterCreate: string[] = [], afterUpdate = afterCreate) => ({
  create: 201 as number | 'dropped',
  made: true,
  afterCreate,
  afterUpdate,
});
const notMade = (create: number) => ({ create, made: false });

const sloppy = ['odd-values', 'null-rows'] as const;
type Tidy = Exclude<PresetName, (typeof sloppy)[number]>;
const isTidy = (preset: PresetName): preset is Tidy => !sloppy.some((one) => one === preset);
const stories: Record<Tidy, Awaited<ReturnType<typeof livedThrough>>> = {
  usual: kept(),
  'before-2026': kept(['timezone']),
  'never-timezone': kept(['timezone']),
  'iana-timezones': kept(['timezone']),
  'iana-timezones-only': notMade(400),
  'add-properties': kept(['roles', 'teams']),
  'update-only': kept(['roles', 'teams', 'workday_id'], []),
  'merging-lists': kept(['roles', 'teams']),
  'never-teams': kept(['teams']),
  'default-team-ignored': kept(['team']),
  'workday-stuck': kept(['workday_id']),
  'forced-api-only': kept(['isapiagent']),
  'created-disabled': kept(['isdisabled'], []),
  'tidied-texts': kept(['email']),
  'late-reads': kept(['absent']),
  'stale-after-update': kept(['timezone']),
  'unreported-roles': kept(['roles']),
  'bare-rows': kept(),
  'array-answers-200': { ...kept(), create: 200 },
  'wrapped-lists': kept(),
  'cut-lists': kept(),
  'cut-lists-uncounted': kept(),
  'cut-lists-without-pages': kept(),
  'own-row-only': kept(),
  'build-2.236': kept(),
  'role-brings-teams': kept(),
  'sign-in-elsewhere': kept(),
  'page-in-front': notMade(403),
  'slow-agents': kept(),
  'rate-limited': notMade(429),
  'rate-limited-retry-after': notMade(429),
  'lost-answer': { ...kept(), create: 'dropped' },
  'database-error-after-commit': { ...kept(), create: 400 },
  'no-licence': notMade(400),
  'no-licence-disabled': kept(['isdisabled']),
  'strict-passwords': kept(),
  'no-permission': notMade(403),
};

describe('a preset is what its name says', () => {
  test.each(presetNames.filter(isTidy))('%s', async (preset) => {
    expect(await livedThrough(preset)).toEqual(stories[preset]);
  });

  test('odd values: ids are texts and flags are not all booleans, in lists and in the answer of a create', async () => {
    local = await CalledHalo.open({ preset: 'odd-values' });
    const [agent] = z.array(z.unknown()).parse(await local.json('/api/Agent'));
    expect(agent).toMatchObject({ id: expect.stringMatching(/^\d+$/) as string, isdisabled: 0 });
    const made: unknown = await (await local.post(wanted)).json();
    expect(made).toMatchObject({ id: expect.stringMatching(/^\d+$/) as string, isapiagent: 0 });
    expect(await local.json('/api/InstanceInfo')).toMatchObject({ agent_count: '5' });
  });

  test('null rows: every list begins with null and ends with a row of nulls', async () => {
    local = await CalledHalo.open({ preset: 'null-rows' });
    for (const path of ['/api/Agent', '/api/Team', '/api/Roles', '/api/Workday', '/api/Application']) {
      const rows = z.array(z.unknown()).parse(await local.json(path));
      expect([rows[0], rows.at(-1)]).toMatchObject([null, { id: null }]);
    }
  });

  test('late and stale reads end: what is true shows after them', async () => {
    for (const preset of ['late-reads', 'stale-after-update'] as const) {
      await livedThrough(preset);
      const id = local.halo.agents.at(-1)?.id ?? 0;
      await differing(id);
      await differing(id);
      expect(await differing(id)).toEqual([]);
    }
  });

  test('a fault of a preset is met once: the second create after a 429 is done', async () => {
    for (const preset of ['rate-limited', 'rate-limited-retry-after'] as const) {
      await livedThrough(preset);
      expect((await local.post(wanted)).status).toBe(201);
    }
  });

  test('the rest of what they do: add_ properties, IANA names, a shorter password, bare and wrapped rows', async () => {
    local = await CalledHalo.open({ preset: 'add-properties' });
    const added = { ...wanted, add_roles: wanted.roles, add_teams: wanted.teams };
    expect(await differing((await local.created(added)).id)).toEqual([]);
    local = await CalledHalo.open({ preset: 'iana-timezones' });
    expect(await local.created({ timezone: 'Australia/Sydney' })).toMatchObject({
      timezone: 'Australia/Sydney',
    });
    local = await CalledHalo.open({ preset: 'strict-passwords' });
    expect((await local.post({ ...wanted, password: wanted.password.slice(0, 47) })).status).toBe(400);
    local = await CalledHalo.open({ preset: 'bare-rows' });
    const [row] = z.array(agentSchema).parse(await local.json('/api/Agent?search=Mara'));
    expect([row?.['email'], row?.['isapiagent']]).toEqual([undefined, undefined]);
    local = await CalledHalo.open({ preset: 'wrapped-lists' });
    expect(await local.json('/api/Agent')).toMatchObject({ results: { length: 5 } });
  });

  test('two of one preset share nothing: a changed quirk stays with its own', async () => {
    const first = await CalledHalo.open({ preset: 'update-only' });
    first.halo.quirks.ignoreOnCreate.push('name');
    local = await CalledHalo.open({ preset: 'update-only' });
    expect(local.halo.quirks.ignoreOnCreate).not.toContain('name');
  });

  test('licences that are given beside a preset go before its own', async () => {
    local = await CalledHalo.open({ preset: 'no-licence', licences: 5 });
    expect((await local.post(wanted)).status).toBe(201);
  });
});

describe('a tenant of the largest kind', () => {
  const tenant = bigTenant(7);

  test('so many teams, agents and working hours, no two of a kind alike in id or name', async () => {
    for (const [rows, count] of [
      [tenant.teams, 10_000],
      [tenant.agents, 5_000],
      [tenant.workdays, 300],
    ] as const) {
      expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
      expect(new Set(rows.map(({ name }) => name)).size).toBe(count);
    }
    local = await CalledHalo.open({ seed: tenant });
    expect(await local.json('/api/Team')).toHaveLength(10_000);
    expect(await local.json('/api/Agent?includedisabled=true&includeapiagents=true')).toHaveLength(5_000);
    expect(await local.json('/api/Workday')).toHaveLength(300);
  });

  test('an agent can be created in the last of its teams', async () => {
    local = await CalledHalo.open({ seed: tenant });
    expect(await local.created({ teams: [{ team_id: 10_000 }], workday_id: 300 })).toMatchObject({
      id: 5_002,
      teams: [{ team_id: 10_000 }],
      workday_id: 300,
    });
  });

  test('a number makes one tenant, another number another', () => {
    expect(bigTenant(7)).toEqual(tenant);
    expect(bigTenant(8)).not.toEqual(tenant);
  });
});
