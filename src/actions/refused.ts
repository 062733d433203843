import { recordRefusal, type NewAuditRecord, type RefusalReason } from '../storage/audit/audit.ts';
import type { Dependencies } from './dependencies.ts';

/** Who tried what, on which request. */
export type Attempt = Pick<NewAuditRecord, 'by' | 'what' | 'requestId' | 'planHash'>;

/** What was tried again and again: until when it is not recorded again, and how often that was. */
export type Repeats = Map<string, { until: number; times: number }>;

/** The same attempt of the same person is one record in so many milliseconds: nobody drowns the others in the history. */
const foldMs = 600_000;
/** So many are kept in memory. */
const maxKept = 1_000;

/**
 * Records an attempt that changed nothing; a repeated one is counted, and the next record says how often. When that
 * fails, the log says so, and the person is told the same as ever.
 */
export async function recordRefused(
  { db, identity, log, now, repeats }: Pick<Dependencies, 'db' | 'identity' | 'log' | 'now' | 'repeats'>,
  attempt: Attempt & RefusalReason,
): Promise<void> {
  const at = now();
  const key = JSON.stringify([attempt.by?.id, attempt.what, attempt.requestId, attempt.refused]);
  const last = repeats.get(key);
  if (last !== undefined && at < last.until) {
    last.times += 1;
    return;
  }
  // The oldest first: what is left out again is recorded again, and that is all.
  for (const old of repeats.keys()) if (repeats.size >= maxKept) repeats.delete(old);
  repeats.set(key, { until: at + foldMs, times: 0 });
  const before = last === undefined || last.times === 0 ? {} : { repeats: last.times };
  try {
    await recordRefusal(db, { ...attempt, ...before, at, teamId: identity.teamId });
  } catch (error) {
    log.error({ err: error, attempt }, 'a refused attempt could not be recorded');
  }
}

/** Slack did not say who this is. */
export function notIdentified(reference: string): RefusalReason {
  return { refused: 'not_identified', reference };
}
