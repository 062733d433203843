import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { knownFaults } from './known-faults.ts';
import { DROP_CONNECTION, serve } from '../serve.ts';
import { CalledHalo, said } from './testing/called-halo.ts';

let local: CalledHalo;

beforeEach(async () => {
  local = await CalledHalo.open();
});
afterEach(() => {
  local.halo.heal();
});

describe('faults', () => {
  const create = { method: 'POST', path: '/api/Agent' } as const;
  const neoAgents = () => local.halo.agents.filter(({ name }) => name === 'Neo Agent').length;

  test.each([
    [{ kind: 'status', status: 500 }, 500],
    [{ kind: 'html' }, 200],
  ] as const)('%o: nothing was done; with `after` it was', async (fault, status) => {
    local.halo.fail(create, fault);
    local.halo.fail(create, { ...fault, after: true });
    expect((await local.post({ name: 'Neo Agent' })).status).toBe(status);
    expect(neoAgents()).toBe(0);
    expect((await local.post({ name: 'Neo Agent' })).status).toBe(status);
    expect(neoAgents()).toBe(1);
    expect((await local.post({ name: 'Neo Agent' })).status).toBe(201);
  });

  test.each([false, true])('a connection that dies (done: %s) is marked and has no status', async (after) => {
    local.halo.fail(create, { kind: 'drop', after });
    expect((await local.post({ name: 'Neo Agent' })).headers.has(DROP_CONNECTION)).toBe(true);
    expect(neoAgents()).toBe(after ? 1 : 0);
    expect(local.halo.journal.at(-1)).toMatchObject({ dropped: true, status: undefined });
  });

  test.each([false, true])(
    'a call that hangs (done: %s) is let go by heal, without an answer',
    async (after) => {
      local.halo.fail(create, { kind: 'hang', after });
      const reached = new Promise<void>((resolve) => local.halo.onChange(resolve));
      const call = local.post({ name: 'Neo Agent' });
      await reached;
      expect(neoAgents()).toBe(after ? 1 : 0);
      expect(local.halo.journal.at(-1)).toMatchObject({ dropped: false, status: undefined });
      local.halo.heal();
      expect((await call).headers.has(DROP_CONNECTION)).toBe(true);
    },
  );

  test('a delayed call is done at once and answered late', async () => {
    local.halo.fail(create, { kind: 'delay', ms: 20 });
    const reached = new Promise<void>((resolve) => local.halo.onChange(resolve));
    const call = local.post({ name: 'Neo Agent' });
    await reached;
    expect([neoAgents(), local.halo.journal.at(-1)?.status]).toEqual([1, undefined]);
    expect((await call).status).toBe(201);
  });

  test('a fault meets its calls so many times, by prefix too, until it is healed', async () => {
    local.halo.fail({ path: '/api/agent*' }, { kind: 'status', status: 503 }, Infinity);
    local.halo.fail({ method: 'GET', path: '/API/TEAM' }, { kind: 'status', status: 403 }, 2);
    expect((await local.get('/api/Agent/3')).status).toBe(503);
    expect((await local.post({ name: 'A' })).status).toBe(503);
    expect([(await local.get('/api/Team')).status, (await local.get('/api/Team')).status]).toEqual([
      403, 403,
    ]);
    expect((await local.get('/api/Team')).status).toBe(200);
    local.halo.heal();
    expect((await local.get('/api/Agent/3')).status).toBe(200);
  });

  test('a call with a wrong token does nothing, though its fault comes after', async () => {
    local.halo.revokeTokens();
    local.halo.fail(create, { kind: 'drop', after: true });
    await local.post({ name: 'Neo Agent' });
    expect(neoAgents()).toBe(0);
  });

  test('listeners hear of every change until they stop', async () => {
    let heard = 0;
    const stop = local.halo.onChange(() => (heard += 1));
    local.halo.addAgent({ name: 'Clicked' });
    expect(heard).toBe(1);
    await local.get('/api/Team');
    expect(heard).toBe(2);
    stop();
    await local.get('/api/Team');
    expect(heard).toBe(2);
  });

  test('served on loopback: a dropped call is a dead socket, and the next one is well', async () => {
    const served = await serve(local.halo.fetch);
    const call = () =>
      fetch(`${served.url}/api/Roles`, { headers: { authorization: `Bearer ${local.token}` } });
    local.halo.fail({ path: '/api/Roles' }, { kind: 'drop' });
    await expect(call()).rejects.toThrow();
    expect((await call()).status).toBe(200);
    await served.stop();
  });
});

describe('the failures that were seen of HaloPSA', () => {
  const create = { method: 'POST', path: '/api/Agent' } as const;
  const message = (body: unknown) => JSON.stringify(body);

  test.each([
    ['rule', 400, /^"Priority/],
    ['modelState', 400, /^{"id":\["The value/],
    ['databaseError', 400, /^{"ClassName":"System.Exception","Message":"A database error occurred \(515\)/],
    ['unauthorized', 401, /^""$/],
    ['forbidden', 403, /^""$/],
    ['notFound', 404, /^""$/],
    ['serverError', 500, /^""$/],
  ] as const)('%s: %i, and nothing was created', async (name, status, body) => {
    local.halo.fail(create, knownFaults[name]);
    const answer = await said(local.post({ name: 'Neo Agent' }));
    expect(answer.status).toBe(status);
    expect(message(answer.body)).toMatch(body);
    expect(local.halo.agents).toHaveLength(7);
  });

  test.each([
    'databaseErrorAfterCommit',
    'serverErrorAfterCommit',
    'gatewayTimeoutAfterCommit',
    'lostAnswer',
  ] as const)('%s: it looks like a failure, and the agent is there', async (name) => {
    local.halo.fail(create, knownFaults[name]);
    expect((await local.post({ name: 'Neo Agent' })).ok).toBe(false);
    expect(local.halo.agents).toHaveLength(8);
  });

  test.each([
    ['rateLimited', null],
    ['rateLimitedWithRetryAfter', '1'],
  ] as const)('%s: a text, and Retry-After %s', async (name, retryAfter) => {
    local.halo.fail(create, knownFaults[name]);
    const answer = await local.post({ name: 'Neo Agent' });
    expect(await answer.text()).toBe('Rate Limit Reached - 700 Requests per rolling 5 minute window');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, retryAfter]);
    expect(local.halo.agents).toHaveLength(7);
  });
});
