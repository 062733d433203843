import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { socketFile } from './backup/socket.ts';
import { assertNotMoved, databaseFile, lockFile, unavailable } from './file.ts';
import { assertKnownVersion } from './migrations.ts';
import { reasonOf, StorageUnavailable } from './problems.ts';
import type { Schema } from './schema.ts';

/** `in_use`: the app runs on it. `new`: there is nothing yet, and it can be made. */
export type StorageState = 'in_use' | 'ready' | 'new';

/** Could the app start on this storage? Creates and changes nothing in it. @throws {StorageUnavailable} */
export function inspectStore(where: {
  databaseUrl: string | undefined;
  dataDir: string;
}): Promise<StorageState> {
  return where.databaseUrl === undefined ? inspectFile(where.dataDir) : inspectPostgres(where.databaseUrl);
}

async function inspectFile(dataDir: string): Promise<StorageState> {
  if (await isAnswered(join(dataDir, socketFile))) return 'in_use';
  try {
    assertWritable(nearestFolder(resolve(dataDir)));
    const path = join(dataDir, databaseFile);
    if (!existsSync(path)) return 'new';
    accessSync(path, constants.R_OK | constants.W_OK);
    await inspectCopy(dataDir);
    return 'ready';
  } catch (error) {
    throw unavailable(error);
  }
}

/** The folder itself, or the one that it would be created in. */
function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path));
}

function assertWritable(folder: string): void {
  if (!statSync(folder).isDirectory()) throw new Error(`${folder} is a file, not a folder`);
  accessSync(folder, constants.W_OK | constants.X_OK);
}

/** Opening the file itself would leave others beside it, and libsql would keep it locked. */
async function inspectCopy(dataDir: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'neo-setup-look-'));
  try {
    for (const name of [databaseFile, `${databaseFile}-wal`].filter((one) => existsSync(join(dataDir, one))))
      copyFileSync(join(dataDir, name), join(folder, name));
    const file = lockFile(folder, 'exists');
    assertNotMoved(file);
    const tables = await file.db.introspection.getTables();
    if (tables.some(({ name }) => name === 'schema_version')) await assertKnownVersion(file.db);
    await file.db.destroy();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The running app listens there for backups. It is told nothing. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((answered) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      answered(true);
    });
    socket.once('error', () => {
      answered(false);
    });
  });
}

const rightsSchema = z.tuple([z.object({ may_create: z.boolean().nullable(), is_there: z.boolean() })]);

async function inspectPostgres(url: string): Promise<StorageState> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => {});
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { rows } = await sql`
      select has_schema_privilege(current_schema(), 'CREATE') as may_create,
             to_regclass('schema_version') is not null as is_there`.execute(db);
    const [{ may_create: mayCreate, is_there: isThere }] = rightsSchema.parse(rows);
    if (mayCreate !== true)
      throw new StorageUnavailable(
        'The user of DATABASE_URL may not create tables. Grant it CREATE on its schema: the app needs it at its first start and after upgrades.',
      );
    if (!isThere) return 'new';
    await assertKnownVersion(db);
    return 'ready';
  } catch (error) {
    if (error instanceof StorageUnavailable) throw error;
    throw new StorageUnavailable(
      `PostgreSQL could not be used (${reasonOf(error)}). Check the address in DATABASE_URL, and that it runs.`,
      { cause: error },
    );
  } finally {
    await db.destroy();
  }
}
