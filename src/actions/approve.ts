import { approvalsOf, mayNotDecide } from '../requests/decisions.ts';
import { provision, redraw } from '../requests/follow-up.ts';
import { isPerson } from '../requests/policy.ts';
import { amend, move } from '../requests/states.ts';
import { requestName } from '../views/text.ts';
import { workWords } from '../views/work-words.ts';
import type { PressAction } from './action.ts';

/** The last approval that is needed decides; the ones before it are kept. */
export const approve: PressAction = {
  audit: { what: 'approved', did: 'approved', tried: 'tried to approve' },
  actionId: 'approve_request',
  button: (request) => {
    const { onApproval } = workWords(request);
    const { approvals = [], approvalsRequired = 1 } = request;
    const missing = approvalsRequired - approvals.length - 1;
    return {
      text: 'Approve',
      label: (name) => `Approve ${name}`,
      style: 'primary',
      confirm: {
        title: `Approve ${requestName(request)}?`,
        text:
          missing <= 0
            ? onApproval
            : `After yours, ${missing} more ${missing === 1 ? 'approval is' : 'approvals are'} needed before anything changes in HaloPSA.`,
        confirm: 'Approve',
      },
    };
  },
  // In solo mode nobody else can approve. It can only be stopped.
  helps: ({ state, solo }) => state === 'pending' && solo === undefined,
  isInDirectMessages: true,
  isAwaited: true,
  asksForRequester: true,
  may: (request, click) => {
    const refusal = mayNotDecide(request, click);
    if (refusal !== undefined) return refusal;
    const isRepeated = approvalsOf(request).some((approval) => isPerson(click.by, approval.by));
    return isRepeated ? { refused: 'approved_before' } : undefined;
  },
  change: (request, { by, at, policy }, requester) => {
    // What the card doesn't say yet is not approved.
    if (requester?.hasLeft === true && request.requesterLeft !== true) return { refused: 'requester_left' };
    const { planHash } = request;
    const given = { by: by.id, at, planHash };
    const approvals = [...approvalsOf(request), given];
    // A rule that was made stricter meanwhile counts; one that was relaxed does not help what was asked before.
    const approvalsRequired = Math.max(request.approvalsRequired ?? 1, policy.approvalsRequired);
    if (approvals.length < approvalsRequired)
      return { request: amend(request, at, { approvals, approvalsRequired }) };
    return {
      request: move(request, 'approved', at, {
        approvals,
        approvalsRequired,
        decision: { ...given, kind: 'approved', reason: '' },
        executeBy: at + policy.executionTtlMs,
      }),
    };
  },
  follows: (after) => [redraw(after), ...(after.state === 'approved' ? [provision(after)] : [])],
  // Of an approval among several that are needed: which one it is.
  recorded: ({ approvals = [], approvalsRequired = 1, repairs }) => ({
    outcome: approvalsRequired > 1 ? `${approvals.length} of ${approvalsRequired}` : undefined,
    detail: { agentId: repairs?.agentId },
  }),
  said: (name) => `You approved ${name}.`,
};
