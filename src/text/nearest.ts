import { distance } from 'fastest-levenshtein';
import { foldText } from './fold.ts';

/**
 * Of these, the one that is spelled most like `text`. Undefined: more than a third of it would have to be typed again; of an
 * address, of what stands before its domain.
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
