import { recordRefusal, type NewAuditRecord, type RefusalReason } from '../storage/audit.ts';
import type { Dependencies } from './dependencies.ts';

/** Who tried what, on which request. */
export type Attempt = Pick<NewAuditRecord, 'by' | 'what' | 'requestId' | 'planHash'>;

/** Records an attempt that changed nothing. When that fails, the log says so, and the person is told the same as ever. */
export async function recordRefused(
  { db, identity, log, now }: Dependencies,
  attempt: Attempt & RefusalReason,
): Promise<void> {
  try {
    await recordRefusal(db, { ...attempt, at: now(), teamId: identity.teamId });
  } catch (error) {
    log.error({ err: error, attempt }, 'a refused attempt could not be recorded');
  }
}

/** Slack did not say who this is. */
export function notIdentified(reference: string): RefusalReason {
  return { refused: 'not_identified', reference };
}
