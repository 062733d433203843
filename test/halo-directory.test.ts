import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHaloClient } from '../src/halo/client.ts';
import { createDirectory } from '../src/halo/directory.ts';

const origin = 'https://acme.halopsa.com';
const config = { baseUrl: origin, clientId: 'c1', clientSecret: 's1', tenant: undefined, scopes: 'all' };
const lists: Record<string, unknown> = {
  '/api/Agent': [{ id: 3, name: 'Admin' }],
  '/api/Team': [{ id: 1, name: 'Service Desk' }],
  '/api/Roles': [{ id: '03cbebd0-3443-4b7b-8121-9a94ccfc49d1', name: 'Agent' }],
  '/api/Workday': [{ id: 1, name: 'Office' }],
  '/api/InstanceInfo': { agent_count: 4, licensed_agent_count: 5 },
  '/api/Control': { password_char_length: 16, forcestrongpasswords: true },
};
let time = 0;
const now = () => time;
let failing = new Set<string>();
let asked: string[] = [];
let errors: unknown[] = [];
/** This list is answered only then. */
let holding: { path: string; until: Promise<void> } | undefined;
const paths = {
  agents: '/api/Agent',
  teams: '/api/Team',
  roles: '/api/Roles',
  workdays: '/api/Workday',
  instance: '/api/InstanceInfo',
  control: '/api/Control',
};
const open = (admit = () => Promise.resolve(0)) =>
  createDirectory(createHaloClient(config, { admit, now }), {
    now,
    onError: (error) => void errors.push(error),
  });

beforeEach(() => {
  time = Date.UTC(2026, 10, 24);
  failing = new Set();
  holding = undefined;
  asked = [];
  errors = [];
  nock.disableNetConnect();
  nock(origin).persist().post('/auth/token').reply(200, { access_token: 't', expires_in: 3600 });
  for (const [path, body] of Object.entries(lists))
    nock(origin)
      .persist()
      .get(path)
      .query((query) => query['page_no'] === undefined)
      .reply(async () => {
        asked.push(path);
        if (holding?.path === path) await holding.until;
        return failing.has(path) ? [500, ''] : [200, JSON.stringify(body)];
      });
});
/** The next page of each list, which HaloPSA answers with all of it again. */
const furtherPages = () => {
  for (const [path, body] of Object.entries(lists))
    nock(origin)
      .persist()
      .get(path)
      .query((query) => query['page_no'] !== undefined)
      .reply(200, JSON.stringify(body));
};
beforeEach(furtherPages);
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

test('before the first look nothing is known, and nothing is claimed', () => {
  const { agents, instance } = open().current();
  expect(agents).toEqual({ value: [], isWhole: false, fetchedAt: undefined, failure: undefined });
  expect(instance.fetchedAt).toBeUndefined();
});

test('a field that is opened right after the start waits for the first look instead of offering nothing', async () => {
  const directory = open();
  const { roles } = await directory.currentSoon(5_000, 'roles');
  expect(roles.value).toHaveLength(1);
  await directory.currentSoon(5_000, 'roles');
  expect(asked).toEqual(['/api/Roles']);
});

test('a first look that failed is not waited for again at every letter', async () => {
  failing = new Set(Object.keys(lists));
  const directory = open();
  await directory.currentSoon(5_000, 'roles');
  const { roles } = await directory.currentSoon(5_000, 'roles');
  expect(roles.failure?.kind).toBe('unavailable');
  expect(asked).toEqual(['/api/Roles']);
});

test('a first look that hangs is waited for no longer than asked', async () => {
  const { roles } = await open(() => new Promise(() => {})).currentSoon(10, 'roles');
  expect(roles).toEqual({ value: [], isWhole: false, fetchedAt: undefined, failure: undefined });
});

test.each(['/api/Agent', '/api/Team', '/api/Roles', '/api/Workday', '/api/InstanceInfo', '/api/Control'])(
  '%s does not answer: all others are offered meanwhile, and whoever needs only those does not wait',
  async (slow) => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    holding = { path: slow, until: released };
    const directory = open();
    const all = directory.refreshIfOlder(0);
    const others = (['agents', 'teams', 'roles', 'workdays', 'instance', 'control'] as const).filter(
      (name) => paths[name] !== slow,
    );
    await directory.refreshIfOlder(60_000, others);
    const known = directory.current();
    expect(others.filter((name) => known[name].fetchedAt === undefined)).toEqual([]);
    expect(Object.values(known).filter(({ fetchedAt }) => fetchedAt === undefined)).toHaveLength(1);
    release();
    await all;
    expect(Object.values(directory.current()).every(({ fetchedAt }) => fetchedAt !== undefined)).toBe(true);
  },
);

test('people who ask at once share one look', async () => {
  const directory = open();
  await Promise.all([directory.refreshIfOlder(0), directory.refreshIfOlder(0), directory.refreshIfOlder(0)]);
  expect(asked.toSorted()).toEqual(Object.keys(lists).toSorted());
});

test('one list fails: its last good value stays with the reason beside it, and the others are fresh', async () => {
  const directory = open();
  await directory.refreshIfOlder(0);
  const firstAt = time;
  time += 60_000;
  failing.add('/api/Team');
  const { teams, agents } = await directory.refreshIfOlder(0);
  expect(teams).toMatchObject({
    value: [{ id: 1, name: 'Service Desk' }],
    fetchedAt: firstAt,
    failure: { kind: 'unavailable' },
  });
  expect(agents).toMatchObject({ fetchedAt: time, failure: undefined });
  expect(errors).toEqual([teams.failure]);
});

test('young lists are not asked for again; old ones and ones that failed are', async () => {
  const directory = open();
  failing.add('/api/Roles');
  await directory.refreshIfOlder(60_000);
  failing.clear();
  const { roles } = await directory.refreshIfOlder(60_000);
  expect(roles.failure).toBeUndefined();
  asked = [];
  time += 60_000;
  await directory.refreshIfOlder(60_000);
  expect(asked).toEqual([]);
  time += 1;
  await directory.refreshIfOlder(60_000);
  expect(asked).toHaveLength(6);
});

test('a fault of our own is not kept as if HaloPSA had failed', async () => {
  const ownFault = new Error('database is locked');
  const directory = open(() => Promise.reject(ownFault));
  await expect(directory.refreshIfOlder(0)).rejects.toBe(ownFault);
  expect(directory.current().agents.failure).toBeUndefined();
});
