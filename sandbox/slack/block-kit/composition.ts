import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { most, type Limit } from './limits.ts';

/** Text of a length that the limit allows, counted in code points. */
export const string = (limit: Limit, least = 1) =>
  z.string().superRefine((value, context) => {
    const length = Array.from(value).length;
    const add = (message: string) => {
      context.addIssue({ code: 'custom', message });
    };
    if (length < least) add(`must be more than ${least - 1} characters`);
    if (length > most[limit]) add(`must be less than ${most[limit] + 1} characters`);
    if (value.includes('\u0000')) add('must not contain NUL');
  });

export const list = <T extends z.ZodType>(item: T, limit: Limit, least = 1) =>
  z
    .array(item)
    .min(least, `no fewer than ${least} items allowed`)
    .max(most[limit], `no more than ${most[limit]} items allowed`);

/** A whole number between `least` and the limit. */
export const count = (limit: Limit, least: number) =>
  z.int().min(least, `must be at least ${least}`).max(most[limit], `must be no more than ${most[limit]}`);

/** Slack makes up the ids that an app leaves out. */
const generated = () => randomBytes(6).toString('base64url');
export const blockId = string('block_id').default(generated);
export const actionId = string('action_id').default(generated);

export const plain = (limit: Limit) =>
  z.strictObject({ type: z.literal('plain_text'), text: string(limit), emoji: z.boolean().optional() });
export const mrkdwn = (limit: Limit) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: string(limit), verbatim: z.boolean().optional() });
export const anyText = (limit: Limit) => z.discriminatedUnion('type', [plain(limit), mrkdwn(limit)]);
export type TextObject = z.infer<ReturnType<typeof anyText>>;

export const option = z.strictObject({
  text: plain('option.text'),
  value: string('option.value'),
  description: plain('option.description').optional(),
});
export type Option = z.infer<typeof option>;

/** Checkboxes and radio buttons may show mrkdwn. */
export const richOption = z.strictObject({
  text: anyText('option.text'),
  value: string('option.value'),
  description: anyText('option.description').optional(),
});
/** An option as it stands in `view.state.values`. */
export type Selected = z.infer<typeof richOption>;

export const optionGroup = z.strictObject({
  label: plain('option_group.label'),
  options: list(option, 'option_group.options'),
});
export type OptionGroup = z.infer<typeof optionGroup>;

export const confirm = z.strictObject({
  title: plain('confirm.title').optional(),
  text: anyText('confirm.text'),
  confirm: plain('confirm.confirm').optional(),
  deny: plain('confirm.deny').optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

export const countOf = (...values: unknown[]) => values.filter((value) => value !== undefined).length;

const slackFile = z
  .strictObject({ id: z.string().optional(), url: z.string().optional() })
  .refine(({ id, url }) => countOf(id, url) === 1, 'needs either id or url');

/** Spread into image blocks and elements, which need exactly one of the two. */
export const imageSource = {
  image_url: string('image.image_url').optional(),
  slack_file: slackFile.optional(),
  alt_text: string('image.alt_text'),
};
export const hasOneSource = (image: { image_url?: unknown; slack_file?: unknown }) =>
  countOf(image.image_url, image.slack_file) === 1;
export const oneSource = 'needs either image_url or slack_file';

export const imageElement = z
  .strictObject({ type: z.literal('image'), ...imageSource })
  .refine(hasOneSource, oneSource);
