import { LogLevel, WebClient } from '@slack/web-api';
import { beforeEach, expect, test } from 'vitest';
import { oauthClient } from './workspace.ts';
import { codeOf, manifest, ops, slackForEachTest, tokens } from './testing/served-slack.ts';

const twelveHoursMs = 43_200_000;
const rotating = manifest.replace('settings:', 'settings:\n  token_rotation_enabled: true');
let time = 0;
beforeEach(() => {
  time = Date.now();
});
const stage = slackForEachTest(() => ({ manifest: rotating, now: () => time }));

const clientWith = (token?: string) =>
  new WebClient(token, {
    slackApiUrl: stage.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
const app = { client_id: oauthClient.id, client_secret: oauthClient.secret };
const exchange = (change: object = {}) =>
  clientWith().oauth.v2.exchange({ ...app, token: tokens.botToken, ...change });
const refresh = (refreshToken?: string, change: object = {}) =>
  clientWith().oauth.v2.access({
    ...app,
    grant_type: 'refresh_token',
    refresh_token: refreshToken ?? '',
    ...change,
  });
/** Undefined: it works. */
const refusalOf = (token?: string) => codeOf(clientWith(token).auth.test());

test('a token without an end becomes a pair, once, and works no more', async () => {
  expect(await refusalOf(tokens.botToken)).toBeUndefined();
  const pair = await exchange();
  expect(pair).toMatchObject({ token_type: 'bot', expires_in: 43_200 });
  expect(pair.access_token).toMatch(/^xoxe\.xoxb-/);
  expect(pair.refresh_token).toMatch(/^xoxe-1-/);
  expect(await refusalOf(pair.access_token)).toBeUndefined();
  expect(await refusalOf(tokens.botToken)).toBe('token_revoked');
  expect(await codeOf(exchange())).toBe('token_already_exchanged');
  expect(await codeOf(exchange({ token: 'xoxb-other' }))).toBe('invalid_token');
  expect(await codeOf(exchange({ token: pair.access_token }))).toBe('invalid_token');
});

test('a token works 12 hours long, then every method says that it expired', async () => {
  const { access_token: token, refresh_token: refreshToken } = await exchange();
  time += twelveHoursMs;
  expect(await refusalOf(token)).toBeUndefined();
  time += 1;
  expect(await refusalOf(token)).toBe('token_expired');
  expect(await codeOf(clientWith(token).chat.postMessage({ channel: ops, text: 'x' }))).toBe('token_expired');
  expect(stage.slack.messages(ops)).toEqual([]);
  expect(await refusalOf((await refresh(refreshToken)).access_token)).toBeUndefined();
});

test('two tokens are active, a third one revokes the oldest', async () => {
  const first = await exchange();
  const second = await refresh(first.refresh_token);
  expect(await refusalOf(first.access_token)).toBeUndefined();
  const third = await refresh(second.refresh_token);
  expect(await refusalOf(first.access_token)).toBe('token_revoked');
  expect(await refusalOf(second.access_token)).toBeUndefined();
  expect(await refusalOf(third.access_token)).toBeUndefined();
});

test('a refresh token works once', async () => {
  const { refresh_token: refreshToken } = await exchange();
  await refresh(refreshToken);
  expect(await codeOf(refresh(refreshToken))).toBe('invalid_refresh_token');
  expect(await codeOf(refresh('xoxe-1-made-up'))).toBe('invalid_refresh_token');
});

test('only the app itself is given tokens', async () => {
  expect(await codeOf(exchange({ client_id: 'other' }))).toBe('invalid_client_id');
  expect(await codeOf(exchange({ client_secret: 'other' }))).toBe('bad_client_secret');
  const { refresh_token: refreshToken } = await exchange();
  expect(await codeOf(refresh(refreshToken, { client_id: 'other' }))).toBe('invalid_client_id');
  expect(await codeOf(refresh(refreshToken, { client_secret: 'other' }))).toBe('bad_client_secret');
  expect(await codeOf(refresh(refreshToken, { grant_type: 'authorization_code' }))).toBe(
    'invalid_grant_type',
  );
  await refresh(refreshToken);
});

test('without rotation in the manifest there are no pairs', async () => {
  await stage.reopen({ manifest });
  expect(await codeOf(exchange())).toBe('token_rotation_not_enabled');
  expect(await codeOf(refresh('xoxe-1-made-up'))).toBe('token_rotation_not_enabled');
  time += 100 * twelveHoursMs;
  expect(await refusalOf(tokens.botToken)).toBeUndefined();
});
