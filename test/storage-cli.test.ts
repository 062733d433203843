import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { storage } from '../src/cli/storage.ts';
import { findRequestByNumber } from '../src/requests/store.ts';
import { teamId } from '../sandbox/slack/workspace.ts';
import { run } from './cli.ts';
import { newFolder, openCopy, storedRequests } from './stored.ts';

const restored = (file: string) => {
  const dataDir = newFolder();
  copyFileSync(file, join(dataDir, 'neo-setup.db'));
  return dataDir;
};

describe('backup', () => {
  test('while no app runs: all requests are in it', async () => {
    const file = join(newFolder(), 'neo.backup');
    const { code } = await run(storage, ['backup', file], { DATA_DIR: await storedRequests(2) });
    expect(code).toBe(0);
    const { db } = await openCopy(restored(file));
    expect(await findRequestByNumber(db, teamId, 2)).toMatchObject({ number: 2, state: 'pending' });
  });

  test('of PostgreSQL is pg_dump’s work', async () => {
    const DATABASE_URL = 'postgres://neo:hush-hush@127.0.0.1/neo';
    const { code, output } = await run(storage, ['backup', 'neo.backup'], { DATABASE_URL });
    expect(output).toContain('pg_dump');
    expect(output).not.toContain('hush');
    expect(code).toBe(1);
  });
});

test.each([
  ['nothing', [], 'npm run storage -- backup FILE'],
  ['an unknown command', ['restore', 'file'], 'npm run storage -- backup FILE'],
  ['two files', ['backup', 'one', 'two'], 'npm run storage -- backup FILE'],
  ['an empty DATA_DIR', ['backup', 'file'], 'There is no '],
  ['another database', ['copy-to', 'mysql://neo:hush-hush@db/neo'], 'must be a postgres:// address'],
  [
    'a password with @ and /',
    ['copy-to', 'postgres://neo:hush@hush/x@db/neo'],
    'in the password percent-encoded',
  ],
])('%s: exit code 1, what to do, and no stack', async (_, args, text) => {
  const { code, output } = await run(storage, args, { DATA_DIR: newFolder() });
  expect(output).toContain(text);
  expect(output).not.toMatch(/\n\s+at /);
  expect(output).not.toContain('hush');
  expect(code).toBe(1);
});
