import { readdirSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { audit } from '../../src/cli/audit.ts';
import { storage } from '../../src/cli/storage.ts';
import { recordRefusal } from '../../src/storage/audit/audit.ts';
import { openPostgres } from '../../src/storage/database.ts';
import { verifyAudit } from '../../src/storage/audit/verify.ts';
import { ask } from '../../sandbox/play.ts';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import { people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { run } from '../cli.ts';
import { attempt, attemptsAt, newFolder, storedRequests } from '../stored.ts';
import { rows, tables } from '../version-1.ts';
import { spawned } from './spawned.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

test('verify while the app runs on the file: the app goes on, and nothing is left behind', async () => {
  const dataDir = newFolder();
  world = await startWorld({ mode: 'socket', env: { DATA_DIR: dataDir } });
  const {
    slack,
    apps: [app],
  } = world;
  await app.start();
  const card = await ask({ slack });
  const before = readdirSync(dataDir);
  const { code, output } = await spawned('audit', ['verify'], { DATA_DIR: dataDir }, { npm: true }).ended;
  expect(output).toMatch(/^The audit is intact: 1 records, .*\nHash of the last record: [0-9a-f]{64}\n/);
  expect(code).toBe(0);
  expect(readdirSync(dataDir)).toEqual(before);
  await slack.as(people.ana.id).press(card, 'Approve');
  expect((await run(audit, ['verify'], { DATA_DIR: dataDir })).output).toContain('2 records');
});

test('export: whoever reads may stop reading', async () => {
  const DATA_DIR = await attemptsAt(Array<string>(1_000).fill('2026-11-01T00:00:00.000Z'));
  const { child, ended } = spawned('audit', ['export', '--format', 'jsonl'], { DATA_DIR });
  child.stdout?.once('data', () => child.stdout?.destroy());
  const { code, output } = await ended;
  expect(output).not.toMatch(/\n\s+at |EPIPE/);
  expect(code).toBe(0);
});

describe.skipIf(findPostgres() === undefined)(
  'on PostgreSQL (skipped where it is not installed)',
  { timeout: 60_000 },
  () => {
    let postgres: LocalPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres.stop());

    test('the chain that was copied there from a file holds, goes on, and is exported', async () => {
      const dataDir = await storedRequests(2);
      const DATABASE_URL = await postgres.newDatabase();
      expect((await run(storage, ['copy-to', DATABASE_URL], { DATA_DIR: dataDir })).code).toBe(0);
      const { db, close } = await openPostgres(DATABASE_URL);
      await recordRefusal(db, attempt(Date.now()));
      await close();
      const verified = await run(audit, ['verify'], { DATABASE_URL });
      expect(verified.output).toContain('The audit is intact: 3 records');
      expect(verified.code).toBe(0);
      const { output } = await run(audit, ['export', '--format', 'jsonl'], { DATABASE_URL });
      expect(output.split('\n')[2]).toContain(people.cleo.id);
    });

    test('an audit that has begun there is not joined to another, and stays', async () => {
      const url = await postgres.newDatabase();
      const { db, close } = await openPostgres(url);
      await recordRefusal(db, attempt(Date.now()));
      const { code, output } = await run(storage, ['copy-to', url], { DATA_DIR: await storedRequests(1) });
      expect(output).toContain('its audit holds records already. Nothing was copied.');
      expect(code).toBe(1);
      expect(await verifyAudit(db)).toMatchObject({ ok: true, count: 1 });
      await close();
    });

    test('tables of an earlier version are left to the app', async () => {
      const url = await postgres.newDatabase();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(tables + rows);
      const { code, output } = await run(audit, ['verify'], { DATABASE_URL: url });
      expect(output).toMatch(
        /of version 1; this program needs \d+\. Nothing was changed\. Start the app once/,
      );
      expect(code).toBe(1);
      expect((await client.query('select version from schema_version')).rows).toEqual([{ version: 1 }]);
      await client.end();
    });
  },
);
