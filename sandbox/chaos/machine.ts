import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Says that chaos runs in a namespace of its own already, where it may mount what nobody else sees. */
const inNamespace = 'CHAOS_IN_NAMESPACE';

/**
 * Starts this program again where it may mount a small disk, and ends with it. Returns where the machine doesn't let it,
 * or when this is that program already.
 */
export async function enterNamespace(): Promise<{ mayMount: boolean }> {
  if (process.env[inNamespace] === '1') return { mayMount: true };
  const { status } = spawnSync('unshare', ['--mount', 'true'], { stdio: 'ignore' });
  if (status !== 0) return { mayMount: false };
  const args = ['--mount', process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('unshare', args, {
    stdio: 'inherit',
    env: { ...process.env, [inNamespace]: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  await once(child, 'exit');
  process.exit(child.exitCode ?? 1);
}

export type SmallDisk = {
  /** Not one byte more can be written, until `free`. */
  fill: () => void;
  free: () => void;
  unmount: () => void;
};

const block = Buffer.alloc(1_048_576, 1);

/** Mounts a disk of so many megabytes at `folder`, in memory. It is gone with this program. */
export function mountSmallDisk(folder: string, megabytes: number): SmallDisk {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    fill: () => {
      const file = openSync(filler, 'a');
      for (let size = block.length; size >= 1; size = Math.floor(size / 16)) writeUntilFull(file, size);
      closeSync(file);
    },
    free: () => {
      rmSync(filler, { force: true });
    },
    unmount: () => {
      // A process that is about to end may have a file of it open.
      execFileSync('umount', ['--lazy', folder]);
    },
  };
}

function writeUntilFull(file: number, size: number): void {
  try {
    while (writeSync(file, block, 0, size) === size);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** A clock of one process, which can be put forward and back. */
export type Clock = { env: Record<string, string>; step: (seconds: number) => void };

/** Undefined: libfaketime is not installed (Debian: apt-get install faketime). */
export function findFakeTime(): string | undefined {
  const root = '/usr/lib';
  const folders = existsSync(root) ? readdirSync(root) : [];
  return folders
    .map((folder) => join(root, folder, 'faketime', 'libfaketime.so.1'))
    .find((library) => existsSync(library));
}

/** The clock of one process: the wall clock alone, for the time since the start goes on as it does where a clock is set. */
export function newClock(library: string, folder: string, name: string): Clock {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  const step = (seconds: number) => {
    writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  };
  step(0);
  return {
    step,
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  };
}
