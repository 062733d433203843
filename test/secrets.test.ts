import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHaloClient } from '../src/halo/client.ts';
import { listRoles } from '../src/halo/roles.ts';
import { generatePassword } from '../src/fields/password.ts';
import { Stage, secrets } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** Everything that leaves the process, but for the calls to HaloPSA and Slack themselves. */
const everythingWritten = () => [
  stage.logLines.join(''),
  JSON.stringify(stage.slack.store.messages),
  JSON.stringify(stage.slack.store.ephemerals),
  JSON.stringify(stage.slack.store.views),
  JSON.stringify(stage.slack.journal),
  ...readdirSync(stage.dataDir).map((file) => readFileSync(join(stage.dataDir, file), 'latin1')),
];

test('no secret, token or password in any log line, message, view or stored row, on good days and bad ones', async () => {
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
  await stage.reply();
  const faults = [
    { kind: 'drop', after: true },
    { kind: 'status', status: 500 },
    { kind: 'html' },
    { kind: 'status', status: 400, body: '"no"' },
  ] as const;
  for (const [index, fault] of faults.entries()) {
    const card = await stage.requestFrom('ana', (form) => {
      form.fill('Username', `Agent ${index}`);
      form.fill('Email Address', `agent${index}@brightwater.example`);
    });
    stage.halo.revokeTokens();
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, fault);
    stage.slack.fail('chat.update', { kind: 'status', status: 500 });
    await stage.as('ben').press(card, 'Approve');
    await stage.reply(index + 1);
  }
  const hidden = [...Object.values(secrets), ...stage.halo.issuedTokens];
  expect(stage.halo.issuedTokens.length).toBeGreaterThan(3);
  for (const text of everythingWritten())
    for (const secret of hidden) expect(text.includes(secret)).toBe(false);
});

/** All four kinds of characters, and the underscore counts as none of them. */
const strong = /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w\s]).{32,}$/;

test('none of a thousand passwords is one that HaloPSA may refuse as weak', () => {
  const weak = Array.from({ length: 1_000 }, () => generatePassword()).filter((one) => !strong.test(one));
  expect(weak).toEqual([]);
});

test('the password that HaloPSA got stands nowhere', async () => {
  const passwords: string[] = [];
  const { fetch } = stage.halo;
  stage.halo.fetch = async (request) => {
    passwords.push(
      ...[...(await request.clone().text()).matchAll(/"password":"([^"]+)"/g)].map(
        ([, found]) => found ?? '',
      ),
    );
    return fetch(request);
  };
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
  await stage.reply();
  const [password = ''] = passwords;
  expect(password).toMatch(strong);
  for (const text of everythingWritten()) expect(text.includes(password)).toBe(false);
});

test('an error of HaloPSA shows neither secret nor token, however deep one looks', async () => {
  const config = {
    baseUrl: 'https://acme.halopsa.com',
    clientId: 'x',
    clientSecret: 'wrong-but-secret',
    tenant: undefined,
    scopes: 'all',
  };
  const error: unknown = await listRoles(createHaloClient(config, { admit: () => Promise.resolve(0) })).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ kind: 'unauthorized', detail: 'The invalid_client check failed.' });
  expect(inspect(error, { depth: null, showHidden: true })).not.toContain('wrong-but-secret');
});

test('Slack’s own debug lines, which carry whole submissions, are dropped at every level', async () => {
  await stage.requestFrom('ana', (form) => {
    form.fill('Note for the approver', 'a-note-that-must-not-be-logged');
  });
  expect(stage.logLines.join('')).not.toContain('a-note-that-must-not-be-logged');
});
