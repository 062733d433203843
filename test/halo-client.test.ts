import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAgent, listAgents } from '../src/halo/agents.ts';
import { createHaloClient, type HaloCall } from '../src/halo/client.ts';
import { describeHours, listWorkdays } from '../src/halo/workdays.ts';
import { findTimeZone, searchTimeZones } from '../src/halo/time-zones.ts';
import { listTeams } from '../src/halo/teams.ts';
import { getInstanceInfo, licencesFree } from '../src/halo/instance-info.ts';
import { LocalHalo } from '../sandbox/halo/local-halo.ts';
import { routeTo } from './edges.ts';

const origin = 'https://acme.halopsa.com';
const credentials = { clientId: 'c1', clientSecret: 's1' };
const config = { baseUrl: `${origin}/`, ...credentials, tenant: undefined, scopes: 'all' };
let halo: LocalHalo;
let time = 0;
const now = () => time;
const admit = () => Promise.resolve(0);
const calls: HaloCall[] = [];
const client = (change = {}) =>
  createHaloClient(
    { ...config, ...change },
    { admit, now, timeoutMs: 400, onCall: (call) => void calls.push(call) },
  );
const tokenRequests = () => halo.journal.filter(({ path }) => path === '/auth/token').length;
const list = { method: 'GET', path: '/api/Agent' } as const;
const create = { method: 'POST', path: '/api/Agent' } as const;
const newAgent = { name: 'Neo Agent', email: 'team@neoagent.io' };

beforeEach(() => {
  time = Date.UTC(2026, 10, 24);
  calls.length = 0;
  halo = new LocalHalo({ ...credentials, now });
  nock.disableNetConnect();
  routeTo(origin, halo.fetch);
});
afterEach(() => {
  halo.heal();
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('the token', () => {
  test('parallel first calls share one token request', async () => {
    const http = client();
    await Promise.all([listAgents(http), listTeams(http), listWorkdays(http)]);
    expect(tokenRequests()).toBe(1);
  });

  test('it is renewed before it ends, not after a failure', async () => {
    const http = client();
    await listAgents(http);
    time += 3_550_000;
    await listAgents(http);
    expect(tokenRequests()).toBe(2);
    expect(halo.journal.filter(({ status }) => status === 401)).toEqual([]);
  });

  test('revoked: parallel calls renew it once and are repeated', async () => {
    const http = client();
    await listAgents(http);
    halo.revokeTokens();
    await Promise.all([listAgents(http), listTeams(http), listWorkdays(http)]);
    expect(tokenRequests()).toBe(2);
  });

  test('a 401 that stays is unauthorized after one renewal, not a loop', async () => {
    halo.fail(list, { kind: 'status', status: 401 }, Infinity);
    await expect(listAgents(client())).rejects.toMatchObject({ kind: 'unauthorized', detail: undefined });
    expect(tokenRequests()).toBe(2);
  });

  test.each([
    ['a wrong secret', { clientSecret: 'wrong' }, 'unauthorized'],
    ['an unknown scope', { scopes: 'read:agents' }, 'unauthorized'],
    ['no scope: a token that opens nothing', { scopes: '' }, 'unauthorized'],
  ])('%s', async (_name, change, kind) => {
    await expect(listAgents(client(change))).rejects.toMatchObject({ kind });
  });

  test('the tenant goes into the address of the token endpoint', async () => {
    halo = new LocalHalo({ ...credentials, tenant: 'acme', now });
    nock.cleanAll();
    routeTo(origin, halo.fetch);
    await listAgents(client({ tenant: 'acme' }));
    expect(halo.journal.find(({ path }) => path === '/auth/token')?.query).toEqual({ tenant: 'acme' });
    await expect(listAgents(client({ tenant: 'other' }))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('the token endpoint is down before a create: the create never left, so its outcome is known', async () => {
    halo.fail({ path: '/auth/token' }, { kind: 'drop' });
    await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});

describe('one closed union of errors', () => {
  test.each([
    [{ kind: 'status', status: 403 }, 'forbidden', 'forbidden'],
    [{ kind: 'status', status: 404 }, 'not_found', 'not_found'],
    [
      { kind: 'status', status: 400, body: '"Agent Name must not be blank"' },
      'unexpected_response',
      'invalid',
    ],
    [
      { kind: 'status', status: 400, body: '{"ClassName":"System.Exception","Message":"(515)"}' },
      'unavailable',
      'outcome_unknown',
    ],
    [{ kind: 'status', status: 415 }, 'unexpected_response', 'invalid'],
    [{ kind: 'status', status: 429, body: 'Rate Limit Reached' }, 'rate_limited', 'rate_limited'],
    [{ kind: 'status', status: 500 }, 'unavailable', 'outcome_unknown'],
    [{ kind: 'status', status: 504 }, 'unavailable', 'outcome_unknown'],
    [
      { kind: 'status', status: 302, headers: { location: 'https://evil.example' } },
      'not_halopsa',
      'not_halopsa',
    ],
    [{ kind: 'drop' }, 'unavailable', 'outcome_unknown'],
    [{ kind: 'hang' }, 'too_slow', 'outcome_unknown'],
    [{ kind: 'html' }, 'not_halopsa', 'outcome_unknown'],
    [{ kind: 'status', status: 200, body: '{"unexpected":true}' }, 'unexpected_response', 'outcome_unknown'],
    [{ kind: 'status', status: 200, body: '' }, 'not_halopsa', 'outcome_unknown'],
  ] as const)('%o: a read is %s, a write is %s', async (fault, read, write) => {
    halo.fail(list, fault);
    await expect(listAgents(client())).rejects.toMatchObject({ name: 'HaloError', kind: read });
    halo.fail(create, fault);
    await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ name: 'HaloError', kind: write });
    expect(
      halo.journal.filter(({ method, path }) => method === 'POST' && path === '/api/Agent'),
    ).toHaveLength(1);
  });

  test.each(['ECONNREFUSED', 'ENOTFOUND'])('%s: the write provably never left', async (code) => {
    const http = client();
    await listAgents(http);
    nock.cleanAll();
    nock(origin)
      .post('/api/Agent')
      .replyWithError(Object.assign(new Error(code), { code }));
    await expect(createAgent(http, newAgent)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test.each([
    ['"Username must be entered"', 'Username must be entered'],
    ['{"id":["The value \'probe\' is not valid."]}', "id: The value 'probe' is not valid."],
    ['{"Message":"A database error\\r\\noccurred","Data":null}', 'A database error occurred'],
    ['{"errorMessage":"No licence"}', 'No licence'],
    ['', undefined],
    [JSON.stringify('x'.repeat(1000)), 'x'.repeat(300)],
  ])('HaloPSA’s own words of a 400: %s', async (body, detail) => {
    halo.fail(create, { kind: 'status', status: 400, body });
    await expect(createAgent(client(), newAgent)).rejects.toMatchObject({ kind: 'invalid', detail });
  });

  test.each([
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': new Date(Date.UTC(2026, 10, 24, 0, 1)).toUTCString() }, 60_000],
    [{}, undefined],
    [{ 'retry-after': 'later' }, undefined],
  ])('how long to wait after a 429: %o', async (headers, retryAfterMs) => {
    halo.fail(list, { kind: 'status', status: 429, headers });
    await expect(listAgents(client())).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs });
  });

  test('every call is reported with its outcome, and without its query', async () => {
    halo.fail(list, { kind: 'drop' });
    await listAgents(client()).catch(() => undefined);
    expect(calls.map(({ method, path, kind }) => `${method} ${path} ${kind}`)).toEqual([
      'GET /api/AuthInfo ok',
      'POST /auth/token ok',
      'GET /api/Agent unavailable',
    ]);
  });
});

describe('HaloPSA’s lists', () => {
  test.each(['array', 'results', 'agents'] as const)(
    'agents come as %s; disabled and API-only ones are asked for',
    async (shape) => {
      halo.quirks.listShape = shape;
      const names = (await listAgents(client())).rows.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['Old Bot', 'Reporting API', 'Admin']));
    },
  );

  test('inactive teams are not offered', async () => {
    expect((await listTeams(client())).rows.map(({ name }) => name)).not.toContain('Fax Support');
  });

  test('working hours read as people say them', async () => {
    const [office, sydney, always] = (await listWorkdays(client())).rows;
    expect([office, sydney, always].map((workday) => workday && describeHours(workday))).toEqual([
      'Mon–Thu 09:00–17:00, Fri 09:00–16:30',
      'Mon–Fri 08:30–17:30, AUS Eastern Standard Time',
      'Mon–Sun 00:00–23:59, UTC',
    ]);
  });

  test('free licences are counted, or unknown, never guessed', async () => {
    expect(licencesFree(await getInstanceInfo(client()))).toBe(6);
    halo.fail(
      { path: '/api/InstanceInfo' },
      { kind: 'status', status: 200, body: '{"app_version":"2.1","agent_count":null}' },
    );
    expect(licencesFree(await getInstanceInfo(client()))).toBeUndefined();
  });
});

describe('timezones', () => {
  test.each([
    ['Australia/Sydney', 'AUS Eastern Standard Time'],
    ['Europe/Kyiv', 'FLE Standard Time'],
    ['Europe/Kiev', 'FLE Standard Time'],
    ['Asia/Calcutta', 'India Standard Time'],
    ['Asia/Kolkata', 'India Standard Time'],
    ['US/Eastern', 'Eastern Standard Time'],
    ['UTC', 'UTC'],
  ])('%s is %s in HaloPSA, under whatever alias', (iana, windowsId) => {
    expect(findTimeZone(iana)?.windowsId).toBe(windowsId);
  });

  test.each(['Antarctica/Troll', 'Mars/Olympus', ''])('%s has no name in HaloPSA', (iana) => {
    expect(findTimeZone(iana)).toBeUndefined();
  });

  test('they are found by city, by Windows name, and in any order of the words', () => {
    expect(searchTimeZones('new_york')[0]?.iana).toBe('America/New_York');
    expect(searchTimeZones('york new')[0]?.iana).toBe('America/New_York');
    expect(searchTimeZones('e. australia').map(({ iana }) => iana)).toContain('Australia/Brisbane');
    expect(searchTimeZones('').length).toBeGreaterThan(400);
  });
});
