import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { offerBackups } from '../src/storage/backup/socket.ts';
import { openFile } from '../src/storage/database.ts';
import { DoctorStage, manifest, secrets, type DoctorOptions } from './doctor-stage.ts';
import { storedRequests } from './stored.ts';

let stage: DoctorStage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});
const open = async (options: DoctorOptions = {}) => (stage = await DoctorStage.open(options));

type Fault = {
  fault: string;
  options?: DoctorOptions;
  plant?: (stage: DoctorStage) => void | Promise<void>;
  now?: () => number;
  /** The line that names it. */
  found: RegExp;
  fix: RegExp;
  /** What it keeps from being checked. */
  unchecked?: RegExp;
};

const withoutScope = manifest.replace(/^.*- im:history.*\n/m, '');
const changed = (variable: string, value: string) => (at: DoctorStage) => {
  at.env[variable] = value;
};
const dataDir = ({ env }: DoctorStage) => env['DATA_DIR'] ?? '';

const faults: Fault[] = [
  {
    fault: 'a variable is missing',
    plant: changed('HALO_CLIENT_ID', ''),
    found: /FAILED +HALO_CLIENT_ID +is missing/,
    fix: /Set it in \.env/,
    unchecked: /not checked +HaloPSA sign-in/,
  },
  {
    fault: 'the bot token is wrong',
    plant: changed('SLACK_BOT_TOKEN', 'xoxb-7120045511-8890012245-Another'),
    found: /FAILED +Slack token +Slack says invalid_auth/,
    fix: /Bot User OAuth Token/,
    unchecked: /not checked +Slack scopes/,
  },
  {
    fault: 'the app was installed before a scope was added',
    options: { installed: withoutScope },
    found: /FAILED +Slack scopes +missing: im:history/,
    fix: /add them under OAuth & Permissions.* and reinstall/,
  },
  {
    fault: 'the bot token is of a whole organization',
    plant: ({ slack }) => void (slack.store.isOrgWide = true),
    found: /FAILED +Slack token +SLACK_BOT_TOKEN belongs to an organization-wide installation/,
    fix: /Install the app to a single workspace/,
  },
  {
    fault: 'the app token is wrong',
    plant: changed('SLACK_APP_TOKEN', 'xapp-1-another'),
    found: /FAILED +Slack Socket Mode +Slack says invalid_auth/,
    fix: /connections:write/,
  },
  {
    fault: 'the signing secret is something else',
    plant: (at) => {
      at.env = { ...at.env, SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'A07QH9Z4R5T' };
    },
    found: /FAILED +Slack signing secret +SLACK_SIGNING_SECRET is not 32 hex characters/,
    fix: /Basic Information/,
  },
  {
    fault: 'Slack is out of reach',
    plant: changed('SLACK_API_URL', 'http://127.0.0.1:1/api/'),
    found: /FAILED +Slack token +Slack could not be reached/,
    fix: /Check SLACK_API_URL/,
    unchecked: /not checked +Clock against Slack/,
  },
  {
    fault: 'the client secret is wrong',
    plant: changed('HALO_CLIENT_SECRET', 'wrong'),
    found: /FAILED +HaloPSA sign-in +HaloPSA didn’t accept the Client ID and secret/,
    fix: /View Applications/,
    unchecked: /not checked +HaloPSA version and 7 more +the HaloPSA sign-in failed/,
  },
  {
    fault: 'a scope that the application was not granted',
    plant: changed('HALO_SCOPES', 'all edit:agents'),
    found: /FAILED +HaloPSA sign-in +HaloPSA doesn’t grant .*the scopes/,
    fix: /HALO_SCOPES/,
  },
  {
    fault: 'HaloPSA gives a token without a scope',
    options: {},
    plant: ({ halo }) => void (halo.quirks.tokenScopes = []),
    found:
      /FAILED +HaloPSA agents and 3 more +Signed in to HaloPSA, but its API doesn’t accept the token \(HTTP 401\)/,
    fix: /an agent to log in as/,
  },
  {
    fault: 'the login agent may read nothing',
    plant: ({ halo }) => void (halo.quirks.loginAgentMay = 'nothing'),
    found:
      /FAILED +HaloPSA agents and 3 more +Signed in to HaloPSA, but this app isn’t allowed to read this \(HTTP 403\)/,
    fix: /the role of the agent that it logs in as|agent that it logs in as/,
  },
  ...(['teams', 'roles', 'workdays'] as const).map((list): Fault => ({
    fault: `there are no ${list}`,
    options: { halo: { seed: { [list]: [] } } },
    found: new RegExp(`FAILED +HaloPSA ${list === 'workdays' ? 'working hours' : list} +none`),
    fix: /The form needs at least one/,
  })),
  {
    fault: 'the tenant is wrong',
    options: { halo: { tenant: 'brightwater' } },
    plant: changed('HALO_TENANT', 'bright-water'),
    found: /FAILED +HaloPSA sign-in +HaloPSA could not be reached \(HTTP 500\)/,
    fix: /wrong HALO_TENANT/,
  },
  {
    fault: 'HaloPSA is down',
    plant: (at) => at.stopHalo(),
    found:
      /FAILED +HaloPSA sign-in +The host of HALO_BASE_URL \(127\.0\.0\.1:\d+\) refused the connection \(ECONNREFUSED\)/,
    fix: /Check the address and its port, and that HaloPSA is up/,
    unchecked: /not checked +Clock against HaloPSA/,
  },
  {
    fault: 'the address is not HaloPSA’s',
    plant: (at) => {
      at.halo.fail({ path: '/auth/token' }, { kind: 'html' });
    },
    found: /FAILED +HaloPSA sign-in +Something other than HaloPSA answered at .*\(127\.0\.0\.1:\d+\)/,
    fix: /a firewall, a proxy or a login page.* Check the address/,
  },
  {
    fault: 'the clock is behind',
    now: () => Date.now() - 180_000,
    found: /FAILED +Clock against Slack and 1 more +this machine is (179|180|181) s behind/,
    fix: /time synchronization/,
  },
  {
    fault: 'the clock is ahead',
    now: () => Date.now() + 180_000,
    found: /FAILED +Clock against Slack and 1 more +this machine is (179|180|181) s ahead/,
    fix: /time synchronization/,
  },
  {
    fault: 'DATA_DIR is a file',
    plant: (at) => {
      const file = join(dataDir(at), 'file');
      writeFileSync(file, '');
      at.env['DATA_DIR'] = join(file, 'data');
    },
    found: /FAILED +Storage +DATA_DIR .* cannot be used/,
    fix: /is a file, not a folder/,
  },
  {
    fault: 'what is stored is no database',
    plant: (at) => {
      writeFileSync(join(dataDir(at), 'neo-setup.db'), 'not a database, and long enough to be looked at');
    },
    found: /FAILED +Storage/,
    fix: /could not be opened/,
  },
  {
    fault: 'a newer program wrote what is stored',
    plant: async (at) => {
      at.env['DATA_DIR'] = await storedRequests(1, async (db) => {
        await db.updateTable('schema_version').set({ version: 99 }).execute();
      });
    },
    found: /FAILED +Storage/,
    fix: /of version 99/,
  },
  {
    fault: 'PostgreSQL is down',
    plant: changed('DATABASE_URL', 'postgres://neo:hush-hush@127.0.0.1:1/neo'),
    found: /FAILED +Storage +PostgreSQL cannot be used/,
    fix: /Check the address in DATABASE_URL/,
  },
];

describe('the doctor finds', () => {
  test.each(faults)('$fault', async ({ options, plant, now, found, fix, unchecked = /./ }) => {
    const at = await open(options);
    await plant?.(at);
    const { text, well } = await at.examine(now);
    const lines = text.split('\n');
    const index = lines.findIndex((line) => found.test(line));
    expect(lines[index] ?? text).toMatch(found);
    expect(lines[index + 1]).toMatch(/^ +→ /);
    expect(lines[index + 1]).toMatch(fix);
    expect(text).toMatch(unchecked);
    expect(well).toBe(false);
    for (const secret of [...secrets, ...at.halo.issuedTokens, 'hush-hush'])
      expect(text).not.toContain(secret);
    expect(text).not.toMatch(/\n\s+at /);
  });
});

describe('what keeps nobody from starting', () => {
  test('all is well: HaloPSA was only read, and DATA_DIR is as it was', async () => {
    const at = await open();
    const { text, well } = await at.examine();
    expect(text).not.toMatch(/FAILED|note/);
    expect(text).toMatch(/HaloPSA teams +7\n/);
    expect(well).toBe(true);
    expect(readdirSync(dataDir(at))).toEqual([]);
    expect(at.slack.journal.map(({ method }) => method).sort()).toEqual([
      'api.test',
      'apps.connections.open',
      'auth.test',
      'users.info',
      'users.info',
    ]);
    const written = at.halo.journal.filter(({ method, path }) => method !== 'GET' && path !== '/auth/token');
    expect(written).toEqual([]);
  });

  test('a missing DATA_DIR is not made, only looked forward to', async () => {
    const at = await open();
    const parent = dataDir(at);
    at.env['DATA_DIR'] = join(parent, 'not', 'yet');
    const { text, well } = await at.examine();
    expect(text).toMatch(/ok +Storage +.*will be created at the first start/);
    expect(well).toBe(true);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('what a stopped app stored is looked at, and left as it is', async () => {
    const at = await open();
    const folder = await storedRequests(1);
    at.env['DATA_DIR'] = folder;
    const before = readdirSync(folder);
    const { text } = await at.examine();
    expect(text).toMatch(/ok +Storage +.*can be used/);
    expect(readdirSync(folder)).toEqual(before);
    // The doctor holds no lock: the app may start while it still runs.
    const store = await openFile(folder);
    await store.close();
  });

  test('an app that runs on DATA_DIR is no fault', async () => {
    const at = await open();
    const folder = join(dataDir(at), 'data');
    mkdirSync(folder);
    at.env['DATA_DIR'] = folder;
    const store = await offerBackups(await openFile(folder), folder, pino({ level: 'silent' }));
    const { text, well } = await at.examine();
    await store.close();
    expect(text).toMatch(/ok +Storage +.*in use by a running neo-setup/);
    expect(well).toBe(true);
  });

  test.each([
    [
      'own-row-only',
      /note +HaloPSA agents +1, possibly more\n +→ The API application can see only the agent that it logs in as\. .*give that agent a default team/,
    ],
    ['cut-lists-without-pages', /note +HaloPSA agents +6, possibly more\n +→ HaloPSA lists 6 agents/],
  ] as const)('agents may be hidden (%s): a note with what to do', async (preset, words) => {
    const at = await open({ halo: { preset } });
    expect((await at.examine()).text).toMatch(words);
  });

  test('no licence is free: a note with what to do', async () => {
    const at = await open({ halo: { licences: 4 } });
    const { text, well } = await at.examine();
    expect(text).toMatch(/note +HaloPSA licences +0 of 4 named licences are free\n +→ /);
    expect(well).toBe(true);
  });

  test('a scope too many: a note', async () => {
    const at = await open({
      installed: manifest.replace('- commands', '- files:read\n      - commands'),
    });
    const { text, well } = await at.examine();
    expect(text).toMatch(/note +Slack scopes +all granted, plus some that aren’t needed: files:read/);
    expect(well).toBe(true);
  });
});
