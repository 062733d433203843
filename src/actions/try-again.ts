import { mayApprove } from '../requests/policy.ts';
import { provision, redraw } from '../requests/follow-up.ts';
import { hashPlan } from '../requests/plan.ts';
import type { Click, Decided, Refusal, Retry } from '../requests/decisions.ts';
import type { Request, RequestFacts } from '../requests/request.ts';
import { hasLapsed, move } from '../requests/states.ts';
import { mayTryAgain } from '../views/failure-text.ts';
import { triedAgainMessage } from '../views/outcome.ts';
import type { PressAction } from './action.ts';

/**
 * A failed request goes to HaloPSA again. The plan was approved once and is the same, so any approver may ask for it; what
 * was already done (intent, agent id) stays known and is looked for first.
 */
export const tryAgain: PressAction = {
  audit: {
    what: 'tried_again',
    did: 'sent it to HaloPSA again',
    tried: 'tried to send it to HaloPSA again',
  },
  actionId: 'try_request_again',
  button: (request) => ({
    text: 'Try again',
    label: (name) => `Try again: ${name}`,
    ...(isInDoubt(request) && {
      confirm: {
        title: 'Create the agent if it is missing?',
        text: `HaloPSA may already have created ${request.plan.name}. Check HaloPSA’s Agents page first: a second agent uses a second licence.`,
        confirm: 'Try again',
      },
    }),
  }),
  helps: isRetryable,
  may: (request, click) => notRetryable(request, click) ?? planAltered(request) ?? lapsed(request, click),
  change: (request, click) => again(request, click, 'try_again'),
  follows: sentAgain,
  said: (name) => `I’m trying ${name} again.`,
  instead: triedAgainInstead,
};

/** Trying again would help. */
export function isRetryable(request: Request): boolean {
  return request.state === 'failed' && mayTryAgain(request.failure);
}

/** While nobody knows whether the agent is there, looking comes first and creating asks twice. */
export function isInDoubt({ failure }: Request): boolean {
  return failure?.changed === 'unknown';
}

export function notRetryable(request: Request, { by, policy }: Click): Refusal | undefined {
  const because = mayApprove(by, policy.approvers);
  if (because !== undefined) return { refused: 'not_an_approver', because };
  return request.state === 'failed' ? undefined : { refused: 'already_decided' };
}

/** The stored plan isn't the one that was approved. */
export function planAltered({ decision, plan }: Request): Refusal | undefined {
  return decision?.planHash === hashPlan(plan) ? undefined : { refused: 'plan_changed' };
}

export function lapsed(request: Request, { at }: Click): Refusal | undefined {
  return hasLapsed(request, at) ? { refused: 'lapsed' } : undefined;
}

export function again(
  request: Request,
  { by, at }: Click,
  how: Retry,
  more: Partial<RequestFacts> = {},
): Decided {
  if (request.state !== 'failed') return { refused: 'already_decided' };
  const { version, failure, agentId } = request;
  const after = move(request, 'approved', at, {
    failure: undefined,
    triedAgain: { by: by.id, at, how, version, failure, agentId },
    looksOnly: undefined,
    createAnyway: undefined,
    ...more,
  });
  return { request: after };
}

export function sentAgain(after: Request) {
  return [redraw(after), provision(after)];
}

export function triedAgainInstead(after: Request) {
  return after.triedAgain && triedAgainMessage(after, after.triedAgain);
}
