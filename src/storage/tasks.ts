import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Db, Store, Tx } from './database.ts';
import { rowOf } from './schema.ts';

const taskSchema = rowOf.task.extend({ lease_id: z.string() });

/** A claimed task. `attempts` counts this one too: 1 = the first time. */
export type Task = z.infer<typeof taskSchema>;
export type TaskKind = Task['kind'];

export type NewTask = { key: string; kind: TaskKind; requestId: string; dueAt: number; payload?: string };

/** A lease ended while its holder was away: somebody else has the task now, so nothing may be recorded. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Adds tasks in the transaction that decides them. A key that stands already is left as it is, but locked: who
 * finishes that task at this moment waits, and then sees what this transaction changed.
 */
export async function addTasks(tx: Tx, tasks: readonly NewTask[]): Promise<void> {
  if (tasks.length === 0) return;
  const rows = tasks.map((task) => ({
    key: task.key,
    kind: task.kind,
    request_id: task.requestId,
    payload: task.payload ?? '',
    due_at: task.dueAt,
    attempts: 0,
    lease_id: null,
    lease_until: null,
    last_error: null,
  }));
  await tx
    .insertInto('task')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet((excluded) => ({ kind: excluded.ref('excluded.kind') })),
    )
    .execute();
}

/** Takes up to `limit` tasks that are due and free, for `leaseMs` milliseconds. */
export async function claimTasks(
  { db, isShared, now }: Store,
  limit: number,
  leaseMs: number,
): Promise<Task[]> {
  const at = now();
  const rows = await db
    .with(
      // Materialized, so that the rows are picked once whatever plan the database makes.
      (cte) => cte('picked').materialized(),
      (inner) => {
        const due = inner
          .selectFrom('task')
          .select('key')
          .where('due_at', '<=', at)
          .where((free) => free.or([free('lease_until', 'is', null), free('lease_until', '<=', at)]))
          .orderBy('due_at')
          .limit(limit);
        return isShared ? due.forUpdate().skipLocked() : due;
      },
    )
    .updateTable('task')
    .set((task) => ({
      lease_id: randomUUID(),
      lease_until: at + leaseMs,
      attempts: task('attempts', '+', 1),
    }))
    .where('key', 'in', (inner) => inner.selectFrom('picked').select('picked.key'))
    .returningAll()
    .execute();
  return rows.map((row) => taskSchema.parse(row));
}

/** Is this task still to be done? */
export async function isWaiting(db: Db, key: string): Promise<boolean> {
  return (await db.selectFrom('task').select('key').where('key', '=', key).executeTakeFirst()) !== undefined;
}

const nextSchema = z.object({ at: z.int().nullable() });

/** When the next task is due or the next lease of somebody else ends. Undefined: there is none. */
export async function nextDueAt(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('task')
    .select(({ fn }) => fn.min<number | null>(fn.coalesce('lease_until', 'due_at')).as('at'))
    .executeTakeFirst();
  return nextSchema.parse(row).at ?? undefined;
}

/** Locks the task for the rest of the transaction. @throws {LeaseLost}, so that nothing of it is recorded */
export async function assertLease(tx: Tx, task: Task): Promise<void> {
  const held = await tx
    .updateTable('task')
    .set({ lease_id: task.lease_id })
    .where('key', '=', task.key)
    .where('lease_id', '=', task.lease_id)
    .executeTakeFirst();
  if (held.numUpdatedRows !== 1n) throw new LeaseLost(task.key);
}

/** @param until epoch milliseconds */
export async function extendLease(db: Db, task: Task, until: number): Promise<void> {
  await db
    .updateTable('task')
    .set({ lease_until: until })
    .where('key', '=', task.key)
    .where('lease_id', '=', task.lease_id)
    .execute();
}

/** Removes a task in the transaction that records its result. @throws {LeaseLost} */
export async function finishTask(tx: Tx, task: Task): Promise<void> {
  await assertLease(tx, task);
  await tx.deleteFrom('task').where('key', '=', task.key).execute();
}

/** Gives a task back, to be tried again at `dueAt`. */
export async function postponeTask(db: Db, task: Task, dueAt: number, error: string): Promise<void> {
  await db
    .updateTable('task')
    .set({ due_at: dueAt, lease_id: null, lease_until: null, last_error: error })
    .where('key', '=', task.key)
    .where('lease_id', '=', task.lease_id)
    .execute();
}
