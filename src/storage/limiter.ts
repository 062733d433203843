import { sql } from 'kysely';
import type { Db, Store } from './database.ts';
import { rowOf } from './schema.ts';
import { takeOne, windowSchema, type Window, type WindowLimits } from './window.ts';

/** At most `burst` at once, and then one every `everyMs` (whole milliseconds): in any time t at most burst + t / everyMs. */
export type Rate = { burst: number; everyMs: number };

/**
 * 0: one more of `name` may go out, and is counted. Else how many milliseconds until one may ask again: nobody is kept
 * waiting. Shared by all processes on the store, and over restarts.
 */
export type Pace = (name: string, rate: Rate) => Promise<number>;

/** The clocks of those who share a store may differ by so much. */
const maxSkewMs = 2_000;

export function createPace({ db, now }: Pick<Store, 'db' | 'now'>): Pace {
  return async (name, { burst, everyMs }) => {
    const at = now();
    const latest = at + (burst - 1) * everyMs;
    // What is stored further ahead was stored by a clock that was wrong.
    const ahead = latest + everyMs + maxSkewMs;
    const taken = await db
      .insertInto('limiter')
      .values({ name, next_at: at + everyMs, opens_at: at + everyMs - (burst - 1) * everyMs })
      .onConflict((conflict) =>
        conflict
          .column('name')
          .doUpdateSet({
            next_at: sql`case when limiter.next_at > ${at} and limiter.next_at <= ${ahead} then limiter.next_at else ${at} end + ${everyMs}`,
            opens_at: sql`case when limiter.next_at > ${at} and limiter.next_at <= ${ahead} then limiter.next_at else ${at} end + ${everyMs} - ${(burst - 1) * everyMs}`,
          })
          .where((row) => row.or([row('limiter.next_at', '<=', latest), row('limiter.next_at', '>', ahead)])),
      )
      .returning('next_at')
      .executeTakeFirst();
    if (taken !== undefined) return 0;
    const row = await db.selectFrom('limiter').selectAll().where('name', '=', name).executeTakeFirstOrThrow();
    return Math.max(1, rowOf.limiter.parse(row).opens_at - at);
  };
}

/** 0: one more of this kind may go out, and is counted. Else how many milliseconds until it may ask again. */
export type Admit = (kind: string) => Promise<number>;

/**
 * Counts what goes out under `name` in a window that all processes on the store share, and that a restart leaves as it
 * is. It keeps nobody waiting: who is not admitted is told for how long.
 */
export function createWindow(
  { db, now }: Pick<Store, 'db' | 'now'>,
  name: string,
  limits: WindowLimits,
): Admit {
  let turn: Promise<unknown> = Promise.resolve();
  const admit = async (kind: string): Promise<number> => {
    for (;;) {
      const stored = await readWindow(db, name);
      const taken = takeOne(stored.window, kind, now(), limits);
      if ('waitMs' in taken) return taken.waitMs;
      if (await replaceWindow(db, name, stored.version, taken.window)) return 0;
    }
  };
  // One after the other here, so that only another process can be faster.
  return (kind) => {
    const mine = turn.then(() => admit(kind));
    turn = mine.catch(() => {});
    return mine;
  };
}

/** A window that can't be read counts as empty: one bad row must not stop all work. */
async function readWindow(db: Db, name: string): Promise<{ version: number; window: Window }> {
  const row = await db.selectFrom('call_window').selectAll().where('name', '=', name).executeTakeFirst();
  if (row !== undefined) {
    const { version, slots } = rowOf.call_window.parse(row);
    return { version, window: windowIn(slots) };
  }
  await db
    .insertInto('call_window')
    .values({ name, version: 1, slots: '[]' })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return readWindow(db, name);
}

function windowIn(slots: string): Window {
  try {
    return windowSchema.parse(JSON.parse(slots));
  } catch {
    return [];
  }
}

/** @returns false when another process was faster */
async function replaceWindow(db: Db, name: string, version: number, window: Window): Promise<boolean> {
  const result = await db
    .updateTable('call_window')
    .set({ version: version + 1, slots: JSON.stringify(window) })
    .where('name', '=', name)
    .where('version', '=', version)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
