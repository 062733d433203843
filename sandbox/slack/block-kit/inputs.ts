import { z } from 'zod';
import { actionId, confirm, count, plain, string } from './composition.ts';
import { most } from './limits.ts';
import { richText } from './rich-text.ts';

/** The elements that somebody types into, and the pickers. */

export const actionable = { action_id: actionId };
export const focusable = { focus_on_load: z.boolean().optional() };
export const confirmable = { confirm: confirm.optional() };
export const placeholdable = { placeholder: plain('placeholder').optional() };
const dispatchable = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z
        .array(z.enum(['on_enter_pressed', 'on_character_entered']))
        .min(1, 'no fewer than 1 items allowed')
        .max(2, 'no more than 2 items allowed')
        .optional(),
    })
    .optional(),
};
const typed = { ...actionable, ...focusable, ...placeholdable, ...dispatchable };
const picked = { ...actionable, ...focusable, ...confirmable };

const notAfter = (least: number | undefined, greatest: number | undefined) =>
  least === undefined || greatest === undefined || least <= greatest;

const plainTextInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    ...typed,
    initial_value: string('plain_text_input.length', 0).optional(),
    multiline: z.boolean().optional(),
    min_length: count('plain_text_input.length', 0).optional(),
    max_length: count('plain_text_input.length', 1).optional(),
  })
  .refine(
    ({ min_length, max_length }) => notAfter(min_length, max_length),
    'min_length must not be more than max_length',
  )
  .refine(
    ({ initial_value: value = '', max_length: longest = most['plain_text_input.length'] }) =>
      Array.from(value).length <= longest,
    'initial_value must not be longer than max_length',
  );

const aNumber = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number in a string');
const numberInput = z
  .strictObject({
    type: z.literal('number_input'),
    ...typed,
    is_decimal_allowed: z.boolean(),
    initial_value: aNumber.optional(),
    min_value: aNumber.optional(),
    max_value: aNumber.optional(),
  })
  .refine(
    ({ min_value: least, max_value: greatest }) =>
      notAfter(
        least === undefined ? least : Number(least),
        greatest === undefined ? greatest : Number(greatest),
      ),
    'min_value must not be more than max_value',
  );

export const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...typed,
  initial_value: richText.optional(),
  min_lines: count('rich_text_input.lines', 1).optional(),
  max_lines: count('rich_text_input.lines', 1).optional(),
});

export const typedElements = [
  plainTextInput,
  z.strictObject({ type: z.literal('email_text_input'), ...typed, initial_value: z.string().optional() }),
  z.strictObject({ type: z.literal('url_text_input'), ...typed, initial_value: z.string().optional() }),
  numberInput,
  richTextInput,
] as const;

export const datePatterns = {
  date: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  time: /^([01]\d|2[0-3]):[0-5]\d$/,
  timestamp: /^\d{10}$/,
};
const knownZones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);

export const pickers = [
  z.strictObject({
    type: z.literal('datepicker'),
    ...picked,
    ...placeholdable,
    initial_date: z.string().regex(datePatterns.date, 'must be YYYY-MM-DD').optional(),
  }),
  z.strictObject({
    type: z.literal('timepicker'),
    ...picked,
    ...placeholdable,
    initial_time: z.string().regex(datePatterns.time, 'must be HH:mm').optional(),
    timezone: z
      .string()
      .refine((zone) => knownZones.has(zone), 'must be an IANA timezone')
      .optional(),
  }),
] as const;
export const dateTimePicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...picked,
  initial_date_time: z
    .int()
    .refine((seconds) => datePatterns.timestamp.test(String(seconds)), 'must be unix seconds of 10 digits')
    .optional(),
});

export const fileInput = z.strictObject({
  type: z.literal('file_input'),
  ...actionable,
  filetypes: z.array(z.string()).optional(),
  max_files: count('file_input.max_files', 1).optional(),
});
