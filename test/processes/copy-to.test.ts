import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { storage } from '../../src/cli/storage.ts';
import { amend, openStates } from '../../src/requests/states.ts';
import { openPostgres } from '../../src/storage/database.ts';
import { findRequestByNumber, listClaimants, replaceRequest } from '../../src/requests/store.ts';
import { verifyAudit } from '../../src/storage/audit/verify.ts';
import { ask } from '../../sandbox/play.ts';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import { channels, people, teamId } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { run } from '../cli.ts';
import { newFolder, openCopy, storedRequests } from '../stored.ts';
import { spawned } from './spawned.ts';

const instance = 'https://acme.halopsa.com';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const open = async (dataDir: string) => {
  world = await startWorld({ mode: 'socket', env: { DATA_DIR: dataDir } });
  await world.apps[0].start();
  return { ...world, app: world.apps[0] };
};
const spawnedCopy = (url: string, dataDir: string) =>
  spawned('storage', ['copy-to', url], { DATA_DIR: dataDir });
const copyTo = (url: string, dataDir: string) => run(storage, ['copy-to', url], { DATA_DIR: dataDir });

test('copy-to while the app runs is refused', async () => {
  const dataDir = newFolder();
  await open(dataDir);
  const { code, output } = await copyTo('postgres://neo@127.0.0.1:1/neo', dataDir);
  expect(output).toContain('The app is running on the storage in DATA_DIR. Stop it');
  expect(code).toBe(1);
});

test('copy-to a PostgreSQL that does not answer leaves the file to the app', async () => {
  const dataDir = await storedRequests(1);
  const { code, output } = await copyTo('postgres://neo:hush-hush@127.0.0.1:1/neo', dataDir);
  expect(output).toContain('PostgreSQL could not be used');
  expect(output).not.toMatch(/hush|\n\s+at /);
  expect(code).toBe(1);
  await openCopy(dataDir);
});

describe.skipIf(findPostgres() === undefined)(
  'copy-to PostgreSQL (skipped where it is not installed)',
  () => {
    let postgres: LocalPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres.stop());

    const numbersIn = async (url: string) => {
      const store = await openPostgres(url);
      const requests = await store.db.selectFrom('request').select('number').orderBy('number').execute();
      await store.close();
      return requests.map(({ number }) => number);
    };

    /** Stops a copy in its middle: it waits for a table that somebody else has locked. */
    const stuckCopy = async (dataDir: string) => {
      const url = await postgres.newDatabase();
      await (await openPostgres(url)).close();
      const holder = new pg.Client({ connectionString: url });
      await holder.connect();
      await holder.query('begin; lock table audit');
      const copy = spawnedCopy(url, dataDir);
      const waiting = async (): Promise<number> => {
        const { rows } = await holder.query<{ pid: number }>(
          'select pid from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
        );
        return rows[0]?.pid ?? waiting();
      };
      return { url, holder, copy, pid: await waiting() };
    };

    test('a pending request goes on there under its number, and the file is refused from then on', async () => {
      const dataDir = newFolder();
      const { slack, app } = await open(dataDir);
      const card = await ask({ slack });
      await app.stop('SIGTERM');
      const url = (await postgres.newDatabase()).replace('neo@', 'neo:hush-hush@');
      const { code, output } = await spawnedCopy(url, dataDir).ended;
      expect(output).toMatch(/requests 1, tasks still to be done \d+/);
      expect(output).toContain('set DATABASE_URL');
      expect(output).not.toContain('hush');
      expect(code).toBe(0);

      await expect(app.start()).rejects.toThrow();
      expect(app.log()).toContain('These requests were moved to PostgreSQL');
      await app.start({ DATABASE_URL: url });
      const ben = slack.as(people.ben.id);
      await ben.press(card, 'Approve');
      const done = await slack.until('the finished card', () =>
        ben
          .sees(channels.ops.id)
          .find(({ text, threadTs }) => threadTs === undefined && text.includes('Done')),
      );
      expect(done.text).toContain('NEO-1');
    });

    test('more rows than one batch, and the next request gets the next number', async () => {
      const dataDir = await storedRequests(501);
      const url = await postgres.newDatabase();
      expect((await copyTo(url, dataDir)).output).toContain('requests 501, tasks still to be done 1002');
      const { db, close } = await openPostgres(url);
      expect(await findRequestByNumber(db, teamId, 501)).toMatchObject({ state: 'pending' });
      expect(await db.selectFrom('request_number').select('number').execute()).toEqual([{ number: 501 }]);
      expect(await verifyAudit(db)).toMatchObject({ ok: true, count: 501 });
      await close();
    });

    test('who claims a name and an address there still claims them', async () => {
      const dataDir = await storedRequests(1, async (db) => {
        const before = await findRequestByNumber(db, teamId, 1);
        if (before === undefined) throw new Error('NEO-1 is lost');
        const after = amend(before, before.updatedAt, { intent: { at: before.updatedAt, instance } });
        await db.transaction().execute((tx) => replaceRequest(tx, before, after, { tasks: [] }));
      });
      const url = await postgres.newDatabase();
      expect((await copyTo(url, dataDir)).code).toBe(0);
      const { db, close } = await openPostgres(url);
      const wanted = { instance, open: openStates, name: 'Other', email: 'TEAM@neoagent.io' };
      expect(await listClaimants(db, wanted)).toMatchObject([{ number: 1 }]);
      await close();
    });

    test('a PostgreSQL that holds other requests is refused, and the file stays usable', async () => {
      const [ours, others] = [await storedRequests(1), await storedRequests(2)];
      const url = await postgres.newDatabase();
      await copyTo(url, others);
      const { code, output } = await copyTo(url, ours);
      expect(output).toContain('holds requests already. Nothing was copied.');
      expect(code).toBe(1);
      expect(await numbersIn(url)).toEqual([1, 2]);
      await openCopy(ours);
    });

    test('killed in the middle: the app is refused, the same command ends it, then says so, and no other PostgreSQL gets a copy', async () => {
      const dataDir = await storedRequests(2);
      const { url, holder, copy } = await stuckCopy(dataDir);
      copy.child.kill('SIGKILL');
      await copy.ended;
      await holder.end();
      await expect(openCopy(dataDir)).rejects.toThrow('copy-to postgres://…` with the same address again');

      expect((await spawnedCopy(url, dataDir).ended).output).toContain('requests 2');
      expect(await numbersIn(url)).toEqual([1, 2]);
      const again = await spawnedCopy(url, dataDir).ended;
      expect(again.output).toContain('was already copied to that PostgreSQL database');
      expect(again.code).toBe(0);
      const elsewhere = await spawnedCopy(await postgres.newDatabase(), dataDir).ended;
      expect(elsewhere.output).toContain('were moved to another PostgreSQL before');
      expect(elsewhere.code).toBe(1);
    });

    test('PostgreSQL goes away in the middle: nothing was copied and the file stays usable', async () => {
      const dataDir = await storedRequests(2);
      const { url, holder, copy, pid } = await stuckCopy(dataDir);
      await holder.query('select pg_terminate_backend($1)', [pid]);
      const { code, output } = await copy.ended;
      await holder.end();
      expect(output).toContain('Nothing was copied');
      expect(output).not.toMatch(/\n\s+at /);
      expect(code).toBe(1);
      expect(await numbersIn(url)).toEqual([]);
      await openCopy(dataDir);
    });

    test('a row that was altered by hand is not copied, and nothing else is', async () => {
      const dataDir = await storedRequests(2, async (db) => {
        await db
          .updateTable('request')
          .set({ data: '{"state":"approved"}' })
          .where('number', '=', 2)
          .execute();
      });
      const url = await postgres.newDatabase();
      const { code, output } = await copyTo(url, dataDir);
      expect(output).toMatch(/The row [0-9a-f-]{36} is not as neo-setup writes it .*is no request/s);
      expect(code).toBe(1);
      expect(await numbersIn(url)).toEqual([]);
      await openCopy(dataDir);
    });
  },
);
