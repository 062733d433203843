import { z } from 'zod';
import {
  actions,
  context,
  divider,
  file,
  haveOwnActionIds,
  header,
  image,
  input,
  ownActionIds,
  section,
  video,
} from './blocks.ts';
import { button } from './buttons.ts';
import { anyText, blockId, count, imageElement, list, mrkdwn, plain, string } from './composition.ts';
import { most } from './limits.ts';
import { richText, runsOf } from './rich-text.ts';

export const alert = z.strictObject({
  type: z.literal('alert'),
  block_id: blockId,
  text: anyText('alert.text'),
  level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
});

export const card = z
  .strictObject({
    type: z.literal('card'),
    block_id: blockId,
    hero_image: imageElement.optional(),
    icon: imageElement.optional(),
    title: mrkdwn('card.title').optional(),
    subtitle: mrkdwn('card.subtitle').optional(),
    body: mrkdwn('card.body').optional(),
    actions: list(button, 'card.actions').refine(haveOwnActionIds, ownActionIds).optional(),
  })
  .refine(
    (block) => [block.hero_image, block.title, block.body, block.actions].some((part) => part !== undefined),
    'needs hero_image, title, actions or body',
  );

export const carousel = z.strictObject({
  type: z.literal('carousel'),
  block_id: blockId,
  elements: list(card, 'carousel.elements'),
});

const cell = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1, 'must be more than 0 characters') }),
  z.strictObject({
    type: z.literal('raw_number'),
    value: z.number(),
    text: z.string().min(1, 'must be more than 0 characters'),
  }),
  richText,
]);
export type Cell = z.infer<typeof cell>;

export const table = z.strictObject({
  type: z.literal('table'),
  block_id: blockId,
  rows: list(list(cell, 'table.cells'), 'table.rows'),
  column_settings: list(
    z
      .strictObject({ align: z.enum(['left', 'center', 'right']), is_wrapped: z.boolean() })
      .partial()
      .nullable(),
    'table.column_settings',
  ).optional(),
});

export function cellText(one: Cell): string {
  if (one.type !== 'rich_text') return one.text;
  return runsOf(one)
    .map((run) => ('text' in run ? (run.text ?? '') : ''))
    .join('');
}

/** The characters of all cells together. */
const charactersIn = (rows: readonly (readonly Cell[])[]) =>
  rows.flat().reduce((sum, one) => sum + Array.from(cellText(one)).length, 0);

export const dataTable = z
  .strictObject({
    type: z.literal('data_table'),
    block_id: blockId,
    rows: list(list(cell, 'data_table.columns'), 'data_table.rows', 2),
    caption: z.string(),
    page_size: count('data_table.page_size', 1).optional(),
    row_header_column_index: z.int().min(0).optional(),
  })
  .refine(({ rows }) => charactersIn(rows) <= most['data_table.characters'], {
    path: ['rows'],
    message: `must be less than ${most['data_table.characters'] + 1} characters`,
  });

export const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id: blockId,
  task_id: z.string().min(1),
  title: z.string().min(1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z
    .array(z.strictObject({ type: z.literal('url'), url: string('button.url'), text: z.string() }))
    .optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});

export const plan = z.strictObject({
  type: z.literal('plan'),
  block_id: blockId,
  title: z.string().min(1),
  tasks: list(taskCard, 'plan.tasks', 0).optional(),
});

const containerChild = z.discriminatedUnion('type', [
  actions,
  context,
  divider,
  file,
  header,
  image,
  input,
  richText,
  section,
  table,
  video,
]);
export const container = z
  .strictObject({
    type: z.literal('container'),
    block_id: blockId,
    title: plain('container.title').optional(),
    rich_text_title: richText.optional(),
    subtitle: anyText('container.subtitle').optional(),
    child_blocks: list(containerChild, 'container.child_blocks'),
    width: z.enum(['narrow', 'standard', 'wide', 'full']).optional(),
    icon: imageElement.optional(),
    is_collapsible: z.boolean().optional(),
    default_collapsed: z.boolean().optional(),
    has_header_divider: z.boolean().optional(),
  })
  .refine((block) => block.title !== undefined || block.rich_text_title !== undefined, {
    message: 'needs title or rich_text_title',
  })
  .refine((block) => block.default_collapsed !== true || block.is_collapsible === true, {
    message: 'default_collapsed needs is_collapsible',
  });
