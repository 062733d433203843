import type { ToldRequester } from './payloads.ts';
import type { NewTask, sharedLanes, TaskKind } from '../storage/tasks.ts';
import { isLongNote, type Request } from './request.ts';

/** Post the card, once. */
export function postCard(request: Request): NewTask {
  return {
    key: `${request.id}:card`,
    kind: 'post_card',
    requestId: request.id,
    dueAt: request.createdAt,
    payload: String(cardFor(request)),
    lane: request.channel,
  };
}

/** Post the card as a new message, because people must be told of the change. */
export function postCardAnew(after: Request): NewTask {
  return { ...postCard(after), key: `${after.id}:card:${after.version}`, dueAt: after.updatedAt };
}

/** Which card shows the request as it was asked for last. 0: the first one; else when it was edited, in epoch milliseconds. */
export function cardFor({ edit }: Request): number {
  return edit?.at ?? 0;
}

/** When the approval was asked for that it waits for, in epoch milliseconds. An edit restarts it. */
export function askedAt({ edit, createdAt, askedAgainAt = 0 }: Request): number {
  return Math.max(edit?.at ?? createdAt, askedAgainAt);
}

/** End the request when its time is over. */
export function expireLater(after: Request): NewTask {
  return dueAt('expire', after, after.expiresAt);
}

/** Tell those who may approve, by direct message: the card is posted, or shows another plan. */
export function notifyApprovers(after: Request): NewTask {
  return afterChange('tell_approvers', after);
}

/** Tell those who are named for it when three quarters of the time have passed; once, by what was asked. */
export function escalateLater(after: Request): NewTask {
  const asked = askedAt(after);
  const dueAt = after.expiresAt - Math.round((after.expiresAt - asked) / 4);
  return { ...afterChange('escalate', after), key: `${after.id}:escalate:${asked}`, dueAt };
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
  return { ...inThread('post_question', after), payload: String(index) };
}

/** The pauses between looks for an answer double from the first to the last, in milliseconds. */
const lookAfterMs = { first: 15_000, last: 900_000 };

/** Look whether the requester answered in the thread. `looks`: how often that was done before. None after the request expires. */
export function lookForAnswer(
  { id, questions = [], expiresAt }: Request,
  looks: number,
  from: number,
): NewTask[] {
  const pauseMs = Math.min(lookAfterMs.last, lookAfterMs.first * 2 ** Math.min(looks, 16));
  const dueAt = from + pauseMs;
  const key = `${id}:look_for_answer:${questions.length}`;
  const task: NewTask = { key, kind: 'look_for_answer', requestId: id, dueAt, payload: String(looks) };
  return dueAt < expiresAt ? [task] : [];
}

/** Say in the thread what was changed. */
export function noteEdit(after: Request): NewTask {
  return inThread('post_edit', after);
}

/** Tell the requester directly, if they weren't told in the thread. `nth`: see `MessageId`. */
export function notifyRequester(request: Request, what: ToldRequester, nth: number, dueAt: number): NewTask {
  return {
    key: `${request.id}:tell_requester:${what}:${nth}`,
    kind: 'tell_requester',
    requestId: request.id,
    dueAt,
    payload: `${what}:${nth}`,
    lane: request.requester,
  };
}

/** Put the whole note into the thread, where the card has only its beginning. `nth`: see `cardFor`. */
export function postNote(request: Request, dueAt: number): NewTask[] {
  if (!isLongNote(request.note)) return [];
  const key = `${request.id}:post_note:${cardFor(request)}`;
  return [{ ...inThread('post_note', request), key, dueAt }];
}

/** Draw the card again, because the request is now another one. One task for all changes: two drawings at once could end in either order. */
export function redraw(after: Request): NewTask {
  return {
    key: `${after.id}:redraw`,
    kind: 'redraw_card',
    requestId: after.id,
    dueAt: after.updatedAt,
    lane: redrawLane,
  };
}

/** Slack counts redrawn messages for the whole workspace. */
export const redrawLane = 'chat.update' satisfies keyof typeof sharedLanes;

/** Tell the thread how it ended. */
export function postOutcome(after: Request): NewTask {
  return inThread('post_outcome', after);
}

/** Carry the plan out in HaloPSA. */
export function provision(after: Request): NewTask {
  return { ...afterChange('provision', after), lane: haloLane };
}

const haloLane = 'halopsa' satisfies keyof typeof sharedLanes;

const day = 86_400_000;

/** Compare the agent with its plan, a day after `since` (epoch milliseconds). */
export function checkDriftLater({ id }: Request, since: number): NewTask {
  return { key: `${id}:check_drift`, kind: 'check_drift', requestId: id, dueAt: since + day, lane: haloLane };
}

/** Tell the thread that the agent is not as planned, or that it is again. */
export function postDrift(after: Request, at: number): NewTask {
  return { ...inThread('post_drift', after), payload: driftNews(after), dueAt: at };
}

/** Names what of the agent is to be told. Empty: it is as it was left. */
export function driftNews({ drift }: Request): string {
  return String(drift?.newsAt ?? '');
}

function inThread(kind: TaskKind, after: Request): NewTask {
  return { ...afterChange(kind, after), lane: after.channel };
}

/** One task of a kind for each change: its version makes the key. */
function afterChange(kind: TaskKind, { id, version, updatedAt }: Request): NewTask {
  return { key: `${id}:${kind}:${version}`, kind, requestId: id, dueAt: updatedAt };
}
