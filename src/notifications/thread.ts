import { payloads, type ToldRequester } from '../requests/payloads.ts';
import { offeredOn } from '../actions/index.ts';
import { cardFor, driftNews, lookForAnswer, postCard, notifyRequester } from '../requests/follow-up.ts';
import { isLongNote, type Request } from '../requests/request.ts';
import { isOpen, isSetUp } from '../requests/states.ts';
import type { Tx } from '../storage/database.ts';
import { cardOf, getMessage, listPosted, type MessageId } from '../storage/messages.ts';
import { getRequest } from '../requests/store.ts';
import { addTasks, isWaiting } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { questionMessage } from '../views/approver-messages.ts';
import { driftMessage } from '../views/drift.ts';
import type { Message } from '../views/message.ts';
import { outcomeMessage } from '../views/outcome.ts';
import { editNote, noteMessage } from '../views/request-card.ts';
import { deliver, nothing, type Delivery, type Job } from './delivery.ts';
import { deliverAndRecord, recordMessage } from './redraw.ts';

/** Tells how it ended: in the card's thread, and then to the requester directly where that is needed. */
export function postOutcomeHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    // What was sent to HaloPSA again meanwhile has another outcome to come.
    if (request === undefined || isOpen(request.state)) return nothing;
    const { cardStands, cardProblem } = (await listPosted(deps.db, [request.id]))(request.id);
    // The card is being posted at this moment: its thread is the place to tell. One that Slack refuses is not waited for.
    const mayCome = !cardStands && cardProblem === undefined;
    if (mayCome && (await isWaiting(deps.db, postCard(request).key)))
      throw new TryLater(deps.cardInFlightRetryMs, 'the card is not posted yet');
    const told = request.state === 'denied' ? 'denied' : 'outcome';
    return postAndNotifyRequester(
      deps,
      { task, held, request },
      told,
      request.version,
      outcomeMessage(request, offeredOn(request)),
    );
  };
}

/** Puts a question to the requester. */
export function postQuestionHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request === undefined) return nothing;
    const index = payloads.post_question.parse(task.payload);
    const record = await postAndNotifyRequester(
      deps,
      { task, held, request },
      'question',
      index,
      questionMessage(request, index),
    );
    return async (tx) => {
      await record(tx);
      await addTasks(tx, lookForAnswer(request, 0, deps.now()));
    };
  };
}

/** Tells that the agent is not as planned, or that it is again. What is out of date by now has a task of its own. */
export function postDriftHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request === undefined || !isSetUp(request) || driftNews(request) !== task.payload) return nothing;
    return postAndNotifyRequester(
      deps,
      { task, held, request },
      'drift',
      request.version,
      driftMessage(request),
    );
  };
}

/** Says in the thread what the requester changed: the card shows the last change alone. */
export function postEditHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request?.edit === undefined || (await cardOf(deps.db, request.id)) === undefined) return nothing;
    const id = inThread(request, 'edit', request.edit.at);
    return deliverAndRecord(deps, { task, held, request }, id, editNote(request));
  };
}

/** Posts the whole note in the thread when the card shows only its beginning. */
export function postNoteHandler(deps: Delivery): Handler {
  return async (task, held) => {
    const request = await getRequest(deps.db, task.request_id);
    if (request === undefined || !isLongNote(request.note)) return nothing;
    const id = inThread(request, 'note', cardFor(request));
    const wasThere = (await getMessage(deps.db, id)) !== undefined;
    if (wasThere || (await cardOf(deps.db, request.id)) === undefined) return nothing;
    return deliverAndRecord(deps, { task, held, request }, id, noteMessage(request));
  };
}

function inThread({ id }: Request, kind: MessageId['kind'], nth: number): MessageId {
  return { requestId: id, kind, nth, recipient: '' };
}

/** In the thread; whether the requester must be told directly too is looked at once it stands there, or can't. */
async function postAndNotifyRequester(
  deps: Delivery,
  job: Job,
  what: Exclude<ToldRequester, 'card_problem'>,
  nth: number,
  message: Message,
) {
  const { request } = job;
  // A denial says more to the requester directly, but in the thread it is an outcome.
  const kind = what === 'denied' ? 'outcome' : what;
  const stored = await deliver(deps, job, inThread(request, kind, nth), message);
  return async (tx: Tx) => {
    await recordMessage(tx, stored, request);
    await addTasks(tx, [notifyRequester(request, what, nth, deps.now())]);
  };
}
