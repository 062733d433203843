import { inspect } from 'node:util';
import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAgent } from '../src/halo/agents.ts';
import { createHaloClient } from '../src/halo/client.ts';
import { HaloError } from '../src/halo/errors.ts';

const origin = 'https://acme.halopsa.com';
const hidden = { secret: 'the-client-secret', token: 'the-access-token', password: 'the-Passw0rd!' };
const config = {
  baseUrl: origin,
  clientId: 'c1',
  clientSecret: hidden.secret,
  tenant: undefined,
  scopes: 'all',
};
const admit = () => Promise.resolve(0);
const create = async () => {
  const http = createHaloClient(config, { admit, timeoutMs: 1_000 });
  try {
    await createAgent(http, { name: 'Neo', email: 'neo@acme.example', password: hidden.password });
  } catch (error) {
    if (error instanceof HaloError) return error;
  }
  throw new Error('expected a HaloError');
};
const grantToken = () =>
  nock(origin).post('/auth/token').reply(200, { access_token: hidden.token, expires_in: 3600 });
const echo = `bad: ${Object.values(hidden).join(' ')}`;
const reset = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

function expectNothingShown(error: HaloError) {
  const shown = [
    JSON.stringify(error),
    inspect(error, { depth: null, showHidden: true }),
    error.stack,
    error.message,
  ];
  for (const text of shown) for (const secret of Object.values(hidden)) expect(text).not.toContain(secret);
  expect(error.cause).toBeUndefined();
}

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

test('HaloPSA echoes the password, the token and the secret in a 400: the error keeps only the words', async () => {
  grantToken();
  nock(origin).post('/api/Agent').reply(400, JSON.stringify(echo));
  const error = await create();
  expect(error.detail).toBe('bad: [hidden] [hidden] [hidden]');
  expectNothingShown(error);
});

test('a secret on the edge of what is cut does not stay as half a secret', async () => {
  grantToken();
  const body = JSON.stringify(`${'x'.repeat(290)}${hidden.password}`);
  nock(origin).post('/api/Agent').reply(400, body);
  const error = await create();
  expect(error.detail).not.toContain('the-P');
  expectNothingShown(error);
});

test('the token endpoint echoes the secret', async () => {
  nock(origin).post('/auth/token').reply(401, { error: 'invalid_client', error_description: echo });
  const error = await create();
  expect(error).toMatchObject({ kind: 'unauthorized', path: '/auth/token' });
  expect(error.detail).not.toContain(hidden.secret);
});

test.each([
  ['a reset connection', () => nock(origin).post('/api/Agent').replyWithError(reset)],
  ['a hang', () => nock(origin).post('/api/Agent').delay(2_000).reply(201, { id: 5 })],
  ['a 500', () => nock(origin).post('/api/Agent').reply(500, echo)],
  ['a login page', () => nock(origin).post('/api/Agent').reply(200, `<html>${echo}</html>`)],
  [
    'a redirect',
    () =>
      nock(origin)
        .post('/api/Agent')
        .reply(302, '', { location: `${origin}/?${echo}` }),
  ],
])('%s: nothing of the request stands in the error', async (_name, answer) => {
  grantToken();
  answer();
  expectNothingShown(await create());
});
