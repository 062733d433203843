import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect, sql, type Transaction } from 'kysely';
import Sqlite from 'libsql';
import pg from 'pg';
import { migrate } from './migrations.ts';
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

/** Another process holds the file, or the store cannot be reached. The message is for the operator. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

const databaseFile = 'neo-setup.db';
const connections = 8;
const clockEveryMs = 60_000;

/** PostgreSQL when there is a URL, else a file in `dataDir`. @throws {StorageUnavailable} */
export function openStore(where: { databaseUrl: string | undefined; dataDir: string }): Promise<Store> {
  return where.databaseUrl === undefined ? openFile(where.dataDir) : openPostgres(where.databaseUrl);
}

/**
 * Opens (or creates) the SQLite file in `dataDir` and brings its tables up to date.
 *
 * The file is locked for this process and synced at every commit: what was accepted survives a killed
 * process and a power cut, and a second process on the same file is refused instead of sharing the work.
 * @throws {StorageUnavailable}
 */
export async function openFile(dataDir: string): Promise<Store> {
  try {
    mkdirSync(dataDir, { recursive: true });
    const file = new Sqlite(join(dataDir, databaseFile));
    for (const pragma of [
      'locking_mode=EXCLUSIVE',
      'journal_mode=WAL',
      'synchronous=FULL',
      'foreign_keys=ON',
    ])
      file.pragma(pragma);
    const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: file }) });
    await migrate(db);
    // The lock proves that whoever held these leases is gone: their work goes on at once.
    await db.updateTable('task').set({ lease_id: null, lease_until: null }).execute();
    return { db, isShared: false, now: Date.now, close: () => db.destroy() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const hint = /locked|busy/i.test(reason)
      ? 'Another neo-setup process uses it. Stop that one, or give this one its own DATA_DIR.'
      : 'Check that DATA_DIR can be written by this user.';
    throw new StorageUnavailable(`Storage in DATA_DIR could not be opened (${reason}). ${hint}`, {
      cause: error,
    });
  }
}

/** Connects to PostgreSQL, for several processes, and brings the tables up to date. @throws {StorageUnavailable} */
export async function openPostgres(url: string): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    types,
  });
  // A connection that dies while somebody uses it would end the process: the query that it dies under fails anyway.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageUnavailable(
      `PostgreSQL at DATABASE_URL could not be used (${reason}). Check that it runs and that the user may create tables.`,
      { cause: error },
    );
  }
}

/** Times and counts are far below 2^53: plain numbers, as SQLite gives them. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Any number that nobody else uses in this database: one process migrates, the others wait. */
const migrationLock = 7_306_071_113;

/** How far PostgreSQL's clock is ahead of ours: leases and deadlines go by PostgreSQL's. */
async function clockOffset(db: Db): Promise<number> {
  const asked = Date.now();
  const { rows } = await sql<{
    now: number;
  }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(db);
  return (rows[0]?.now ?? asked) - (asked + Date.now()) / 2;
}

/** Resolves when the store answers. */
export async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}
