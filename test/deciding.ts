import { approve } from '../src/actions/approve.ts';
import { deny } from '../src/actions/deny.ts';
import { settleAction, type ClickOutcome } from '../src/actions/settle.ts';
import type { Click } from '../src/requests/decisions.ts';
import type { Db } from '../src/storage/database.ts';

export type Decision = { kind: 'approved' } | { kind: 'denied'; reason: string };

/** What a press of Approve or the form of Deny does, without Slack. */
export function decideRequest(
  db: Db,
  id: string,
  { decision, ...click }: Click & { decision: Decision },
): Promise<ClickOutcome> {
  return decision.kind === 'approved'
    ? settleAction(db, id, approve, click, undefined)
    : settleAction(db, id, deny, click, { viewId: '', text: decision.reason });
}
