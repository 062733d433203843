import type { Block } from './block-kit.ts';
import type { InputBlock, Interactive } from './block-kit/blocks.ts';
import type { TextObject } from './block-kit/composition.ts';
import { cellText, type Cell } from './block-kit/newer-blocks.ts';
import { runsOf, type RichText, type RichTextInline } from './block-kit/rich-text.ts';
import type { Names } from './state.ts';

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
  const read = (text: TextObject | undefined) =>
    text === undefined ? [] : [text.type === 'mrkdwn' ? readMrkdwn(text.text, names) : text.text];
  const lines = (...parts: string[][]) => parts.flat().join('\n');
  switch (block.type) {
    case 'divider':
      return '———';
    case 'header':
      return `## ${block.text.text}`;
    case 'alert':
      return lines(read(block.text));
    case 'section':
      return lines(read(block.text), (block.fields ?? []).flatMap(read), readAccessory(block.accessory));
    case 'context':
      return block.elements.flatMap((one) => (one.type === 'image' ? [one.alt_text] : read(one))).join('  ');
    case 'actions':
    case 'context_actions':
      return block.elements.map(readElement).join(' ');
    case 'rich_text':
      return readRichText(block, names);
    case 'input':
      return readLabel(block);
    case 'image':
    case 'video':
      return lines(read(block.title), [`(${block.alt_text})`]);
    case 'markdown':
      return block.text;
    case 'table':
      return readRows(block.rows);
    case 'data_table':
      return lines([block.caption], [readRows(block.rows)]);
    case 'card':
      return lines(
        read(block.title),
        read(block.subtitle),
        read(block.body),
        (block.actions ?? []).map(readElement),
      );
    case 'carousel':
      return readBlocks(block.elements, names);
    case 'container':
      return lines(read(block.title), read(block.subtitle), [readBlocks(block.child_blocks, names)]);
    case 'plan':
      return lines([block.title], [readBlocks(block.tasks ?? [], names)]);
    case 'task_card':
      return `${block.title} (${block.status})`;
    case 'file':
      return block.external_id;
  }
}

/** The label of a field, with what Slack writes behind it. */
export function readLabel(block: InputBlock): string {
  return `${block.label.text}${block.optional === true ? ' (optional)' : ''}`;
}

function readAccessory(accessory: Interactive | { type: 'image'; alt_text: string } | undefined): string[] {
  if (accessory === undefined) return [];
  return [accessory.type === 'image' ? `(${accessory.alt_text})` : readElement(accessory)];
}

function readElement(element: Interactive): string {
  if (element.type === 'feedback_buttons')
    return `[${element.positive_button.text.text}] [${element.negative_button.text.text}]`;
  if ('text' in element) return `[${element.text.text}]`;
  if (element.type === 'overflow') return `[… ${element.options.map(({ text }) => text.text).join(' | ')}]`;
  return `[${'placeholder' in element ? (element.placeholder?.text ?? '') : ''}]`;
}

function readRows(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(cellText).join(' | ')).join('\n');
}

function readRichText(block: RichText, names: Names): string {
  return runsOf(block)
    .map((run) => readRun(run, names))
    .join('');
}

function readRun(run: RichTextInline, names: Names): string {
  switch (run.type) {
    case 'text':
      return run.text;
    case 'link':
      return run.text === undefined ? run.url : `${run.text} (${run.url})`;
    case 'user':
      return `@${names.user(run.user_id)}`;
    case 'usergroup':
      return `@${run.usergroup_id}`;
    case 'channel':
      return `#${names.channel(run.channel_id)}`;
    case 'team':
      return `@${run.team_id}`;
    case 'broadcast':
      return `@${run.range}`;
    case 'color':
      return run.value;
    case 'emoji':
      return `:${run.name}:`;
    case 'date':
      return run.fallback ?? new Date(run.timestamp * 1000).toISOString();
  }
}
