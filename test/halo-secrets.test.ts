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
  const http = createHaloClient(config, { admit, timeoutMs: 400 });
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

const html = (text: string, entity: (code: number) => string) =>
  Array.from(text, (character) => entity(character.charCodeAt(0))).join('');
const base64 = (text: string) => Buffer.from(text).toString('base64');
/** Longer than words, as the real ones are. */
const real = {
  secret: '8c2f61d4-93ab-4e07-b5d8-1f6a20c7e9b3-0d47a5e1-c86f-4b92-a3e0-7b19f5d2c684',
  password: 'YuOgpLeTJarZor7nem94uSIp6cidDCN7UKhGa9!',
};

test.each([
  ['as it is', (text: string) => text],
  ['in capitals', (text: string) => text.toUpperCase()],
  ['in small letters', (text: string) => text.toLowerCase()],
  ['encoded for a URL', encodeURIComponent],
  ['with every character encoded for a URL', (text: string) => html(text, (code) => `%${code.toString(16)}`)],
  ['in decimal entities', (text: string) => html(text, (code) => `&#${code};`)],
  ['in hexadecimal entities', (text: string) => html(text, (code) => `&#x${code.toString(16)};`)],
  ['in base64', base64],
  ['in base64 after one character', (text: string) => base64(`x${text}`)],
  ['in base64 after two characters', (text: string) => base64(`xy${text}`)],
  ['in base64 for URLs', (text: string) => Buffer.from(text).toString('base64url')],
  ['in hexadecimal digits', (text: string) => Buffer.from(text).toString('hex')],
  ['in half', (text: string) => text.slice(0, text.length / 2)],
  ['in its other half', (text: string) => text.slice(text.length / 2)],
  ['in pieces of eight', (text: string) => (text.match(/.{1,8}/g) ?? []).join(' ')],
  ['backwards', (text: string) => Array.from(text).reverse().join('')],
  ['in quotes and brackets', (text: string) => `["${text}"]`],
])(
  'HaloPSA echoes the password and the secret %s: no run of six characters of them is shown',
  async (_how, encode) => {
    for (const text of Object.values(real)) {
      const http = createHaloClient({ ...config, clientSecret: real.secret }, { admit, timeoutMs: 400 });
      grantToken();
      nock(origin)
        .post('/api/Agent')
        .reply(400, JSON.stringify(`Not taken: ${encode(text)} is wrong`));
      const error: unknown = await createAgent(http, { name: 'Neo', password: real.password }).catch(
        (caught: unknown) => caught,
      );
      if (!(error instanceof HaloError)) throw new Error('expected a HaloError');
      const shown = error.detail ?? '';
      const given = encode(text);
      for (let start = 0; start + 6 <= given.length; start += 1)
        expect(shown.toLowerCase()).not.toContain(given.slice(start, start + 6).toLowerCase());
    }
  },
);

test.each([
  'Timezone not found',
  'Email Address team@neoagent.io is already used by another agent',
  'The field EmailAddress must be unique.',
  'Invalid value for workday_id: 12',
  'Die Zeitzone „Europa/Berlin“ wurde nicht gefunden (400).',
])('HaloPSA says “%s”: people read it', async (words) => {
  grantToken();
  nock(origin).post('/api/Agent').reply(400, JSON.stringify(words));
  expect((await create()).detail).toBe(words);
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
