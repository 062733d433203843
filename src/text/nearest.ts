import { distance } from 'fastest-levenshtein';
import { foldText } from './fold.ts';

/**
 * The one whose text is spelled most like `text`. Undefined if more than a third of the characters would have to change. In an
 * email address only the part before the @ counts for that third.
 */
export function nearest<T>(text: string, all: readonly T[], textOf: (one: T) => string): T | undefined {
  const wanted = foldText(text);
  let best: { one: T | undefined; distance: number } = {
    one: undefined,
    distance: Math.floor((wanted.split('@')[0] ?? '').length / 3) + 0.5,
  };
  for (const one of all) {
    const far = distance(wanted, foldText(textOf(one)));
    if (far < best.distance) best = { one, distance: far };
  }
  return best.one;
}
