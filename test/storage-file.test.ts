import { chmodSync, copyFileSync, existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import Sqlite from 'libsql';
import { afterEach, describe, expect, test } from 'vitest';
import { recordRefusal } from '../src/storage/audit/audit.ts';
import { backUp } from '../src/storage/backup/backup.ts';
import { openFile, type Store } from '../src/storage/database.ts';
import { unavailable } from '../src/storage/file.ts';
import { StorageUnavailable } from '../src/storage/problems.ts';
import { attempt, auditRows, newFolder, storedRequests, unlocked } from './stored.ts';

const database = 'neo-setup.db';
const opened: Store[] = [];
const open = async (folder: string) => {
  const store = await openFile(folder);
  opened.push(store);
  return store;
};
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

/** The database file alone, as somebody copies it who does not know that more belongs to it. */
const alone = (folder: string) => {
  const copy = newFolder();
  copyFileSync(join(folder, database), join(copy, database));
  return copy;
};

test('SQLite ends a transaction by itself, as on a full disk: the reason is told, and not that there is nothing to undo', async () => {
  const { db } = await open(newFolder());
  const written = db.transaction().execute(async (tx) => {
    await sql`rollback`.execute(tx);
    throw new Error('database or disk is full');
  });
  await expect(written).rejects.toThrow('database or disk is full');
  await recordRefusal(db, attempt(1));
  expect(await auditRows(db)).toHaveLength(1);
});

test('a full disk is named as what keeps the store from being opened, and what to do', () => {
  expect(unavailable(new Error('database or disk is full')).message).toBe(
    'Storage in DATA_DIR could not be opened (database or disk is full). Free some space on the disk of DATA_DIR.',
  );
});

describe('a database file without its WAL', () => {
  test('of an app that was stopped is whole', async () => {
    const folder = newFolder();
    const store = await openFile(folder);
    await recordRefusal(store.db, attempt(1));
    await store.close();
    expect(await auditRows((await open(alone(folder))).db)).toHaveLength(1);
  });

  test('of an app that runs, or was killed, is refused, and what to do is said', async () => {
    const folder = newFolder();
    const { db } = await open(folder);
    await recordRefusal(db, attempt(1));
    const copy = alone(folder);
    await expect(open(copy)).rejects.toThrow(StorageUnavailable);
    await expect(open(copy)).rejects.toThrow(/is incomplete: neo-setup\.db-wal.*restore a backup/s);
    // With it, nothing is missing.
    expect(await auditRows((await open(unlocked(folder))).db)).toHaveLength(1);
    // Whoever accepts the loss says so.
    writeFileSync(join(copy, `${database}-wal`), '');
    expect(await auditRows((await open(copy)).db)).toHaveLength(0);
  });

  test('of a process that was killed between two stops is refused too', async () => {
    const folder = unlocked(await storedRequests(1));
    const { db } = await open(folder);
    await recordRefusal(db, attempt(1));
    await expect(open(alone(folder))).rejects.toThrow(/is incomplete/);
  });

  test('a backup that was made while the app runs is whole by itself', async () => {
    const { db } = await open(newFolder());
    await recordRefusal(db, attempt(1));
    const restored = newFolder();
    await backUp(db, join(restored, database));
    expect(await auditRows((await open(restored)).db)).toHaveLength(1);
  });
});

describe('a database file that holds nothing does not start as new without a word', () => {
  test('of no bytes', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, database), '');
    await expect(open(folder)).rejects.toThrow(/is empty.*To start fresh, delete it/s);
  });

  test('without a table', async () => {
    const folder = newFolder();
    const sqlite = new Sqlite(join(folder, database));
    sqlite.exec('create table one (a); drop table one;');
    sqlite.close();
    await expect(open(folder)).rejects.toThrow(/is empty/);
  });

  test('and a folder without one is a new start', async () => {
    expect(await auditRows((await open(newFolder())).db)).toEqual([]);
  });
});

describe('DATA_DIR', () => {
  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

  test('at 755, with files of an earlier version that all may read: nobody else can read them any more', async () => {
    const folder = unlocked(await storedRequests(1));
    chmodSync(folder, 0o755);
    for (const file of [database, `${database}-wal`])
      if (existsSync(join(folder, file))) chmodSync(join(folder, file), 0o644);
    const { db } = await open(folder);
    await recordRefusal(db, attempt(1));
    expect(modeOf(join(folder, database))).toBe('600');
    expect(modeOf(join(folder, `${database}-wal`))).toBe('600');
  });

  test('copies that a killed command left are removed at the next start, those of a running one are not', async () => {
    const folder = newFolder();
    for (const name of ['look-killed', 'look-running']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, database), 'a copy');
    }
    const longAgo = Date.now() / 1000 - 7_200;
    utimesSync(join(folder, 'look-killed'), longAgo, longAgo);
    await open(folder);
    expect(existsSync(join(folder, 'look-killed'))).toBe(false);
    expect(existsSync(join(folder, 'look-running'))).toBe(true);
  });
});
