import type { NewTask, TaskKind } from '../storage/tasks.ts';
import type { Request } from './request.ts';

/** Post the card, once. */
export function postCard(request: Request): NewTask {
  return { key: `${request.id}:card`, kind: 'post_card', requestId: request.id, dueAt: request.createdAt };
}

/** Post the card as a new message, because people must be told of the change. */
export function postCardAnew(after: Request): NewTask {
  return { ...postCard(after), key: `${after.id}:card:${after.version}`, dueAt: after.updatedAt };
}

/** End the request when its time is over. */
export function expireLater(after: Request): NewTask {
  return dueAt('expire', after, after.expiresAt);
}

/** Tell those who may approve, by direct message: the card is posted, or shows another plan. */
export function tellApprovers(after: Request): NewTask {
  return afterChange('tell_approvers', after);
}

/** Tell those who are named for it, by direct message, when three quarters of the time have passed. */
export function escalateLater(after: Request, since: number): NewTask {
  const dueAt = after.expiresAt - Math.round((after.expiresAt - since) / 4);
  return { ...afterChange('escalate', after), dueAt };
}

/** Carry out what its only approver asked for, unless somebody stops it before. */
export function carryOutLater(after: Request): NewTask[] {
  return after.solo === undefined ? [] : [dueAt('carry_out', after, after.solo.carryOutAt)];
}

/** What is due at a time that an edit changes: the task says which time it is for, because it may come too early. */
function dueAt(kind: 'expire' | 'carry_out', after: Request, at: number): NewTask {
  return { ...afterChange(kind, after), dueAt: at, payload: String(at) };
}

/** Put the last question to the requester, in the thread. */
export function askThread(after: Request): NewTask {
  const index = (after.questions ?? []).length - 1;
  return { ...afterChange('post_question', after), payload: String(index) };
}

/** Tell the requester directly why it was denied. */
export function tellDenied(after: Request): NewTask {
  return afterChange('tell_denied', after);
}

/** Draw the card again, because the request is now another one. One task for all changes: two drawings at once could end in either order. */
export function redraw(after: Request): NewTask {
  return {
    key: `${after.id}:redraw`,
    kind: 'redraw_card',
    requestId: after.id,
    dueAt: after.updatedAt,
  };
}

/** Tell the thread how it ended. */
export function tellOutcome(after: Request): NewTask {
  return afterChange('post_outcome', after);
}

/** Carry the plan out in HaloPSA. */
export function provision(after: Request): NewTask {
  return afterChange('provision', after);
}

/** Tell the requester that the card cannot be posted. */
export function tellRequester(after: Request): NewTask {
  return afterChange('tell_requester', after);
}

const day = 86_400_000;

/** Compare the agent with its plan, a day after `since` (epoch milliseconds). */
export function checkDriftLater({ id }: Request, since: number): NewTask {
  return { key: `${id}:check_drift`, kind: 'check_drift', requestId: id, dueAt: since + day };
}

/** Tell the thread that the agent is not as planned, or that it is again. */
export function postDrift(after: Request, at: number): NewTask {
  return { ...afterChange('post_drift', after), payload: driftNews(after), dueAt: at };
}

/** Names what of the agent is to be told. Empty: it is as it was left. */
export function driftNews({ drift }: Request): string {
  return String(drift?.newsAt ?? '');
}

/** One task of a kind for each change: its version makes the key. */
function afterChange(kind: TaskKind, { id, version, updatedAt }: Request): NewTask {
  return { key: `${id}:${kind}:${version}`, kind, requestId: id, dueAt: updatedAt };
}
