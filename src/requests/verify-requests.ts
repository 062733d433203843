import { auditOfRequest } from '../storage/audit/audit.ts';
import type { Db, Tx } from '../storage/database.ts';
import { countMissingRequests, readRequests } from './store.ts';
import { faultOf, type RequestFault } from './audited.ts';

export type RequestsVerdict =
  | { ok: true; count: number }
  /** `number`: of the first request that does not hold. */
  | { ok: false; number: number; fault: RequestFault | 'unreadable' }
  /** So many numbers were given out and have no request. */
  | { ok: false; missing: number };

/**
 * Holds every stored request, as it is at one moment, against the records that made it. Requests are never deleted, so
 * their numbers have no gap.
 */
export function verifyRequests(db: Db): Promise<RequestsVerdict> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => verify(tx));
}

async function verify(db: Tx): Promise<RequestsVerdict> {
  const missing = await countMissingRequests(db);
  if (missing > 0) return { ok: false, missing };
  let count = 0;
  for await (const { number, request } of readRequests(db)) {
    if (request === undefined) return { ok: false, number, fault: 'unreadable' };
    const fault = faultOf(request, await auditOfRequest(db, request.id));
    if (fault !== undefined) return { ok: false, number, fault };
    count += 1;
  }
  return { ok: true, count };
}
