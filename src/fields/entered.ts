import { visible } from '../text/visible.ts';
import type { Entered, Taken } from './field.ts';

export const fillIn = 'Please fill this in.';

/** HaloPSA's columns for a line of text hold this many characters. */
const maxLine = 256;

/** A line of text that must not be empty. */
export function takeLine([line = '']: Entered): Taken<string> {
  if (line === '') return { problem: fillIn };
  if (Array.from(line).length > maxLine)
    return { problem: `This is too long: HaloPSA takes ${maxLine} characters.` };
  return { planned: line };
}

/** What was chosen, in the list of now. */
export function takeChosen<T extends { id: number | string }, P>(
  entered: Entered,
  list: readonly T[],
  planned: (chosen: [T, ...T[]]) => P,
): Taken<P> {
  const [first, ...others] = entered.flatMap((id) => list.find((item) => String(item.id) === id) ?? []);
  if (entered.length === 0) return { problem: fillIn };
  if (first === undefined || others.length + 1 < entered.length)
    return { problem: 'HaloPSA no longer has one of these. Please choose again.' };
  return { planned: planned([first, ...others]) };
}

/**
 * Those in whose texts every word of the query stands. First whose first text begins with the query, then those
 * of which a word does, then the rest; each in HaloPSA's order.
 */
export function matching<T>(
  items: readonly T[],
  query: string,
  textsOf: (item: T) => [string, ...string[]],
): T[] {
  const wanted = query.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const ranks: [T[], T[], T[]] = [[], [], []];
  for (const item of items) {
    const texts = textsOf(item).map((text) => visible(text).toLowerCase());
    const all = texts.join(' ');
    if (!words.every((word) => all.includes(word))) continue;
    ranks[texts[0]?.startsWith(wanted) ? 0 : ` ${all}`.includes(` ${wanted}`) ? 1 : 2].push(item);
  }
  return ranks.flat();
}
