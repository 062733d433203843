import type { KnownBlock, PlainTextElement, RichTextBlock, SectionBlock } from '@slack/types';
import { cut } from '../text/cut.ts';
import { replaceHidden, visible } from '../text/visible.ts';

export type Row = { label: string; value: string };

export const maxSectionText = 3000;
/** Characters of a row's value. What is longer ends with `…`. */
export const maxRowValue = 1000;

/** A name from outside, for `mrkdwn` and top-level text: makes no mention, link or channel name, and stays on its line. */
export function escape(text: string): string {
  return escapeMarks(visible(text));
}

/** The same for what people wrote, which may have several lines. */
export function escapeText(text: string): string {
  return escapeMarks(cleanText(text));
}

function escapeMarks(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One line as somebody meant it: no control characters, nothing hidden, nothing that turns what follows around. */
export function cleanLine(text: string): string {
  return cleanText(text)
    .replace(/[\s\u2800]+/gu, ' ')
    .trim();
}

/** The same for text of several lines. */
export function cleanText(text: string): string {
  const lines = text.replace(/\r\n?|[\u0085\u2028\u2029]/gu, '\n');
  return replaceHidden(lines, (character) =>
    ['\n', '\t', '\u2800'].includes(character) ? character : '',
  ).trim();
}

/** A label, a title, an option. What comes from outside may stand in it. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: cut(visible(text), max), emoji: false };
}

/** `text` is mrkdwn: what comes from outside was escaped by the caller. */
export function section(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, maxSectionText), verbatim: true } };
}

export function context(text: string): KnownBlock {
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: cut(text, maxSectionText), verbatim: true }],
  };
}

/** People's words as they wrote them: no formatting, no mentions. */
export function quote(text: string): SectionBlock {
  return {
    type: 'section',
    text: { type: 'plain_text', text: cut(cleanText(text), maxSectionText), emoji: false },
  };
}

/** Labels and values. Rich text shows values letter by letter: `*` and `_` in a name stay what they are. */
export function rows(list: readonly Row[]): RichTextBlock {
  const elements = list.flatMap(({ label, value }, index) => [
    { type: 'text' as const, text: `${label}: `, style: { bold: true } },
    {
      type: 'text' as const,
      text: `${shownValue(value)}${index < list.length - 1 ? '\n' : ''}`,
    },
  ]);
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

function shownValue(value: string): string {
  return cut(visible(value), maxRowValue) || '–';
}

/** The same rows for a screen reader. */
export function rowLines(list: readonly Row[]): string[] {
  return list.map(({ label, value }) => `${label}: ${escapeMarks(shownValue(value))}`);
}

export function mention(userId: string): string {
  return `<@${userId}>`;
}

/** A moment in the reader's own time zone. */
export function moment(epochMs: number): string {
  const fallback = `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(epochMs / 1000)}^{date_short} at {time}|${fallback}>`;
}

/** How people name a request: `NEO-12`. */
export function requestName(request: { number: number }): string {
  return `NEO-${request.number}`;
}

/** What HaloPSA reports of a field, or what is planned for it: an empty value is named too. */
export function orNothing(value: string | undefined): string {
  return value === undefined || value === '' ? 'nothing' : value;
}
