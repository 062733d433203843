import { offeredOn } from '../actions/index.ts';
import { payloads, type ToldRequester } from '../requests/payloads.ts';
import type { Request } from '../requests/request.ts';
import { isOpen, isSetUp } from '../requests/states.ts';
import { cardOf, getMessage, listMessages, listPosted, type MessageKind } from '../storage/messages.ts';
import { getRequest } from '../requests/store.ts';
import type { Handler } from '../storage/worker.ts';
import { deniedMessage, questionMessage } from '../views/approver-messages.ts';
import { driftMessage } from '../views/drift.ts';
import type { Message } from '../views/message.ts';
import { cardProblemMessage, outcomeMessage } from '../views/outcome.ts';
import { deliver, findDelivered, nothing, type Delivery } from './delivery.ts';
import { againWhileRefused, recordMessage } from './redraw.ts';
import { linkFor } from './way.ts';

/** `nth`: see `MessageId`. Undefined: it need not be told, or not any more. @throws as `postOnce` */
type Told = (request: Request, nth: number, deps: Delivery) => Promise<Message | undefined>;

const messages: Record<ToldRequester, Told> = {
  card_problem: async (request, _nth, { db }) => {
    const posted = (await listPosted(db, [request.id]))(request.id);
    const lasts = posted.cardProblem !== undefined && request.state === 'pending';
    return lasts ? cardProblemMessage(request, posted) : undefined;
  },
  denied: async (request, _nth, deps) => deniedMessage(request, await linkFor(deps, request)),
  outcome: async (request, nth, deps) =>
    !isOpen(request.state) &&
    (await isLastOutcome(deps, request, nth)) &&
    (await mustBeToldDirectly(deps, request, 'outcome', nth))
      ? outcomeMessage(request, offeredOn(request))
      : undefined,
  question: async (request, nth, deps) =>
    (await mustBeToldDirectly(deps, request, 'question', nth)) ? questionMessage(request, nth) : undefined,
  drift: async (request, nth, deps) =>
    isSetUp(request) && request.version === nth && (await mustBeToldDirectly(deps, request, 'drift', nth))
      ? driftMessage(request)
      : undefined,
};

/** Tells the requester what the thread does not tell them. */
export function notifyRequesterHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request === undefined) return nothing;
    const { what, nth } = payloads.tell_requester.parse(task.payload);
    const message = await messages[what](request, nth, deps);
    const kind: MessageKind = what;
    const id = { requestId: request.id, kind, nth, recipient: request.requester };
    if (message === undefined) {
      const sent = await findDelivered(deps, { task, held, request }, id);
      return sent === undefined ? nothing : (tx) => recordMessage(tx, sent, request);
    }
    const job = { task, held, request };
    const stored = await deliver(deps, job, id, message);
    return againWhileRefused(deps, job, stored, (tx) => recordMessage(tx, stored, request));
  };
}

/** What was sent to HaloPSA again meanwhile has another outcome. */
async function isLastOutcome({ db }: Delivery, { id }: Request, nth: number): Promise<boolean> {
  const outcomes = await listMessages(db, id, ['outcome']);
  return outcomes.at(-1)?.nth === nth;
}

/** Who isn't in the card's channel isn't notified there, and may not even see it. Nor is anybody where the thread is closed. */
async function mustBeToldDirectly(
  { db, isIn }: Delivery,
  { id, requester }: Request,
  kind: MessageKind,
  nth: number,
): Promise<boolean> {
  const inThread = await getMessage(db, { requestId: id, kind, nth, recipient: '' });
  const card = await cardOf(db, id);
  if (inThread?.problem !== undefined || card === undefined) return true;
  return (await isIn(card.at.channel, requester)) !== true;
}
