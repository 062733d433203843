import { mayNotDecide } from '../requests/decisions.ts';
import { askThread, redraw } from '../requests/follow-up.ts';
import { amend } from '../requests/states.ts';
import type { TextAction } from './action.ts';

/** Whoever may decide may put a question to the requester first. Nothing is decided by it. */
export const ask: TextAction = {
  audit: { what: 'asked', did: 'asked the requester a question', tried: 'tried to ask a question' },
  actionId: 'ask_requester',
  button: () => ({ text: 'Ask a question', label: (name) => `Ask a question about ${name}` }),
  form: {
    callbackId: 'neo_question',
    title: 'Ask a question',
    submit: 'Ask',
    lead: 'I post it in the thread and mention the requester. The request stays as it is.',
    label: 'Question',
  },
  helps: ({ state }) => state === 'pending',
  isInDirectMessages: true,
  isDone: ({ questions = [] }, { viewId }) => questions.some((question) => question.viewId === viewId),
  may: mayNotDecide,
  change: (request, { by, at }, asked) => ({
    request: amend(request, at, {
      questions: [...(request.questions ?? []), { ...asked, by: by.id, at }],
    }),
  }),
  follows: (after) => [redraw(after), askThread(after)],
  said: (name) => `Your question about ${name} is in the thread. I’ve mentioned the requester.`,
};
