import { beforeEach, describe, expect, test } from 'vitest';
import { CalledHalo, said } from './called-halo.ts';

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
