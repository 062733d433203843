import { payloads, type Asked } from '../requests/payloads.ts';
import { offeredDirectly } from '../actions/index.ts';
import { askedAt, escalateLater, redraw } from '../requests/follow-up.ts';
import { isEmpty, mayApprove, quorumFor, type Person, type Policy } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import { nextWorkingMoment } from '../requests/working-time.ts';
import { linkTo } from '../slack/posting.ts';
import type { Roster } from '../slack/roster.ts';
import type { Tx } from '../storage/database.ts';
import {
  cardOf,
  getMessage,
  listMessages,
  noteLink,
  removeMessage,
  type CardMessage,
  type MessageId,
} from '../storage/messages.ts';
import { getRequest, replaceRequest } from '../requests/store.ts';
import { addTasks, type NewTask } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import type { Message } from '../views/message.ts';
import { mentionMessage, pleaseDecideMessage } from '../views/approver-messages.ts';
import {
  calledFrom,
  later,
  maxWaits,
  noteNeedless,
  splitByChannel,
  stillWaits,
  takeAway,
  type ApproverDelivery,
} from './calling.ts';
import { currentRequest, deliver, nothing, type Job } from './delivery.ts';
import { recordMessage } from './redraw.ts';
import { wayFor } from './way.ts';

const recordAgainMs = 100;

/**
 * Finds out where the card is and who may approve, and has each of them told; and those who are to know when nobody
 * decides. What couldn't be checked of the approvers when it was asked for, is checked then.
 */
export function notifyApproversHandler(deps: ApproverDelivery): Handler {
  const { db, client, roster, policy, escalation } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const card = await cardOf(db, task.request_id);
    if (request?.state !== 'pending' || card === undefined) return nothing;
    const approvers = task.attempts > maxWaits ? roster.current() : await roster.recent();
    const link = await linkTo(client, card.at);
    const tasks = await tasksToNotify(deps, request, card, approvers.named);
    const quorum = request.quorum && quorumNow(request, approvers, policy);
    return async (tx) => {
      const now = await currentRequest(tx, request);
      if (link !== undefined) await noteLink(tx, card, link);
      // Once it is decided, the request belongs to the job: that would be stopped by a change of somebody else.
      if (now.state !== 'pending') return;
      if (now.quorum !== quorum) {
        const after = amend(now, now.updatedAt, { quorum });
        if (!(await replaceRequest(tx, now, after, { tasks: [redraw(after)] })))
          throw new TryLater(recordAgainMs, 'The request changed while its approvers were counted');
      }
      await addTasks(tx, [...tasks, ...(isEmpty(escalation) ? [] : [escalateLater(now)])]);
    };
  };
}

/** One for each of them; or, of many, for those who don't see the card, and for the thread. */
async function tasksToNotify(
  deps: ApproverDelivery,
  request: Request,
  card: CardMessage,
  people: readonly string[],
): Promise<NewTask[]> {
  const others = people.filter((id) => id !== request.requester);
  const payload = { asked: askedAt(request), reminders: 0 };
  const { direct, inThread } = await splitByChannel(deps, card, others);
  return [
    ...direct.map((to) => later('tell_approver', request, { ...payload, to }, deps.now())),
    ...(inThread ? [later('mention_approvers', request, { ...payload, to: '' }, deps.now())] : []),
  ];
}

/** Tells or reminds one approver, and plans the next reminder, in their working hours, until somebody decided. */
export function notifyApproverHandler(deps: ApproverDelivery): Handler {
  const { db, policy, people, now } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloads.tell_approver.parse(task.payload);
    const { to, reminders } = payload;
    if (request === undefined) return nothing;
    const id: MessageId = { requestId: request.id, kind: 'please_decide', nth: payload.asked, recipient: to };
    if (!stillWaits(request, payload, now())) return noteNeedless(deps, { task, held, request }, id);
    if (reminders === 0 && (await getMessage(db, id)) !== undefined) return nothing;
    const approver = await people.find(to);
    if (approver === undefined || mayApprove(approver, policy.approvers) !== undefined)
      return noteNeedless(deps, { task, held, request }, id);
    if (reminders > 0) assertAtWork(approver, now());
    const way = await wayFor(deps, request, to);
    const offered = offeredDirectly(request);
    const message = pleaseDecideMessage(request, { way, reminders, offered });
    return replaceLastMessage(
      deps,
      { task, held, request },
      { id, message, payload, timeZone: approver.timeZone, reminder: 'remind_approver' },
    );
  };
}

/** Calls many approvers by one reply in the card's thread, and again as reminders, in the requester's working hours. */
export function mentionApproversHandler(deps: ApproverDelivery): Handler {
  const { db, people, now } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloads.mention_approvers.parse(task.payload);
    if (request === undefined) return nothing;
    const id: MessageId = { requestId: request.id, kind: 'mention', nth: payload.asked, recipient: '' };
    if (!stillWaits(request, payload, now())) return noteNeedless(deps, { task, held, request }, id);
    if (payload.reminders === 0 && (await getMessage(db, id)) !== undefined) return nothing;
    const requester = await people.find(request.requester);
    if (payload.reminders > 0 && requester !== undefined) assertAtWork(requester, now());
    const called = await calledFrom(deps, request, deps.policy.approvers, deps.roster.current());
    const message = mentionMessage(request, called, payload.reminders);
    return replaceLastMessage(
      deps,
      { task, held, request },
      { id, message, payload, timeZone: requester?.timeZone, reminder: 'remind_approvers' },
    );
  };
}

type ApproverMessage = {
  id: MessageId;
  message: Message;
  payload: Asked;
  timeZone: string | undefined;
  /** The kind of the task that reminds of it. */
  reminder: 'remind_approver' | 'remind_approvers';
};

/** Posts it, takes away what stood there for the same person before, so that they have one message, and plans the next. */
async function replaceLastMessage(
  deps: ApproverDelivery,
  job: Job,
  { id, message, payload, timeZone, reminder }: ApproverMessage,
) {
  const { db, now, remindAfterMs } = deps;
  const { request } = job;
  const posted = await deliver(deps, job, id, message);
  const before = (await listMessages(db, request.id, [id.kind])).filter(
    ({ recipient, at }) => recipient === id.recipient && at?.ts !== posted.at?.ts,
  );
  if (posted.at !== undefined) for (const former of before) await takeAway(deps, job, former);
  const dueAt = nextWorkingMoment(now() + remindAfterMs * 2 ** payload.reminders, timeZone);
  const reminders = payload.reminders + 1;
  const next = later(reminder, request, { ...payload, reminders }, dueAt);
  return async (tx: Tx) => {
    if (posted.at !== undefined) for (const former of before) await removeMessage(tx, former);
    await recordMessage(tx, posted, request);
    if (posted.at !== undefined && dueAt < request.expiresAt) await addTasks(tx, [next]);
  };
}

/** Is what couldn't be checked in order now? */
function quorumNow({ requester }: Request, approvers: Roster, policy: Policy): Request['quorum'] {
  const { kind } = quorumFor({ id: requester }, approvers, policy);
  return kind === 'enough' ? undefined : kind === 'unknown' ? 'unknown' : 'too_few';
}

/** It was planned for working hours, but this process may have been down then. @throws {TryLater} */
function assertAtWork({ timeZone }: Person, at: number): void {
  const next = nextWorkingMoment(at, timeZone);
  if (next > at) throw new TryLater(next - at, 'outside of working hours');
}
