import { z } from 'zod';
import { escalateLater } from '../requests/follow-up.ts';
import { isEmpty, mayApprove, type PeopleList, type Person, type Policy } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { nextWorkingMoment } from '../requests/working-time.ts';
import { getRequest } from '../storage/requests.ts';
import { addTasks, type NewTask, type Task } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { currentRequest, nothing, onceFor, record, type OutboxDeps } from './outbox.ts';
import type { People } from './people.ts';
import { linkTo, postDirectlyOnce, type Message } from './posting.ts';

export type TellingDeps = Omit<OutboxDeps, 'render'> & {
  people: People;
  policy: Policy;
  /** Milliseconds before the first reminder; each further one waits twice as long. */
  remindAfterMs: number;
  /** Empty: nobody is told before a request expires. */
  escalation: PeopleList;
  render: {
    pleaseDecide: (request: Request, link: string | undefined, reminders: number) => Message;
    escalation: (request: Request, link: string | undefined) => Message;
  };
};

/** `asked`: when the approval was asked for that this is about. An edit asks anew, and ends what went before. */
const payloadSchema = z.object({
  to: z.string(),
  asked: z.int(),
  /** To the card. Undefined: it was deleted. */
  link: z.string().optional(),
  reminders: z.int().nonnegative(),
});
type Payload = z.infer<typeof payloadSchema>;

/** Finds out where the card is and who may approve now, and tells each of them directly; and those who are to know when nobody decides. */
export function tellApproversHandler(deps: TellingDeps): Handler {
  const { db, client, people, policy, escalation } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request?.card === undefined || request.state !== 'pending') return nothing;
    const [approvers, link] = await Promise.all([
      people.everyoneOn(policy.approvers),
      linkTo(client, request.card),
    ]);
    const asked = askedAt(request);
    const tasks = othersThan(request.requester, approvers).map(({ id }) =>
      tellPerson('tell_approver', request, { to: id, asked, link, reminders: 0 }, deps.now()),
    );
    return async (tx) => {
      const { card, ...now } = await currentRequest(tx, request);
      // Once it is decided, the request belongs to the job: that would be stopped by a change of somebody else.
      if (now.state === 'pending' && card !== undefined && card.link !== link)
        await record(tx, { card, ...now }, { card: { ...card, link } });
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
    const approver = await people.lookUp(to);
    if (mayApprove(approver, policy.approvers) !== undefined) return nothing;
    if (reminders > 0) assertAtWork(approver, now());
    const isTold = await tell(deps, task, request, to, render.pleaseDecide(request, link, reminders));
    if (!isTold) return nothing;
    const dueAt = nextWorkingMoment(now() + remindAfterMs * 2 ** reminders, approver.timeZone);
    if (dueAt >= request.expiresAt) return nothing;
    const next = tellPerson('tell_approver', request, { ...payload, reminders: reminders + 1 }, dueAt);
    return (tx) => addTasks(tx, [next]);
  };
}

/** Finds out who is to know that nobody decided, and tells each of them. */
export function escalateHandler(deps: TellingDeps): Handler {
  const { db, client, people, escalation, now } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const isOutdated = request !== undefined && escalateLater(request, askedAt(request)).dueAt > task.due_at;
    if (request?.card === undefined || request.state !== 'pending' || isOutdated) return nothing;
    const [told, link] = await Promise.all([people.everyoneOn(escalation), linkTo(client, request.card)]);
    const asked = askedAt(request);
    const tasks = othersThan(request.requester, told).map(({ id }) =>
      tellPerson('tell_escalation', request, { to: id, asked, link, reminders: 0 }, now()),
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
    await tell(deps, task, request, payload.to, deps.render.escalation(request, payload.link));
    return nothing;
  };
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

function othersThan(requester: string, people: readonly Person[]): Person[] {
  return people.filter(({ id }) => id !== requester);
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
