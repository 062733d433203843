import { notMember, notPending } from '../requests/decisions.ts';
import { redraw, postOutcome } from '../requests/follow-up.ts';
import { move } from '../requests/states.ts';
import { requestName } from '../views/text.ts';
import type { PressAction } from './action.ts';

/** Anybody of the workspace stops what its only approver asked for. */
export const stop: PressAction = {
  audit: { what: 'vetoed', did: 'stopped it', tried: 'tried to stop it' },
  actionId: 'stop_request',
  button: (request) => ({
    text: 'Stop',
    label: (name) => `Stop ${name}: it won’t be carried out`,
    style: 'danger',
    confirm: {
      title: `Stop ${requestName(request)}?`,
      text: 'It won’t be carried out. Nothing changes in HaloPSA.',
      confirm: 'Stop',
    },
  }),
  helps: ({ state, solo }) => state === 'pending' && solo !== undefined,
  may: (request, { by, at }) =>
    notMember(by) ??
    notPending(request, at) ??
    (request.solo === undefined ? { refused: 'already_decided' } : undefined),
  change: (request, { by, at }) => ({
    request: move(request, 'denied', at, {
      decision: { by: by.id, at, kind: 'vetoed', reason: '', planHash: request.planHash },
    }),
  }),
  follows: (after) => [redraw(after), postOutcome(after)],
  said: (name) => `You stopped ${name}.`,
};
