import type { KnownBlock, PlainTextElement, RichTextBlock, SectionBlock } from '@slack/types';

export type Row = { label: string; value: string };

/** Slack refuses `chat.update` above this many characters of top-level text. */
const mostText = 4000;
const mostSectionText = 3000;
const mostRowValue = 1000;

/** Text from people or HaloPSA, for `mrkdwn` and top-level text: makes no mention, link or channel name. */
export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** At most `max` characters as Slack counts them, without cutting an escaped character in two. */
export function cut(text: string, max: number): string {
  const characters = Array.from(text);
  if (characters.length <= max) return text;
  const kept = characters.slice(0, max - 1).join('');
  return `${kept.replace(/&[a-z]{0,3}$/, '')}…`;
}

/** One line as somebody meant it: no control characters, nothing that turns the direction of what follows. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}

/** The same for text of several lines. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu, (character) =>
      character === '\n' || character === '\t' ? character : '',
    )
    .trim();
}

export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: cut(text, max), emoji: false };
}

/** `text` is mrkdwn: what comes from outside was escaped by the caller. */
export function section(text: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: cut(text, mostSectionText), verbatim: true } };
}

export function context(text: string): KnownBlock {
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: cut(text, mostSectionText), verbatim: true }],
  };
}

/** People's words as they wrote them: no formatting, no mentions. */
export function quote(text: string): SectionBlock {
  return { type: 'section', text: plain(text, mostSectionText) };
}

/** Labels and values. Rich text shows values letter by letter: `*` and `_` in a name stay what they are. */
export function rows(list: readonly Row[]): RichTextBlock {
  const elements = list.flatMap(({ label, value }, index) => [
    { type: 'text' as const, text: `${label}: `, style: { bold: true } },
    {
      type: 'text' as const,
      text: `${cut(value, mostRowValue) || '–'}${index < list.length - 1 ? '\n' : ''}`,
    },
  ]);
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** The same rows for a screen reader. */
export function rowLines(list: readonly Row[]): string[] {
  return list.map(({ label, value }) => `${label}: ${escape(cut(value, mostRowValue)) || '–'}`);
}

/** The top-level text of a message: all of its content, the least important last. */
export function screenReaderText(lines: readonly (string | undefined)[]): string {
  return cut(lines.filter((line) => line !== undefined && line !== '').join('\n'), mostText);
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

/** The agent's ID within a sentence. A request that made an agent has it; a stored one that lost it says so. */
export function agentIdText(agentId: number | undefined): string {
  return agentId === undefined ? '(not stored)' : `*${agentId}*`;
}

/** What HaloPSA reports of a field, or what is planned for it: an empty value is named too. */
export function orNothing(value: string | undefined): string {
  return value === undefined || value === '' ? 'nothing' : value;
}
