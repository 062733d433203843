import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './process.ts';

export type LocalPostgres = {
  url: string;
  port: number;
  /** A database of its own, empty. */
  newDatabase: () => Promise<string>;
  /** Ends at once, if it didn't by itself, without a word to anybody and without writing anything down, and starts again. */
  crash: () => Promise<void>;
  stop: () => Promise<void>;
};

const debianFolder = '/usr/lib/postgresql';

/** Where PostgreSQL's programs are on this machine. Undefined: it is not installed. */
export function findPostgres(): string | undefined {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder).sort() : [];
  const folders = [
    ...versions.map((version) => join(debianFolder, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(':'),
  ];
  return folders.findLast(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

/**
 * Starts a new PostgreSQL on a free loopback port, in a temporary folder of its own, or in an empty one that whoever made it
 * removes. @throws when it is not installed
 */
export async function startPostgres(given?: string): Promise<LocalPostgres> {
  const programs = findPostgres();
  if (programs === undefined)
    throw new Error('PostgreSQL is not installed (Debian: apt-get install postgresql)');
  const folder = given ?? mkdtempSync(join(tmpdir(), 'neo-setup-postgres-'));
  const as = otherUser();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  execFileSync(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'neo', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    { ...as, stdio: 'ignore' },
  );
  const port = await freePort();
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-k',
    folder,
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'max_connections=60',
    // A process that is killed loses nothing by this, only a machine that loses its power.
    '-c',
    'fsync=off',
  ];
  const urlOf = (database: string) => `postgres://neo@127.0.0.1:${port}/${database}`;
  const start = async () => {
    const started = spawn(join(programs, 'postgres'), args, { ...as, stdio: 'ignore' });
    await answers(urlOf('postgres'));
    return started;
  };
  let server = await start();
  const end = async (signal: 'SIGINT' | 'SIGQUIT') => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(signal);
    await exited;
  };
  let databases = 0;
  return {
    url: urlOf('postgres'),
    port,
    newDatabase: async () => {
      const name = `neo_${(databases += 1)}`;
      await query(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    crash: async () => {
      await end('SIGQUIT');
      server = await start();
    },
    stop: async () => {
      await end('SIGINT');
      if (given === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function otherUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const isUp = await query(url, 'select 1').then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('PostgreSQL did not start');
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.query(text);
  } finally {
    await client.end();
  }
}
