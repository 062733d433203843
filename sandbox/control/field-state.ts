import { z } from 'zod';
import { richOption } from '../slack/block-kit/composition.ts';
import { richText } from '../slack/block-kit/rich-text.ts';
import type { FieldState } from '../slack/state.ts';

const text = z.string().nullable();
const texts = z.array(z.string());

/** What a field is to hold, in the shape of `view.state.values`. */
export const fieldStateSchema: z.ZodType<FieldState> = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['plain_text_input', 'email_text_input', 'url_text_input', 'number_input']),
    value: text,
  }),
  z.object({ type: z.literal('rich_text_input'), rich_text_value: richText.exactOptional() }),
  z.object({ type: z.literal('datepicker'), selected_date: text }),
  z.object({
    type: z.literal('timepicker'),
    selected_time: text,
    timezone: z.string().exactOptional(),
  }),
  z.object({ type: z.literal('datetimepicker'), selected_date_time: z.int().nullable() }),
  z.object({
    type: z.enum(['static_select', 'external_select', 'radio_buttons']),
    selected_option: richOption.nullable(),
  }),
  z.object({
    type: z.enum(['multi_static_select', 'multi_external_select', 'checkboxes']),
    selected_options: z.array(richOption),
  }),
  z.object({ type: z.literal('users_select'), selected_user: text }),
  z.object({ type: z.literal('multi_users_select'), selected_users: texts }),
  z.object({ type: z.literal('conversations_select'), selected_conversation: text }),
  z.object({ type: z.literal('multi_conversations_select'), selected_conversations: texts }),
  z.object({ type: z.literal('channels_select'), selected_channel: text }),
  z.object({ type: z.literal('multi_channels_select'), selected_channels: texts }),
]);
