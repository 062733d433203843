import type { Db } from '../storage/database.ts';
import { getRequest, replaceRequest, type NewEvent } from '../storage/requests.ts';
import type { NewTask } from '../storage/tasks.ts';
import type { Handler } from '../storage/worker.ts';
import { provision, redraw, tellOutcome } from './follow-up.ts';
import type { PeopleList, Person } from './policy.ts';
import type { Request } from './request.ts';
import { decide, expire, tryAgain, type Decided, type Decision, type Refusal } from './states.ts';

/** What a click came to. `current` is the stored request after it: of a loser, the one that the winner left. */
export type ClickOutcome =
  | { accepted: true; current: Request }
  | ({ accepted: false; current: Request } & Refusal)
  | { accepted: false; current: undefined; refused: 'unknown_request' };

type Click = { by: Person; approvers: PeopleList; at: number };

/** Stores an approval or a denial, or says why not. When this resolves, nothing can be lost. */
export function decideRequest(
  db: Db,
  id: string,
  click: Click & { decision: Decision },
): Promise<ClickOutcome> {
  return settle(db, id, (request) => decide(request, click), {
    tasks: (after) => [redraw(after), after.state === 'approved' ? provision(after) : tellOutcome(after)],
    event: { what: click.decision.kind, by: click.by },
  });
}

/** Sends a failed request to HaloPSA again, to look for its agent only or to go on; or says why not. */
export function retryRequest(
  db: Db,
  id: string,
  click: Click & { looksOnly: boolean },
): Promise<ClickOutcome> {
  return settle(db, id, (request) => tryAgain(request, click), {
    tasks: (after) => [redraw(after), provision(after)],
    event: { what: click.looksOnly ? 'checked_again' : 'tried_again', by: click.by },
  });
}

/** Two clicks at once: the one that stores second sees the request of the first and is refused by it. */
async function settle(
  db: Db,
  id: string,
  change: (request: Request) => Decided,
  extra: { tasks: (after: Request) => NewTask[]; event: NewEvent },
): Promise<ClickOutcome> {
  for (;;) {
    const before = await getRequest(db, id);
    if (before === undefined) return { accepted: false, current: undefined, refused: 'unknown_request' };
    const decided = change(before);
    if ('refused' in decided) return { accepted: false, current: before, ...decided };
    const after = decided.request;
    const stored = await db
      .transaction()
      .execute((tx) => replaceRequest(tx, before, after, { tasks: extra.tasks(after), event: extra.event }));
    if (stored) return { accepted: true, current: after };
  }
}

/** Ends a request that nobody decided in time. A click after the deadline is refused even before this ran. */
export function expireHandler(deps: { db: Db; now: () => number }): Handler {
  return async (task) => {
    const before = await getRequest(deps.db, task.request_id);
    const after = before && expire(before, deps.now());
    return async (tx) => {
      if (before === undefined || after === undefined) return;
      const stored = await replaceRequest(tx, before, after, {
        tasks: [redraw(after), tellOutcome(after)],
        event: { what: 'expired' },
      });
      if (!stored) throw new Error('The request was changed while it expired');
    };
  };
}
