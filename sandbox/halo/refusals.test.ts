import { beforeEach, describe, expect, test } from 'vitest';
import { CalledHalo, credentials, said } from './testing/called-halo.ts';

let local: CalledHalo;

beforeEach(async () => {
  local = await CalledHalo.open();
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
    expect(await said(local.post(element))).toEqual({ status: 400, body });
    expect(local.halo.agents).toHaveLength(7);
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
    expect(await said(local.post(element))).toEqual({
      status: 400,
      body: { [place]: [`${problem} Path '${place}', line 1, position ${position}.`] },
    });
  });

  test('types of all elements are read before the first is created', async () => {
    expect((await local.post({ name: 'A' }, { name: 'B', isdisabled: 1 })).status).toBe(400);
    expect(local.halo.agents).toHaveLength(7);
  });

  test.each([
    { name: 'x'.repeat(257) },
    { name: 'A', email: 'x'.repeat(257) },
    { name: 'A', timezone: 'x'.repeat(101) },
  ])('text that is too long for the database: a serialised exception', async (element) => {
    expect(await said(local.post(element))).toMatchObject({
      status: 400,
      body: { ClassName: 'System.Exception', InnerException: null },
    });
  });

  test.each(['{"name":"A"}', '"A"', '', '[{"name":'])('a body that is no array: %s', async (body) => {
    expect(await said(local.send('POST', '/api/Agent', body))).toMatchObject({
      status: 400,
      body: { '': expect.any(Array) as unknown },
    });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded'])('%s is a 415', async (type) => {
    expect(await said(local.send('POST', '/api/Agent', '[{"name":"A"}]', { 'content-type': type }))).toEqual({
      status: 415,
      body: '',
    });
    expect(local.halo.agents).toHaveLength(7);
  });

  test.each(['application/json; charset=utf-8', 'text/json', 'application/json-patch+json'])(
    '%s is taken',
    async (type) => {
      expect(
        (await local.send('POST', '/api/Agent', '[{"name":"A"}]', { 'content-type': type })).status,
      ).toBe(201);
    },
  );

  test('without a free licence only agents come in that take none, and none is enabled later', async () => {
    local = await CalledHalo.open({ licences: 4 });
    const refusal = { status: 400, body: 'There are no licences available to create this agent' };
    expect(await said(local.post({ name: 'A' }))).toEqual(refusal);
    const { id } = await local.created({ isdisabled: true });
    await local.created({ isapiagent: true });
    expect(await said(local.post({ id, isdisabled: false }))).toEqual(refusal);
    expect((await local.post({ id: 4, timezone: 'UTC' })).status).toBe(201);
  });

  test('more calls than the rolling window takes: 429 with its text', async () => {
    local.halo.quirks.rateLimit = { calls: 3, windowMs: 300_000 };
    local.time += 300_000;
    for (let call = 0; call < 3; call += 1) expect((await local.get('/api/Roles')).status).toBe(200);
    const limited = await local.get('/api/Roles');
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBeNull();
    expect(await limited.text()).toBe('Rate Limit Reached - 3 Requests per rolling 5 minute window');
    local.halo.quirks.rateLimit.retryAfter = true;
    local.time += 60_000;
    expect((await local.get('/api/Roles')).headers.get('retry-after')).toBe('240');
    local.time += 240_000;
    expect((await local.get('/api/Roles')).status).toBe(200);
  });
});

describe('the password', () => {
  test('it is set, matches, and stands nowhere', async () => {
    const password = 'Wq7-unlikely-Zebra-42';
    const { id } = await local.created({ password });
    expect(local.halo.passwordMatches(id, password)).toBe(true);
    expect(local.halo.passwordMatches(id, 'another')).toBe(false);
    expect(local.halo.agents.at(-1)?.passwordLength).toBe(password.length);
    const everywhere = JSON.stringify([local.halo.agents, local.halo.journal, await local.details(id)]);
    expect(everywhere).not.toContain(password);
    expect(local.halo.journal).toContainEqual(
      expect.objectContaining({ method: 'POST', body: [expect.objectContaining({ password: '[set]' })] }),
    );
  });

  test('the journal keeps neither the secret nor the password of a body that is refused', async () => {
    await local.send('POST', '/api/Agent', '{"name":"A","password":"hidden-one"}');
    await local.send('POST', '/api/Agent', '[{"password":"hidden-two"');
    const kept = JSON.stringify(local.halo.journal);
    expect(kept).toContain('"client_secret":"[set]"');
    for (const secret of [credentials.clientSecret, 'hidden-one', 'hidden-two'])
      expect(kept).not.toContain(secret);
  });

  test('two agents with one password do not show it', async () => {
    await local.created({ password: 'same' });
    await local.created({ password: 'same' });
    expect(new Set(local.halo.agents.slice(-2).map(({ passwordHash }) => passwordHash)).size).toBe(2);
  });
});
