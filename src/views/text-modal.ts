import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actionIds, blockIds } from './ids.ts';
import { readRequestShown, requestShown, type RequestShown } from './request-shown.ts';
import { cleanText, plain, section } from './text.ts';

/** A form that asks for one text, which must be given. */
export type TextForm = {
  callbackId: string;
  title: string;
  submit: string;
  lead: string;
  label: string;
};

/** The request is named by its id alone: what it is now is read when this is submitted. */
export function textModal(form: TextForm, shown: RequestShown): ModalView {
  return {
    type: 'modal',
    callback_id: form.callbackId,
    title: plain(form.title, 24),
    submit: plain(form.submit, 24),
    close: plain('Cancel', 24),
    private_metadata: requestShown(shown),
    blocks: [
      section(form.lead),
      {
        type: 'input',
        block_id: blockIds.text,
        label: plain(form.label, 2000),
        element: { type: 'plain_text_input', action_id: actionIds.input, multiline: true, max_length: 1000 },
      },
    ],
  };
}

const submittedView = z.object({
  private_metadata: readRequestShown,
  state: z.object({
    values: z.object({
      [blockIds.text]: z.object({ [actionIds.input]: z.object({ value: z.string().nullish() }) }),
    }),
  }),
});

/** @throws ZodError: not such a form. */
export function readTextModal(view: unknown): RequestShown & { text: string } {
  const { private_metadata: shown, state } = submittedView.parse(view);
  return { ...shown, text: cleanText(state.values[blockIds.text][actionIds.input].value ?? '') };
}
