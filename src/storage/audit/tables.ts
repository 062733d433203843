import { PostgresAdapter, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { chained, noHash, type AuditRow } from './record.ts';
import type { Schema } from '../schema.ts';

/** Migration: the history that nothing read becomes a chain; what it holds is taken over. */
export async function audit(tx: Transaction<Schema>): Promise<void> {
  await tx.schema
    .createTable('audit')
    .addColumn('seq', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('team_id', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text')
    .addColumn('by', 'text')
    .addColumn('by_team', 'text')
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('plan_hash', 'text')
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('prev_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await tx.schema.createIndex('audit_of_request').on('audit').columns(['request_id', 'seq']).execute();
  await tx.schema
    .createTable('audit_head')
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  const isPostgres = tx.getExecutor().adapter instanceof PostgresAdapter;
  await tx
    .insertInto('audit_head')
    .values(await takeEventsOver(tx, isPostgres))
    .execute();
  await tx.schema.dropTable('event').execute();
  for (const statement of isPostgres ? refusePostgres : refuseSqlite) await sql.raw(statement).execute(tx);
}

/** A change by mistake is refused. Who means it can drop the trigger: that is what the chain is for. */
const refuseSqlite = ['update', 'delete'].map(
  (change) =>
    `create trigger audit_no_${change} before ${change} on audit begin select raise(abort, 'audit is append-only'); end`,
);
const refusePostgres = [
  `create function audit_is_append_only() returns trigger language plpgsql as
     $$ begin raise exception 'audit is append-only'; end $$`,
  `create trigger audit_no_change before update or delete or truncate on audit
     for each statement execute function audit_is_append_only()`,
];

/** What the table `event` called it. */
const whats = new Map<string, string>([
  ['submitted', 'submitted'],
  ['approved', 'approved'],
  ['denied', 'denied'],
  ['expired', 'expired'],
  ['tried again', 'tried_again'],
  ['checked again', 'checked_again'],
  ['provisioning started', 'provisioning_started'],
  ['waiting for HaloPSA', 'waiting_for_halo'],
  ['waiting is over', 'waiting_over'],
  ['creating the agent', 'creating'],
  ['agent created', 'created'],
  ['create refused', 'create_refused'],
  ['create not taken', 'create_not_taken'],
  ['looking for the agent', 'looking'],
  ['agent found', 'found'],
  ['done', 'done'],
  ['incomplete', 'incomplete'],
  ['failed', 'failed'],
]);

const eventSchema = z.object({
  request_id: z.string(),
  at: z.int(),
  what: z.string().transform((text, context) => {
    const what = whats.get(text);
    if (what !== undefined) return what;
    context.addIssue({ code: 'custom', message: `is no event of neo-setup: ${text}` });
    return z.NEVER;
  }),
  by: z.string().nullable(),
  team_id: z.string(),
  data: z.string().transform((text) => z.object({ planHash: z.string() }).parse(JSON.parse(text)).planHash),
});
/** Twelve values each: SQLite takes some 32,000 in a statement. */
const batchSize = 1_000;

/** In the order of time, and as they were written within it. Returns the head. */
async function takeEventsOver(
  tx: Transaction<Schema>,
  isPostgres: boolean,
): Promise<{ seq: number; hash: string }> {
  const { rows } = await sql`
    select event.request_id, event.at, event.what, event."by", request.team_id, request.data
    from event join request on request.id = event.request_id
    order by event.at, ${sql.ref(isPostgres ? 'event.ctid' : 'event.rowid')}`.execute(tx);
  let head = { seq: 0, hash: noHash };
  const taken = rows.map((row): AuditRow => {
    const { data: plan_hash, ...event } = eventSchema.parse(row);
    const added = chained(
      { ...event, by_team: null, outcome: 'ok', plan_hash, detail: { takenOver: true } },
      head,
    );
    head = { seq: added.seq, hash: added.hash };
    return added;
  });
  for (let start = 0; start < taken.length; start += batchSize)
    await tx
      .insertInto('audit')
      .values(taken.slice(start, start + batchSize))
      .execute();
  return head;
}
