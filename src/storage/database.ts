import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { assertNotMoved, lockFile, unavailable, type LockedFile } from './file.ts';
import { migrate } from './migrations.ts';
import { reasonOf, StorageUnavailable } from './problems.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** Where everything is kept. `isShared`: other processes may be at work on it too. */
export type Store = {
  db: Db;
  isShared: boolean;
  /** Epoch milliseconds, by the one clock that all who share the store go by. */
  now: () => number;
  close: () => Promise<void>;
};

const connections = 8;
const clockEveryMs = 60_000;

/** PostgreSQL when there is a URL, else a file in `dataDir`. @throws {StorageUnavailable} */
export function openStore(where: { databaseUrl: string | undefined; dataDir: string }): Promise<Store> {
  return where.databaseUrl === undefined ? openFile(where.dataDir) : openPostgres(where.databaseUrl);
}

/** Opens (or creates) the SQLite file in `dataDir`, for this process alone. @throws {StorageUnavailable} */
export async function openFile(dataDir: string): Promise<Store> {
  const file = lockFile(dataDir, 'create');
  assertNotMoved(file);
  await bringUpToDate(file);
  return { db: file.db, isShared: false, now: Date.now, close: () => file.db.destroy() };
}

/** What a killed process sent may need a moment until a look at Slack or HaloPSA shows it. */
const showsAfterMs = 1_000;

/** Migrates, and ends all leases: the lock proves that their holders are gone. @throws {StorageUnavailable} */
export async function bringUpToDate({ db }: LockedFile): Promise<void> {
  try {
    await migrate(db);
    await db
      .updateTable('task')
      .set({ lease_id: null, lease_until: null, due_at: Date.now() + showsAfterMs })
      .where('lease_id', 'is not', null)
      .execute();
  } catch (error) {
    throw unavailable(error);
  }
}

/** Connects to PostgreSQL, for several processes, and brings the tables up to date. @throws {StorageUnavailable} */
export async function openPostgres(url: string): Promise<Store> {
  const db = connectPostgres(url);
  try {
    await migrate(db, sql`select pg_advisory_xact_lock(${migrationLock})`);
    let offsetMs = await clockOffset(db);
    const timer = setInterval(() => {
      clockOffset(db).then(
        (offset) => {
          offsetMs = offset;
        },
        () => {},
      );
    }, clockEveryMs).unref();
    const close = async () => {
      clearInterval(timer);
      await db.destroy();
    };
    return { db, isShared: true, now: () => Math.round(Date.now() + offsetMs), close };
  } catch (error) {
    await db.destroy();
    if (error instanceof StorageUnavailable) throw error;
    throw new StorageUnavailable(
      `PostgreSQL could not be used (${reasonOf(error)}). Check its address, that it runs, and that the user may create tables.`,
      { cause: error },
    );
  }
}

/** Connects with the first query. */
export function connectPostgres(url: string): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    types,
  });
  // A connection that dies while somebody uses it would end the process: the query that it dies under fails anyway.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** Times and counts are far below 2^53: plain numbers, as SQLite gives them. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Any number that nobody else uses in this database: one process migrates, the others wait. */
const migrationLock = 7_306_071_113;

const clockSchema = z.tuple([z.object({ now: z.int() })]);

/** How far PostgreSQL's clock is ahead of ours: leases and deadlines go by PostgreSQL's. */
async function clockOffset(db: Db): Promise<number> {
  const asked = Date.now();
  const { rows } = await sql`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(
    db,
  );
  const [{ now }] = clockSchema.parse(rows);
  return now - (asked + Date.now()) / 2;
}

/** Resolves when the store answers. */
export async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}
