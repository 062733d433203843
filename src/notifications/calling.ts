import type { Asked } from '../requests/payloads.ts';
import { askedAt } from '../requests/follow-up.ts';
import { isEmpty, type PeopleList, type Policy } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import type { Groups } from '../slack/groups.ts';
import type { People } from '../slack/people.ts';
import { deleteMessage, redrawMessage, SlackRefused } from '../slack/posting.ts';
import type { Roster, RosterReader } from '../slack/roster.ts';
import { latestDeciders } from '../storage/audit/audit.ts';
import type { Tx } from '../storage/database.ts';
import { listMessages, type CardMessage, type MessageId, type StoredMessage } from '../storage/messages.ts';
import type { NewTask } from '../storage/tasks.ts';
import { supersededMessage } from '../views/approver-messages.ts';
import { findDelivered, nothing, type Delivery, type Job } from './delivery.ts';
import { recordMessage, waitsFor } from './redraw.ts';

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

/** So often those are waited for of whom Slack hasn't told so far; then the others are told. */
export const maxWaits = 60;

/** Of these people, who is told directly; and is the rest called in the thread? Those who don't see the card come first. */
export async function splitByChannel(
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

/** Whom a reply in the thread mentions: user groups whole; of single people those who decided most recently. */
export async function calledFrom(
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

/** It was decided, or asked anew, before it was known whether this was sent: then it is drawn as things are, or taken away. */
export async function noteNeedless(deps: ApproverDelivery, job: Job, id: MessageId) {
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
export async function takeAway(
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

/** Tell somebody, or with `to` empty the thread. */
export function later(kind: NewTask['kind'], request: Request, payload: Asked, dueAt: number): NewTask {
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

/** Is this what was asked last, and is there still something to decide for whom it is meant? */
export function stillWaits(request: Request, { to, asked }: Asked, at: number): boolean {
  return askedAt(request) === asked && waitsFor(request, to) && at < request.expiresAt;
}
