import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Schema } from './schema.ts';

/**
 * Migration: the calls to HaloPSA are counted in a window instead of a pace that forgot half of it, how many open
 * requests somebody has can be looked up, and what still waits is drawn again.
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
  await fillRequesters(tx);
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
const batchSize = 500;

async function fillRequesters(tx: Transaction<Schema>): Promise<void> {
  for (let after = ''; ;) {
    const rows = await tx
      .selectFrom('request')
      .select(['id', 'data'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(batchSize)
      .execute();
    for (const { id, data } of rows) {
      const requester = requesterIn(data);
      if (requester !== undefined)
        await tx.updateTable('request').set({ requester }).where('id', '=', id).execute();
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < batchSize) return;
  }
}

/** Undefined: it is no request. That keeps no other from being taken over. */
function requesterIn(data: string): string | undefined {
  try {
    return storedSchema.parse(JSON.parse(data)).requester;
  } catch {
    return undefined;
  }
}
