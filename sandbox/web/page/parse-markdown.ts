/** What a markdown block is made of, in the subset that Slack draws. Texts still hold their inline marks. */
export type Part =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'rule' }
  | { kind: 'code' | 'paragraph'; text: string }
  | { kind: 'quote'; parts: Part[] }
  /** `start`: its first number. Undefined: bullets. */
  | { kind: 'list'; start: number | undefined; items: Part[][] }
  | { kind: 'table'; head: string[]; rows: string[][] };

const fence = /^ {0,3}(```+|~~~+)/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const quote = /^ {0,3}> ?/;
const item = /^( {0,3})([-*+]|(\d{1,9})[.)])\s+/;
const tableRule = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

export function parseMarkdown(text: string): Part[] {
  return parseLines(text.split(/\r?\n/));
}

function parseLines(lines: readonly string[]): Part[] {
  const parts: Part[] = [];
  let rest = lines;
  while (rest.length > 0) {
    const [part, taken] = take(rest);
    if (part !== undefined) parts.push(part);
    rest = rest.slice(taken);
  }
  return parts;
}

/** The first part of these lines, and how many of them it takes. */
function take(lines: readonly string[]): [part: Part | undefined, taken: number] {
  const [first = '', second = ''] = lines;
  if (first.trim() === '') return [undefined, 1];
  const fenced = fence.exec(first)?.[1];
  if (fenced !== undefined) return takeCode(lines, fenced);
  const [, marks, title] = heading.exec(first) ?? [];
  if (marks !== undefined) return [{ kind: 'heading', level: marks.length, text: title ?? '' }, 1];
  if (rule.test(first)) return [{ kind: 'rule' }, 1];
  if (quote.test(first)) {
    const quoted = leading(lines, (line) => quote.test(line)).map((line) => line.replace(quote, ''));
    return [{ kind: 'quote', parts: parseLines(quoted) }, quoted.length];
  }
  if (item.test(first)) return takeList(lines);
  if (first.includes('|') && second.includes('-') && tableRule.test(second)) {
    const [head, , ...rows] = leading(lines, (line) => line.includes('|')).map(cellsOf);
    return [{ kind: 'table', head: head ?? [], rows }, rows.length + 2];
  }
  const [, ...more] = lines;
  const paragraph = [first, ...leading(more, (line) => line.trim() !== '' && !startsAnother(line))];
  return [{ kind: 'paragraph', text: paragraph.join('\n') }, paragraph.length];
}

const startsAnother = (line: string) => [fence, heading, rule, quote, item].some((one) => one.test(line));

function takeCode([, ...lines]: readonly string[], fenced: string): [Part, number] {
  const code = leading(lines, (line) => !line.trim().startsWith(fenced));
  return [{ kind: 'code', text: code.join('\n') }, code.length + 2];
}

/** An item goes on over lines that are indented at least as far as its text; those may hold anything again. */
function takeList(lines: readonly string[]): [Part, number] {
  const isOrdered = item.exec(lines[0] ?? '')?.[3] !== undefined;
  const items: Part[][] = [];
  let taken = 0;
  for (;;) {
    const line = lines[taken] ?? '';
    const found = item.exec(line);
    if (found === null || (found[3] !== undefined) !== isOrdered || rule.test(line)) break;
    const indent = (found[1] ?? '').length + 2;
    const own = leading(
      lines.slice(taken + 1),
      (more) => more.trim() !== '' && more.search(/\S/) >= indent,
    ).map((more) => more.slice(Math.min(found[0].length, more.search(/\S/))));
    items.push(parseLines([line.slice(found[0].length), ...own]));
    taken += own.length + 1;
  }
  const start = isOrdered ? Number(item.exec(lines[0] ?? '')?.[3]) : undefined;
  return [{ kind: 'list', start, items }, taken];
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** The lines from the first one on for which it holds. */
function leading(lines: readonly string[], holds: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !holds(line));
  return lines.slice(0, end < 0 ? lines.length : end);
}
