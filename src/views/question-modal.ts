import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actionIds, blockIds, callbackIds } from './ids.ts';
import { readRequestShown, requestShown, type RequestShown } from './request-shown.ts';
import { cleanText, plain, section } from './text.ts';

/** Asks what to ask. */
export function questionModal(shown: RequestShown): ModalView {
  return {
    type: 'modal',
    callback_id: callbackIds.question,
    title: plain('Ask a question', 24),
    submit: plain('Ask', 24),
    close: plain('Cancel', 24),
    private_metadata: requestShown(shown),
    blocks: [
      section('It is posted in the thread and mentions the requester. The request stays as it is.'),
      {
        type: 'input',
        block_id: blockIds.question,
        label: plain('Question', 2000),
        element: { type: 'plain_text_input', action_id: actionIds.input, multiline: true, max_length: 1000 },
      },
    ],
  };
}

const submittedView = z.object({
  private_metadata: readRequestShown,
  state: z.object({
    values: z.object({
      [blockIds.question]: z.object({ [actionIds.input]: z.object({ value: z.string().nullish() }) }),
    }),
  }),
});

/** @throws ZodError: not our modal. */
export function readQuestionModal(view: unknown): RequestShown & { text: string } {
  const { private_metadata: shown, state } = submittedView.parse(view);
  return { ...shown, text: cleanText(state.values[blockIds.question][actionIds.input].value ?? '') };
}
