import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';

const complete = {
  SLACK_BOT_TOKEN: 'xoxb-7120045511-8890012245-Qm4vN1tYc8PzR5wKd2Lh',
  SLACK_APP_TOKEN: 'xapp-1-A07QH9Z4R5T-7120045511',
  HALO_BASE_URL: 'https://acme.halopsa.com',
  HALO_CLIENT_ID: '2b6d9f04-7a1e-4c58-9d30-e5f8a1c7b246',
  HALO_CLIENT_SECRET: 'not-telling',
};

const problemsOf = (env: Record<string, string>) => {
  const read = readConfig(env);
  return 'problems' in read ? read.problems : [];
};
const configOf = (env: Record<string, string>) => {
  const read = readConfig({ ...complete, ...env });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.config;
};

describe('the environment', () => {
  test('an empty one names every missing variable at once', () => {
    expect(problemsOf({}).map(({ variable }) => variable)).toEqual([
      'SLACK_BOT_TOKEN',
      'HALO_BASE_URL',
      'HALO_CLIENT_ID',
      'HALO_CLIENT_SECRET',
      'SLACK_APP_TOKEN',
    ]);
  });

  test('a problem never shows the value: half of them are secrets', () => {
    const wrong = Object.fromEntries(Object.keys(complete).map((name) => [name, 'hush-hush']));
    const problems = problemsOf({
      ...wrong,
      PORT: 'hush',
      NEO_APPROVAL_TTL: 'hush',
      LOG_LEVEL: 'hush',
      NEO_APPROVERS: 'hush',
    });
    expect(problems.length).toBeGreaterThanOrEqual(7);
    expect(JSON.stringify(problems)).not.toContain('hush');
  });

  test('an empty variable counts as not set, spaces around a value do not count', () => {
    const config = configOf({ NEO_APPROVALS_CHANNEL: ' ', HALO_TENANT: '', HALO_CLIENT_ID: '  id  ' });
    expect(config.approvalsChannel).toBeUndefined();
    expect(config.halo).toMatchObject({ tenant: undefined, clientId: 'id', scopes: 'all' });
  });

  test('the port is for this machine alone in Socket Mode, and for everybody in HTTP mode, unless HOST says otherwise', () => {
    expect(configOf({}).host).toBe('127.0.0.1');
    expect(configOf({ SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 's' }).host).toBeUndefined();
    for (const HOST of ['0.0.0.0', '::', '::1', '10.1.2.3', 'localhost'])
      expect(configOf({ HOST }).host).toBe(HOST);
    for (const HOST of ['*', '127.0.0.1:3000', 'http://127.0.0.1', '[::1]', '300.1.1.1'])
      expect(problemsOf({ ...complete, HOST })).toEqual([expect.objectContaining({ variable: 'HOST' })]);
  });

  test('without an app token it is HTTP mode, which needs the signing secret', () => {
    const http = { ...complete, SLACK_APP_TOKEN: '' };
    expect(problemsOf(http)).toEqual([expect.objectContaining({ variable: 'SLACK_APP_TOKEN' })]);
    expect(readConfig({ ...http, SLACK_SIGNING_SECRET: 's' })).toMatchObject({
      config: { slack: { mode: 'http' } },
    });
  });

  test.each([
    ['30s', 30_000],
    ['15m', 900_000],
    ['72h', 259_200_000],
    ['3d', 259_200_000],
  ])('NEO_APPROVAL_TTL=%s', (text, ms) => {
    expect(configOf({ NEO_APPROVAL_TTL: text }).policy.approvalTtlMs).toBe(ms);
  });

  test.each(['0', '6', 'two'])('NEO_APPROVALS_REQUIRED=%s is refused', (text) => {
    expect(problemsOf({ ...complete, NEO_APPROVALS_REQUIRED: text })).toEqual([
      { variable: 'NEO_APPROVALS_REQUIRED', problem: 'must be a number from 1 to 5' },
    ]);
  });

  test('more approvals than people who are named for it are refused at the start', () => {
    const tooFew = { NEO_APPROVALS_REQUIRED: '3', NEO_APPROVERS: 'U07ANA4F2K8,U07ANA4F2K8,U07BEN9C3M5' };
    expect(problemsOf({ ...complete, ...tooFew })).toEqual([
      {
        variable: 'NEO_APPROVALS_REQUIRED',
        problem: 'is 3, but NEO_APPROVERS lists only 2 people',
      },
    ]);
  });

  test('a delay that a request does not live to see is refused', () => {
    const never = { NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '72h' };
    expect(problemsOf({ ...complete, ...never })).toEqual([
      { variable: 'NEO_SOLO_DELAY', problem: 'must be shorter than NEO_APPROVAL_TTL' },
    ]);
  });

  test.each(['0s', '-5m', '3', '3 d', '1w', '400d', 'soon'])('NEO_APPROVAL_TTL=%s is refused', (text) => {
    expect(problemsOf({ ...complete, NEO_APPROVAL_TTL: text })).toEqual([
      {
        variable: 'NEO_APPROVAL_TTL',
        problem: expect.stringContaining('like 30s, 15m, 72h or 3d') as string,
      },
    ]);
  });

  test.each([
    'http://acme.halopsa.com',
    'ftp://acme',
    'acme.halopsa.com',
    'https://u:p@acme.halopsa.com',
    'https://a.b/?x=1',
  ])('HALO_BASE_URL=%s would send the secret to the wrong place: refused', (url) => {
    expect(problemsOf({ ...complete, HALO_BASE_URL: url })).toHaveLength(1);
  });

  test.each(['http://127.0.0.1:4000', 'http://localhost:4000', 'https://acme.haloitsm.com/'])(
    'HALO_BASE_URL=%s',
    (url) => {
      expect(configOf({ HALO_BASE_URL: url }).halo.baseUrl).toBe(url);
    },
  );

  test('people and user groups are told apart', () => {
    expect(configOf({ NEO_APPROVERS: 'U07ANA4F2K8, W07BEN9C3M5,S07PSAADM55,' }).policy.approvers).toEqual({
      users: ['U07ANA4F2K8', 'W07BEN9C3M5'],
      groups: ['S07PSAADM55'],
    });
    expect(problemsOf({ ...complete, NEO_REQUESTERS: '@ana' })).toHaveLength(1);
  });

  test.each([',', ' , ,', ',,,'])(
    'a list of people that names nobody, %j, stands for nobody else',
    (list) => {
      for (const variable of ['NEO_APPROVERS', 'NEO_REQUESTERS', 'NEO_ESCALATION'])
        expect(problemsOf({ ...complete, [variable]: list })).toEqual([
          { variable, problem: 'has only commas: list at least one ID, or leave it empty' },
        ]);
    },
  );

  test('another database than PostgreSQL is refused', () => {
    expect(problemsOf({ ...complete, DATABASE_URL: 'mysql://neo@127.0.0.1/neo' })).toHaveLength(1);
    expect(configOf({ DATABASE_URL: 'postgres://neo@127.0.0.1/neo' }).databaseUrl).toContain('postgres');
    expect(problemsOf({ ...complete, DATABASE_URL: 'postgres://neo:100%sure@127.0.0.1/neo' })).toEqual([
      { variable: 'DATABASE_URL', problem: expect.stringContaining('encoded') as string },
    ]);
  });

  test('.env.example and the README name the same variables in the same order', () => {
    const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const inExample = [...example.matchAll(/^([A-Z][A-Z_]+)=/gm)].map(([, name]) => name);
    const inReadme = [...readme.matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, name]) => name);
    expect(inExample).toEqual(inReadme);
    expect(inExample).toHaveLength(28);
  });
});
