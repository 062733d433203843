import { settle, type ClickOutcome, type InTime } from '../requests/deciding.ts';
import type { Click } from '../requests/decisions.ts';
import type { Db } from '../storage/database.ts';
import { decided, type FormAction } from './action.ts';

type Settled<Given> = Pick<FormAction<Given>, 'audit' | 'may' | 'change' | 'follows' | 'recorded'> &
  Partial<Pick<FormAction<Given>, 'isDone'>>;

/** Stores what the action changes, with all that follows, or says why not. When this resolves, nothing can be lost. */
export function settleAction<Given>(
  db: Db,
  requestId: string,
  action: Settled<Given>,
  click: Click & InTime,
  given: Given,
): Promise<ClickOutcome> {
  return settle(db, requestId, click, (request) => decided(action, request, click, given), {
    tasks: action.follows,
    event: (after) => ({ what: action.audit.what, by: click.by, ...action.recorded?.(after) }),
  });
}
