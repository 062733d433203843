import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../database.ts';
import { markClosed } from '../file.ts';
import { NotDone, reasonOf } from '../problems.ts';

/**
 * Writes all that is stored into a new file: one consistent moment, readable by its owner alone. `file` is an
 * absolute path. SQLite alone; nothing else is done on this store meanwhile.
 * @throws {NotDone} when the file exists already or cannot be written: it is as it was then
 */
export async function backUp(db: Db, file: string): Promise<void> {
  createEmpty(file);
  try {
    await sql`vacuum into ${file}`.execute(db);
    sync(file);
  } catch (error) {
    rmSync(file, { force: true });
    throw new NotDone(`The backup could not be written (${reasonOf(error)}). ${file} was removed again.`, {
      cause: error,
    });
  }
}

/** SQLite writes into an empty file and keeps its mode. Creating it here is what never overwrites another. */
function createEmpty(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    const { code } = z.looseObject({ code: z.string().optional() }).parse(error);
    throw new NotDone(
      code === 'EEXIST'
        ? `${file} exists already and was left as it is. Give a name that is free.`
        : `${file} could not be created (${reasonOf(error)}). Nothing was written.`,
      { cause: error },
    );
  }
}

function sync(file: string): void {
  const handle = openSync(file, 'r+');
  markClosed(handle);
  fsyncSync(handle);
  closeSync(handle);
}
