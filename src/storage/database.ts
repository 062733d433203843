import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, SqliteDialect, sql, type Transaction } from 'kysely';
import Sqlite from 'libsql';
import { migrate } from './migrations.ts';
import type { Schema } from './schema.ts';

export type Db = Kysely<Schema>;
export type Tx = Transaction<Schema>;

/** Another process holds the file, or the directory cannot be written. The message is for the operator. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable';
}

/**
 * Opens (or creates) `neo-setup.db` in `dataDir` and brings its tables up to date.
 *
 * The file is locked for this process and synced at every commit: what was accepted survives a killed
 * process and a power cut, and a second process on the same file is refused instead of sharing the work.
 * @throws {StorageUnavailable}
 */
export async function openDatabase(dataDir: string): Promise<Db> {
  try {
    mkdirSync(dataDir, { recursive: true });
    const file = new Sqlite(join(dataDir, 'neo-setup.db'));
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
    return db;
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

/** Resolves when the store answers. */
export async function ping(db: Db): Promise<void> {
  await sql`select 1`.execute(db);
}
