import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backUpAnyway } from './backup/socket.ts';
import { connectPostgres, type Db } from './database.ts';
import { assertNotMoved, assertThere, databaseFile, lockFile, unavailable } from './file.ts';
import { leftFolderPrefix, removeLeftFolders } from './backup/left-folders.ts';
import { assertNewestVersion } from './migrations.ts';
import { reasonOf, StorageUnavailable } from './problems.ts';

/**
 * Lets `work` read what is stored, whether the app runs or not, and changes nothing. Of a file it reads a backup that
 * is made for it in `dataDir`, where the app may write, and removed again.
 * @throws {NotDone} {StorageUnavailable}
 */
export function lookAtStore<T>(
  where: { databaseUrl: string | undefined; dataDir: string },
  work: (db: Db) => Promise<T>,
): Promise<T> {
  return where.databaseUrl === undefined
    ? lookAtFile(resolve(where.dataDir), work)
    : lookAtPostgres(where.databaseUrl, work);
}

async function lookAtFile<T>(dataDir: string, work: (db: Db) => Promise<T>): Promise<T> {
  assertThere(dataDir);
  removeLeftFolders(dataDir);
  const folder = newFolder(dataDir);
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const stopListening = onInterruption(remove);
  try {
    await backUpAnyway(dataDir, join(folder, databaseFile));
    const file = lockFile(folder, 'exists');
    assertNotMoved(file);
    await assertNewestVersion(file.db).catch((error: unknown) => {
      throw unavailable(error);
    });
    const result = await work(file.db);
    await file.db.destroy();
    return result;
  } finally {
    stopListening();
    remove();
  }
}

/** Whoever presses Ctrl-C leaves no copy of everything behind. */
function onInterruption(clean: () => void): () => void {
  const end = (signal: NodeJS.Signals) => {
    clean();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.once('SIGINT', end).once('SIGTERM', end);
  return () => {
    process.off('SIGINT', end).off('SIGTERM', end);
  };
}

function newFolder(dataDir: string): string {
  try {
    return mkdtempSync(join(dataDir, leftFolderPrefix));
  } catch (error) {
    throw unavailable(error);
  }
}

async function lookAtPostgres<T>(url: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = connectPostgres(url);
  try {
    await assertNewestVersion(db).catch((error: unknown) => {
      if (error instanceof StorageUnavailable) throw error;
      throw new StorageUnavailable(
        `PostgreSQL could not be used (${reasonOf(error)}). Check the address in DATABASE_URL, that it runs, and that the app was started on it once.`,
        { cause: error },
      );
    });
    return await work(db);
  } finally {
    await db.destroy();
  }
}
