import type { Failure, Request } from '../requests/request.ts';
import type { Posted } from '../storage/messages.ts';
import { actionButtons, againOn, type ActionButton } from './action-buttons.ts';
import { explainFailure } from './failure-text.ts';
import { backToOverview } from './overview.ts';
import { constantsText, planRows } from './plan-rows.ts';
import { buttons, kept, message, paragraph, quotation, small, table, type Message } from './message.ts';
import { editRows, editText, repairParts, warningParts } from './request-card.ts';
import { stateText } from './state-text.ts';
import { messageProblems } from './request-line.ts';
import { escape, mention, moment, requestName } from './text.ts';
import { cut } from '../text/cut.ts';
import { workWords } from './work-words.ts';

/** What goes with a request that is shown alone. */
export type RequestSurroundings = {
  /** What the reader may do with it. */
  offered: readonly ActionButton[];
  /** To its thread. Undefined: there is none, or Slack does not say. */
  link: string | undefined;
  /** Where its messages stand. */
  posted: Posted;
  /** What the reader just did. */
  done: string | undefined;
};

const maxQuestions = 5;
const maxQuestion = 300;

/** Everything about one request, and what the reader may do with it. */
export function requestAnswer(
  request: Request,
  { offered, link, posted, done }: RequestSurroundings,
): Message {
  const what = request.repairs === undefined ? request.plan.name : workWords(request).title;
  const lead = `*${requestName(request)}* ${escape(what)}: ${stateText(request)}${messageProblems(request, posted)}`;
  const plan = planRows(request);
  const asked = `Requested by ${mention(request.requester)} on ${moment(request.createdAt)}.`;
  const approvals = (request.approvals ?? []).map(
    ({ by, at }) => `Approved by ${mention(by)} on ${moment(at)}.`,
  );
  const questions = (request.questions ?? []).slice(-maxQuestions).map(({ by, at, text }) => ({
    lead: `${mention(by)} asked on ${moment(at)}:`,
    text: cut(text, maxQuestion),
  }));
  const isPending = request.state === 'pending';
  const edit = editText(request);
  const changes = editRows(request);
  const pressable = actionButtons(request, [...offered, ...againOn(request)], { link });
  return message([
    ...(done === undefined ? [] : [kept(paragraph(done))]),
    kept(paragraph(lead)),
    ...(request.failure === undefined ? [] : [kept(paragraph(failedText(request, request.failure)))]),
    ...(isPending ? [...warningParts(request), ...repairParts(request)] : []),
    ...(edit === undefined ? [] : [small(edit), ...(changes.length === 0 ? [] : [table(changes)])]),
    ...(edit === undefined ? [] : [small('Settings now:')]),
    kept(table(plan)),
    small(constantsText(request)),
    ...(request.note === '' ? [] : [small('Note:'), quotation(request.note)]),
    ...questions.flatMap((question) => [small(question.lead), quotation(question.text)]),
    small([asked, ...approvals].join('\n')),
    ...(pressable === undefined ? [] : [buttons(pressable)]),
    buttons(backToOverview),
  ]);
}

function failedText(request: Request, failure: Failure): string {
  const { step, tried, changed, next } = explainFailure(failure, workWords(request).again);
  return `Failed ${step}. ${escape(tried)} ${changed} ${next} Reference: \`${failure.reference}\``;
}
