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
import { ask } from '../../sandbox/play.ts';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { newFolder, storedRequests } from '../stored.ts';
import { spawned } from './spawned.ts';

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

describe('backup', { timeout: 60_000 }, () => {
  test('while the app runs: a new start on it goes on with the pending request under its number', async () => {
    const dataDir = join(newFolder(), 'data');
    const { slack, app } = await open(dataDir);
    const card = await ask({ slack });
    // A killed process leaves its socket behind.
    await app.stop('SIGKILL');
    await app.start();

    const folder = newFolder();
    const { code, output } = await spawned(
      'storage',
      ['backup', 'neo.backup'],
      { DATA_DIR: dataDir },
      { folder, npm: true },
    ).ended;
    const file = join(folder, 'neo.backup');
    expect(output).toContain(`Backup complete: ${file}`);
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
    const refused = await spawned('storage', ['backup', file], { DATA_DIR: dataDir }).ended;
    expect(refused.output).toContain('it must be stopped first');
    expect(refused.code).toBe(1);
    await app.stop('SIGTERM');
    expect((await spawned('storage', ['backup', file], { DATA_DIR: dataDir }).ended).code).toBe(0);
  });

  test.each(['running', 'stopped'])('never writes over a file (app %s)', async (app) => {
    const dataDir = await storedRequests(1);
    if (app === 'running') await open(dataDir);
    const file = join(newFolder(), 'neo.backup');
    writeFileSync(file, 'the backup of yesterday');
    const { code, output } = await spawned('storage', ['backup', file], { DATA_DIR: dataDir }).ended;
    expect(output).toContain('exists already and was left as it is');
    expect(code).toBe(1);
    expect(readFileSync(file, 'utf8')).toBe('the backup of yesterday');
  });
});
