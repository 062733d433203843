import type { HaloFault } from './faults.ts';
import { Refusal } from './refusals.ts';

const refused = (refusal: Refusal, after = false): HaloFault => ({
  kind: 'status',
  status: refusal.status,
  body: JSON.stringify(refusal.body),
  after,
});
const limited = (headers: Record<string, string>): HaloFault => ({
  kind: 'status',
  status: 429,
  body: 'Rate Limit Reached - 700 Requests per rolling 5 minute window',
  headers,
});
const missingValue = Refusal.database(
  "(515) - Cannot insert the value NULL into column 'usSectionID', table 'dbo.UnameSection'; column does not allow nulls.",
);

/**
 * How calls of HaloPSA were seen to fail, for `LocalHalo.fail`. A 400 has one of three bodies; 401, 403, 404
 * and 500 have none. `…AfterCommit` and `lostAnswer`: it was done all the same.
 */
export const knownFaults = {
  rule: refused(Refusal.rule('Priority Description must not be blank')),
  modelState: refused(Refusal.modelState('id', "The value 'probe' is not valid.")),
  databaseError: refused(missingValue),
  databaseErrorAfterCommit: refused(missingValue, true),
  unauthorized: { kind: 'status', status: 401 },
  forbidden: { kind: 'status', status: 403 },
  notFound: { kind: 'status', status: 404 },
  serverError: { kind: 'status', status: 500 },
  serverErrorAfterCommit: { kind: 'status', status: 500, after: true },
  gatewayTimeoutAfterCommit: { kind: 'status', status: 504, after: true },
  rateLimited: limited({}),
  /** Never seen from HaloPSA; its clients honour it. */
  rateLimitedWithRetryAfter: limited({ 'retry-after': '1' }),
  lostAnswer: { kind: 'drop', after: true },
  /** A firewall or an allow-list: HaloPSA's own 403 has no body. */
  pageInFront: {
    kind: 'status',
    status: 403,
    body: '<!doctype html><html><head><title>Access denied</title></head><body>Request blocked.</body></html>',
    headers: { 'content-type': 'text/html; charset=utf-8' },
  },
} as const satisfies Record<string, HaloFault>;
