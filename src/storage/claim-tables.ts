import type { Transaction } from 'kysely';
import { z } from 'zod';
import { planKeys } from './plan-keys.ts';
import { claimKinds, type Schema } from './schema.ts';
import { requestsThen } from './stored-then.ts';

/**
 * Migration: the names and addresses that requests plan can be looked up, and the one agent with each is claimed by the
 * request that made it or may have made it. Where several did, the oldest has the claim.
 */
export async function claims(tx: Transaction<Schema>): Promise<void> {
  for (const column of ['name_key', 'email_key'])
    await tx.schema
      .alterTable('request')
      .addColumn(column, 'text', (added) => added.notNull().defaultTo(''))
      .execute();
  await tx.schema
    .createTable('claim')
    .addColumn('instance', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull().references('request.id'))
    .addPrimaryKeyConstraint('claimed_once', ['instance', 'kind', 'key'])
    .execute();
  await tx.schema.createIndex('claim_of_request').on('claim').column('request_id').execute();
  const makers = await fillKeys(tx);
  await tx.schema.createIndex('request_of_name').on('request').columns(['name_key', 'state']).execute();
  await tx.schema.createIndex('request_of_email').on('request').columns(['email_key', 'state']).execute();
  for (const { id, keys } of makers.sort((a, b) => a.createdAt - b.createdAt || a.number - b.number))
    await tx
      .insertInto('claim')
      .values(claimKinds.map((kind) => ({ instance: '', kind, key: keys[kind], request_id: id })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** What of a stored request counts here, as it was stored then. */
const storedSchema = z.object({
  plan: z.object({ name: z.string(), email: z.string() }),
  intent: z.object({}).optional(),
  agentId: z.int().optional(),
  repairs: z.object({}).optional(),
  drift: z.object({ goneSince: z.int().optional() }).optional(),
});

type Maker = { id: string; createdAt: number; number: number; keys: ReturnType<typeof planKeys> };

/** Returns the requests that made an agent or may have made one. */
async function fillKeys(tx: Transaction<Schema>): Promise<Maker[]> {
  const makers: Maker[] = [];
  for await (const { id, createdAt, number, stored } of requestsThen(tx, storedSchema)) {
    const keys = planKeys(stored.plan);
    await tx
      .updateTable('request')
      .set({ name_key: keys.name, email_key: keys.email })
      .where('id', '=', id)
      .execute();
    const { intent, agentId, repairs, drift } = stored;
    const mayHaveMade = intent !== undefined || agentId !== undefined;
    if (mayHaveMade && repairs === undefined && drift?.goneSince === undefined)
      makers.push({ id, createdAt, number, keys });
  }
  return makers;
}
