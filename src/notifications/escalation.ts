import { payloads } from '../requests/payloads.ts';
import { askedAt, escalateLater } from '../requests/follow-up.ts';
import type { PeopleList } from '../requests/policy.ts';
import { cardOf, getMessage, type MessageId } from '../storage/messages.ts';
import { getRequest } from '../requests/store.ts';
import { addTasks } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { escalationMessage } from '../views/approver-messages.ts';
import {
  calledFrom,
  later,
  maxWaits,
  noteNeedless,
  splitByChannel,
  stillWaits,
  type ApproverDelivery,
} from './calling.ts';
import { nothing } from './delivery.ts';
import { deliverAndRecord } from './redraw.ts';
import { wayFor } from './way.ts';

/** Milliseconds before Slack is asked again. */
const groupAgainMs = 5_000;

/** Finds out who is to know that nobody decided, and has each of them told. */
export function escalateHandler(deps: ApproverDelivery): Handler {
  const { db, escalation, now } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    if (request?.state !== 'pending' || escalateLater(request).dueAt > task.due_at) return nothing;
    const card = await cardOf(db, request.id);
    if (card === undefined) return nothing;
    const told = (await everyoneOn(escalation, task.attempts, deps)).filter((id) => id !== request.requester);
    const { direct, inThread } = await splitByChannel(deps, card, told);
    const asked = askedAt(request);
    const tasks = [...direct, ...(inThread ? [''] : [])].map((to) =>
      later('tell_escalation', request, { to, asked, reminders: 0 }, now()),
    );
    return (tx) => addTasks(tx, tasks);
  };
}

/** Tells one of them; or, in the thread, many. */
export function notifyEscalationHandler(deps: ApproverDelivery): Handler {
  const { db, people, escalation, now } = deps;
  return async (task, held) => {
    const request = await getRequest(db, task.request_id);
    const payload = payloads.tell_escalation.parse(task.payload);
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
