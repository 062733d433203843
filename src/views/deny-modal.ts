import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { actionIds, blockIds, callbackIds } from './ids.ts';
import { readRequestShown, requestShown, type RequestShown } from './request-shown.ts';
import { cleanText, plain, section } from './text.ts';

/** Asks why. The request is named by its id alone: what it is now is read when this is submitted. */
export function denyModal(shown: RequestShown): ModalView {
  return {
    type: 'modal',
    callback_id: callbackIds.deny,
    title: plain('Deny the request', 24),
    submit: plain('Deny request', 24),
    close: plain('Cancel', 24),
    private_metadata: requestShown(shown),
    blocks: [
      section(
        'Nothing is changed in HaloPSA. The requester reads your reason in the thread and in a direct message.',
      ),
      {
        type: 'input',
        block_id: blockIds.reason,
        optional: true,
        label: plain('Reason', 2000),
        element: { type: 'plain_text_input', action_id: actionIds.input, multiline: true, max_length: 1000 },
      },
    ],
  };
}

const submittedView = z.object({
  private_metadata: readRequestShown,
  state: z.object({
    values: z.object({
      [blockIds.reason]: z.object({ [actionIds.input]: z.object({ value: z.string().nullish() }) }),
    }),
  }),
});

/** @throws ZodError: not our modal. */
export function readDenyModal(view: unknown): RequestShown & { reason: string } {
  const { private_metadata: metadata, state } = submittedView.parse(view);
  return { ...metadata, reason: cleanText(state.values[blockIds.reason][actionIds.input].value ?? '') };
}
