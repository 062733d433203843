import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAgent, deleteAgent, getAgent, listAgents, updateAgent } from '../src/halo/agents.ts';
import { createHaloClient, type HaloCall } from '../src/halo/client.ts';
import { getInstanceInfo, licencesFree } from '../src/halo/instance-info.ts';
import { describeHours, listWorkdays } from '../src/halo/workdays.ts';

const origin = 'https://acme.halopsa.com';
const config = {
  baseUrl: origin,
  clientId: 'c1',
  clientSecret: 'a-secret',
  tenant: undefined,
  scopes: 'all',
};
const calls: HaloCall[] = [];
const client = (admit = () => Promise.resolve(0)) =>
  createHaloClient(config, { admit, timeoutMs: 1_000, onCall: (call) => void calls.push(call) });
const grantToken = () =>
  nock(origin).post('/auth/token').reply(200, { access_token: 't1', expires_in: 3600 });
const newAgent = { name: 'Neo Agent', email: 'team@neoagent.io' };

beforeEach(() => {
  calls.length = 0;
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('a write whose answer says nothing', () => {
  test.each([
    ['a login page', '<html>Sign in</html>'],
    ['nothing', ''],
    ['half of it', '{"id":4'],
    ['a word', '"ok"'],
  ])('an update answered by %s is not taken for done', async (_name, body) => {
    grantToken();
    nock(origin).post('/api/Agent').reply(200, body);
    await expect(updateAgent(client(), { id: 4, name: 'Neo' })).rejects.toMatchObject({
      kind: 'outcome_unknown',
    });
  });

  test.each([
    ['no id', [{ name: 'Neo Agent' }]],
    ['id 0', { id: 0 }],
    ['two agents', [{ id: 4 }, { id: 5 }]],
    ['an empty array', []],
  ])('a create answered by %s is not taken for done', async (_name, body) => {
    grantToken();
    nock(origin).post('/api/Agent').reply(201, body);
    await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  });

  test.each([
    ['the object', { id: 41, colour: '#fff' }],
    ['an array of one', [{ id: 41 }]],
  ])('a create answered by %s has its id, and was sent as an array', async (_name, body) => {
    grantToken();
    nock(origin).post('/api/Agent', [newAgent]).reply(201, JSON.stringify(body));
    await expect(createAgent(client(), newAgent)).resolves.toEqual({ id: 41 });
  });

  test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE'])(
    '%s can come after sending: the outcome of a create is unknown',
    async (code) => {
      grantToken();
      nock(origin)
        .post('/api/Agent')
        .replyWithError(Object.assign(new Error(code), { code }));
      await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ kind: 'outcome_unknown' });
    },
  );
});

describe('a delete', () => {
  test.each([
    ['500', 500, '', 'outcome_unknown'],
    ['a login page', 200, '<html>Sign in</html>', 'outcome_unknown'],
    ['403', 403, '', 'forbidden'],
    ['404', 404, '', 'not_found'],
  ])('answered by %s is told as that, and sent once', async (_name, status, body, kind) => {
    grantToken();
    nock(origin).delete('/api/Agent/41').reply(status, body);
    await expect(deleteAgent(client(), 41)).rejects.toMatchObject({ kind, method: 'DELETE' });
    expect(calls.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });

  test('whose answer is lost may have been done', async () => {
    grantToken();
    nock(origin)
      .delete('/api/Agent/41')
      .replyWithError(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }));
    await expect(deleteAgent(client(), 41)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  });
});

describe('what is reported and what is thrown', () => {
  test('a call answered by a login page is reported by its error, once, not as ok', async () => {
    grantToken();
    nock(origin).post('/api/Agent').reply(200, '<html>Sign in</html>');
    await expect(createAgent(client(), newAgent)).rejects.toThrow();
    expect(calls.slice(1).map(({ path, status, kind }) => [path, status, kind])).toEqual([
      ['/auth/token', 200, 'ok'],
      ['/api/Agent', 200, 'outcome_unknown'],
    ]);
  });

  test('a fault of our own while waiting for the rate is not blamed on HaloPSA', async () => {
    const ownFault = new Error('database is locked');
    await expect(listAgents(client(() => Promise.reject(ownFault)))).rejects.toBe(ownFault);
  });

  test.each([
    [200, '<html>Sign in</html>', 'not_halopsa'],
    [302, '', 'not_halopsa'],
    [404, '', 'not_halopsa'],
    [403, '<html>Blocked</html>', 'not_halopsa'],
    [407, '', 'not_halopsa'],
    [200, '{"token":"t"}', 'unexpected_response'],
    [500, '', 'unavailable'],
    [400, '{"error":"invalid_scope"}', 'unauthorized'],
  ])('a sign-in answered %i %s before a create: the create never left', async (status, body, kind) => {
    nock(origin).post('/auth/token').reply(status, body);
    await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ kind, path: '/auth/token' });
  });

  test.each(['', ' '])('an empty Retry-After (%j) is no leave to try at once', async (retryAfter) => {
    grantToken();
    nock(origin).get('/api/Agent').query(true).reply(429, '', { 'retry-after': retryAfter });
    await expect(listAgents(client())).rejects.toMatchObject({
      kind: 'rate_limited',
      retryAfterMs: undefined,
    });
  });

  test.each([
    ['{"Message":"No licence is free"}', 'No licence is free'],
    ['{"error":"bad"}', 'bad'],
    ['{"a":["x","y"],"b":["z"]}', 'a: x y; b: z'],
    ['plain words', 'plain words'],
    [JSON.stringify('tab\t\u0007bell'), 'tab bell'],
    [JSON.stringify('🙂'.repeat(400)), '🙂'.repeat(300)],
  ])('HaloPSA’s own words of a 400: %s', async (body, detail) => {
    grantToken();
    nock(origin).post('/api/Agent').reply(400, body);
    await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ kind: 'invalid', detail });
  });
});

describe('rows as HaloPSA sends them', () => {
  test('disabled and API-only agents are asked for; unknown fields vanish; null is nothing', async () => {
    grantToken();
    nock(origin)
      .get('/api/Agent')
      .query(
        ({ includedisabled, includeapiagents }) => includedisabled === 'true' && includeapiagents === 'true',
      )
      .times(2)
      .reply(200, [{ id: 1, name: 'Unassigned', email: null, isdisabled: null, jira_id: 9 }]);
    expect((await listAgents(client())).rows).toEqual([{ id: 1, name: 'Unassigned' }]);
  });

  test('an agent’s details may lack everything but id and name', async () => {
    grantToken();
    nock(origin)
      .get('/api/Agent/7')
      .query({ includedetails: 'true' })
      .reply(200, { id: 7, name: 'Neo', roles: null, teams: [{ team_id: 2, team_name: null }] });
    expect(await getAgent(client(), 7)).toEqual({ id: 7, name: 'Neo', teams: [{ team_id: 2 }] });
  });

  test.each([
    [{ agent_count: 5 }, undefined],
    [{ licensed_agent_count: 5 }, undefined],
    [{ agent_count: 6, licensed_agent_count: 5 }, undefined],
    [{ agent_count: 24, licensed_agent_count: 5 }, undefined],
    [{ agent_count: 0, licensed_agent_count: 0, online_agent_count: 0 }, undefined],
    [{ agent_count: '4', licensed_agent_count: '10' }, 6],
    [{ agent_count: 'four', licensed_agent_count: 10 }, undefined],
    [{ agent_count: 10, licensed_agent_count: 10, dbid: 7 }, 0],
  ])('licences of %o: %s free', async (info, free) => {
    grantToken();
    nock(origin).get('/api/InstanceInfo').reply(200, info);
    expect(licencesFree(await getInstanceInfo(client()))).toBe(free);
  });
});

describe('working hours', () => {
  const nine = { start: '1901-01-01T09:00:00', end: '1899-12-30T17:00:00' };
  const week = { incmonday: true, inctuesday: true, incwednesday: true };
  const hoursOf = async (fields: object) => {
    grantToken();
    nock(origin)
      .get('/api/Workday')
      .query(true)
      .times(2)
      .reply(200, [{ id: 1, name: 'Days', ...fields }]);
    return (await listWorkdays(client())).rows.map(describeHours)[0];
  };

  test.each([
    ['the sentinel date is not a date', { ...nine, ...week }, 'Mon–Wed 09:00–17:00'],
    ['a gap', { ...nine, incmonday: true, incwednesday: true }, 'Mon 09:00–17:00, Wed 09:00–17:00'],
    [
      'one side of a day differs',
      { ...nine, ...week, endtuesday: '1901-01-01T16:30:00' },
      'Mon 09:00–17:00, Tue 09:00–16:30, Wed 09:00–17:00',
    ],
    [
      'all days the same: what stands beside it is stale',
      { ...nine, ...week, alldayssame: true, endtuesday: '1901-01-01T12:00:00' },
      'Mon–Wed 09:00–17:00',
    ],
    ['no times', week, 'Mon–Wed hours not given'],
    ['no days', nine, 'hours not given'],
    ['nulls', { ...nine, ...week, incwednesday: null, starttuesday: null }, 'Mon–Tue 09:00–17:00'],
    ['an empty zone', { ...nine, ...week, timezone: '' }, 'Mon–Wed 09:00–17:00'],
  ])('%s', async (_name, fields, said) => {
    expect(await hoursOf(fields)).toBe(said);
  });

  test('days as 0, 1 and words count; a time that is none is left out, and the rest is there', async () => {
    const days = { ...nine, incmonday: 1, inctuesday: 'True', incwednesday: '0', start: 900 };
    expect(await hoursOf(days)).toBe('Mon–Tue hours not given');
    expect(calls.at(-1)).toMatchObject({ path: '/api/Workday', leftOutCount: 0 });
  });
});
