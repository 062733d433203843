import type { Readable, Writable } from 'node:stream';
import { readStorageConfig, type Config } from '../config.ts';
import { NotDone, StorageUnavailable } from '../storage/problems.ts';

/** Where a command reads answers and writes what it says: the process’s own streams, or a test’s. */
export type Streams = { stdin: Readable; stdout: Writable; stderr: Writable };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A command of the terminal. `argv`: the words after its name. Resolves with the exit code. Throws only for a bug: what
 * the operator can fix is said on `stderr`.
 */
export type Command = (argv: string[], env: Environment, streams: Streams) => Promise<number>;

/** Runs `work`. What the operator can fix is said in one line and ends with 1; a bug needs its stack and is thrown. */
export async function endingWithCode(stderr: Writable, work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof NotDone || error instanceof StorageUnavailable)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** Where everything is stored, by the environment. @throws {NotDone} with every variable that is wrong */
export function storageFrom(env: Environment): Pick<Config, 'databaseUrl' | 'dataDir'> {
  const read = readStorageConfig(env);
  if ('problems' in read)
    throw new NotDone(read.problems.map(({ variable, problem }) => `${variable} ${problem}`).join('\n'));
  return read;
}
