import { sql } from 'kysely';
import type { Store } from './database.ts';
import { rowOf } from './schema.ts';

/** At most `burst` at once, and then one every `everyMs` (whole milliseconds): in any time t at most burst + t / everyMs. */
export type Rate = { burst: number; everyMs: number };

/** Resolves when one more of `name` may go out. Shared by all processes on the store, and over restarts. */
export type Admit = (name: string, rate: Rate) => Promise<void>;

export function createLimiter({ db, now }: Pick<Store, 'db' | 'now'>): Admit {
  return async (name, { burst, everyMs }) => {
    const at = now();
    const row = await db
      .insertInto('limiter')
      .values({ name, next_at: at + everyMs })
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet({
          next_at: sql`case when limiter.next_at > ${at} then limiter.next_at else ${at} end + ${everyMs}`,
        }),
      )
      .returningAll()
      .executeTakeFirstOrThrow();
    const waitMs = rowOf.limiter.parse(row).next_at - burst * everyMs - at;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  };
}
