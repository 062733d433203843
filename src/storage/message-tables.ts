import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Schema } from './schema.ts';
import { requestsThen } from './stored-then.ts';

/**
 * Migration: where messages stand has a table of its own, and is no part of the request any more. Tasks know what they
 * share a limit with, and whether something may have been sent for them.
 */
export async function messages(tx: Transaction<Schema>): Promise<void> {
  await tx.schema
    .createTable('message')
    .addColumn('request_id', 'text', (column) =>
      column.notNull().references('request.id').onDelete('cascade'),
    )
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('nth', 'bigint', (column) => column.notNull())
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('channel', 'text')
    .addColumn('ts', 'text')
    .addColumn('link', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('problem', 'text')
    .addPrimaryKeyConstraint('stands_once', ['request_id', 'kind', 'nth', 'recipient'])
    .execute();
  for await (const { id, stored } of requestsThen(tx, storedSchema)) await moveMessages(tx, id, stored);
  await tx.schema
    .alterTable('task')
    .addColumn('lane', 'text', (added) => added.notNull().defaultTo(''))
    .execute();
  await tx.schema
    .alterTable('task')
    .addColumn('sent', 'integer', (added) => added.notNull().defaultTo(0))
    .execute();
  await tx
    .updateTable('task')
    .set({ sent: 1 })
    .where((row) => row.or([row('attempts', '>', 0), row('lease_id', 'is not', null)]))
    .execute();
  await sql`update task set kind = 'tell_requester', payload = 'denied' where kind = 'tell_denied'`.execute(
    tx,
  );
  await sql`update task set payload = 'card_problem' where kind = 'tell_requester' and payload = ''`.execute(
    tx,
  );
  await sql`update task set kind = 'remind_approver'
    where kind = 'tell_approver' and payload like '%"reminders":%' and payload not like '%"reminders":0%'`.execute(
    tx,
  );
  await tx.schema.createIndex('task_lease').on('task').column('lease_until').execute();
  // What is due at once, whatever its date says: see `isNew` in tasks.ts.
  await sql`create index task_new on task (attempts) where attempts = 0 and kind not in (
    'carry_out', 'expire', 'escalate', 'remind_approver', 'remind_approvers', 'look_for_answer', 'check_drift')`.execute(
    tx,
  );
  await tx.schema
    .alterTable('limiter')
    .addColumn('opens_at', 'bigint', (added) => added.notNull().defaultTo(0))
    .execute();
}

const placeSchema = z.object({ channel: z.string(), ts: z.string() });
/** What a request said of its messages, as it was stored then. */
const storedSchema = z.looseObject({
  requester: z.string(),
  version: z.int(),
  edit: z.looseObject({ at: z.int() }).optional(),
  card: placeSchema.extend({ link: z.string().optional() }).optional(),
  formerCards: z.array(placeSchema).optional(),
  cardProblem: z.string().optional(),
  outcomeProblem: z.object({ code: z.string(), toldDirectly: z.boolean() }).optional(),
});

async function moveMessages(
  tx: Transaction<Schema>,
  id: string,
  stored: z.infer<typeof storedSchema>,
): Promise<void> {
  const found = rowsOf(id, stored);
  if (found.length === 0) return;
  await tx.insertInto('message').values(found).execute();
  await tx
    .updateTable('request')
    .set({ data: JSON.stringify(withoutMessages(stored)) })
    .where('id', '=', id)
    .execute();
  // A card that was to be posted anew is the one for the last edit.
  if (stored.formerCards !== undefined)
    await tx
      .updateTable('task')
      .set({ payload: String(stored.edit?.at ?? 0) })
      .where('request_id', '=', id)
      .where('kind', '=', 'post_card')
      .execute();
}

function withoutMessages(stored: z.infer<typeof storedSchema>): object {
  const rest = { ...stored };
  delete rest.card;
  delete rest.formerCards;
  delete rest.cardProblem;
  delete rest.outcomeProblem;
  return rest;
}

function rowsOf(id: string, stored: z.infer<typeof storedSchema>): Schema['message'][] {
  const { card, formerCards = [], cardProblem, outcomeProblem, requester, version, edit } = stored;
  const nowhere = {
    request_id: id,
    nth: 0,
    recipient: '',
    channel: null,
    ts: null,
    link: null,
    version: 0,
    content: '',
    problem: null,
  };
  const rows: Schema['message'][] = formerCards.map((at, nth) => ({ ...nowhere, kind: 'card', nth, ...at }));
  const problem = cardProblem ?? null;
  if (card !== undefined || problem !== null)
    rows.push({ ...nowhere, kind: 'card', nth: edit?.at ?? 0, ...card, link: card?.link ?? null, problem });
  if (outcomeProblem === undefined) return rows;
  const { code, toldDirectly } = outcomeProblem;
  const outcome = { ...nowhere, kind: 'outcome', nth: version } as const;
  rows.push({ ...outcome, problem: code });
  rows.push({ ...outcome, recipient: requester, problem: toldDirectly ? null : code });
  return rows;
}
