import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver } from 'kysely';
import Sqlite from 'libsql';
import { z } from 'zod';
import { reasonOf, StorageInUse, StorageUnavailable } from './problems.ts';
import type { Schema } from './schema.ts';

export const databaseFile = 'neo-setup.db';

/** The SQLite file, locked for this process. */
export type LockedFile = { sqlite: Sqlite.Database; db: Kysely<Schema> };

/**
 * Opens the SQLite file in `dataDir`, as it is, and locks it until this process ends.
 *
 * Every commit is synced: what was accepted survives a killed process and a power cut. A second process on
 * the same file is refused instead of sharing the work.
 * @throws {StorageInUse} {StorageUnavailable}
 */
export function lockFile(dataDir: string, when: 'create' | 'exists'): LockedFile {
  const path = join(dataDir, databaseFile);
  if (when === 'exists') assertThere(dataDir);
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const isAlone = existsSync(path) && !existsSync(walOf(path));
    if (isAlone) assertClosed(path);
    keepFromOthers(path);
    const sqlite = new Sqlite(path);
    for (const pragma of [
      'locking_mode=EXCLUSIVE',
      'journal_mode=WAL',
      'synchronous=FULL',
      'foreign_keys=ON',
    ])
      sqlite.pragma(pragma);
    if (isAlone) assertHoldsSomething(sqlite, path);
    return { sqlite, db: new Kysely<Schema>({ dialect: new FileDialect(sqlite) }) };
  } catch (error) {
    throw unavailable(error);
  }
}

/**
 * SQLite ends a transaction by itself when the disk is full. Kysely would fail to roll it back then, and that failure would
 * hide the reason (https://www.sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction").
 */
class FileDialect extends SqliteDialect {
  private readonly sqlite: Sqlite.Database;
  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.sqlite = sqlite;
  }
  override createDriver(): Driver {
    return new FileDriver(this.sqlite);
  }
}

class FileDriver extends SqliteDriver {
  private readonly sqlite: Sqlite.Database;
  constructor(sqlite: Sqlite.Database) {
    super({ database: sqlite });
    this.sqlite = sqlite;
  }
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** What was committed last stands here until SQLite moves it into the file. */
function walOf(path: string): string {
  return `${path}-wal`;
}

/**
 * Values of SQLite's `application_id`, which is free for the program: while a process is at work, and once one has closed
 * the file with all of it in it. Files of version 0.1.0 have neither.
 */
const marks = { open: 0x6e656f31, closed: 0x6e656f30 };
/** Where the header of a file keeps it, in four bytes, the highest first: https://www.sqlite.org/fileformat.html */
const markAt = 68;
const headerBytes = 100;

/** From now on the file alone is not all that is stored. @throws {StorageUnavailable} */
export function markOpen({ sqlite }: LockedFile): void {
  try {
    sqlite.pragma(`application_id=${marks.open}`);
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    throw unavailable(error);
  }
}

/** Puts everything into the one file and says so in it. Afterwards it may be copied alone. */
export async function closeFile({ sqlite, db }: LockedFile): Promise<void> {
  try {
    sqlite.pragma(`application_id=${marks.closed}`);
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // It stays marked as open, and what belongs to it stays beside it.
  }
  await db.destroy();
}

/** The same for a copy that nobody has opened yet. `handle`: of a file that may be written. */
export function markClosed(handle: number): void {
  const mark = Buffer.alloc(4);
  mark.writeInt32BE(marks.closed);
  writeSync(handle, mark, 0, mark.length, markAt);
}

/** @throws {StorageUnavailable} when a process that did not close the file left more beside it, and that is gone */
function assertClosed(path: string): void {
  const header = Buffer.alloc(headerBytes);
  const handle = openSync(path, 'r');
  const length = readSync(handle, header, 0, headerBytes, 0);
  closeSync(handle);
  if (length === 0) throw emptyFile(path);
  if (length < headerBytes || header.readInt32BE(markAt) !== marks.open) return;
  throw new StorageUnavailable(
    `${path} is incomplete: ${databaseFile}-wal, which holds the newest requests, is missing from the same folder. Put it back, or restore a backup. If you have neither and accept losing those requests, create an empty file with that name. Then check HaloPSA for recently created agents before you approve anything.`,
  );
}

function assertHoldsSomething(sqlite: Sqlite.Database, path: string): void {
  const { tables } = z
    .object({ tables: z.int() })
    .parse(sqlite.prepare('select count(*) as tables from sqlite_master').get());
  if (tables === 0) throw emptyFile(path);
}

function emptyFile(path: string): StorageUnavailable {
  return new StorageUnavailable(
    `${path} is empty. If it should contain requests, restore a backup. To start fresh, delete it.`,
  );
}

/** Names and addresses are nobody else's business, whoever may read DATA_DIR. SQLite gives its other files the same mode. */
function keepFromOthers(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
  for (const file of [path, walOf(path)].filter((one) => existsSync(one)))
    try {
      chmodSync(file, 0o600);
    } catch {
      // It belongs to somebody else, who lets us write it, as on a volume that a group shares.
      continue;
    }
}

/** @throws {StorageUnavailable} when nothing is stored in `dataDir` */
export function assertThere(dataDir: string): void {
  const path = join(dataDir, databaseFile);
  if (!existsSync(path))
    throw new StorageUnavailable(`There is no ${path}. Set DATA_DIR to the folder that the app uses.`);
}

/** In the operator's words. */
export function unavailable(error: unknown): StorageUnavailable {
  if (error instanceof StorageUnavailable) return error;
  const reason = reasonOf(error);
  const failed = `Storage in DATA_DIR could not be opened (${reason}).`;
  if (/locked|busy/i.test(reason))
    return new StorageInUse(
      `${failed} Another neo-setup process uses it. Stop that one, or give this one its own DATA_DIR.`,
      { cause: error },
    );
  const next = /\bfull\b/i.test(reason)
    ? 'Free some space on the disk of DATA_DIR.'
    : 'Check that DATA_DIR can be written by this user.';
  return new StorageUnavailable(`${failed} ${next}`, { cause: error });
}

/** How far the requests of a file have moved to PostgreSQL. The order is what is stored. */
const moves = ['none', 'begun', 'done'] as const;
export type Move = (typeof moves)[number];

/** Kept in SQLite's `user_version`, which is free for the program: it is a number in the file's header, synced like a row. */
export function readMove({ sqlite }: LockedFile): Move {
  const [{ user_version: stored }] = z
    .tuple([z.object({ user_version: z.int() })])
    .parse(sqlite.pragma('user_version'));
  return z.enum(moves).parse(moves[stored]);
}

export function writeMove({ sqlite }: LockedFile, move: Move): void {
  sqlite.pragma(`user_version=${moves.indexOf(move)}`);
}

const moveHints: Record<Exclude<Move, 'none'>, string> = {
  begun:
    'A copy of these requests to PostgreSQL broke off. Run `npm run storage -- copy-to postgres://…` with the same address again: it ends the copy, or says that it is done.',
  done: 'These requests were moved to PostgreSQL. Using this file as well could create agents twice. Set DATABASE_URL to that PostgreSQL database or, to start without these requests, set DATA_DIR to a different folder.',
};

/** @throws {StorageUnavailable} when the requests of this file are, or may be, in PostgreSQL too */
export function assertNotMoved(file: LockedFile): void {
  const move = readMove(file);
  if (move !== 'none') throw new StorageUnavailable(moveHints[move]);
}
