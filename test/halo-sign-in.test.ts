import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalHalo } from '../sandbox/halo/local-halo.ts';
import { listAgents } from '../src/halo/agents.ts';
import { createHaloClient, type HaloConfig } from '../src/halo/client.ts';
import { readConfig } from '../src/config.ts';
import { routeTo } from './edges.ts';

const origin = 'https://halo.acme.example';
const elsewhere = 'https://auth.example';
const credentials = {
  clientId: '2b6d9f04-7a1e-4c58-9d30-e5f8a1c7b246',
  clientSecret: '8c2f61d4-93ab-4e07-b5d8-1f6a20c7e9b3-0d47a5e1-c86f-4b92-a3e0-7b19f5d2c684',
};
let halo: LocalHalo;
const client = (change: Partial<HaloConfig> = {}) =>
  createHaloClient(
    { baseUrl: origin, ...credentials, tenant: undefined, scopes: 'all', ...change },
    { admit: () => Promise.resolve(0), timeoutMs: 2_000 },
  );
let urls: { method: string; url: URL }[];
const signsInAt = (place: string, tenant?: string) => {
  halo = new LocalHalo({ ...credentials, ...(tenant !== undefined && { tenant }) });
  halo.quirks.signInAt = place;
  for (const one of [origin, elsewhere])
    routeTo(one, (request) => {
      urls.push({ method: request.method, url: new URL(request.url) });
      return halo.fetch(request);
    });
};
const signIns = () => urls.filter(({ method }) => method === 'POST').map(({ url }) => url.href);

beforeEach(() => {
  urls = [];
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('where HaloPSA signs in', () => {
  test.each<[string, string, string | undefined, Partial<HaloConfig>, string]>([
    ['at the usual place', '/auth', undefined, {}, 'https://halo.acme.example/auth/token'],
    [
      'below an address that ends in /api',
      '/auth',
      undefined,
      { baseUrl: `${origin}/api` },
      'https://halo.acme.example/auth/token',
    ],
    [
      'below an address that ends in /API/',
      '/auth',
      undefined,
      { baseUrl: `${origin}/API/` },
      'https://halo.acme.example/auth/token',
    ],
    [
      'at another host, with the tenant that HaloPSA names',
      elsewhere,
      'acme',
      {},
      'https://auth.example/token?tenant=acme',
    ],
    [
      'at another host, with HALO_TENANT',
      elsewhere,
      'acme2',
      { tenant: 'acme2' },
      'https://auth.example/token?tenant=acme2',
    ],
    ['at another path', '/identity/', 'acme', {}, 'https://halo.acme.example/identity/token?tenant=acme'],
    [
      'at HALO_AUTH_URL',
      `${elsewhere}/auth`,
      undefined,
      { authUrl: `${elsewhere}/auth/` },
      'https://auth.example/auth/token',
    ],
    [
      'at HALO_AUTH_URL with the /token',
      elsewhere,
      undefined,
      { authUrl: `${elsewhere}/token` },
      'https://auth.example/token',
    ],
  ])('%s', async (_what, place, tenant, change, signedIn) => {
    signsInAt(place, tenant);
    await expect(listAgents(client(change))).resolves.toBeDefined();
    expect(signIns()).toEqual([signedIn]);
  });

  test.each<[string, number, string]>([
    ['is not there', 404, ''],
    ['is out of order', 500, ''],
    ['is a page', 200, '<html>Welcome</html>'],
    ['names an address without https', 200, '{"auth_url":"http://auth.example"}'],
    ['names an address with a user', 200, '{"auth_url":"https://me:secret@auth.example"}'],
    ['names no address', 200, '{"auth_url":"auth"}'],
    ['names nothing', 200, '{"auth_url":null,"tenant_id":""}'],
  ])('AuthInfo %s: the usual place is tried', async (_what, status, body) => {
    signsInAt('/auth');
    for (const path of ['/api/AuthInfo', '/api/InstanceInfo'])
      halo.fail({ path }, { kind: 'status', status, body });
    await expect(listAgents(client())).resolves.toBeDefined();
    expect(signIns()).toEqual(['https://halo.acme.example/auth/token']);
  });

  test('AuthInfo is not there: what InstanceInfo says', async () => {
    signsInAt(elsewhere, 'brightwater');
    halo.fail({ path: '/api/AuthInfo' }, { kind: 'status', status: 404 });
    await expect(listAgents(client())).resolves.toBeDefined();
    expect(signIns()).toEqual(['https://auth.example/token?tenant=brightwater']);
  });

  test('a redirect of the sign-in is not followed: the secret goes nowhere else', async () => {
    signsInAt('/auth');
    halo.fail(
      { path: '/auth/token' },
      { kind: 'status', status: 307, headers: { location: `${elsewhere}/token` } },
    );
    await expect(listAgents(client())).rejects.toMatchObject({ kind: 'not_halopsa' });
    expect(signIns()).toEqual(['https://halo.acme.example/auth/token']);
  });

  test('it is asked once; and again when the sign-in has moved', async () => {
    signsInAt('/auth');
    const http = client();
    await listAgents(http);
    halo.revokeTokens();
    await listAgents(http);
    const asked = () => halo.journal.filter(({ path }) => path === '/api/AuthInfo').length;
    expect(asked()).toBe(1);
    halo.quirks.signInAt = '/moved';
    halo.revokeTokens();
    await expect(listAgents(http)).rejects.toMatchObject({ kind: 'not_halopsa' });
    await expect(listAgents(http)).resolves.toBeDefined();
    expect(asked()).toBe(2);
  });

  test('the calls themselves stay at HALO_BASE_URL', async () => {
    signsInAt(elsewhere);
    await listAgents(client({ baseUrl: `${origin}/api/` }));
    const calls = urls.filter(({ url }) => url.pathname.includes('Agent'));
    expect(new Set(calls.map(({ url }) => `${url.origin}${url.pathname}`))).toEqual(
      new Set(['https://halo.acme.example/api/Agent']),
    );
  });
});

test.each([
  ['https://auth.example', undefined],
  ['http://auth.example', /must be an https address/],
  ['auth.example', /must be an https address/],
])('HALO_AUTH_URL %s', (address, problem) => {
  const read = readConfig({ HALO_AUTH_URL: address });
  const found =
    'problems' in read ? read.problems.find(({ variable }) => variable === 'HALO_AUTH_URL') : undefined;
  if (problem === undefined) expect(found).toBeUndefined();
  else expect(found?.problem).toMatch(problem);
});
