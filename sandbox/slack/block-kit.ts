import { z } from 'zod';

/**
 * Block Kit as strict as Slack: closed objects, lengths in code points, the limits of Slack's reference.
 * Only what a modal or message of this app may hold; newer blocks are refused as unsupported.
 */

const text = (max: number, min = 1) =>
  z.string().superRefine((value, context) => {
    const length = Array.from(value).length;
    if (length < min)
      context.addIssue({ code: 'custom', message: `must be more than ${min - 1} characters` });
    if (length > max)
      context.addIssue({ code: 'custom', message: `must be less than ${max + 1} characters` });
    if (value.includes('\u0000')) context.addIssue({ code: 'custom', message: 'must not contain NUL' });
  });

const plainText = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: text(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: text(max), verbatim: z.boolean().optional() });
const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

const id = text(255);
const optionSchema = z.strictObject({
  text: plainText(75),
  value: text(150),
  description: plainText(75).optional(),
});
export type Option = z.infer<typeof optionSchema>;
const checkboxOption = z.strictObject({
  text: anyText(75),
  value: text(150),
  description: anyText(75).optional(),
});

const confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});

const button = z.strictObject({
  type: z.literal('button'),
  action_id: id,
  text: plainText(75),
  value: text(2000).optional(),
  url: text(3000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: text(75).optional(),
});

const placeholder = plainText(150).optional();
const isOffered = (options: unknown[], initial: unknown[]) =>
  initial.every((one) => options.some((option) => JSON.stringify(option) === JSON.stringify(one)));
const mustBeOffered = 'initial options must match options exactly';

const inputElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('plain_text_input'),
    action_id: id,
    initial_value: text(3000, 0).optional(),
    multiline: z.boolean().optional(),
    min_length: z.int().min(0).max(3000).optional(),
    max_length: z.int().min(1).max(3000).optional(),
    placeholder,
    focus_on_load: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('email_text_input'),
    action_id: id,
    initial_value: z.string().optional(),
    placeholder,
    focus_on_load: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('external_select'),
    action_id: id,
    placeholder,
    initial_option: optionSchema.optional(),
    min_query_length: z.int().min(0).optional(),
    focus_on_load: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('multi_external_select'),
    action_id: id,
    placeholder,
    initial_options: z.array(optionSchema).min(1).optional(),
    min_query_length: z.int().min(0).optional(),
    max_selected_items: z.int().min(1).optional(),
    focus_on_load: z.boolean().optional(),
  }),
  z
    .strictObject({
      type: z.literal('static_select'),
      action_id: id,
      placeholder,
      options: z.array(optionSchema).min(1).max(100),
      initial_option: optionSchema.optional(),
    })
    .refine(({ options, initial_option: one }) => isOffered(options, one ? [one] : []), mustBeOffered),
  z
    .strictObject({
      type: z.literal('checkboxes'),
      action_id: id,
      options: z.array(checkboxOption).min(1).max(10),
      initial_options: z.array(checkboxOption).min(1).optional(),
    })
    .refine(({ options, initial_options: some }) => isOffered(options, some ?? []), mustBeOffered),
]);
export type InputElement = z.infer<typeof inputElement>;

const blockId = id.optional();
const richTextElement = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    text: text(3000),
    style: z.strictObject({ bold: z.boolean(), italic: z.boolean(), code: z.boolean() }).partial().optional(),
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string() }),
]);

const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });
const header = z.strictObject({ type: z.literal('header'), block_id: blockId, text: plainText(150) });
const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: button.optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'needs text or fields');
const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: z.array(anyText(3000)).min(1).max(10),
});
const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: z.array(button).min(1).max(25),
});
const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: blockId,
  elements: z
    .array(
      z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(richTextElement).min(1) }),
    )
    .min(1),
});
const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plainText(2000),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});

const blockSchema = z.discriminatedUnion('type', [
  divider,
  header,
  section,
  context,
  actions,
  richText,
  input,
]);
export type Block = z.infer<typeof blockSchema>;
export type InputBlock = z.infer<typeof input>;

const uniqueBlockIds = (blocks: readonly { block_id?: string | undefined }[]) => {
  const ids = blocks.flatMap((block) => block.block_id ?? []);
  return new Set(ids).size === ids.length;
};

const viewSchema = z
  .strictObject({
    type: z.literal('modal'),
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    callback_id: text(255).optional(),
    external_id: text(255).optional(),
    private_metadata: text(3000, 0).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    blocks: z.array(blockSchema).min(1).max(100).refine(uniqueBlockIds, 'block_id must be unique'),
  })
  .refine((view) => view.submit !== undefined || !view.blocks.some(({ type }) => type === 'input'), {
    path: ['submit'],
    message: 'is required when there is an input block',
  });
export type View = z.infer<typeof viewSchema>;

const messageBlocks = z
  .array(blockSchema)
  .max(50)
  .refine(uniqueBlockIds, 'block_id must be unique')
  .refine((blocks) => blocks.every(({ type }) => type !== 'input'), 'input blocks are not for messages');

const suggestionSchema = z.strictObject({ options: z.array(optionSchema).max(100) });

/** `errors` in the form of Slack's `response_metadata.messages`. */
export type Checked<T> = { value: T } | { errors: string[] };

const largestView = 250_000;

export function checkView(view: unknown): Checked<View> {
  if (JSON.stringify(view).length > largestView)
    return { errors: ['[ERROR] view is too large [json-pointer:/view]'] };
  return check(viewSchema, view, '/view');
}

export function checkBlocks(blocks: unknown): Checked<Block[]> {
  return check(messageBlocks, blocks, '/blocks');
}

export function checkSuggestion(answer: unknown): Checked<{ options: Option[] }> {
  return check(suggestionSchema, answer, '');
}

function check<T>(schema: z.ZodType<T>, value: unknown, root: string): Checked<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data };
  return {
    errors: parsed.error.issues.map(
      ({ message, path }) => `[ERROR] ${message} [json-pointer:${[root, ...path.map(String)].join('/')}]`,
    ),
  };
}
