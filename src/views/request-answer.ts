import type { RequestAction } from '../requests/actions.ts';
import type { Failure, Request } from '../requests/request.ts';
import type { Message } from '../slack/posting.ts';
import { actionButtons } from './decision-buttons.ts';
import { explainFailure } from './failure-text.ts';
import { backToOverview } from './overview.ts';
import { planRows } from './plan-rows.ts';
import { editRows, editText, standing, warningBlocks, warningLines } from './request-card.ts';
import { messageProblems } from './request-line.ts';
import {
  context,
  cut,
  escape,
  escapeText,
  mention,
  moment,
  quote,
  requestName,
  rowLines,
  rows,
  screenReaderText,
  section,
} from './text.ts';
import { workWords } from './work-words.ts';

/** What goes with a request that is shown alone. */
export type RequestSurroundings = {
  /** What the reader may do with it. */
  actions: readonly RequestAction[];
  /** To its thread. Undefined: there is none, or Slack does not say. */
  link: string | undefined;
  /** What the reader just did. */
  done: string | undefined;
};

const mostQuestions = 5;
const mostQuestion = 300;

/** Everything about one request, and what the reader may do with it. */
export function requestAnswer(request: Request, { actions, link, done }: RequestSurroundings): Message {
  const lead = `*${requestName(request)}* ${escape(request.plan.name)}: ${standing(request)}${messageProblems(request)}`;
  const plan = planRows(request.plan, workWords(request).password);
  const asked = `Asked for by ${mention(request.requester)} on ${moment(request.createdAt)}.`;
  const approvals = (request.approvals ?? []).map(
    ({ by, at }) => `Approved by ${mention(by)} on ${moment(at)}.`,
  );
  const questions = (request.questions ?? []).slice(-mostQuestions).map(({ by, at, text }) => ({
    lead: `${mention(by)} asked on ${moment(at)}:`,
    text: cut(text, mostQuestion),
  }));
  const isPending = request.state === 'pending';
  const edit = editText(request);
  const changes = editRows(request);
  const buttons = actionButtons(request, actions, link);
  const failed = request.failure && failedText(request, request.failure);
  return {
    text: screenReaderText([
      done,
      lead,
      asked,
      ...approvals,
      failed,
      edit,
      ...rowLines(plan),
      ...(isPending ? warningLines(request) : []),
      ...rowLines(changes),
      ...questions.map((question) => `${question.lead} ${escapeText(question.text)}`),
      request.note && `Note: ${escapeText(request.note)}`,
    ]),
    blocks: [
      ...(done === undefined ? [] : [section(done)]),
      section(lead),
      ...(failed === undefined ? [] : [section(failed)]),
      ...(edit === undefined ? [] : [context(edit), ...(changes.length === 0 ? [] : [rows(changes)])]),
      ...(edit === undefined ? [] : [context('The plan now:')]),
      rows(plan),
      ...(isPending ? warningBlocks(request) : []),
      ...(request.note === '' ? [] : [context('Note:'), quote(request.note)]),
      ...questions.flatMap((question) => [context(question.lead), quote(question.text)]),
      context([asked, ...approvals].join('\n')),
      ...(buttons === undefined ? [] : [buttons]),
      backToOverview,
    ],
  };
}

function failedText(request: Request, failure: Failure): string {
  const { tried, changed, next } = explainFailure(failure, workWords(request).again);
  return `${escape(tried)} ${changed} ${next} Reference: \`${failure.reference}\``;
}
