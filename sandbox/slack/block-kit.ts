import { z } from 'zod';
import {
  actions,
  context,
  contextActions,
  divider,
  file,
  header,
  image,
  input,
  markdown,
  section,
  video,
} from './block-kit/blocks.ts';
import { suggestionSchema } from './block-kit/choices.ts';
import { list, plain, string, type Option, type OptionGroup } from './block-kit/composition.ts';
import { most, type Limit } from './block-kit/limits.ts';
import {
  alert,
  card,
  carousel,
  container,
  dataTable,
  plan,
  table,
  taskCard,
} from './block-kit/newer-blocks.ts';
import { richText } from './block-kit/rich-text.ts';
import { complaints, type Surface } from './block-kit/surfaces.ts';

/**
 * Block Kit as strict as Slack: closed objects, lengths in code points, the limits of Slack's reference. What
 * is taken comes back with the block_ids and action_ids that Slack makes up where the app gave none.
 */
const blockSchema = z.discriminatedUnion('type', [
  actions,
  alert,
  card,
  carousel,
  container,
  context,
  contextActions,
  dataTable,
  divider,
  file,
  header,
  image,
  input,
  markdown,
  plan,
  richText,
  section,
  table,
  taskCard,
  video,
]);
export type Block = z.infer<typeof blockSchema>;

/** `scopes`: the bot's. Some blocks need one. */
type Allowed = { scopes: readonly string[] };
const noScopes: Allowed = { scopes: [] };

const blocksOf = (surface: Surface, limit: Limit, least: number, { scopes }: Allowed) =>
  list(blockSchema, limit, least).superRefine((blocks, context) => {
    for (const { path, message } of complaints(blocks, surface, scopes))
      context.addIssue({ code: 'custom', path, message });
  });

const viewFields = {
  callback_id: string('view.callback_id').optional(),
  external_id: string('view.external_id', 0).optional(),
  private_metadata: string('view.private_metadata', 0).optional(),
};
/** A schema is compiled when it is first used, which takes longer than a hundred checks: one for each set of scopes. */
const onceFor = <T>(make: (allowed: Allowed) => T) => {
  const made = new Map<string, T>();
  return (allowed: Allowed): T => {
    const key = allowed.scopes.join();
    const schema = made.get(key) ?? make(allowed);
    made.set(key, schema);
    return schema;
  };
};

const messageSchema = onceFor((allowed) => blocksOf('message', 'message.blocks', 0, allowed));
const modalSchema = onceFor((allowed) =>
  z
    .strictObject({
      type: z.literal('modal'),
      ...viewFields,
      title: plain('view.title'),
      submit: plain('view.submit').optional(),
      close: plain('view.close').optional(),
      clear_on_close: z.boolean().optional(),
      notify_on_close: z.boolean().optional(),
      blocks: blocksOf('modal', 'view.blocks', 1, allowed),
    })
    .refine((view) => view.submit !== undefined || !view.blocks.some(({ type }) => type === 'input'), {
      path: ['submit'],
      message: 'is required when there is an input block',
    }),
);
const homeSchema = onceFor((allowed) =>
  z.strictObject({
    type: z.literal('home'),
    ...viewFields,
    blocks: blocksOf('home', 'view.blocks', 1, allowed),
  }),
);
export type View = z.infer<ReturnType<typeof modalSchema>>;
export type HomeView = z.infer<ReturnType<typeof homeSchema>>;

export type Suggestion = { options: Option[] } | { option_groups: OptionGroup[] };

/** What is wrong where. `pointer`: a JSON pointer into what was checked. */
type Issue = {
  pointer: string;
  message: string;
  constraint?: { type: 'enum'; expected: string[] };
};

/** `error` is Slack's code; `errors` are `issues` in the form of its `response_metadata.messages`. */
type Refused = { error: string; errors: string[]; issues: Issue[] };
export type Checked<T> = { value: T } | Refused;

/** What `views.open`, `views.push`, `views.update` and `response_action` take. */
export function checkView(view: unknown, allowed = noScopes): Checked<View> {
  return checkSize(view) ?? check(modalSchema(allowed), view, '/view', 'invalid_arguments');
}

/** What `views.publish` takes. */
export function checkHome(view: unknown, allowed = noScopes): Checked<HomeView> {
  return checkSize(view) ?? check(homeSchema(allowed), view, '/view', 'invalid_arguments');
}

/** What `chat.*` and response_urls take. */
export function checkBlocks(blocks: unknown, allowed = noScopes): Checked<Block[]> {
  if (!Array.isArray(blocks)) return refused('invalid_blocks_format');
  const checked = check(messageSchema(allowed), blocks, '/blocks', 'invalid_blocks');
  if ('errors' in checked) return checked;
  const markdown = checked.value.map((block) => (block.type === 'markdown' ? block.text : '')).join('');
  return Array.from(markdown).length > most['markdown.text'] ? refused('msg_blocks_too_long') : checked;
}

/** What an app may answer to a `block_suggestion`. */
export function checkSuggestion(answer: unknown): Checked<Suggestion> {
  const checked = check(suggestionSchema, answer, '', 'invalid_arguments');
  if ('errors' in checked) return checked;
  const { options = [], option_groups: groups } = checked.value;
  return { value: groups === undefined ? { options } : { option_groups: groups } };
}

function checkSize(view: unknown): Refused | undefined {
  return Buffer.byteLength(JSON.stringify(view ?? null)) > most['view.bytes']
    ? refused('view_too_large')
    : undefined;
}

const refused = (error: string): Refused => ({ error, errors: [], issues: [] });

function check<T>(schema: z.ZodType<T>, value: unknown, root: string, error: string): Checked<T> {
  const parsed = schema.safeParse(value, { error: inSlacksWords });
  if (parsed.success) return { value: parsed.data };
  const issues = parsed.error.issues.map(toIssue);
  const errors = issues.map(({ message, pointer }) => `[ERROR] ${message} [json-pointer:${root}${pointer}]`);
  return { error, errors, issues };
}

function toIssue(issue: z.core.$ZodIssue): Issue {
  const expected = expectedBy(issue);
  return {
    pointer: issue.path.map((key) => `/${String(key)}`).join(''),
    message: issue.message,
    ...(expected && { constraint: { type: 'enum', expected: expected.map(String) } }),
  };
}

function expectedBy(issue: z.core.$ZodIssue) {
  if (issue.code === 'invalid_value') return issue.values;
  return issue.code === 'invalid_union' && 'options' in issue ? issue.options : undefined;
}

function inSlacksWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type')
    return issue.input === undefined ? 'missing required field' : `must provide a ${issue.expected}`;
  if (issue.code === 'unrecognized_keys') return `invalid additional property: ${issue.keys.join(', ')}`;
  return issue.code === 'invalid_union' ? `unsupported type: ${typeOf(issue.input)}` : undefined;
}

function typeOf(input: unknown): string {
  return typeof input === 'object' && input !== null && 'type' in input ? String(input.type) : 'none';
}
