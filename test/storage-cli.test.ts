import {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  copyFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findRequestByNumber } from '../src/storage/requests.ts';
import { ask } from '../sandbox/play.ts';
import { channels, people, teamId } from '../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { newFolder, openCopy, storage, storedRequests } from './stored.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const open = async (dataDir: string) => {
  world = await startWorld({ mode: 'socket', env: { DATA_DIR: dataDir } });
  await world.apps[0].start();
  return { ...world, app: world.apps[0] };
};

const restored = (file: string) => {
  const dataDir = newFolder();
  copyFileSync(file, join(dataDir, 'neo-setup.db'));
  return dataDir;
};

describe('backup', { timeout: 60_000 }, () => {
  test('while the app runs: a new start on it goes on with the pending request under its number', async () => {
    const dataDir = join(newFolder(), 'data');
    const { slack, app } = await open(dataDir);
    const card = await ask({ slack });
    // A killed process leaves its socket behind.
    await app.stop('SIGKILL');
    await app.start();

    const folder = newFolder();
    const { code, output } = await storage(
      ['backup', 'neo.backup'],
      { DATA_DIR: dataDir },
      { folder, npm: true },
    ).ended;
    const file = join(folder, 'neo.backup');
    expect(output).toContain(`was written to ${file}`);
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);

    await app.stop('SIGTERM');
    renameSync(dataDir, `${dataDir}.old`);
    mkdirSync(dataDir);
    copyFileSync(file, join(dataDir, 'neo-setup.db'));
    await app.start();
    const ben = slack.as(people.ben.id);
    await ben.press(card, 'Approve');
    const done = await slack.until('the finished card', () =>
      ben.sees(channels.ops.id).find(({ text, threadTs }) => threadTs === undefined && text.includes('Done')),
    );
    expect(done.text).toContain('NEO-1');
  });

  test('the socket of the app opens for its own user alone', async () => {
    const dataDir = newFolder();
    await open(dataDir);
    expect(statSync(join(dataDir, 'neo-setup.sock')).mode & 0o777).toBe(0o600);
  });

  test('DATA_DIR is too long for a socket: the app runs, and the command says to stop it', async () => {
    const [parent, name] = [newFolder(), 'x'.repeat(120)];
    const dataDir = join(parent, name);
    const { app } = await open(dataDir);
    expect(app.log()).toContain('no backups while this process runs');
    // Node 20 would listen under a name that is cut off.
    expect(readdirSync(parent)).toEqual([name]);
    const file = join(newFolder(), 'neo.backup');
    const refused = await storage(['backup', file], { DATA_DIR: dataDir }).ended;
    expect(refused.output).toContain('it must be stopped first');
    expect(refused.code).toBe(1);
    await app.stop('SIGTERM');
    expect((await storage(['backup', file], { DATA_DIR: dataDir }).ended).code).toBe(0);
  });

  test('while no app runs: all requests are in it', async () => {
    const file = join(newFolder(), 'neo.backup');
    const { code } = await storage(['backup', file], { DATA_DIR: await storedRequests(2) }).ended;
    expect(code).toBe(0);
    const { db } = await openCopy(restored(file));
    expect(await findRequestByNumber(db, teamId, 2)).toMatchObject({ number: 2, state: 'pending' });
  });

  test.each(['running', 'stopped'])('never writes over a file (app %s)', async (app) => {
    const dataDir = await storedRequests(1);
    if (app === 'running') await open(dataDir);
    const file = join(newFolder(), 'neo.backup');
    writeFileSync(file, 'the backup of yesterday');
    const { code, output } = await storage(['backup', file], { DATA_DIR: dataDir }).ended;
    expect(output).toContain('exists already and was left as it is');
    expect(code).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe('the backup of yesterday');
  });

  test('of PostgreSQL is pg_dump’s work', async () => {
    const DATABASE_URL = 'postgres://neo:hush-hush@127.0.0.1/neo';
    const { code, output } = await storage(['backup', 'neo.backup'], { DATABASE_URL }).ended;
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
  ['a password with @ and /', ['copy-to', 'postgres://neo:hush@hush/x@db/neo'], 'of the password encoded'],
])('%s: exit code 1, what to do, and no stack', async (_, args, text) => {
  const { code, output } = await storage(args, { DATA_DIR: newFolder() }).ended;
  expect(output).toContain(text);
  expect(output).not.toMatch(/\n\s+at /);
  expect(output).not.toContain('hush');
  expect(code).toBe(1);
});
