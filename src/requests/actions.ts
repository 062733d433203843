import { decide, mayNotEdit, tryAgain, veto, withdraw, type Click, type Decided } from './decisions.ts';
import type { Person, Policy } from './policy.ts';
import type { Request } from './request.ts';

/** Everything that a person can do with a request, in the order in which it is offered. */
const requestActions = [
  'stop',
  'approve',
  'deny',
  'ask',
  'edit',
  'withdraw',
  'check_again',
  'try_again',
  'create_anyway',
] as const;
export type RequestAction = (typeof requestActions)[number];

type Attempt = (request: Request, click: Click) => Decided;

/** Each of them tried on paper: what is offered is what a press would do at this moment. */
const attempts: Record<RequestAction, Attempt> = {
  stop: veto,
  approve: (request, click) => decide(request, { ...click, decision: { kind: 'approved' } }),
  deny: mayDeny,
  // Whoever may decide may ask first.
  ask: mayDeny,
  edit: (request, click) => mayNotEdit(request, click) ?? { request },
  withdraw,
  check_again: (request, click) => tryAgain(request, { ...click, how: 'check_again' }),
  try_again: (request, click) => tryAgain(request, { ...click, how: 'try_again' }),
  create_anyway: (request, click) => tryAgain(request, { ...click, how: 'create_anyway' }),
};

function mayDeny(request: Request, click: Click): Decided {
  return decide(request, { ...click, decision: { kind: 'denied', reason: '' } });
}

/** What this person may do next with this request. `at`: epoch milliseconds. */
export function actionsFor(request: Request, by: Person, policy: Policy, at: number): RequestAction[] {
  const click: Click = { by, at, policy, shown: request.planHash };
  return requestActions.filter((action) => 'request' in attempts[action](request, click));
}
