import { notPending, notTheRequester } from '../requests/decisions.ts';
import { redraw, postOutcome } from '../requests/follow-up.ts';
import { move } from '../requests/states.ts';
import { requestName } from '../views/text.ts';
import type { PressAction } from './action.ts';

/** The requester takes the request back. */
export const withdraw: PressAction = {
  audit: { what: 'withdrawn', did: 'withdrew it', tried: 'tried to withdraw it' },
  actionId: 'withdraw_request',
  button: (request) => ({
    text: 'Withdraw',
    label: (name) => `Withdraw ${name} (requester only)`,
    confirm: {
      title: `Withdraw ${requestName(request)}?`,
      text: 'Nothing changes in HaloPSA.',
      confirm: 'Withdraw',
    },
  }),
  helps: ({ state }) => state === 'pending',
  may: (request, { by, at }) => notTheRequester(request, by) ?? notPending(request, at),
  change: (request, { at }) => ({ request: move(request, 'withdrawn', at, {}) }),
  follows: (after) => [redraw(after), postOutcome(after)],
  said: (name) => `You withdrew ${name}.`,
};
