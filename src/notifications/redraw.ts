import { payloads } from '../requests/payloads.ts';
import { offeredDirectly } from '../actions/index.ts';
import { redrawLane } from '../requests/follow-up.ts';
import type { Request } from '../requests/request.ts';
import type { Tx } from '../storage/database.ts';
import {
  cardOf,
  getMessage,
  listMessages,
  listPosted,
  noteDrawn,
  putMessage,
  type MessageId,
  type MessageKind,
  type StoredMessage,
} from '../storage/messages.ts';
import { getRequest, lockRequest } from '../requests/store.ts';
import { addTasks, type NewTask } from '../storage/tasks.ts';
import { retryDelayMs, TryLater, type Handler } from '../storage/worker.ts';
import { closedMessage, escalationMessage, pleaseDecideMessage } from '../views/approver-messages.ts';
import type { Message } from '../views/message.ts';
import { cardProblemMessage, triedAgainMessage } from '../views/outcome.ts';
import { formerCard } from '../views/request-card.ts';
import { currentRequest, deliver, drawAgain, nothing, type Delivery, type Job } from './delivery.ts';
import { wayFor } from './way.ts';

/** Undefined: what it shows stays true. @throws as `postOnce` */
type ShownNow = (
  request: Request,
  stored: StoredMessage,
  deps: Delivery,
) => Promise<Message | undefined> | Message | undefined;

/** What each message must show now. The current card has a task of its own; the rest tells what happened then, for good. */
const shownNow: Partial<Record<MessageKind, ShownNow>> = {
  card: async (request, { nth }, { db }) => {
    const current = await cardOf(db, request.id);
    return current === undefined || current.nth === nth ? undefined : formerCard(request);
  },
  card_problem: async (request, { recipient }, deps) => {
    // Once it is approved, nobody knows here what was changed in HaloPSA.
    if (request.state !== 'pending') return closedFor(request, recipient, deps);
    const posted = await listPosted(deps.db, [request.id]);
    return cardProblemMessage(request, posted(request.id));
  },
  outcome: (request, { nth }) =>
    request.triedAgain?.version === nth ? triedAgainMessage(request, request.triedAgain) : undefined,
  please_decide: async (request, { recipient }, deps) =>
    waitsFor(request, recipient)
      ? pleaseDecideMessage(request, {
          way: await wayFor(deps, request, recipient),
          reminders: 0,
          offered: offeredDirectly(request),
        })
      : closedFor(request, recipient, deps),
  escalation: async (request, { recipient }, deps) =>
    request.state === 'pending' && recipient !== ''
      ? escalationMessage(request, await wayFor(deps, request, recipient))
      : closedInPlace(request, recipient, deps),
  mention: (request, { recipient }, deps) => closedInPlace(request, recipient, deps),
};

/** What called people to a request that waits stays true as long as it waits. */
async function closedInPlace(
  request: Request,
  recipient: string,
  deps: Delivery,
): Promise<Message | undefined> {
  if (request.state === 'pending') return undefined;
  return recipient === '' ? closedMessage(request) : closedFor(request, recipient, deps);
}

async function closedFor(request: Request, recipient: string, deps: Delivery): Promise<Message> {
  return closedMessage(request, { id: recipient, way: await wayFor(deps, request, recipient) });
}

/** Is there still something for this person to decide? */
export function waitsFor({ state, approvals = [] }: Request, userId: string): boolean {
  return state === 'pending' && !approvals.some(({ by }) => by === userId);
}

/**
 * Stores where a message stands. Had the request changed before it did, it is drawn again; what changes it later finds
 * the message, because it waits for this.
 */
export async function recordMessage(tx: Tx, stored: StoredMessage, request: Request): Promise<void> {
  const now = await lockRequest(tx, request.id);
  await putMessage(tx, stored);
  if (stored.version !== now.version) await redrawOthers(tx, now);
}

/** As `deliver`, for what is only recorded. */
export async function deliverAndRecord(
  deps: Delivery,
  job: Job,
  id: MessageId,
  message: Message,
): Promise<(tx: Tx) => Promise<void>> {
  const stored = await deliver(deps, job, id, message);
  return (tx) => recordMessage(tx, stored, job.request);
}

/** What they show changes with the card too, and not with the request alone. */
const dependOnCard: readonly MessageKind[] = ['card', 'card_problem'];

/** Has all of its messages drawn again that may show what it was, but for the card that stands. */
export async function redrawOthers(tx: Tx, request: Request): Promise<void> {
  const card = await cardOf(tx, request.id);
  const others = (await listMessages(tx, request.id)).filter(
    ({ at, kind, nth, version }) =>
      at !== undefined &&
      shownNow[kind] !== undefined &&
      (version < request.version || dependOnCard.includes(kind)) &&
      !(kind === 'card' && nth === card?.nth),
  );
  await addTasks(
    tx,
    others.map((message) => redrawMessageLater(request, message)),
  );
}

function redrawMessageLater(request: Request, { requestId, kind, nth, recipient }: MessageId): NewTask {
  return {
    key: `${requestId}:redraw:${kind}:${nth}:${recipient}`,
    kind: 'redraw_message',
    requestId,
    dueAt: request.updatedAt,
    payload: JSON.stringify({ kind, nth, recipient }),
    lane: redrawLane,
  };
}

/** Draws one message as the request is now; and again, if the request changed meanwhile. */
export function redrawMessageHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    const id = { requestId: task.request_id, ...payloads.redraw_message.parse(task.payload) };
    const stored = await getMessage(deps.db, id);
    if (request === undefined || stored === undefined) return nothing;
    const message = await shownNow[id.kind]?.(request, stored, deps);
    const drawn =
      message === undefined
        ? { ...stored, version: request.version }
        : await drawAgain(deps, { held, request }, stored, message);
    return againWhileRefused(deps, { task, held, request }, drawn, async (tx) => {
      await noteDrawn(tx, drawn);
      const now = await currentRequest(tx, request);
      if (now.version !== request.version) await addTasks(tx, [redrawMessageLater(now, id)]);
    });
  };
}

/** What Slack says of a message that somebody deleted: no change of a setting brings it back. */
const deleted = 'message_not_found';
/** What was refused for so long is left as it is, in milliseconds after the last change of the request. */
const triedForMs = 7 * 86_400_000;

/**
 * What to record of a message that was drawn, or that nobody would be told without it. One that Slack refused is recorded at
 * once and tried again: else it would show what isn't so any more, or be missing, when its channel is opened again.
 * @throws {TryLater}
 */
export async function againWhileRefused(
  { refusedRetry, now }: Delivery,
  { task, held, request }: Job,
  { problem }: StoredMessage,
  record: (tx: Tx) => Promise<void>,
): Promise<(tx: Tx) => Promise<void>> {
  const isOver = problem === undefined || problem === deleted;
  if (isOver || now() > request.updatedAt + triedForMs) return record;
  await held.save(record);
  throw new TryLater(retryDelayMs(task.attempts, refusedRetry), `Slack refuses the message: ${problem}`);
}
