import type { KnownBlock } from '@slack/types';
import {
  cleanText,
  context,
  escape,
  escapeText,
  maxSectionText,
  plain,
  quote,
  rowLines,
  rows,
  section,
  type Row,
} from './text.ts';
import { cut } from '../text/cut.ts';

/** `text` is what a screen reader reads and a notification shows: all of it, not a summary. */
export type Message = { text: string; blocks: KnownBlock[] };

/**
 * One part of a message, for eyes and for screen readers alike, in this order. `isKept`: it is shown whole, whatever else
 * has to give way.
 */
export type Part = (
  | { part: 'heading'; text: string }
  | { part: 'paragraph' | 'small'; mrkdwn: string }
  | { part: 'quotation' | 'warning'; text: string }
  | { part: 'table'; rows: readonly Row[] }
  | { part: 'buttons'; block: KnownBlock }
) & { isKept?: true };

/** What comes from outside may stand in it. */
export function heading(text: string): Part {
  return { part: 'heading', text, isKept: true };
}

/** What comes from outside was escaped by the caller. */
export function paragraph(mrkdwn: string): Part {
  return { part: 'paragraph', mrkdwn };
}

/** The same in small letters. */
export function small(mrkdwn: string): Part {
  return { part: 'small', mrkdwn };
}

/** People’s words as they wrote them. */
export function quotation(text: string): Part {
  return { part: 'quotation', text };
}

/** What must not be overlooked. What comes from outside may stand in it. */
export function warning(text: string): Part {
  return { part: 'warning', text, isKept: true };
}

/** Labels and values. What comes from outside may stand in it. */
export function table(list: readonly Row[]): Part {
  return { part: 'table', rows: list };
}

/** A screen reader has their labels from Slack. */
export function buttons(block: KnownBlock): Part {
  return { part: 'buttons', block, isKept: true };
}

export function kept(part: Part): Part {
  return { ...part, isKept: true };
}

/** Slack was seen to refuse blocks of more than some 11,300 characters together, and says nothing of it in its docs. */
const maxBlocks = 10_000;
/** Slack refuses `chat.update` above 4,000 characters of top-level text, and a line may have to be added to it. */
const maxText = 3_850;

/** A message of these parts: its blocks, and its text for screen readers. What is left out says so by an ellipsis. */
export function message(parts: readonly Part[]): Message {
  return {
    // A message that Slack refuses would tell nothing.
    text: cut(fitting(parts, maxText).flatMap(linesOf).join('\n'), maxText),
    blocks: fitting(parts, maxBlocks).map(blockOf),
  };
}

/** A message of one paragraph of mrkdwn. */
export function words(mrkdwn: string): Message {
  return message([paragraph(mrkdwn)]);
}

/** How long the text of these parts is, in characters. */
export function lengthOf(parts: readonly Part[]): number {
  return parts.reduce((sum, part) => sum + sizeOf(part), 0);
}

/** Those that are kept, and of the others as much as there is room for, the first ones first. */
function fitting(parts: readonly Part[], max: number): Part[] {
  const sizes = new Map(parts.map((part) => [part, sizeOf(part)]));
  const size = (part: Part) => sizes.get(part) ?? 0;
  let left = max - parts.filter(({ isKept }) => isKept).reduce((sum, part) => sum + size(part), 0);
  return parts.flatMap((part) => {
    if (part.isKept) return [part];
    const room = left;
    left -= Math.min(size(part), Math.max(0, left));
    return size(part) <= room ? [part] : shortened(part, room);
  });
}

/** Shorter than this a part says nothing. */
const minPart = 20;

function shortened(part: Part, room: number): Part[] {
  if (room < minPart) return [];
  switch (part.part) {
    case 'paragraph':
    case 'small':
      return [{ ...part, mrkdwn: cut(part.mrkdwn, room - 1) }];
    case 'quotation':
      return [{ ...part, text: cut(part.text, Math.floor(room / longestEscape)) }];
    case 'warning':
    case 'table':
    case 'heading':
    case 'buttons':
      return [];
  }
}

/** `&` becomes `&amp;`. */
const longestEscape = 5;

/** In characters, as a screen reader’s text; the blocks are no longer. */
function sizeOf(part: Part): number {
  return linesOf(part).reduce((sum, line) => sum + line.length + 1, 0);
}

function linesOf(part: Part): string[] {
  switch (part.part) {
    case 'heading':
      return [escapeText(part.text)];
    case 'paragraph':
    case 'small':
      return part.mrkdwn === '' ? [] : [cut(part.mrkdwn, maxSectionText)];
    case 'quotation':
      return [escapeText(part.text)];
    case 'warning':
      return [`Warning: ${escape(part.text)}`];
    case 'table':
      return rowLines(part.rows);
    case 'buttons':
      return [];
  }
}

function blockOf(part: Part): KnownBlock {
  switch (part.part) {
    case 'heading':
      return { type: 'header', text: plain(part.text, 150) };
    case 'paragraph':
      return section(part.mrkdwn);
    case 'small':
      return context(part.mrkdwn);
    case 'quotation':
      return quote(cleanText(part.text));
    case 'warning':
      return section(`⚠️ *Warning:* ${escape(part.text)}`);
    case 'table':
      return rows(part.rows);
    case 'buttons':
      return part.block;
  }
}
