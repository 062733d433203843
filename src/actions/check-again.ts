import type { PressAction } from './action.ts';
import {
  again,
  isInDoubt,
  isRetryable,
  notRetryable,
  planAltered,
  sentAgain,
  triedAgainInstead,
} from './try-again.ts';

/** HaloPSA is searched for the agent of a failed request; one that is still missing is not created. */
export const checkAgain: PressAction = {
  audit: {
    what: 'checked_again',
    did: 'had its agent looked for',
    tried: 'tried to have its agent looked for',
  },
  actionId: 'check_request_again',
  button: () => ({
    text: 'Check again',
    label: (name) => `Check again whether HaloPSA has the agent of ${name}`,
    style: 'primary',
  }),
  helps: (request) =>
    isRetryable(request) && isInDoubt(request) && request.failure?.cause !== 'list_incomplete',
  may: (request, click) => notRetryable(request, click) ?? planAltered(request),
  change: (request, click) => again(request, click, 'check_again', { looksOnly: true }),
  follows: sentAgain,
  said: (name) => `I’m looking for the agent of ${name} in HaloPSA again.`,
  instead: triedAgainInstead,
};
