import { Kysely, PostgresAdapter, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { assertNotMoved, closeFile, lockFile, markOpen, unavailable, type LockedFile } from './file.ts';
import { removeLeftFolders } from './backup/left-folders.ts';
import { migrate } from './migrations.ts';
import { appLimits, postgresDialect, type PostgresLimits } from './postgres.ts';
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

const clockEveryMs = 60_000;

/** PostgreSQL when there is a URL, else a file in `dataDir`. @throws {StorageUnavailable} */
export function openStore(where: { databaseUrl: string | undefined; dataDir: string }): Promise<Store> {
  return where.databaseUrl === undefined
    ? openFile(where.dataDir)
    : openPostgres(where.databaseUrl, appLimits);
}

/** Opens (or creates) the SQLite file in `dataDir`, for this process alone. @throws {StorageUnavailable} */
export async function openFile(dataDir: string): Promise<Store> {
  const file = lockFile(dataDir, 'create');
  assertNotMoved(file);
  await bringUpToDate(file);
  markOpen(file);
  removeLeftFolders(dataDir);
  return { db: file.db, isShared: false, now: Date.now, close: () => closeFile(file) };
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

/**
 * Connects to PostgreSQL, for several processes, and brings the tables up to date. `limits` hold from then on: a
 * migration takes as long as it takes. @throws {StorageUnavailable}
 */
export async function openPostgres(url: string, limits?: PostgresLimits): Promise<Store> {
  const migrating = connectPostgres(url);
  const db = connectPostgres(url, limits);
  try {
    await migrate(migrating, sql`select pg_advisory_xact_lock(${migrationLock})`);
    await migrating.destroy();
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
    return { db, isShared: true, now: () => Math.round(performance.now() + offsetMs), close };
  } catch (error) {
    await Promise.all([migrating.destroy(), db.destroy()]);
    if (error instanceof StorageUnavailable) throw error;
    throw new StorageUnavailable(
      `PostgreSQL could not be used (${reasonOf(error)}). Check its address, that it runs, and that the user may create tables.`,
      { cause: error },
    );
  }
}

/** Connects with the first query. `limits` undefined: it waits for every answer. */
export function connectPostgres(url: string, limits?: PostgresLimits): Db {
  return new Kysely<Schema>({ dialect: postgresDialect(url, limits) });
}

/** Any number that nobody else uses in this database: one process migrates, the others wait. */
const migrationLock = 7_306_071_113;

const clockSchema = z.tuple([z.object({ now: z.int() })]);

/**
 * How far PostgreSQL's clock is ahead of the time since this process started: leases and deadlines go by PostgreSQL's. The
 * clock of this machine plays no part, whoever sets it.
 */
async function clockOffset(db: Db): Promise<number> {
  const asked = performance.now();
  const { rows } = await sql`select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`.execute(
    db,
  );
  const [{ now }] = clockSchema.parse(rows);
  return now - (asked + performance.now()) / 2;
}

/** A lock that is held for longer than this keeps people waiting, in milliseconds. */
const probeLockMs = 1_000;

/**
 * Resolves when the store takes a write: a full disk answers reads, and so does a database in which somebody holds the
 * lock that every write needs. What it writes stands there already. @throws what the driver throws
 */
export async function probeWrite(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (tx.getExecutor().adapter instanceof PostgresAdapter) {
      await sql`select set_config('lock_timeout', ${String(probeLockMs)}, true)`.execute(tx);
      await sql`select seq from audit_head for update`.execute(tx);
    }
    await tx
      .updateTable('schema_version')
      .set((row) => ({ version: row.ref('version') }))
      .execute();
  });
}
