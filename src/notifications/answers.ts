import { payloads } from '../requests/payloads.ts';
import { z } from 'zod';
import { lookForAnswer, redraw } from '../requests/follow-up.ts';
import { openQuestion } from '../views/open-question.ts';
import type { Request } from '../requests/request.ts';
import { amend } from '../requests/states.ts';
import { SlackRefused, translated } from '../slack/posting.ts';
import { cardOf, getMessage } from '../storage/messages.ts';
import { getRequest, replaceRequest } from '../requests/store.ts';
import { addTasks } from '../storage/tasks.ts';
import { TryLater, type Handler } from '../storage/worker.ts';
import { nothing, type Delivery } from './delivery.ts';

const replySchema = z.object({
  user: z.string().optional(),
  ts: z.string(),
});
const pageSchema = z.object({ messages: z.array(z.unknown()).optional() });
const repliesPerPage = 100;
const changedMs = 100;

/** Looks whether the requester has replied since the last question was put, so that the card stops saying that it is open. */
export function lookForAnswerHandler(deps: Delivery): Handler {
  const { db, now } = deps;
  return async (task) => {
    const request = await getRequest(db, task.request_id);
    const open = request && openQuestion(request);
    if (request === undefined || open === undefined) return nothing;
    const { index, question } = open;
    const looks = payloads.look_for_answer.parse(task.payload);
    const put = await getMessage(db, { requestId: request.id, kind: 'question', nth: index, recipient: '' });
    const card = await cardOf(db, request.id);
    const isAnswered =
      put?.at !== undefined &&
      card !== undefined &&
      (await hasReplied(deps, request, { card: card.at, since: put.at.ts }));
    if (!isAnswered) return (tx) => addTasks(tx, lookForAnswer(request, looks + 1, now()));
    const questions = (request.questions ?? []).map((one) =>
      one === question ? { ...one, isAnswered: true } : one,
    );
    const after = amend(request, now(), { questions });
    return async (tx) => {
      if (!(await replaceRequest(tx, request, after, { tasks: [redraw(after)] })))
        throw new TryLater(changedMs, 'The request changed while its answer was recorded');
    };
  };
}

/** Since the question was put, in the card's thread. A thread that is gone has no answer. */
async function hasReplied(
  { client }: Delivery,
  { requester }: Request,
  { card, since }: { card: { channel: string; ts: string }; since: string },
): Promise<boolean> {
  const found = { channel: card.channel, ts: card.ts, oldest: since, limit: repliesPerPage };
  try {
    const { messages = [] } = pageSchema.parse(await translated(() => client.conversations.replies(found)));
    return messages.some((message) => {
      const { data } = replySchema.safeParse(message);
      return data?.user === requester && Number(data.ts) > Number(since);
    });
  } catch (error) {
    if (!(error instanceof SlackRefused)) throw error;
    return false;
  }
}
