import { z } from 'zod';
import { escalateLater, redraw } from '../requests/follow-up.ts';
import {
  isEmpty,
  mayApprove,
  quorumFor,
  type PeopleList,
  type Person,
  type Policy,
} from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { nextWorkingMoment } from '../requests/working-time.ts';
import { getRequest } from '../storage/requests.ts';
import { addTasks, type NewTask, type Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { currentRequest, nothing, onceFor, record, type OutboxDeps } from './outbox.ts';
import type { Groups } from './groups.ts';
import type { People } from './people.ts';
import type { Message } from '../views/message.ts';
import { linkTo, postDirectlyOnce } from './posting.ts';
import type { Roster, RosterReader } from './roster.ts';

export type TellingDeps = Omit<OutboxDeps, 'render'> & {
  people: People;
  groups: Groups;
  roster: Pick<RosterReader, 'current' | 'recent'>;
  policy: Policy;
  /** Milliseconds before the first reminder; each further one waits twice as long. */
  remindAfterMs: number;
  /** Empty: nobody is told before a request expires. */
  escalation: PeopleList;
  render: {
    pleaseDecide: (request: Request, way: WayToCard, reminders: number) => Message;
    escalation: (request: Request, way: WayToCard) => Message;
  };
};

/** Where somebody finds the card: by a link, or nowhere, because it was deleted or they aren't, or may not be, in its channel. */
export type WayToCard = { link: string } | 'deleted' | 'not_in_channel' | 'maybe_not_in_channel';

/** `asked`: when the approval was asked for that this is about. An edit asks anew, and ends what went before. */
const payloadSchema = z.object({
  to: z.string(),
  asked: z.int(),
  /** To the card. Undefined: it was deleted. */
  link: z.string().optional(),
  reminders: z.int().nonnegative(),
});
type Payload = z.infer<typeof payloadSchema>;

/** Milliseconds before a user group is asked for again. */
const groupAgainMs = 5_000;

/** So often those are waited for of whom Slack hasn't told so far; then the others are told. */
const maxWaits = 60;

/**
 * Finds out where the card is and who may approve, and tells each of them directly; and those who are to know when nobody
 * decides. What couldn't be checked of the approvers when it was asked for, is checked then.
 */
export function tellApproversHandler(deps: TellingDeps): Handler {
  const { db, client, roster, policy, escalation } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request?.card === undefined || request.state !== 'pending') return nothing;
    const approvers = task.attempts > maxWaits ? roster.current() : await roster.recent();
    const link = await linkTo(client, request.card);
    const asked = askedAt(request);
    const tasks = othersThan(request.requester, approvers.named).map((to) =>
      tellPerson('tell_approver', request, { to, asked, link, reminders: 0 }, deps.now()),
    );
    const quorum = request.quorum && quorumNow(request, approvers, policy);
    return async (tx) => {
      const { card, ...now } = await currentRequest(tx, request);
      // Once it is decided, the request belongs to the job: that would be stopped by a change of somebody else.
      if (now.state === 'pending' && card !== undefined && (card.link !== link || now.quorum !== quorum))
        await record(tx, { card, ...now }, { card: { ...card, link }, quorum }, (after) =>
          now.quorum === quorum ? [] : [redraw(after)],
        );
      await addTasks(tx, [...tasks, ...(isEmpty(escalation) ? [] : [escalateLater(request, asked)])]);
    };
  };
}

/** Tells or reminds one approver, and plans the next reminder, in their working hours, until somebody decided. */
export function tellApproverHandler(deps: TellingDeps): Handler {
  const { db, policy, people, now, remindAfterMs, render } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloadSchema.parse(JSON.parse(task.payload));
    const { to, reminders, link } = payload;
    if (request === undefined || !stillWaitsFor(request, payload)) return nothing;
    const approver = await people.find(to);
    if (approver === undefined || mayApprove(approver, policy.approvers) !== undefined) return nothing;
    if (reminders > 0) assertAtWork(approver, now());
    const way = await wayFor(deps, request, to, link);
    const isTold = await tell(deps, task, request, to, render.pleaseDecide(request, way, reminders));
    if (!isTold) return nothing;
    const dueAt = nextWorkingMoment(now() + remindAfterMs * 2 ** reminders, approver.timeZone);
    if (dueAt >= request.expiresAt) return nothing;
    const next = tellPerson('tell_approver', request, { ...payload, reminders: reminders + 1 }, dueAt);
    return (tx) => addTasks(tx, [next]);
  };
}

/** Finds out who is to know that nobody decided, and tells each of them. */
export function escalateHandler(deps: TellingDeps): Handler {
  const { db, client, escalation, now } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const isOutdated = request !== undefined && escalateLater(request, askedAt(request)).dueAt > task.due_at;
    if (request?.card === undefined || request.state !== 'pending' || isOutdated) return nothing;
    const [told, link] = await Promise.all([
      everyoneOn(escalation, task, deps),
      linkTo(client, request.card),
    ]);
    const asked = askedAt(request);
    const tasks = othersThan(request.requester, told).map((to) =>
      tellPerson('tell_escalation', request, { to, asked, link, reminders: 0 }, now()),
    );
    return (tx) => addTasks(tx, tasks);
  };
}

/** Tells one of them. */
export function tellEscalationHandler(deps: TellingDeps): Handler {
  return async (task) => {
    const request = await getRequest(deps.db, task.request_id);
    const payload = payloadSchema.parse(JSON.parse(task.payload));
    if (request === undefined || !stillWaitsFor(request, payload)) return nothing;
    const person = await deps.people.find(payload.to);
    if (person?.standing !== 'member') return nothing;
    const way = await wayFor(deps, request, payload.to, payload.link);
    await tell(deps, task, request, payload.to, deps.render.escalation(request, way));
    return nothing;
  };
}

/** A link to a channel that somebody isn't in may not open, and nobody is notified there of what comes next. */
async function wayFor(
  { isIn }: TellingDeps,
  { card }: Request,
  userId: string,
  link: string | undefined,
): Promise<WayToCard> {
  if (card === undefined || link === undefined) return 'deleted';
  const isThere = await isIn(card.channel, userId);
  if (isThere === true) return { link };
  return isThere === undefined ? 'maybe_not_in_channel' : 'not_in_channel';
}

/** Everybody whom the list names. What Slack does not tell for now is waited for a while, and then left out. */
async function everyoneOn(
  { users, groups: named }: PeopleList,
  task: Task,
  { groups, log }: Pick<TellingDeps, 'groups' | 'log'>,
): Promise<string[]> {
  const inGroups: string[] = [];
  for (const group of named) {
    const members = await groups.membersOf(group);
    if ('ids' in members) inGroups.push(...members.ids);
    else if (!members.lasts && task.attempts <= maxWaits) throw new TryLater(groupAgainMs, members.unknown);
    else log.warn({ group, why: members.unknown }, 'nobody of this user group can be told');
  }
  return [...new Set([...users, ...inGroups])];
}

/** Is what couldn't be checked in order now? */
function quorumNow({ requester }: Request, approvers: Roster, policy: Policy): Request['quorum'] {
  const { kind } = quorumFor({ id: requester }, approvers, policy);
  return kind === 'enough' ? undefined : kind === 'unknown' ? 'unknown' : 'too_few';
}

function tellPerson(
  kind: 'tell_approver' | 'tell_escalation',
  request: Request,
  payload: Payload,
  dueAt: number,
): NewTask {
  const { asked, to, reminders } = payload;
  return {
    key: `${request.id}:${kind}:${asked}:${to}:${reminders}`,
    kind,
    requestId: request.id,
    dueAt,
    payload: JSON.stringify(payload),
  };
}

function askedAt({ edit, createdAt }: Request): number {
  return edit?.at ?? createdAt;
}

function stillWaitsFor(request: Request, { to, asked }: Payload): boolean {
  const hasApproved = (request.approvals ?? []).some(({ by }) => by === to);
  return request.state === 'pending' && askedAt(request) === asked && !hasApproved;
}

function othersThan(requester: string, people: readonly string[]): string[] {
  return people.filter((id) => id !== requester);
}

/** It was planned for working hours, but this process may have been down then. @throws {TryLater} */
function assertAtWork({ timeZone }: Person, at: number): void {
  const next = nextWorkingMoment(at, timeZone);
  if (next > at) throw new TryLater(next - at, 'outside of working hours');
}

/** @returns false when Slack does not let us write to this person */
async function tell(
  { client, admit, log }: TellingDeps,
  task: Task,
  request: Request,
  userId: string,
  message: Message,
): Promise<boolean> {
  const code = await postDirectlyOnce({ client, admit }, userId, message, onceFor(task, request));
  if (code !== undefined) log.warn({ requestId: request.id, userId, code }, 'person cannot be told directly');
  return code === undefined;
}
