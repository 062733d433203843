import type { Block, View } from './block-kit.ts';
import { shownValue, type Values } from './state.ts';

/** How ids read to a person. */
export type Names = { user: (id: string) => string; channel: (id: string) => string };

/** mrkdwn as it is shown: mentions by name, dates in UTC, links with their address. */
export function readMrkdwn(text: string, names: Names): string {
  return text
    .replace(/<@([UW][A-Z0-9]+)>/g, (_all, id: string) => `@${names.user(id)}`)
    .replace(/<#([CG][A-Z0-9]+)(?:\|[^>]*)?>/g, (_all, id: string) => `#${names.channel(id)}`)
    .replace(/<!subteam\^(S[A-Z0-9]+)>/g, (_all, id: string) => `@${id}`)
    .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!(channel|here|everyone)>/g, '@$1')
    .replace(/<([^|>]+)\|([^>]*)>/g, '$2 ($1)')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Everybody whom Slack would notify because of this text. */
export function mentionsIn(text: string): string[] {
  const found = text.matchAll(/<@([UW][A-Z0-9]+)>|<!subteam\^(S[A-Z0-9]+)|<!(channel|here|everyone)>/g);
  return [...found].map(([, user, group, all]) => user ?? group ?? `@${all ?? ''}`);
}

/** Every mrkdwn text in the blocks. */
export function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value && typeof value.text === 'string')
    return [value.text];
  return Object.values(value).flatMap(mrkdwnIn);
}

export function readBlocks(blocks: readonly Block[], names: Names): string {
  return blocks.map((block) => readBlock(block, names)).join('\n');
}

function readBlock(block: Block, names: Names): string {
  const read = (text: { type: string; text: string }) =>
    text.type === 'mrkdwn' ? readMrkdwn(text.text, names) : text.text;
  switch (block.type) {
    case 'divider':
      return '———';
    case 'header':
      return `## ${block.text.text}`;
    case 'section':
      return [block.text, ...(block.fields ?? [])].flatMap((text) => (text ? read(text) : [])).join('\n');
    case 'context':
      return block.elements.map(read).join('  ');
    case 'actions':
      return block.elements.map(({ text }) => `[${text.text}]`).join(' ');
    case 'rich_text':
      return block.elements
        .flatMap(({ elements }) => elements)
        .map((element) => (element.type === 'text' ? element.text : `@${names.user(element.user_id)}`))
        .join('');
    case 'input':
      return block.label.text;
  }
}

/** A modal as a person sees it: labels with what they hold, hints, and errors under their field. */
export function readView(view: View, values: Values, errors: Record<string, string>, names: Names): string {
  const lines = view.blocks.map((block) => {
    if (block.type !== 'input') return readBlock(block, names);
    const shown = shownValue(values[block.block_id ?? '']?.[block.element.action_id]);
    const label = `${block.label.text}${block.optional ? ' (optional)' : ''}: [${shown}]`;
    const error = errors[block.block_id ?? ''];
    return [label, block.hint && `   ${block.hint.text}`, error && `   ! ${error}`]
      .filter(Boolean)
      .join('\n');
  });
  const buttons = [view.close?.text, view.submit?.text].filter(Boolean).map((label) => `[${label ?? ''}]`);
  return [`=== ${view.title.text} ===`, ...lines, buttons.join(' ')].join('\n');
}
