import { z } from 'zod';
import { button, feedbackButtons, iconButton, workflowButton } from './buttons.ts';
import { choices, overflow } from './choices.ts';
import {
  anyText,
  blockId,
  hasOneSource,
  imageElement,
  imageSource,
  list,
  oneSource,
  plain,
  string,
} from './composition.ts';
import { dateTimePicker, fileInput, pickers, richTextInput, typedElements } from './inputs.ts';

/** The blocks of all surfaces; those that came in 2025 and 2026 are in newer-blocks.ts. */

const inputElement = z.discriminatedUnion('type', [
  ...typedElements,
  ...pickers,
  dateTimePicker,
  ...choices,
  fileInput,
]);
export type InputElement = z.infer<typeof inputElement>;

const actionsElement = z.discriminatedUnion('type', [
  button,
  workflowButton,
  overflow,
  ...pickers,
  dateTimePicker,
  ...choices,
  richTextInput,
]);
const accessory = z.discriminatedUnion('type', [
  button,
  workflowButton,
  overflow,
  ...pickers,
  ...choices,
  imageElement,
]);
const contextActionsElement = z.discriminatedUnion('type', [feedbackButtons, iconButton]);

/** Everything that can be pressed, filled in or chosen from. */
export type Interactive =
  | z.infer<typeof actionsElement>
  | Exclude<z.infer<typeof accessory>, { type: 'image' }>
  | z.infer<typeof contextActionsElement>
  | InputElement;

export const haveOwnActionIds = (elements: readonly { action_id: string }[]) =>
  new Set(elements.map(({ action_id: id }) => id)).size === elements.length;
export const ownActionIds = 'action_id must be unique in its block';

export const input = z.strictObject({
  type: z.literal('input'),
  block_id: blockId,
  label: plain('input.label'),
  hint: plain('input.hint').optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
  element: inputElement,
});
export type InputBlock = z.infer<typeof input>;

export const actions = z.strictObject({
  type: z.literal('actions'),
  block_id: blockId,
  elements: list(actionsElement, 'actions.elements').refine(haveOwnActionIds, ownActionIds),
});
export const contextActions = z.strictObject({
  type: z.literal('context_actions'),
  block_id: blockId,
  elements: list(contextActionsElement, 'context_actions.elements').refine(haveOwnActionIds, ownActionIds),
});
export const context = z.strictObject({
  type: z.literal('context'),
  block_id: blockId,
  elements: list(
    z.discriminatedUnion('type', [...anyText('text').options, imageElement]),
    'context.elements',
  ),
});
export const divider = z.strictObject({ type: z.literal('divider'), block_id: blockId });
export const file = z.strictObject({
  type: z.literal('file'),
  block_id: blockId,
  source: z.string(),
  external_id: z.string(),
});
export const header = z.strictObject({
  type: z.literal('header'),
  block_id: blockId,
  text: plain('header.text'),
});
export const image = z
  .strictObject({
    type: z.literal('image'),
    block_id: blockId,
    ...imageSource,
    title: plain('image.title').optional(),
  })
  .refine(hasOneSource, oneSource);
export const markdown = z.strictObject({
  type: z.literal('markdown'),
  block_id: blockId,
  text: string('markdown.text'),
});
export const section = z
  .strictObject({
    type: z.literal('section'),
    block_id: blockId,
    text: anyText('section.text').optional(),
    fields: list(anyText('section.field'), 'section.fields').optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'needs text or fields');
const httpsUrl = string('video.url').refine((url) => url.startsWith('https://'), 'must be an https URL');
export const video = z.strictObject({
  type: z.literal('video'),
  block_id: blockId,
  video_url: httpsUrl,
  thumbnail_url: httpsUrl,
  alt_text: string('image.alt_text'),
  title: plain('video.title'),
  title_url: httpsUrl.optional(),
  author_name: string('video.author_name').optional(),
  provider_name: string('video.author_name').optional(),
  provider_icon_url: httpsUrl.optional(),
  description: plain('video.description').optional(),
});
