import { describe, expect, test } from 'vitest';
import { checkBlocks, checkHome, checkSuggestion, checkView, type Checked } from '../block-kit.ts';
import { section, options } from './block-kit.ts';

const scopes = { scopes: ['links.embed:write', 'files:read'] };

export type Kind = 'view' | 'home' | 'message' | 'suggestion';
export const check: Record<Kind, (value: unknown) => Checked<unknown>> = {
  view: (value) => checkView(value, scopes),
  home: (value) => checkHome(value, scopes),
  message: (value) => checkBlocks(value, scopes),
  suggestion: checkSuggestion,
};

/** The name, the least, the most, and how it looks with `n`. */
export type Row = [name: string, least: number, most: number, build: (n: number) => unknown];

/** A message with a static_select, changed by `n`. */
export const select = (change: (n: number) => object) => (n: number) => [
  section({ type: 'static_select', options: options(1), ...change(n) }),
];

/** The limit itself is taken, one past it is refused. */
export function holdsLimits(kind: Kind, rows: Row[]): void {
  describe(`Limits of a ${kind}: the limit itself is taken, one past it is refused`, () => {
    test.each(rows)('%s: %i to %i', (_name, least, most, build) => {
      expect(check[kind](build(most))).toHaveProperty('value');
      expect(check[kind](build(least))).toHaveProperty('value');
      expect(check[kind](build(most + 1))).toHaveProperty('errors');
      if (least > 0) expect(check[kind](build(least - 1))).toHaveProperty('errors');
    });
  });
}
