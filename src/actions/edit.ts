import { isShown, mayNotRequest, notPending, notTheRequester } from '../requests/decisions.ts';
import {
  expireLater,
  noteEdit,
  postCardAnew,
  postNote,
  redraw,
  notifyApprovers,
} from '../requests/follow-up.ts';
import { hashPlan, type Plan } from '../requests/plan.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import type { FormAction } from './action.ts';

/** `viewId`: the Slack view that it was submitted in. Delivered twice, it changes once. */
export type Edit = {
  viewId: string;
  plan: Plan;
  note: string;
  resembles?: Request['resembles'];
  /** What HaloPSA says now. */
  haloThen: Request['haloThen'];
  /** When it will be carried out, if nobody but the requester may approve it. */
  soloDelayMs: number | undefined;
  quorum?: Request['quorum'];
};

/**
 * The requester changes the plan or the note: approval starts over, with its full time. An edit that changes neither takes no
 * approval away. `shown` of the click: the plan that the form was filled with.
 */
export const edit: FormAction<Edit> = {
  audit: { what: 'edited', did: 'changed it', tried: 'tried to change it' },
  actionId: 'edit_request',
  button: () => ({ text: 'Edit', label: (name) => `Edit ${name} (requester only)` }),
  opensForm: true,
  // A repair has the plan of the request that set the agent up.
  helps: ({ state, repairs }) => state === 'pending' && repairs === undefined,
  isDone: (request, { viewId }) => request.edit?.viewId === viewId,
  may: (request, { by, at, policy }) =>
    notTheRequester(request, by) ??
    mayNotRequest(by, policy) ??
    notPending(request, at) ??
    (request.repairs === undefined ? undefined : { refused: 'repair_has_its_plan' }),
  change: (request, { at, policy, shown }, edited) => {
    if (!isShown(request, shown)) return { refused: 'plan_changed' };
    const { plan, note, resembles, haloThen, viewId, soloDelayMs, quorum } = edited;
    if (hashPlan(plan) === request.planHash && note === request.note) return { refused: 'nothing_edited' };
    return {
      request: amend(request, at, {
        plan,
        note,
        resembles,
        haloThen,
        planHash: hashPlan(plan),
        approvals: [],
        approvalsRequired: policy.approvalsRequired,
        expiresAt: at + policy.approvalTtlMs,
        quorum,
        solo: soloDelayMs === undefined ? undefined : { carryOutAt: at + soloDelayMs },
        edit: {
          viewId,
          // It names the card that shows it, so no later edit may be before it, whatever the clock says.
          at: Math.max(at, (request.edit?.at ?? 0) + 1),
          planBefore: request.plan,
          noteBefore: request.note,
          voided: (request.approvals ?? []).map((approval) => approval.by),
        },
      }),
    };
  },
  follows: (after) => [
    redraw(after),
    expireLater(after),
    noteEdit(after),
    // Slack tells nobody that a message was redrawn, and whoever could stop it must see this one.
    ...(after.solo === undefined
      ? [notifyApprovers(after), ...(hasNewNote(after) ? postNote(after, after.updatedAt) : [])]
      : [postCardAnew(after)]),
  ],
  recorded: ({ solo, updatedAt }) => ({
    detail: { soloDelayMs: solo === undefined ? undefined : solo.carryOutAt - updatedAt },
  }),
  said: (name) => `You changed ${name}.`,
};

function hasNewNote({ edit, note }: Request): boolean {
  return edit?.noteBefore !== note;
}
