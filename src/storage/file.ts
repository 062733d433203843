import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
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
    const sqlite = new Sqlite(path);
    for (const pragma of [
      'locking_mode=EXCLUSIVE',
      'journal_mode=WAL',
      'synchronous=FULL',
      'foreign_keys=ON',
    ])
      sqlite.pragma(pragma);
    return { sqlite, db: new Kysely<Schema>({ dialect: new SqliteDialect({ database: sqlite }) }) };
  } catch (error) {
    throw unavailable(error);
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
  return /locked|busy/i.test(reason)
    ? new StorageInUse(
        `${failed} Another neo-setup process uses it. Stop that one, or give this one its own DATA_DIR.`,
        { cause: error },
      )
    : new StorageUnavailable(`${failed} Check that DATA_DIR can be written by this user.`, { cause: error });
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
  done: 'These requests were moved to PostgreSQL, and working on them here as well would create agents twice. Set DATABASE_URL to that PostgreSQL; or, for a new start without them, another DATA_DIR.',
};

/** @throws {StorageUnavailable} when the requests of this file are, or may be, in PostgreSQL too */
export function assertNotMoved(file: LockedFile): void {
  const move = readMove(file);
  if (move !== 'none') throw new StorageUnavailable(moveHints[move]);
}
