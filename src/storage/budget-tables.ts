import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Schema } from './schema.ts';
import { requestsThen } from './stored-then.ts';

/**
 * Migration: the calls to HaloPSA are counted in a window instead of a pace that forgot half of it, how many open
 * requests somebody has can be looked up, and what still needs is drawn again.
 */
export async function budgets(tx: Transaction<Schema>): Promise<void> {
  await tx.schema
    .createTable('call_window')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('slots', 'text', (column) => column.notNull())
    .execute();
  await tx.deleteFrom('limiter').where('name', '=', 'halo').execute();
  await tx.schema
    .alterTable('request')
    .addColumn('requester', 'text', (added) => added.notNull().defaultTo(''))
    .execute();
  for await (const { id, stored } of requestsThen(tx, storedSchema))
    await tx.updateTable('request').set(stored).where('id', '=', id).execute();
  await redrawPending(tx);
  await tx.schema
    .createIndex('request_of_requester')
    .on('request')
    .columns(['team_id', 'requester', 'state'])
    .execute();
  await tx.schema
    .createIndex('request_in_state')
    .on('request')
    .columns(['team_id', 'state', 'number'])
    .execute();
}

/** A press counts for the plan that its card names, and cards of early versions name none. */
async function redrawPending(tx: Transaction<Schema>): Promise<void> {
  await sql`
    insert into task (key, request_id, kind, payload, due_at, attempts)
    select id || ':redraw', id, 'redraw_card', '', updated_at, 0 from request where state = 'pending'
    on conflict (key) do nothing`.execute(tx);
}

const storedSchema = z.object({ requester: z.string() });
