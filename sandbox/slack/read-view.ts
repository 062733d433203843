import type { HomeView, View } from './block-kit.ts';
import { readBlocks, readLabel } from './read.ts';
import { shownValue, type Names, type Values } from './state.ts';

/** A modal as a person sees it: labels with what they hold, hints, and errors under their field. */
export function readView(view: View, values: Values, errors: Record<string, string>, names: Names): string {
  const buttons = [view.close?.text, view.submit?.text].filter(Boolean).map((label) => `[${label ?? ''}]`);
  return [`=== ${view.title.text} ===`, ...readFields(view, values, errors, names), buttons.join(' ')].join(
    '\n',
  );
}

export function readHome(view: HomeView, values: Values, names: Names): string {
  return readFields(view, values, {}, names).join('\n');
}

function readFields(
  view: View | HomeView,
  values: Values,
  errors: Record<string, string>,
  names: Names,
): string[] {
  return view.blocks.map((block) => {
    if (block.type !== 'input') return readBlocks([block], names);
    const shown = shownValue(values[block.block_id]?.[block.element.action_id], names);
    const error = errors[block.block_id];
    return [
      `${readLabel(block)}: [${shown}]`,
      block.hint && `   ${block.hint.text}`,
      error && `   ! ${error}`,
    ]
      .filter(Boolean)
      .join('\n');
  });
}
