import type { Request } from '../requests/request.ts';

type Question = NonNullable<Request['questions']>[number];

/** The last question of an approver, while the requester has neither answered it nor changed the request since. */
export function openQuestion({
  state,
  questions = [],
  edit,
}: Request): { index: number; question: Question } | undefined {
  const question = questions.at(-1);
  if (state !== 'pending' || question === undefined || question.isAnswered === true) return undefined;
  if (edit !== undefined && edit.at > question.at) return undefined;
  return { index: questions.length - 1, question };
}
