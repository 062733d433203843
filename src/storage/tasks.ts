import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Db, Store, Tx } from './database.ts';
import { rowOf } from './schema.ts';

const taskSchema = rowOf.task.extend({ lease_id: z.string() });

/** A claimed task. `attempts` counts this one too: 1 = the first time. */
export type Task = z.infer<typeof taskSchema>;
export type TaskKind = Task['kind'];

/** `lane`: the Slack channel or person that it writes to, or one of `sharedLanes`. Undefined: it shares no limit. */
export type NewTask = {
  key: string;
  kind: TaskKind;
  requestId: string;
  dueAt: number;
  payload?: string;
  lane?: string;
};

const second = 1_000;
const hour = 3_600_000;
/**
 * Of what waits, that goes first whose time came longest ago, and so many milliseconds count as not waited. So a result
 * goes before a card that is not much older, nothing waits behind direct messages, and nothing waits for ever.
 */
const yields: Record<TaskKind, number> = {
  provision: 0,
  carry_out: 0,
  expire: 0,
  post_outcome: 0,
  tell_requester: 0,
  post_card: 3 * second,
  post_question: 6 * second,
  post_edit: 6 * second,
  post_note: 6 * second,
  post_drift: 6 * second,
  mention_approvers: 6 * second,
  remind_approvers: 6 * second,
  redraw_card: 9 * second,
  tell_approvers: hour,
  tell_approver: hour,
  remind_approver: hour,
  escalate: hour,
  look_for_answer: hour,
  tell_escalation: hour,
  redraw_message: hour + second,
  check_drift: 2 * hour,
};
/** These are due at a time of their own; all others at once, or soon after a try. */
const scheduled: readonly TaskKind[] = [
  'carry_out',
  'expire',
  'escalate',
  'remind_approver',
  'remind_approvers',
  'look_for_answer',
  'check_drift',
];
const urgency = sql`due_at + case kind ${sql.join(
  Object.entries(yields).map(([kind, ms]) => sql`when ${sql.lit(kind)} then ${sql.lit(ms)}`),
  sql` `,
)} end`;

/**
 * Lanes that are no channel, with how many tasks of each are in hand at most: `halopsa` leaves places for what Slack is to
 * be told, `chat.update` has a limit of its own for the whole workspace.
 */
export const sharedLanes = { halopsa: 12, 'chat.update': 4 } as const;
/** Of one channel: while one message is sent, the next is made ready. */
const maxInLane = 3;
const maxOf = sql.join(
  Object.entries(sharedLanes).map(([lane, max]) => sql`when ${sql.lit(lane)} then ${sql.lit(max)}`),
  sql` `,
);

/** What a lane's turns are counted under: see `createPace`. */
export function paceOf(lane: string): string {
  return `${pacePrefix}${lane}`;
}
const pacePrefix = 'slack:';
/** A lane opens again within a few seconds. What says otherwise was stored by a clock that was wrong. */
const maxClosedMs = 10_000;

/**
 * What is due at once is so by any clock: that of the change which it follows may have been wrong, and time that it dated
 * ahead would have to pass first.
 */
const isNew = sql`(task.attempts = 0 and task.kind not in (${sql.join(scheduled.map((kind) => sql.lit(kind)))}))`;

/** A lease ended while its holder was away: somebody else has the task now, so nothing may be recorded. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/**
 * Adds tasks in the transaction that decides them. A key that stands already is left as it is, but due as early as either
 * says, and locked: who finishes that task at this moment waits, and then sees what this transaction changed.
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
    lane: task.lane ?? '',
    sent: 0,
  }));
  await tx
    .insertInto('task')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('key').doUpdateSet({
        due_at: sql`case when task.due_at < excluded.due_at then task.due_at else excluded.due_at end`,
      }),
    )
    .execute();
}

/**
 * Takes up to `limit` tasks that are due and free, for `leaseMs` milliseconds: the most urgent first, and none whose lane
 * is full or takes nothing at this moment. None of those that this process has `inHand`, whatever its clock says of their
 * leases. `at`: when that was.
 */
export async function claimTasks(
  { db, isShared, now }: Store,
  limit: number,
  leaseMs: number,
  inHand: readonly string[],
): Promise<{ tasks: Task[]; at: number }> {
  const at = now();
  const closed = sql`select 1 from limiter where limiter.name = ${pacePrefix} || task.lane
    and limiter.opens_at > ${at} and limiter.opens_at <= ${at + maxClosedMs}`;
  const ready = sql`select task.key, task.lane, ${urgency} as urgency,
      coalesce(busy.tasks, 0) + row_number() over (
        partition by task.lane order by ${urgency}, task.key) as place
    from task
    left join (select lane, count(*) as tasks from task where lease_until > ${at} group by lane) as busy on busy.lane = task.lane
    where (task.due_at <= ${at} or ${isNew}) and coalesce(task.lease_until, 0) <= ${at} and not exists (${closed})
      and ${inHand.length === 0 ? sql`true` : sql`task.key not in (${sql.join(inHand)})`}`;
  const allowed = sql<string>`(select key from (${ready}) as ready
    where lane = '' or place <= case lane ${maxOf} else ${maxInLane} end
    order by urgency, key limit ${limit})`;
  const rows = await db
    .with(
      // Materialized, so that the rows are picked once whatever plan the database makes.
      (cte) => cte('picked').materialized(),
      (inner) => {
        const due = inner
          .selectFrom('task')
          .select('key')
          .where('key', 'in', allowed)
          // Another process may have taken it since the list was made: a locked row is read anew.
          .where((free) => free.or([free('lease_until', 'is', null), free('lease_until', '<=', at)]));
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
  const tasks = rows.map((row) => taskSchema.parse(row));
  tasks.sort((one, other) => one.due_at + yields[one.kind] - (other.due_at + yields[other.kind]));
  return { tasks, at };
}

/**
 * The clock was set back, or is right again: what it put off until a time that is not to come for long is due at `at`, and
 * what a process took for longer than `leaseMs`, and is not in `inHand`, is free. `beyondMs`: what lies no further ahead
 * than this may be meant.
 */
export async function catchUp(
  db: Db,
  {
    at,
    beyondMs,
    leaseMs,
    inHand,
  }: { at: number; beyondMs: number; leaseMs: number; inHand: readonly string[] },
): Promise<void> {
  await db
    .updateTable('task')
    .set({ due_at: at })
    .where('due_at', '>', at + beyondMs)
    .where('kind', 'not in', scheduled)
    .where('lease_id', 'is', null)
    .execute();
  await db
    .updateTable('task')
    .set({ due_at: at, lease_id: null, lease_until: null })
    .where('lease_until', '>', at + leaseMs + beyondMs)
    .where((task) => (inHand.length === 0 ? sql<boolean>`true` : task('key', 'not in', inHand)))
    .execute();
}

/** Is this task still to be done? */
export async function isWaiting(db: Db, key: string): Promise<boolean> {
  return (await db.selectFrom('task').select('key').where('key', '=', key).executeTakeFirst()) !== undefined;
}

const nextSchema = z.object({ at: z.int().nullable() });

/**
 * When after `at` the next task is due, the next lease ends, or the next lane opens that somebody waits for. Undefined:
 * never. What was due at `at` and is free was taken then.
 */
export async function nextDueAt(db: Db, at: number): Promise<number | undefined> {
  const { rows } = await sql`select min(at) as at from (
      select min(due_at) as at from task where due_at > ${at} and lease_until is null
      union all select min(lease_until) as at from task where lease_until > ${at}
      union all select min(opens_at) as at from limiter where opens_at > ${at} and name in (
        select ${pacePrefix} || lane from task where due_at <= ${at} and lease_until is null)) as next`.execute(
    db,
  );
  return nextSchema.parse(rows[0]).at ?? undefined;
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

/**
 * Right before something is sent that can't be taken back: from now on it may be there (`sent`).
 * @param until epoch milliseconds. @throws {LeaseLost} when somebody else has the task by now: then it is theirs to send
 */
export async function noteSending(db: Db, task: Task, until: number): Promise<void> {
  const held = await db
    .updateTable('task')
    .set({ lease_until: until, sent: 1 })
    .where('key', '=', task.key)
    .where('lease_id', '=', task.lease_id)
    .executeTakeFirst();
  if (held.numUpdatedRows !== 1n) throw new LeaseLost(task.key);
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
