import type { Request } from '../requests/request.ts';
import type { Posted } from '../storage/messages.ts';
import { stateText } from './state-text.ts';
import { escape, mention, requestName } from './text.ts';
import { cut } from '../text/cut.ts';

const maxName = 80;
const maxReason = 200;

/** One request in a list: in a few lines, whatever people wrote. */
export function requestLine(request: Request, posted: Posted): string {
  const { decision } = request;
  const short =
    decision === undefined
      ? request
      : { ...request, decision: { ...decision, reason: cut(decision.reason, maxReason) } };
  return `*${requestName(request)}* ${cut(escape(request.plan.name), maxName)}: ${stateText(short)}${messageProblems(request, posted)}`;
}

/** What of the request's messages did not reach its channel. */
export function messageProblems(
  { requester }: Request,
  { cardStands, cardProblem, outcomeProblem }: Posted,
): string {
  const drawn = cardStands ? 'redrawn' : 'posted';
  const told = outcomeProblem?.toldDirectly
    ? `so ${mention(requester)} was told by direct message`
    : `and ${mention(requester)} could not be told by direct message either`;
  return [
    cardProblem === undefined ? '' : ` Its card could not be ${drawn} (\`${cardProblem}\`).`,
    outcomeProblem === undefined
      ? ''
      : ` Its result could not be posted in the thread (\`${outcomeProblem.code}\`), ${told}.`,
  ].join('');
}
