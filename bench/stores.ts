import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorld, type World } from '../sandbox/world.ts';
import type { WorldOptions } from '../sandbox/world.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `databaseUrl` undefined: the file. `open`: how many of the stored requests are not done. */
export type Stored = { databaseUrl: string | undefined; requests: number; open?: number };

/**
 * Stores requests in a new store, and lets `work` run with a world around it. Its app is not started.
 * What it stored is gone again afterwards, but for PostgreSQL's.
 */
export async function withStored<T>(
  stored: Stored,
  options: Omit<WorldOptions, 'databaseUrl'>,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const { databaseUrl, requests } = stored;
  const folder = mkdtempSync(join(tmpdir(), 'neo-setup-bench-'));
  const dataDir = join(folder, 'data');
  try {
    if (requests > 0) fill(stored, dataDir);
    const world = await startWorld({
      ...options,
      // Compiled files are kept in TMPDIR: a folder of its own starts without any.
      env: { ...options.env, DATA_DIR: dataDir, TMPDIR: folder },
      ...(databaseUrl !== undefined && { databaseUrl }),
    });
    try {
      return await work(world);
    } finally {
      await world.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill({ databaseUrl, requests, open = 0 }: Stored, dataDir: string): void {
  const where = databaseUrl === undefined ? `--data-dir=${dataDir}` : `--database-url=${databaseUrl}`;
  const args = ['--import', 'tsx', 'bench/fill.ts', `--requests=${requests}`, `--open=${open}`, where];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
}
