import { resolve } from 'node:path';
import { postgresUrl } from '../variables.ts';
import { backUpAnyway } from '../storage/backup/socket.ts';
import { isRequest } from '../requests/store.ts';
import { copyToPostgres } from '../storage/copy-to.ts';
import { NotDone, unlessInUse } from '../storage/problems.ts';
import { endingWithCode, storageFrom, type Command, type Environment } from './command.ts';

const usage = `npm run storage -- backup FILE
    backs up everything in DATA_DIR to a new file, FILE. The app can keep running.

npm run storage -- copy-to postgres://user@host/database
    moves everything from DATA_DIR to an empty PostgreSQL. The app must be stopped.
    To keep the password out of the command, set PGPASSWORD.

Both are explained in docs/storage.md.`;

/** `npm run storage`: backs up what is stored, or moves it to PostgreSQL. */
export const storage: Command = (argv, env, { stdout, stderr }) =>
  endingWithCode(stderr, async () => {
    stdout.write(`${await run(argv, env)}\n`);
  });

/** Carries one command out and returns what to say then. @throws {NotDone} {StorageUnavailable} */
async function run([command = '', argument, ...rest]: string[], env: Environment): Promise<string> {
  if (argument === undefined || rest.length > 0) throw new NotDone(usage);
  const read = storageFrom(env);
  switch (command) {
    case 'backup':
      if (read.databaseUrl !== undefined)
        throw new NotDone('DATABASE_URL is set: requests are in PostgreSQL. Back that up with pg_dump.');
      // npm changes to the project's folder; the name was given in the caller's.
      return backup(read.dataDir, resolve(env['INIT_CWD'] ?? '', argument));
    case 'copy-to':
      return copyTo(read.dataDir, argument);
    default:
      throw new NotDone(usage);
  }
}

async function backup(dataDir: string, file: string): Promise<string> {
  await backUpAnyway(dataDir, file);
  return `Backup complete: ${file}`;
}

async function copyTo(dataDir: string, address: string): Promise<string> {
  const url = postgresUrl.safeParse(address);
  if (!url.success) throw new NotDone(`The address ${url.error.issues[0]?.message ?? 'is wrong'}.`);
  const isLocked =
    'The app is running on the storage in DATA_DIR. Stop it, then run this again. Nothing was copied.';
  const copied = await unlessInUse(isLocked, () => copyToPostgres(dataDir, url.data, isRequest));
  const what =
    copied === 'there_before'
      ? 'Everything was already copied to that PostgreSQL database.'
      : `Copied to PostgreSQL: requests ${copied.requests}, tasks still to be done ${copied.tasks}.`;
  return `${what}\nNow set DATABASE_URL to it and start the app. The file in DATA_DIR is kept, but the app won’t use it again.`;
}
