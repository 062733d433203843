import { z } from 'zod';
import { plain, string } from './composition.ts';
import { actionable, confirmable } from './inputs.ts';

const style = z.enum(['primary', 'danger']).optional();
const accessible = { accessibility_label: string('button.accessibility_label').optional() };

export const button = z.strictObject({
  type: z.literal('button'),
  ...actionable,
  ...confirmable,
  ...accessible,
  text: plain('button.text'),
  value: string('button.value').optional(),
  url: string('button.url').optional(),
  style,
});

export const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  ...actionable,
  ...confirmable,
  ...accessible,
  text: plain('button.text'),
  style,
  workflow: z.strictObject({
    trigger: z.strictObject({
      url: z.string().min(1),
      customizable_input_parameters: z
        .array(z.strictObject({ name: z.string(), value: z.string() }))
        .optional(),
    }),
  }),
});

export const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  ...actionable,
  ...confirmable,
  ...accessible,
  icon: z.literal('trash'),
  text: plain('button.text'),
  value: string('button.value').optional(),
  visible_to_user_ids: z.array(z.string()).optional(),
});

const feedbackButton = z.strictObject({
  text: plain('button.text'),
  value: string('button.value'),
  ...accessible,
});
export const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  ...actionable,
  positive_button: feedbackButton,
  negative_button: feedbackButton,
});
