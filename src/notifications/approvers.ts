import { z } from 'zod';
import { askedAt, escalateLater, redraw } from '../requests/follow-up.ts';
import {
  isEmpty,
  mayApprove,
  quorumFor,
  type PeopleList,
  type Person,
  type Policy,
} from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import { nextWorkingMoment } from '../requests/working-time.ts';
import type { Groups } from '../slack/groups.ts';
import type { People } from '../slack/people.ts';
import { deleteMessage, linkTo, redrawMessage, SlackRefused } from '../slack/posting.ts';
import type { Roster, RosterReader } from '../slack/roster.ts';
import type { Tx } from '../storage/database.ts';
import { latestDeciders } from '../storage/audit.ts';
import {
  cardOf,
  getMessage,
  listMessages,
  noteLink,
  removeMessage,
  type CardMessage,
  type MessageId,
  type StoredMessage,
} from '../storage/messages.ts';
import { getRequest, replaceRequest } from '../storage/requests.ts';
import { addTasks, type NewTask } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import type { Message } from '../views/message.ts';
import {
  escalationMessage,
  mentionMessage,
  pleaseDecideMessage,
  supersededMessage,
} from '../views/approver-messages.ts';
import { currentRequest, deliver, findDelivered, nothing, type Delivery, type Job } from './delivery.ts';
import { deliverAndRecord, recordMessage, waitsFor } from './redraw.ts';
import { wayFor } from './way.ts';

export type ApproverDelivery = Delivery & {
  people: People;
  groups: Groups;
  roster: Pick<RosterReader, 'current' | 'recent'>;
  policy: Policy;
  /** Milliseconds before the first reminder; each further one waits twice as long. */
  remindAfterMs: number;
  /** Empty: nobody is told before a request expires. */
  escalation: PeopleList;
};

/**
 * Up to so many are told directly. Of more, those alone who aren't in the card's channel, up to so many; and one reply in
 * its thread mentions them all, or so many where they are in no user group.
 */
const maxDirect = 10;

/** `asked`: the approval that this is about: see `askedAt`. What is asked anew ends what went before. */
const payloadSchema = z.object({
  to: z.string().default(''),
  asked: z.int(),
  reminders: z.int().nonnegative().default(0),
});
type Payload = z.infer<typeof payloadSchema>;

/** Milliseconds before Slack is asked again. */
const groupAgainMs = 5_000;
const recordAgainMs = 100;

/** So often those are waited for of whom Slack hasn't told so far; then the others are told. */
const maxWaits = 60;

/**
 * Finds out where the card is and who may approve, and has each of them told; and those who are to know when nobody
 * decides. What couldn't be checked of the approvers when it was asked for, is checked then.
 */
export function tellApproversHandler(deps: ApproverDelivery): Handler {
  const { db, client, roster, policy, escalation } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const card = await cardOf(db, task.request_id);
    if (request?.state !== 'pending' || card === undefined) return nothing;
    const approvers = task.attempts > maxWaits ? roster.current() : await roster.recent();
    const link = await linkTo(client, card.at);
    const tasks = await tellingTasks(deps, request, card, approvers.named);
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
async function tellingTasks(
  deps: ApproverDelivery,
  request: Request,
  card: CardMessage,
  people: readonly string[],
): Promise<NewTask[]> {
  const others = people.filter((id) => id !== request.requester);
  const payload = { asked: askedAt(request), reminders: 0 };
  const { direct, inThread } = await split(deps, card, others);
  return [
    ...direct.map((to) => later('tell_approver', request, { ...payload, to }, deps.now())),
    ...(inThread ? [later('mention_approvers', request, { ...payload, to: '' }, deps.now())] : []),
  ];
}

async function split(
  { isIn }: Delivery,
  { at }: CardMessage,
  people: readonly string[],
): Promise<{ direct: readonly string[]; inThread: boolean }> {
  if (people.length <= maxDirect) return { direct: people, inThread: false };
  const outside: string[] = [];
  for (const person of people)
    if (outside.length < maxDirect && (await isIn(at.channel, person)) !== true) outside.push(person);
  return { direct: outside, inThread: true };
}

/** Tells or reminds one approver, and plans the next reminder, in their working hours, until somebody decided. */
export function tellApproverHandler(deps: ApproverDelivery): Handler {
  const { db, policy, people, now } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloadSchema.parse(JSON.parse(task.payload));
    const { to, reminders } = payload;
    if (request === undefined) return nothing;
    const id: MessageId = { requestId: request.id, kind: 'please_decide', nth: payload.asked, recipient: to };
    if (!stillWaits(request, payload, now())) return noteNeedless(deps, { task, held, request }, id);
    if (reminders === 0 && (await getMessage(db, id)) !== undefined) return nothing;
    const approver = await people.find(to);
    if (approver === undefined || mayApprove(approver, policy.approvers) !== undefined)
      return noteNeedless(deps, { task, held, request }, id);
    if (reminders > 0) assertAtWork(approver, now());
    const message = pleaseDecideMessage(request, await wayFor(deps, request, to), reminders);
    return tellInPlaceOfLast(
      deps,
      { task, held, request },
      { id, message, payload, timeZone: approver.timeZone },
    );
  };
}

/** Calls many approvers by one reply in the card's thread, and again as reminders, in the requester's working hours. */
export function mentionApproversHandler(deps: ApproverDelivery): Handler {
  const { db, people, now } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloadSchema.parse(JSON.parse(task.payload));
    if (request === undefined) return nothing;
    const id: MessageId = { requestId: request.id, kind: 'mention', nth: payload.asked, recipient: '' };
    if (!stillWaits(request, payload, now())) return noteNeedless(deps, { task, held, request }, id);
    if (payload.reminders === 0 && (await getMessage(db, id)) !== undefined) return nothing;
    const requester = await people.find(request.requester);
    if (payload.reminders > 0 && requester !== undefined) assertAtWork(requester, now());
    const called = await calledFrom(deps, request, deps.policy.approvers, deps.roster.current());
    const message = mentionMessage(request, called, payload.reminders);
    return tellInPlaceOfLast(
      deps,
      { task, held, request },
      { id, message, payload, timeZone: requester?.timeZone },
    );
  };
}

/** Whom a reply in the thread mentions: user groups whole; of single people those who decided most recently. */
async function calledFrom(
  { db }: Delivery,
  { teamId, requester }: Request,
  list: PeopleList,
  { named }: Pick<Roster, 'named'>,
): Promise<PeopleList> {
  const single = (isEmpty(list) ? named : list.users).filter((id) => id !== requester);
  if (single.length <= maxDirect) return { groups: list.groups, users: [...single] };
  const recent = await latestDeciders(db, teamId);
  const place = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length);
  const users = single.toSorted((one, other) => place(one) - place(other)).slice(0, maxDirect);
  return { groups: list.groups, users };
}

type Telling = {
  id: MessageId;
  message: Message;
  payload: Payload;
  timeZone: string | undefined;
};

/** Posts it, takes away what stood there for the same person before, so that they have one message, and plans the next. */
async function tellInPlaceOfLast(
  deps: ApproverDelivery,
  job: Job,
  { id, message, payload, timeZone }: Telling,
) {
  const { db, now, remindAfterMs } = deps;
  const { request } = job;
  const posted = await deliver(deps, job, id, message);
  const before = (await listMessages(db, request.id, [id.kind])).filter(
    ({ recipient, at }) => recipient === id.recipient && at?.ts !== posted.at?.ts,
  );
  if (posted.at !== undefined) for (const former of before) await takeAway(deps, job, former);
  const dueAt = nextWorkingMoment(now() + remindAfterMs * 2 ** payload.reminders, timeZone);
  const next = later(job.task.kind, request, { ...payload, reminders: payload.reminders + 1 }, dueAt);
  return async (tx: Tx) => {
    if (posted.at !== undefined) for (const former of before) await removeMessage(tx, former);
    await recordMessage(tx, posted, request);
    if (posted.at !== undefined && dueAt < request.expiresAt) await addTasks(tx, [next]);
  };
}

/** It was decided, or asked anew, before it was known whether this was sent: then it is drawn as things are, or taken away. */
async function noteNeedless(deps: ApproverDelivery, job: Job, id: MessageId) {
  const { request } = job;
  const sent = await findDelivered(deps, job, id);
  if (sent === undefined) return nothing;
  const others = (await listMessages(deps.db, request.id, [id.kind])).filter(
    ({ recipient, at }) => recipient === id.recipient && at !== undefined && at.ts !== sent.at?.ts,
  );
  if (others.length > 0) {
    await takeAway(deps, job, sent);
    return nothing;
  }
  return (tx: Tx) => recordMessage(tx, sent, request);
}

/** Deletes it; where Slack does not let us, it says only that there is a newer one. @throws as `postOnce` */
async function takeAway(
  { client, log }: Delivery,
  { held, request }: Job,
  { at, kind }: StoredMessage,
): Promise<void> {
  if (at === undefined) return;
  try {
    await deleteMessage(client, at).catch(async (error: unknown) => {
      if (!(error instanceof SlackRefused)) throw error;
      await redrawMessage(client, at, supersededMessage(request), held.assertMaySend);
    });
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    log.warn({ requestId: request.id, message: kind, code: error.code }, 'a former message stays');
  }
}

/** Finds out who is to know that nobody decided, and has each of them told. */
export function escalateHandler(deps: ApproverDelivery): Handler {
  const { db, escalation, now } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request?.state !== 'pending' || escalateLater(request).dueAt > task.due_at) return nothing;
    const card = await cardOf(db, request.id);
    if (card === undefined) return nothing;
    const told = (await everyoneOn(escalation, task.attempts, deps)).filter((id) => id !== request.requester);
    const { direct, inThread } = await split(deps, card, told);
    const asked = askedAt(request);
    const tasks = [...direct, ...(inThread ? [''] : [])].map((to) =>
      later('tell_escalation', request, { to, asked, reminders: 0 }, now()),
    );
    return (tx) => addTasks(tx, tasks);
  };
}

/** Tells one of them; or, in the thread, many. */
export function tellEscalationHandler(deps: ApproverDelivery): Handler {
  const { db, people, escalation, now } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloadSchema.parse(JSON.parse(task.payload));
    const { to, asked } = payload;
    if (request === undefined) return nothing;
    const id: MessageId = { requestId: request.id, kind: 'escalation', nth: asked, recipient: to };
    const job = { task, held, request };
    if (!stillWaits(request, payload, now())) return noteNeedless(deps, job, id);
    if ((await getMessage(db, id)) !== undefined) return nothing;
    if (to === '') {
      const called = await calledFrom(deps, request, escalation, { named: [] });
      return deliverAndRecord(deps, job, id, escalationMessage(request, { inThread: called }));
    }
    const person = await people.find(to);
    if (person?.standing !== 'member') return nothing;
    return deliverAndRecord(deps, job, id, escalationMessage(request, await wayFor(deps, request, to)));
  };
}

/** Everybody whom the list names. What Slack does not tell for now is waited for a while, and then left out. */
async function everyoneOn(
  { users, groups: named }: PeopleList,
  attempts: number,
  { groups, log }: Pick<ApproverDelivery, 'groups' | 'log'>,
): Promise<string[]> {
  const inGroups: string[] = [];
  for (const group of named) {
    const members = await groups.membersOf(group);
    if ('ids' in members) inGroups.push(...members.ids);
    else if (!members.lasts && attempts <= maxWaits) throw new TryLater(groupAgainMs, members.unknown);
    else log.warn({ group, why: members.unknown }, 'nobody of this user group can be told');
  }
  return [...new Set([...users, ...inGroups])];
}

/** Is what couldn't be checked in order now? */
function quorumNow({ requester }: Request, approvers: Roster, policy: Policy): Request['quorum'] {
  const { kind } = quorumFor({ id: requester }, approvers, policy);
  return kind === 'enough' ? undefined : kind === 'unknown' ? 'unknown' : 'too_few';
}

function later(kind: NewTask['kind'], request: Request, payload: Payload, dueAt: number): NewTask {
  const { asked, to, reminders } = payload;
  return {
    key: `${request.id}:${kind}:${asked}:${to}:${reminders}`,
    kind,
    requestId: request.id,
    dueAt,
    payload: JSON.stringify(payload),
    lane: to === '' ? request.channel : to,
  };
}

function stillWaits(request: Request, { to, asked }: Payload, at: number): boolean {
  return askedAt(request) === asked && waitsFor(request, to) && at < request.expiresAt;
}

/** It was planned for working hours, but this process may have been down then. @throws {TryLater} */
function assertAtWork({ timeZone }: Person, at: number): void {
  const next = nextWorkingMoment(at, timeZone);
  if (next > at) throw new TryLater(next - at, 'outside of working hours');
}
