import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'libsql';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/storage/database.ts';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import type { SeenMessage } from '../../sandbox/slack/person.ts';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { newFolder, unlocked } from '../stored.ts';
import {
  agentId,
  approved,
  brokenRow,
  done,
  doneRow,
  doneRowOf,
  pending,
  rows,
  tables,
} from '../version-1.ts';

type Prepared = {
  where: { databaseUrl: string | undefined; dataDir: string };
  query: (text: string) => Promise<unknown[]>;
};

type StoreKind = {
  name: string;
  prepare: (text: string) => Promise<Prepared>;
  /** Lists the tables. */
  tables: string;
};

const file: StoreKind = {
  name: 'a SQLite file',
  prepare: (text) => {
    const written = newFolder();
    const sqlite = new Sqlite(join(written, 'neo-setup.db'));
    sqlite.exec(text);
    sqlite.close();
    const dataDir = unlocked(written);
    const query = (select: string) =>
      Promise.resolve(new Sqlite(join(unlocked(dataDir), 'neo-setup.db')).prepare(select).all());
    return Promise.resolve({ where: { databaseUrl: undefined, dataDir }, query });
  },
  tables: "select name from sqlite_master where type = 'table' order by name",
};

let server: LocalPostgres | undefined;
const postgres: StoreKind = {
  name: 'PostgreSQL',
  prepare: async (text) => {
    if (server === undefined) throw new Error('PostgreSQL is not started');
    const databaseUrl = await server.newDatabase();
    const query = async (select: string): Promise<unknown[]> => {
      const client = new pg.Client({ connectionString: databaseUrl });
      await client.connect();
      const result = await client.query<object>(select);
      await client.end();
      return result.rows;
    };
    await query(text);
    return { where: { databaseUrl, dataDir: newFolder() }, query };
  },
  tables: "select tablename from pg_tables where schemaname = 'public' order by tablename",
};

const kinds = findPostgres() === undefined ? [file] : [file, postgres];

describe.each(kinds)('data that an earlier version left in $name', { timeout: 60_000 }, (store) => {
  let world: World | undefined;
  beforeAll(async () => {
    if (store === postgres) server = await startPostgres();
  });
  afterEach(async () => {
    await world?.stop();
    world = undefined;
  });
  afterAll(() => server?.stop());

  test('of version 1: the approval that no audit holds is asked for again, the pending one waits for its decision', async () => {
    const { where } = await store.prepare(tables + rows);
    const { databaseUrl, dataDir } = where;
    world = await startWorld({
      mode: 'socket',
      env: { DATA_DIR: dataDir, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) },
    });
    await world.apps[0].start();
    const { slack, halo } = world;
    const ben = slack.as(people.ben.id);
    const seen = (what: string, isIt: (message: SeenMessage) => boolean) =>
      slack.until(what, () => ben.sees(channels.ops.id).find(isIt), 30_000);
    const result = ({ ts }: SeenMessage) =>
      seen('the result', ({ text, threadTs }) => threadTs === ts && text.includes('Agent ID'));
    const openCard = (name: string) =>
      seen(
        `the card of ${name} with its buttons`,
        ({ text, threadTs, buttons }) =>
          threadTs === undefined && text.includes(name) && buttons.includes('Approve'),
      );
    const [first, second] = [await openCard('NEO-1'), await openCard('NEO-2')];
    for (const { plan: asPlanned } of [pending, approved])
      expect(halo.agents.filter(({ email }) => email === asPlanned.email)).toHaveLength(0);
    for (const card of [first, second]) await ben.press(card, 'Approve');
    await result(first);
    await result(second);
    for (const { plan: asPlanned } of [pending, approved])
      expect(halo.agents.filter(({ name: made }) => made === asPlanned.name)).toHaveLength(1);
  });

  test('of version 1: an agent that it set up is compared with its plan from now on', async () => {
    const { where } = await store.prepare(tables + rows + doneRow);
    const { databaseUrl, dataDir } = where;
    world = await startWorld({
      mode: 'socket',
      env: { DATA_DIR: dataDir, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) },
    });
    const { slack, halo } = world;
    halo.addAgent({ id: agentId, name: done.plan.name, email: done.plan.email, isdisabled: true });
    await world.apps[0].start();
    const ana = slack.as(people.ana.id);
    const told = await slack.until(
      'the message',
      () => ana.directMessages().find(({ text }) => text.includes(`Agent *${agentId}*`)),
      30_000,
    );
    expect(told.text).toContain('*Account Active* is No, should be Yes');
  });

  test('of version 1: agents with one name or address are reported at every start, the oldest has the claim', async () => {
    const like = (number: number, change: Partial<typeof done.plan>) => ({
      ...done,
      id: randomUUID(),
      number,
      agentId: agentId + number,
      plan: { ...done.plan, ...change },
    });
    const sameAddress = like(5, { name: 'Helper', email: 'DAYS@neoagent.io' });
    const sameName = like(4, { name: 'Ｎｅｏ Ａｇｅｎｔ Ｄａｙｓ', email: 'other@neoagent.io' });
    const alone = like(6, { name: 'Alone', email: 'alone@neoagent.io' });
    // Not in the order of their age.
    const made = [sameAddress, sameName, done, alone];
    const { where } = await store.prepare(tables + rows + made.map(doneRowOf).join('') + brokenRow);
    const { databaseUrl, dataDir } = where;
    world = await startWorld({
      mode: 'socket',
      env: { DATA_DIR: dataDir, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) },
    });
    const { apps, halo } = world;
    for (const { agentId: id, plan } of made) halo.addAgent({ id, name: plan.name, email: plan.email });
    const [app] = apps;
    const reports = () =>
      app
        .log()
        .split('\n')
        .filter((line) => line.includes('name or address of an older one'));
    for (const starts of [1, 2]) {
      await app.start();
      expect(reports()).toHaveLength(starts);
      expect(reports().at(-1)).toContain('"requests":["NEO-4","NEO-5"]');
      await app.stop('SIGTERM');
    }
  }, 120_000);

  test('of a newer version is refused with what to do, and stays as it is', async () => {
    const { where, query } = await store.prepare(
      `${tables}${rows}update schema_version set version = 99; alter table task add column urgency text;`,
    );
    const look = async () => [
      await query(store.tables),
      await query('select * from schema_version'),
      await query('select * from request order by id'),
      await query('select * from task order by key'),
    ];
    const before = await look();
    await expect(openStore(where)).rejects.toThrow(
      /of version 99; this program knows \d+\. Nothing was changed\. Start the version of neo-setup that wrote it/,
    );
    expect(await look()).toEqual(before);
  });
});
