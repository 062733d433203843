import { isPerson } from '../requests/policy.ts';
import type { PressAction } from './action.ts';
import {
  again,
  isRetryable,
  lapsed,
  notRetryable,
  planAltered,
  sentAgain,
  triedAgainInstead,
} from './try-again.ts';

/** It is created although HaloPSA may have one that its list does not show. That is another's decision than the requester's. */
export const createAnyway: PressAction = {
  audit: {
    what: 'create_anyway',
    did: 'had it created although HaloPSA may not show all agents',
    tried: 'tried to have it created anyway',
  },
  actionId: 'create_anyway',
  button: ({ plan }) => ({
    text: 'Create anyway',
    label: (name) => `Create anyway the agent of ${name}`,
    confirm: {
      title: 'Create the agent anyway?',
      text: `Check HaloPSA’s Agents page first, with disabled agents shown. Continue only if no agent is named ${plan.name} or uses ${plan.email}. A second agent uses a second licence.`,
      confirm: 'Create anyway',
    },
  }),
  helps: (request) => isRetryable(request) && request.failure?.cause === 'list_incomplete',
  may: (request, click) =>
    notRetryable(request, click) ??
    (request.failure?.cause === 'list_incomplete' ? undefined : { refused: 'already_decided' }) ??
    (isPerson(click.by, request.requester) ? { refused: 'self_approval' } : undefined) ??
    planAltered(request) ??
    lapsed(request, click),
  change: (request, click) => {
    const createAnyway = { by: click.by.id, at: click.at, planHash: request.planHash };
    return again(request, click, 'create_anyway', { createAnyway });
  },
  follows: sentAgain,
  said: (name) => `I’m creating the agent of ${name} anyway.`,
  instead: triedAgainInstead,
};
