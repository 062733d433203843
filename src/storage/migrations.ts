import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';
import { audit } from './audit/tables.ts';
import { budgets } from './budget-tables.ts';
import { claims } from './claim-tables.ts';
import { messages } from './message-tables.ts';
import { StorageUnavailable } from './problems.ts';
import { rowOf, type Schema } from './schema.ts';

type Migration = (tx: Transaction<Schema>) => Promise<void>;

/** Forward only. What was released is never edited: add the next one at the end. */
const migrations: readonly Migration[] = [
  firstTables,
  limiter,
  audit,
  driftChecks,
  claims,
  budgets,
  messages,
];

/**
 * Brings the tables to the newest version, in one transaction that starts with `lock`, where others may
 * migrate too. @throws {StorageUnavailable} when they are of a newer version
 */
export async function migrate(db: Kysely<Schema>, lock?: RawBuilder<unknown>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (lock !== undefined) await lock.execute(tx);
    await tx.schema.createTable('schema_version').ifNotExists().addColumn('version', 'integer').execute();
    const done = await assertKnownVersion(tx);
    for (const migration of migrations.slice(done)) await migration(tx);
    await tx.deleteFrom('schema_version').execute();
    await tx.insertInto('schema_version').values({ version: migrations.length }).execute();
  });
}

/** How many migrations the tables have seen. @throws {StorageUnavailable} when this program knows fewer */
export async function assertKnownVersion(db: Kysely<Schema>): Promise<number> {
  const row = await db.selectFrom('schema_version').select('version').executeTakeFirst();
  const done = row === undefined ? 0 : rowOf.schema_version.parse(row).version;
  if (done > migrations.length)
    throw new StorageUnavailable(
      `The stored data is of version ${done}; this program knows ${migrations.length}. Nothing was changed. ` +
        'Start the version of neo-setup that wrote it, or a newer one.',
    );
  return done;
}

/** @throws {StorageUnavailable} unless the tables are those that this program works on */
export async function assertNewestVersion(db: Kysely<Schema>): Promise<void> {
  const done = await assertKnownVersion(db);
  if (done < migrations.length)
    throw new StorageUnavailable(
      `The stored data is of version ${done}; this program needs ${migrations.length}. Nothing was changed. Start the app once: it brings the data up to date.`,
    );
}

async function firstTables(tx: Transaction<Schema>): Promise<void> {
  await tx.schema
    .createTable('request')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('dedupe_key', 'text', (column) => column.notNull().unique())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('agent_id', 'integer')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('data', 'text', (column) => column.notNull())
    .addUniqueConstraint('request_number_once', ['team_id', 'number'])
    .execute();
  await tx.schema
    .createTable('request_number')
    .addColumn('team_id', 'text', (column) => column.primaryKey())
    .addColumn('number', 'integer', (column) => column.notNull())
    .execute();
  await tx.schema
    .createTable('task')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('request_id', 'text', (column) => column.notNull().references('request.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('payload', 'text', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(sql`0`))
    .addColumn('lease_id', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('last_error', 'text')
    .execute();
  await tx.schema.createIndex('task_due').on('task').column('due_at').execute();
  await tx.schema
    .createTable('event')
    .addColumn('request_id', 'text', (column) => column.notNull().references('request.id'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('by', 'text')
    .execute();
}

async function limiter(tx: Transaction<Schema>): Promise<void> {
  await tx.schema
    .createTable('limiter')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('next_at', 'bigint', (column) => column.notNull())
    .execute();
}

/** What was set up before there were checks is compared with its plan from now on. */
async function driftChecks(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into task (key, request_id, kind, payload, due_at, attempts)
    select id || ':check_drift', id, 'check_drift', '', updated_at + 86400000, 0 from request
    where state in ('done', 'incomplete') and agent_id is not null`.execute(tx);
}
