import nock from 'nock';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAgent, getAgent, listAgents } from '../src/halo/agents.ts';
import { createHaloClient } from '../src/halo/client.ts';
import { HaloError } from '../src/halo/errors.ts';
import { explainHalo } from '../src/views/halo-errors.ts';
import { Stage } from './stage.ts';

const origin = 'https://acme.halopsa.com';
const config = {
  baseUrl: origin,
  clientId: 'c1',
  clientSecret: 'a-secret',
  tenant: undefined,
  scopes: 'all',
};
const client = (change: object = {}) =>
  createHaloClient({ ...config, ...change }, { admit: () => Promise.resolve(0), timeoutMs: 300 });
const grantToken = () =>
  nock(origin).post('/auth/token').reply(200, { access_token: 't1', expires_in: 3600 });
const failure = async (call: Promise<unknown>): Promise<HaloError> => {
  const error = await call.catch((caught: unknown) => caught);
  if (!(error instanceof HaloError)) throw new Error('It went well');
  return error;
};
const said = (error: HaloError) => Object.values(explainHalo(error)).join('. ');
const page = '<!DOCTYPE html><html><body>Access denied by policy.</body></html>';
const asPage = { 'content-type': 'text/html' };

beforeEach(() => {
  nock.disableNetConnect();
  nock(origin).get('/api/AuthInfo').reply(200, {});
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe('a connection that fails names its cause, the variable and the host, and what to do about it', () => {
  test.each([
    ['ENOTFOUND', /was not found \(ENOTFOUND\).*spelled.*DNS/],
    ['EAI_AGAIN', /was not found \(EAI_AGAIN\).*DNS/],
    ['ECONNREFUSED', /refused the connection \(ECONNREFUSED\).*port/],
    ['ETIMEDOUT', /could not be reached \(ETIMEDOUT\).*firewall/],
    ['EHOSTUNREACH', /could not be reached \(EHOSTUNREACH\).*HTTPS_PROXY/],
    ['ECONNRESET', /was interrupted \(ECONNRESET\)/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /certificate.*chain.*NODE_EXTRA_CA_CERTS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate.*NODE_EXTRA_CA_CERTS/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /certificate.*NODE_EXTRA_CA_CERTS/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /certificate.*another host name.*Use the host name/],
    ['CERT_HAS_EXPIRED', /not valid now \(CERT_HAS_EXPIRED\).*Renew.*clock/],
    ['EPROTO', /No https connection/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /No https connection/],
  ])('%s', async (code, words) => {
    nock(origin)
      .post('/auth/token')
      .replyWithError(Object.assign(new Error('to acme, with the secret a-secret'), { code }));
    const error = await failure(listAgents(client()));
    expect(error).toMatchObject({ kind: 'unavailable', code, isSignIn: true });
    expect(said(error)).toMatch(words);
    expect(said(error)).toContain('HALO_BASE_URL (acme.halopsa.com)');
    expect(JSON.stringify(error)).not.toContain('a-secret');
  });

  test('an error of a kind that nobody knows is named all the same', async () => {
    nock(origin)
      .post('/auth/token')
      .replyWithError(Object.assign(new Error('x'), { code: 'EUNHEARD_OF' }));
    expect(said(await failure(listAgents(client())))).toContain('could not be reached (EUNHEARD_OF)');
  });

  test('a code that is none is not shown: it may be anything', async () => {
    nock(origin)
      .post('/auth/token')
      .replyWithError(Object.assign(new Error('x'), { code: 'see https://a-secret' }));
    expect(said(await failure(listAgents(client())))).not.toContain('a-secret');
  });

  test('the host of the sign-in is named where it is another one', async () => {
    nock('https://auth.example')
      .post('/token')
      .replyWithError(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const error = await failure(listAgents(client({ authUrl: 'https://auth.example' })));
    expect(said(error)).toContain('HALO_AUTH_URL (auth.example)');
  });

  test('too slow is not out of reach: nothing says that HaloPSA is down', async () => {
    grantToken();
    nock(origin).get('/api/Agent/4').query(true).delay(600).reply(200, {});
    const error = await failure(getAgent(client(), 4));
    expect(error).toMatchObject({ kind: 'too_slow', code: 'no answer within 1 s' });
    expect(said(error)).toMatch(/didn’t answer in time \(no answer within 1 s\)/);
    expect(said(error)).not.toMatch(/reached|is up/);
  });
});

describe('what answers instead of HaloPSA is not taken for HaloPSA', () => {
  const blame = /role|rights|application must|refused the values|Client ID|permissions/;

  test.each<[string, number, string, Record<string, string>]>([
    ['a firewall’s page', 403, page, asPage],
    ['a login page', 401, page, asPage],
    ['a page of an allow-list without a type', 403, page, {}],
    ['a proxy that wants a password', 407, '', {}],
    ['a way to sign in that HaloPSA does not have', 401, '', { 'www-authenticate': 'NTLM, Negotiate' }],
    ['a page about the request', 400, page, asPage],
    ['plain words', 403, 'Your IP address is not allowed.', { 'content-type': 'text/plain' }],
    ['a web server’s page', 404, page, asPage],
    ['a way elsewhere', 302, '', { location: 'https://portal.example/login' }],
    ['a page with 200', 200, page, asPage],
  ])('%s (%#): at the sign-in, and at a read', async (_what, status, body, headers) => {
    nock(origin).post('/auth/token').reply(status, body, headers);
    const atSignIn = await failure(listAgents(client()));
    expect(atSignIn).toMatchObject({ kind: 'not_halopsa', rights: undefined });
    expect(said(atSignIn)).not.toMatch(blame);
    expect(said(atSignIn)).toContain(`HTTP ${status}`);
    nock.cleanAll();
    nock(origin).get('/api/AuthInfo').reply(200, {});
    grantToken();
    nock(origin).get('/api/Agent/4').query(true).reply(status, body, headers);
    const atRead = await failure(getAgent(client(), 4));
    expect(atRead).toMatchObject({ kind: 'not_halopsa', rights: undefined });
    expect(said(atRead)).not.toMatch(blame);
  });

  test.each<[number, string, string]>([
    [401, '', 'unauthorized'],
    [403, '', 'forbidden'],
    [404, '', 'not_found'],
    [500, '', 'unavailable'],
    [504, page, 'unavailable'],
    [429, 'Rate Limit Reached', 'rate_limited'],
  ])('HaloPSA’s own %i with %j stays HaloPSA’s', async (status, body, kind) => {
    nock(origin).post('/auth/token').times(2).reply(200, { access_token: 't1', expires_in: 3600 });
    nock(origin).get('/api/Agent/4').query(true).times(2).reply(status, body);
    expect(await failure(getAgent(client(), 4))).toMatchObject({ kind });
  });

  test('a 400 to a read is never about values', async () => {
    grantToken();
    nock(origin).get('/api/Agent/4').query(true).reply(400, '"Token is required"');
    const error = await failure(getAgent(client(), 4));
    expect(error).toMatchObject({ kind: 'unexpected_response', detail: 'Token is required' });
    expect(said(error)).not.toMatch(/values/);
  });

  test('a proxy that lets no create through: it provably never reached HaloPSA', async () => {
    grantToken();
    nock(origin).post('/api/Agent').reply(407, '');
    const error = await failure(createAgent(client(), { name: 'Neo Agent' }));
    expect(error).toMatchObject({ kind: 'not_halopsa', code: 'HTTP 407' });
    expect(said(error)).toMatch(/proxy.*user name and password/i);
  });
});

describe('a create that something in front of HaloPSA answers', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const create = { method: 'POST', path: '/api/Agent' } as const;
  const approved = async () => {
    stage = await Stage.open();
    return stage.requestFrom('ana');
  };

  test('blocked: nothing is blamed on HaloPSA, and Try again creates the agent once', async () => {
    const card = await approved();
    stage.halo.fail(create, { kind: 'status', status: 403, body: page, headers: asPage });
    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();
    expect(reply.text).toMatch(
      /Something other than HaloPSA answered at HALO_BASE_URL \(acme\.halopsa\.com\) \(HTTP 403\)/,
    );
    expect(reply.text).toMatch(/can’t say whether HaloPSA created the agent/);
    expect(reply.text).not.toMatch(/rights|isn’t allowed/);
    await stage.as('ben').press(reply, 'Try again');
    await stage.slack.until('the end', () => stage.card().text.includes('Done'));
    expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
  });

  test('passed on all the same: the agent is found, and is the only one', async () => {
    const card = await approved();
    stage.halo.fail(create, { kind: 'status', status: 403, body: page, headers: asPage, after: true });
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toMatch(/HaloPSA has every setting as requested/);
    expect(stage.creates()).toHaveLength(1);
  });

  test('a proxy’s 407: nothing was changed', async () => {
    const card = await approved();
    stage.halo.fail(create, { kind: 'status', status: 407 });
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toMatch(/Nothing was changed in HaloPSA/);
  });
});
