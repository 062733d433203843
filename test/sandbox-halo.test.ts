import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { LocalHalo, type LocalHaloOptions } from '../sandbox/halo/local-halo.ts';
import { seed } from '../sandbox/halo/seed.ts';
import { DROP_CONNECTION, serve } from '../sandbox/serve.ts';

const origin = 'https://brightwater.halopsa.com';
const credentials = {
  clientId: '0c7be1a4-93d2-4f58-b6a0-2e81d5f7c349',
  clientSecret: '8fd3a216-5b07-4c9e-91ea-7d60b2c4f185-e1940b7d-6a2c-43f8-8c5e-b09d27f6a3e1',
};
const firstLine = 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22';
const secondLine = 'c47b2f6e-91d8-4a03-b7c2-6e1f8d0a5b33';
const agentSchema = z.looseObject({ id: z.int(), name: z.string() });

let halo: LocalHalo;
let token = '';
let time = 0;

const open = async (options: Partial<LocalHaloOptions> = {}) => {
  halo = new LocalHalo({ ...credentials, now: () => time, ...options });
  token = await signedIn();
};
const signIn = (change: Record<string, string> = {}, path = '/auth/token') =>
  halo.fetch(
    new Request(`${origin}${path}`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        scope: 'all',
        ...change,
      }),
    }),
  );
const signedIn = async (scope = 'all', path = '/auth/token') => {
  const answer = z.object({ access_token: z.string() }).parse(await (await signIn({ scope }, path)).json());
  return answer.access_token;
};
const send = (method: string, path: string, body?: string, headers: Record<string, string> = {}) =>
  halo.fetch(
    new Request(`${origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    }),
  );
const get = (path: string) => send('GET', path);
const json = async (path: string): Promise<unknown> => (await get(path)).json();
const post = (...elements: unknown[]) => send('POST', '/api/Agent', JSON.stringify(elements));
const created = async (fields: Record<string, unknown> = {}) =>
  agentSchema.parse(
    await (await post({ name: 'Neo Agent', email: 'neo@brightwater.example', ...fields })).json(),
  );
const details = (id: number) => json(`/api/Agent/${id}?includedetails=true`);
const names = async (query = '') =>
  z
    .array(agentSchema)
    .parse(await json(`/api/Agent${query}`))
    .map(({ name }) => name);
const said = async (response: Response | Promise<Response>) => {
  const { status, text } = await Promise.resolve(response).then(async (r) => ({
    status: r.status,
    text: await r.text(),
  }));
  return { status, body: text === '' ? '' : (JSON.parse(text) as unknown) };
};
const keysOf = (row: unknown) => Object.keys(z.record(z.string(), z.unknown()).parse(row)).sort();

beforeEach(() => {
  time = Date.UTC(2026, 10, 24);
  return open();
});
afterEach(() => {
  halo.heal();
});

describe('signing in to HaloPSA', () => {
  test('a token lives an hour, is opaque, and no two are the same', async () => {
    const other = await signedIn();
    expect(new Set([token, other]).size).toBe(2);
    expect(halo.issuedTokens).toEqual([token, other]);
    time += 3_599_999;
    expect((await get('/api/Team')).status).toBe(200);
    time += 1;
    expect(await said(get('/api/Team'))).toEqual({ status: 401, body: '' });
  });

  test.each([
    [{ client_id: 'other' }, 401, 'invalid_client'],
    [{ client_secret: 'other' }, 401, 'invalid_client'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ scope: 'all read:agents' }, 400, 'invalid_scope'],
  ])('%o is %i %s', async (change, status, error) => {
    expect(await said(signIn(change))).toMatchObject({ status, body: { error } });
  });

  test('the token endpoint takes forms and no JSON', async () => {
    const answer = await said(send('POST', '/auth/token', JSON.stringify({ scope: 'all' })));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  test('without a scope a token is given, and each call with it is a 401', async () => {
    token = await signedIn('');
    expect(await said(get('/api/Agent'))).toEqual({ status: 401, body: '' });
  });

  test('a token for tickets alone may not touch agents', async () => {
    token = await signedIn('read:tickets edit:tickets');
    expect(await said(get('/api/Agent'))).toEqual({ status: 403, body: '' });
  });

  test('a wrong or missing tenant is a 500 without a word', async () => {
    halo = new LocalHalo({ ...credentials, tenant: 'brightwater' });
    expect(await said(signIn())).toEqual({ status: 500, body: '' });
    expect(await said(signIn({}, '/auth/token?tenant=other'))).toEqual({ status: 500, body: '' });
    expect((await signIn({}, '/auth/token?tenant=brightwater')).status).toBe(200);
  });

  test.each(['', 'Basic abc', 'Bearer nonsense'])('"%s" opens nothing', async (authorization) => {
    expect(await said(send('GET', '/api/Roles', undefined, { authorization }))).toEqual({
      status: 401,
      body: '',
    });
  });

  test('a token without the word Bearer opens nothing; revoked, it opens nothing either', async () => {
    expect((await send('GET', '/api/Roles', undefined, { authorization: token })).status).toBe(401);
    halo.revokeTokens();
    expect((await get('/api/Roles')).status).toBe(401);
  });

  test('InstanceInfo answers anybody, and counts the agents that take a licence', async () => {
    const answer = await said(send('GET', '/api/InstanceInfo', undefined, { authorization: '' }));
    expect(answer).toMatchObject({ status: 200, body: { agent_count: 4, licensed_agent_count: 10 } });
  });
});

describe('creating an agent', () => {
  test('HaloPSA takes duplicates: the same body twice is two agents, with ids in a row', async () => {
    expect([(await created()).id, (await created()).id]).toEqual([9, 10]);
  });

  test('an id is not given again after its agent was deleted', async () => {
    const { id } = await created();
    expect(await said(send('DELETE', `/api/Agent/${id}`))).toMatchObject({ status: 200, body: { id } });
    expect(await said(get(`/api/Agent/${id}`))).toEqual({ status: 404, body: '' });
    expect((await created()).id).toBe(id + 1);
  });

  test('one element is answered by an object, two by an array; 201', async () => {
    expect(await said(post({ name: 'A' }))).toMatchObject({ status: 201, body: { name: 'A' } });
    expect(await said(post({ name: 'B' }, { name: 'C' }))).toMatchObject({
      status: 201,
      body: [{ name: 'B' }, { name: 'C' }],
    });
    Object.assign(halo.quirks, { created: 200, answerShape: 'array' });
    expect(await said(post({ name: 'D' }))).toMatchObject({ status: 200, body: [{ name: 'D' }] });
  });

  test('every field of the form is kept and read back', async () => {
    const { id } = await created({
      isdisabled: false,
      isapiagent: false,
      roles: [{ id: firstLine.toUpperCase() }],
      teams: [{ team_id: 1 }, { team_id: 4 }, { team_id: 4 }],
      team: 'Onboarding',
      workday_id: 2,
      timezone: 'AUS Eastern Standard Time',
    });
    expect(await details(id)).toMatchObject({
      roles: [{ id: firstLine, name: '1st Line Support' }],
      role_list: '1st Line Support',
      teams: [
        {
          agent_id: id,
          team_id: 1,
          team_name: '1st Line',
          department_id: 1,
          department_name: 'Service Desk',
        },
        { agent_id: id, team_id: 4, team_name: 'Onboarding', department_id: 2, department_name: 'Projects' },
      ],
      departments: [{ department_id: 1 }, { department_id: 2 }],
      team: 'Onboarding',
      workday_id: 2,
      workday_name: 'Sydney desk',
      workday_timezone: 'AUS Eastern Standard Time',
      timezone: 'AUS Eastern Standard Time',
    });
    expect(await json('/api/Team/4?includeagents=true')).toMatchObject({
      agents: expect.arrayContaining([expect.objectContaining({ agent_id: id, team_id: 4 })]) as unknown,
    });
  });

  test('what HaloPSA does not know vanishes without a word: properties, and a default team', async () => {
    const { id } = await created({ active: true, loginname: 'neo', team: 'No such team' });
    const agent = await details(id);
    expect(keysOf(agent)).not.toContain('active');
    expect(keysOf(agent)).not.toContain('loginname');
    expect(agent).toMatchObject({ team: '', workday_id: 1 });
  });

  test('null is as if it was not sent, and an email need not look like one', async () => {
    expect(await created({ email: 'no at sign', timezone: null, roles: null })).toMatchObject({
      email: 'no at sign',
      timezone: '',
    });
  });

  test('fields that a build ignores on create are kept by an update; others never', async () => {
    Object.assign(halo.quirks, { ignoreOnCreate: ['timezone'], ignoreAlways: ['workday_id'] });
    const fields = { timezone: 'UTC', workday_id: 2 };
    const { id } = await created(fields);
    expect(await details(id)).toMatchObject({ timezone: '', workday_id: 1 });
    await post({ id, ...fields });
    expect(await details(id)).toMatchObject({ timezone: 'UTC', workday_id: 1 });
  });

  test('roles or add_roles, teams or add_teams: a build honours one, and the other vanishes', async () => {
    const both = {
      roles: [{ id: firstLine }],
      add_roles: [{ id: secondLine }],
      teams: [{ team_id: 1 }],
      add_teams: [{ team_id: 2 }],
    };
    const held = async () => {
      const { roles, teams } = z
        .object({
          roles: z.array(z.object({ id: z.string() })),
          teams: z.array(z.object({ team_id: z.int() })),
        })
        .parse(await details((await created(both)).id));
      return [...roles.map(({ id }) => id), ...teams.map(({ team_id: id }) => id)];
    };
    expect(await held()).toEqual([firstLine, 1]);
    Object.assign(halo.quirks, { rolesProperty: 'add_roles', teamsProperty: 'add_teams' });
    expect(await held()).toEqual([secondLine, 2]);
    Object.assign(halo.quirks, { rolesProperty: 'both', teamsProperty: 'both' });
    expect(await held()).toEqual([firstLine, secondLine, 1, 2]);
  });
});

describe('changing an agent', () => {
  test('only what is sent changes, and the agent keeps its place', async () => {
    await post({ id: 4, team: '2nd Line' });
    expect(await details(4)).toMatchObject({
      name: 'Mara Lind',
      team: '2nd Line',
      roles: [{ name: '1st Line Support' }],
      teams: [{ team_id: 1 }, { team_id: 3 }],
    });
    expect(halo.agents.map(({ id }) => id)).toEqual([1, 3, 4, 5, 6, 7, 8]);
  });

  test('a default team that does not exist vanishes: the agent stays in the one it had', async () => {
    expect((await post({ id: 4, team: 'No such team' })).status).toBe(201);
    expect(await details(4)).toMatchObject({ team: '1st Line' });
  });

  test('lists that are sent replace; those with add_ add', async () => {
    await post({ id: 4, roles: [{ id: secondLine }] });
    expect(await details(4)).toMatchObject({ roles: [{ id: secondLine }] });
    halo.quirks.rolesProperty = 'add_roles';
    await post({ id: 4, add_roles: [{ id: firstLine }] });
    expect(await details(4)).toMatchObject({ roles: [{ id: secondLine }, { id: firstLine }] });
  });

  test('an unknown id is a 404, never a new agent', async () => {
    expect(await said(post({ id: 4711, name: 'Neo Agent' }))).toEqual({ status: 404, body: '' });
    expect(halo.agents).toHaveLength(7);
  });
});

describe('what HaloPSA refuses', () => {
  test.each([
    ['a missing name', { email: 'a@b.example' }, 'Agent Name must not be blank'],
    ['a name of spaces', { name: '  ' }, 'Agent Name must not be blank'],
    [
      'an unknown role',
      { name: 'A', roles: [{ id: '00000000-0000-4000-8000-000000000000' }] },
      'Role not found',
    ],
    ['a role without id', { name: 'A', roles: [{ name: 'Finance' }] }, 'Role not found'],
    ['an unknown team', { name: 'A', teams: [{ team_id: 99 }] }, 'Team not found'],
    ['a team by name alone', { name: 'A', teams: [{ team_name: '1st Line' }] }, 'Team not found'],
    ['unknown working hours', { name: 'A', workday_id: 99 }, 'Workday not found'],
  ])('%s: a 400 that is a JSON string', async (_what, element, body) => {
    expect(await said(post(element))).toEqual({ status: 400, body });
    expect(halo.agents).toHaveLength(7);
  });

  test.each([
    [{ name: 'A', workday_id: 'two' }, '[0].workday_id', 'Could not convert string to integer: two.', 31],
    [{ name: 'A', isdisabled: 'no' }, '[0].isdisabled', 'Could not convert string to boolean: no.', 30],
    [
      { name: 'A', teams: [{ team_id: 'x' }] },
      '[0].teams[0].team_id',
      'Could not convert string to integer: x.',
      36,
    ],
    [
      { name: 'A', isapiagent: null },
      '[0].isapiagent',
      "Error converting value {null} to type 'boolean'.",
      30,
    ],
    [{ name: 5 }, '[0].name', "Error converting value 5 to type 'string'.", 10],
    [
      { name: 'A', workday_id: 5_000_000_000 },
      '[0].workday_id',
      "Error converting value 5000000000 to type 'int'.",
      36,
    ],
  ])('a wrong type in %o: a map of places', async (element, place, problem, position) => {
    expect(await said(post(element))).toEqual({
      status: 400,
      body: { [place]: [`${problem} Path '${place}', line 1, position ${position}.`] },
    });
  });

  test('types of all elements are read before the first is created', async () => {
    expect((await post({ name: 'A' }, { name: 'B', isdisabled: 1 })).status).toBe(400);
    expect(halo.agents).toHaveLength(7);
  });

  test.each([
    { name: 'x'.repeat(257) },
    { name: 'A', email: 'x'.repeat(257) },
    { name: 'A', timezone: 'x'.repeat(101) },
  ])('text that is too long for the database: a serialised exception', async (element) => {
    expect(await said(post(element))).toMatchObject({
      status: 400,
      body: { ClassName: 'System.Exception', InnerException: null },
    });
  });

  test.each(['{"name":"A"}', '"A"', '', '[{"name":'])('a body that is no array: %s', async (body) => {
    expect(await said(send('POST', '/api/Agent', body))).toMatchObject({
      status: 400,
      body: { '': expect.any(Array) as unknown },
    });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded'])('%s is a 415', async (type) => {
    expect(await said(send('POST', '/api/Agent', '[{"name":"A"}]', { 'content-type': type }))).toEqual({
      status: 415,
      body: '',
    });
    expect(halo.agents).toHaveLength(7);
  });

  test.each(['application/json; charset=utf-8', 'text/json', 'application/json-patch+json'])(
    '%s is taken',
    async (type) => {
      expect((await send('POST', '/api/Agent', '[{"name":"A"}]', { 'content-type': type })).status).toBe(201);
    },
  );

  test('without a free licence only agents come in that take none, and none is enabled later', async () => {
    await open({ licences: 4 });
    const refusal = { status: 400, body: 'There are no licences available to create this agent' };
    expect(await said(post({ name: 'A' }))).toEqual(refusal);
    const { id } = await created({ isdisabled: true });
    await created({ isapiagent: true });
    expect(await said(post({ id, isdisabled: false }))).toEqual(refusal);
    expect((await post({ id: 4, timezone: 'UTC' })).status).toBe(201);
  });

  test('more calls than the rolling window takes: 429 with its text', async () => {
    halo.quirks.rateLimit = { calls: 3, windowMs: 300_000 };
    time += 300_000;
    for (let call = 0; call < 3; call += 1) expect((await get('/api/Roles')).status).toBe(200);
    const limited = await get('/api/Roles');
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBeNull();
    expect(await limited.text()).toBe('Rate Limit Reached - 3 Requests per rolling 5 minute window');
    halo.quirks.rateLimit.retryAfter = true;
    time += 60_000;
    expect((await get('/api/Roles')).headers.get('retry-after')).toBe('240');
    time += 240_000;
    expect((await get('/api/Roles')).status).toBe(200);
  });
});

describe('reading agents', () => {
  test('disabled and API-only agents are left out, each unless asked for', async () => {
    const usual = ['Unassigned', 'Admin', 'Mara Lind', 'Tomasz Wolny', 'Priya Raman'];
    expect(await names()).toEqual(usual);
    expect(await names('?includedisabled=true')).toEqual([...usual, 'Old Bot']);
    expect(await names('?INCLUDEAPIAGENTS=True')).toEqual([...usual, 'Reporting API']);
    expect(await names('?includedisabled=true&includeapiagents=true')).toHaveLength(7);
    expect(await names('?includeinactive=true&nonsense=1')).toEqual(usual);
  });

  test('a flag that is neither true nor false is a 400', async () => {
    expect(await said(get('/api/Agent?includedisabled=1'))).toEqual({
      status: 400,
      body: { includedisabled: ["The value '1' is not valid."] },
    });
  });

  test('search is loose: a part of a name or an email, in any case', async () => {
    expect(await names('?search=LIND')).toEqual(['Mara Lind']);
    expect(await names('?search=brightwater')).toHaveLength(4);
  });

  test('a row and an agent without its details have no roles, no teams, no hours, no timezone', async () => {
    const rows = z.array(z.unknown()).parse(await json('/api/Agent'));
    for (const view of [rows[1], await json('/api/Agent/3')]) {
      expect(keysOf(view)).toEqual(
        expect.arrayContaining(['colour', 'departments', 'initials', 'namewithinactive']),
      );
      for (const key of ['roles', 'teams', 'workday_id', 'timezone']) expect(keysOf(view)).not.toContain(key);
    }
  });

  test('the list comes bare, or as results when pages are asked for, or as this build has it', async () => {
    expect(await json('/api/Agent?pageinate=true&page_size=1')).toMatchObject({
      record_count: 5,
      results: { length: 5 },
    });
    halo.quirks.listShape = 'agents';
    expect(await json('/api/Agent')).toMatchObject({ record_count: 5, agents: { length: 5 } });
  });

  test('a new agent is late in lists and details, as long as this build takes', async () => {
    halo.quirks.lagReads = 2;
    const { id } = await created();
    expect(await names()).not.toContain('Neo Agent');
    expect((await get(`/api/Agent/${id}`)).status).toBe(404);
    expect((await get(`/api/Agent/${id}`)).status).toBe(200);
    expect(await names()).toContain('Neo Agent');
  });

  test('an unknown id is an empty 404, a word is a 400', async () => {
    expect(await said(get('/api/Agent/4711'))).toEqual({ status: 404, body: '' });
    expect(await said(get('/api/Agent/probe'))).toEqual({
      status: 400,
      body: { id: ["The value 'probe' is not valid."] },
    });
  });

  test('me is the agent that the application logs in as', async () => {
    expect(await json('/api/Agent/me')).toMatchObject({ id: 3, name: 'Admin', claims: [{ type: 'scope' }] });
  });

  test('paths compare without case, and what does not exist is an empty 404', async () => {
    expect((await get('/API/aGENT')).status).toBe(200);
    expect(await said(get('/api/Department'))).toEqual({ status: 404, body: '' });
  });
});

describe('HaloPSA’s other lists', () => {
  test('teams have the keys that were recorded, inactive ones among them', async () => {
    const teams = z
      .array(z.looseObject({ id: z.int(), inactive: z.boolean() }))
      .parse(await json('/api/Team'));
    expect(keysOf(teams[0])).toEqual([
      'concurrent_lic_limit',
      'department_id',
      'department_name',
      'foropps',
      'forprojects',
      'forrequests',
      'guid',
      'hide_agents_in_tree_if_no_tickets',
      'homescreendashboardid',
      'id',
      'inactive',
      'last_modified',
      'mailbox_override',
      'name',
      'org_team_name',
      'override_column_id',
      'sequence',
      'teamphotopath',
      'ticket_count',
      'use',
    ]);
    expect(teams.filter(({ inactive }) => inactive)).toHaveLength(1);
    expect(await said(get('/api/Team/99'))).toEqual({ status: 404, body: '' });
  });

  test('thousands of teams are no trouble', async () => {
    const [team] = seed.teams;
    if (team === undefined) throw new Error('no team');
    const teams = Array.from({ length: 5_000 }, (_unused, index) => ({
      ...team,
      id: index + 1,
      name: `Team ${index + 1}`,
    }));
    await open({ seed: { teams } });
    expect(await json('/api/Team')).toHaveLength(5_000);
    expect(await created({ teams: [{ team_id: 5_000 }] })).toMatchObject({
      teams: [{ team_name: 'Team 5000' }],
    });
  });

  test('roles have GUIDs and four keys', async () => {
    const roles = z.array(z.unknown()).parse(await json('/api/Roles'));
    expect(keysOf(roles[0])).toEqual(['id', 'id_int', 'name', 'notes']);
    expect(await json(`/api/Roles/${firstLine.toUpperCase()}`)).toMatchObject({ name: '1st Line Support' });
    expect(await said(get('/api/Roles/1'))).toEqual({ status: 404, body: '' });
  });

  test('working hours have 29 keys, an empty timezone, and sentinels for dates', async () => {
    const office = await json('/api/Workday/1');
    expect(keysOf(office)).toHaveLength(29);
    expect(office).toMatchObject({
      alldayssame: false,
      startmonday: '1901-01-01T09:00:00',
      endfriday: '1901-01-01T16:30:00',
      startsaturday: '1899-12-30T09:00:00',
      incsunday: false,
      timezone: '',
    });
    expect(await json('/api/Workday')).toHaveLength(3);
  });

  test('settings tell of licences and passwords; applications tell no secret', async () => {
    expect(await json('/api/Control')).toMatchObject({ license_count: 10, forcestrongpasswords: true });
    const applications = await json('/api/Application');
    expect(applications).toMatchObject([{ clientId: credentials.clientId, loginas_agent_id: 3 }, {}]);
    expect(JSON.stringify(applications)).not.toContain(credentials.clientSecret);
  });
});

describe('the password', () => {
  test('it is set, matches, and stands nowhere', async () => {
    const password = 'Wq7-unlikely-Zebra-42';
    const { id } = await created({ password });
    expect(halo.passwordMatches(id, password)).toBe(true);
    expect(halo.passwordMatches(id, 'another')).toBe(false);
    expect(halo.agents.at(-1)?.passwordLength).toBe(password.length);
    const everywhere = JSON.stringify([halo.agents, halo.journal, await details(id)]);
    expect(everywhere).not.toContain(password);
    expect(halo.journal).toContainEqual(
      expect.objectContaining({ method: 'POST', body: [expect.objectContaining({ password: '[set]' })] }),
    );
  });

  test('the journal keeps neither the secret nor the password of a body that is refused', async () => {
    await send('POST', '/api/Agent', '{"name":"A","password":"hidden-one"}');
    await send('POST', '/api/Agent', '[{"password":"hidden-two"');
    const kept = JSON.stringify(halo.journal);
    expect(kept).toContain('"client_secret":"[set]"');
    for (const secret of [credentials.clientSecret, 'hidden-one', 'hidden-two'])
      expect(kept).not.toContain(secret);
  });

  test('two agents with one password do not show it', async () => {
    await created({ password: 'same' });
    await created({ password: 'same' });
    expect(new Set(halo.agents.slice(-2).map(({ passwordHash }) => passwordHash)).size).toBe(2);
  });
});

describe('faults', () => {
  const create = { method: 'POST', path: '/api/Agent' } as const;
  const neoAgents = () => halo.agents.filter(({ name }) => name === 'Neo Agent').length;

  test.each([
    [{ kind: 'status', status: 500 }, 500],
    [{ kind: 'html' }, 200],
  ] as const)('%o: nothing was done; with `after` it was', async (fault, status) => {
    halo.fail(create, fault);
    halo.fail(create, { ...fault, after: true });
    expect((await post({ name: 'Neo Agent' })).status).toBe(status);
    expect(neoAgents()).toBe(0);
    expect((await post({ name: 'Neo Agent' })).status).toBe(status);
    expect(neoAgents()).toBe(1);
    expect((await post({ name: 'Neo Agent' })).status).toBe(201);
  });

  test.each([false, true])('a connection that dies (done: %s) is marked and has no status', async (after) => {
    halo.fail(create, { kind: 'drop', after });
    expect((await post({ name: 'Neo Agent' })).headers.has(DROP_CONNECTION)).toBe(true);
    expect(neoAgents()).toBe(after ? 1 : 0);
    expect(halo.journal.at(-1)).toMatchObject({ dropped: true, status: undefined });
  });

  test.each([false, true])(
    'a call that hangs (done: %s) is let go by heal, without an answer',
    async (after) => {
      halo.fail(create, { kind: 'hang', after });
      const reached = new Promise<void>((resolve) => halo.onChange(resolve));
      const call = post({ name: 'Neo Agent' });
      await reached;
      expect(neoAgents()).toBe(after ? 1 : 0);
      expect(halo.journal.at(-1)).toMatchObject({ dropped: false, status: undefined });
      halo.heal();
      expect((await call).headers.has(DROP_CONNECTION)).toBe(true);
    },
  );

  test('a delayed call is done at once and answered late', async () => {
    halo.fail(create, { kind: 'delay', ms: 20 });
    const reached = new Promise<void>((resolve) => halo.onChange(resolve));
    const call = post({ name: 'Neo Agent' });
    await reached;
    expect([neoAgents(), halo.journal.at(-1)?.status]).toEqual([1, undefined]);
    expect((await call).status).toBe(201);
  });

  test('a fault meets its calls so many times, by prefix too, until it is healed', async () => {
    halo.fail({ path: '/api/agent*' }, { kind: 'status', status: 503 }, Infinity);
    halo.fail({ method: 'GET', path: '/API/TEAM' }, { kind: 'status', status: 403 }, 2);
    expect((await get('/api/Agent/3')).status).toBe(503);
    expect((await post({ name: 'A' })).status).toBe(503);
    expect([(await get('/api/Team')).status, (await get('/api/Team')).status]).toEqual([403, 403]);
    expect((await get('/api/Team')).status).toBe(200);
    halo.heal();
    expect((await get('/api/Agent/3')).status).toBe(200);
  });

  test('a call with a wrong token does nothing, though its fault comes after', async () => {
    halo.revokeTokens();
    halo.fail(create, { kind: 'drop', after: true });
    await post({ name: 'Neo Agent' });
    expect(neoAgents()).toBe(0);
  });

  test('listeners hear of every change until they stop', async () => {
    let heard = 0;
    const stop = halo.onChange(() => (heard += 1));
    halo.addAgent({ name: 'Clicked' });
    expect(heard).toBe(1);
    await get('/api/Team');
    expect(heard).toBe(2);
    stop();
    await get('/api/Team');
    expect(heard).toBe(2);
  });

  test('served on loopback: a dropped call is a dead socket, and the next one is well', async () => {
    const served = await serve(halo.fetch);
    const call = () => fetch(`${served.url}/api/Roles`, { headers: { authorization: `Bearer ${token}` } });
    halo.fail({ path: '/api/Roles' }, { kind: 'drop' });
    await expect(call()).rejects.toThrow();
    expect((await call()).status).toBe(200);
    await served.stop();
  });
});
