import { mayNotDecide } from '../requests/decisions.ts';
import { redraw, postOutcome } from '../requests/follow-up.ts';
import { move } from '../requests/states.ts';
import type { TextAction } from './action.ts';

export const deny: TextAction = {
  audit: { what: 'denied', did: 'denied', tried: 'tried to deny' },
  actionId: 'deny_request',
  button: () => ({ text: 'Deny', label: (name) => `Deny ${name}` }),
  form: {
    callbackId: 'neo_deny',
    title: 'Deny the request',
    submit: 'Deny request',
    lead: 'Nothing changes in HaloPSA. The requester sees your reason in the thread and in a direct message.',
    label: 'Reason',
  },
  helps: ({ state, solo }) => state === 'pending' && solo === undefined,
  isInDirectMessages: true,
  may: mayNotDecide,
  change: (request, { by, at }, { text: reason }) => ({
    request: move(request, 'denied', at, {
      decision: { by: by.id, at, planHash: request.planHash, kind: 'denied', reason },
    }),
  }),
  follows: (after) => [redraw(after), postOutcome(after)],
  recorded: ({ repairs }) => ({ detail: { agentId: repairs?.agentId } }),
  said: (name) => `You denied ${name}.`,
};
