import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CalledHalo, credentials, said } from './testing/called-halo.ts';

let local: CalledHalo;

beforeEach(async () => {
  local = await CalledHalo.open();
});

describe('signing in to HaloPSA', () => {
  test('a token lives an hour, is opaque, and no two are the same', async () => {
    const other = await local.signedIn();
    expect(new Set([local.token, other]).size).toBe(2);
    expect(local.halo.issuedTokens).toEqual([local.token, other]);
    local.time += 3_599_999;
    expect((await local.get('/api/Team')).status).toBe(200);
    local.time += 1;
    expect(await said(local.get('/api/Team'))).toEqual({ status: 401, body: '' });
  });

  test.each([
    [{ client_id: 'other' }, 401, 'invalid_client'],
    [{ client_secret: 'other' }, 401, 'invalid_client'],
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ scope: 'all read:agents' }, 400, 'invalid_scope'],
  ])('%o is %i %s', async (change, status, error) => {
    expect(await said(local.signIn(change))).toMatchObject({ status, body: { error } });
  });

  test('the token endpoint takes forms and no JSON', async () => {
    const answer = await said(local.send('POST', '/auth/token', JSON.stringify({ scope: 'all' })));
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  test('without a scope a token is given, and each call with it is a 401', async () => {
    local.token = await local.signedIn('');
    expect(await said(local.get('/api/Agent'))).toEqual({ status: 401, body: '' });
  });

  test('a token for tickets alone may not touch agents', async () => {
    local.token = await local.signedIn('read:tickets edit:tickets');
    expect(await said(local.get('/api/Agent'))).toEqual({ status: 403, body: '' });
  });

  test('a wrong or missing tenant is a 500 without a word', async () => {
    local = new CalledHalo({ tenant: 'brightwater' });
    expect(await said(local.signIn())).toEqual({ status: 500, body: '' });
    expect(await said(local.signIn({}, '/auth/token?tenant=other'))).toEqual({ status: 500, body: '' });
    expect((await local.signIn({ tenant: 'brightwater' })).status).toBe(200);
    expect((await local.signIn({ tenant: 'other' })).status).toBe(500);
    expect((await local.signIn({}, '/auth/token?tenant=brightwater')).status).toBe(200);
  });

  test.each(['', 'Basic abc', 'Bearer nonsense'])('"%s" opens nothing', async (authorization) => {
    expect(await said(local.send('GET', '/api/Roles', undefined, { authorization }))).toEqual({
      status: 401,
      body: '',
    });
  });

  test('a token without the word Bearer opens nothing; revoked, it opens nothing either', async () => {
    expect((await local.send('GET', '/api/Roles', undefined, { authorization: local.token })).status).toBe(
      401,
    );
    local.halo.revokeTokens();
    expect((await local.get('/api/Roles')).status).toBe(401);
  });

  test('InstanceInfo answers anybody, and counts the agents that take a licence', async () => {
    const answer = await said(local.send('GET', '/api/InstanceInfo', undefined, { authorization: '' }));
    expect(answer).toMatchObject({ status: 200, body: { agent_count: 4, licensed_agent_count: 10 } });
  });
});

describe('the API application', () => {
  const change = (fields: Record<string, unknown>) => {
    Object.assign(local.halo.lists.applications[0] ?? {}, fields);
  };

  test.each([
    [
      'inactive',
      () => {
        change({ inactive: true });
      },
    ],
    [
      'deleted',
      () => {
        local.halo.lists.applications = [];
      },
    ],
  ])('%s: right credentials are an invalid_client', async (_what, spoil) => {
    spoil();
    expect(await said(local.signIn())).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  test('a scope that it was not granted is refused at sign-in; edit includes read', async () => {
    change({ scopes: ['edit:tickets', 'admin:webhooks'] });
    expect(await said(local.signIn())).toMatchObject({ status: 400, body: { error: 'invalid_scope' } });
    expect((await local.signIn({ scope: 'read:tickets edit:tickets admin:webhooks' })).status).toBe(200);
    change({ scopes: ['read:tickets'] });
    expect((await local.signIn({ scope: 'edit:tickets' })).status).toBe(400);
  });

  test('it is listed with its agent and its scopes, as it was set', async () => {
    change({ loginas_agent_id: 4, scopes: ['all:standard', 'all:teams'] });
    const rows = await local.json('/api/Application');
    expect(rows).toMatchObject([
      {
        clientId: credentials.clientId,
        grant_type: 'client_credentials',
        inactive: false,
        loginas_agent_id: 4,
        loginas_agent_name: 'Mara Lind',
        scopes: [
          { id: 1, name: 'all:standard' },
          { id: 2, name: 'all:teams' },
        ],
      },
      { displayName: 'Reporting' },
    ]);
    const [own] = z
      .array(z.object({ id: z.string(), scopes: z.array(z.object({ application_id: z.string() })) }))
      .parse(rows);
    expect(own?.scopes[0]?.application_id).toBe(own?.id);
    expect(await local.json('/api/Agent/me')).toMatchObject({ id: 4 });
  });
});

describe('what a token opens', () => {
  test.each([
    [[], 401],
    [['read:tickets'], 403],
    [['admin'], 200],
  ])('whatever was asked, a token of scopes %j is a %i', async (tokenScopes, status) => {
    local.halo.quirks.tokenScopes = tokenScopes;
    local.token = await local.signedIn();
    expect((await local.get('/api/Agent')).status).toBe(status);
  });

  test.each([
    ['edit', 200, 201],
    ['read', 200, 403],
    ['nothing', 403, 403],
  ] as const)('an agent that may %s: a read is %i, a create %i', async (loginAgentMay, read, create) => {
    local.halo.quirks.loginAgentMay = loginAgentMay;
    expect((await local.get('/api/Agent')).status).toBe(read);
    const refused = local.halo.agents.length;
    expect((await local.post({ name: 'A' })).status).toBe(create);
    expect(local.halo.agents).toHaveLength(create === 201 ? refused + 1 : refused);
  });

  test('tokens that live short say so, and end early', async () => {
    local.halo.quirks.tokenLifeSeconds = 5;
    expect(await said(local.signIn())).toMatchObject({ body: { expires_in: 5 } });
    local.token = await local.signedIn();
    local.time += 4_999;
    expect((await local.get('/api/Roles')).status).toBe(200);
    local.time += 1;
    expect((await local.get('/api/Roles')).status).toBe(401);
  });
});

describe('where HaloPSA lives', () => {
  test('on-premise, under any base path, without a tenant: nothing answers outside of it', async () => {
    local = new CalledHalo({ basePath: '/Service/halo' });
    const answer = z.object({ access_token: z.string() });
    local.token = answer.parse(
      await (await local.signIn({}, '/Service/halo/auth/token')).json(),
    ).access_token;
    expect((await local.get('/service/HALO/api/Roles')).status).toBe(200);
    expect(await said(local.get('/api/Roles'))).toEqual({ status: 404, body: '' });
    expect((await local.signIn({}, '/auth/token')).status).toBe(404);
  });

  test('faults meet the paths below the base path', async () => {
    local = new CalledHalo({ basePath: '/halo' });
    local.halo.fail({ path: '/auth/token' }, { kind: 'status', status: 503 });
    expect((await local.signIn({}, '/halo/auth/token')).status).toBe(503);
  });

  test.each([
    ['', undefined, 'https://brightwater.halopsa.com/auth', ''],
    ['/halo', undefined, 'https://brightwater.halopsa.com/halo/auth', ''],
    ['', 'brightwater', 'https://brightwater.halopsa.com/auth', 'brightwater'],
  ])(
    'base path "%s", tenant %s: authinfo tells anybody where to sign in',
    async (basePath, tenant, auth_url, tenant_id) => {
      local = new CalledHalo({ basePath, ...(tenant !== undefined && { tenant }) });
      const answer = local.send('GET', `${basePath}/api/authinfo`, undefined, { authorization: '' });
      expect(await said(answer)).toEqual({ status: 200, body: { auth_url, tenant_id } });
    },
  );
});
