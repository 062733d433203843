import type { Block } from '../block-kit.ts';
import type { InputBlock, Interactive } from './blocks.ts';

/** One element that somebody can use, and the block that it stands in. */
export type Placed = { blockId: string; element: Interactive; input: InputBlock | undefined };

/** Everything in these blocks that can be pressed, filled in or chosen from, in the order of the screen. */
export function interactiveIn(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap(inBlock);
}

function inBlock(block: Block): Placed[] {
  const place = (element: Interactive): Placed => ({ blockId: block.block_id, element, input: undefined });
  switch (block.type) {
    case 'input':
      return [{ ...place(block.element), input: block }];
    case 'actions':
    case 'context_actions':
      return block.elements.map(place);
    case 'section':
      return block.accessory === undefined || block.accessory.type === 'image'
        ? []
        : [place(block.accessory)];
    case 'card':
      return (block.actions ?? []).map(place);
    case 'carousel':
      return interactiveIn(block.elements);
    case 'container':
      return interactiveIn(block.child_blocks);
    case 'alert':
    case 'context':
    case 'data_table':
    case 'divider':
    case 'file':
    case 'header':
    case 'image':
    case 'markdown':
    case 'plan':
    case 'rich_text':
    case 'table':
    case 'task_card':
    case 'video':
      return [];
  }
}

/** How a person names a field: by its label, else by its placeholder, else by its action_id. */
export function nameOf({ element, input }: Placed): string {
  const placeholder = 'placeholder' in element ? element.placeholder?.text : undefined;
  return input?.label.text ?? placeholder ?? element.action_id;
}
