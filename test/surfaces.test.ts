import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cataloguePage } from '../sandbox/surfaces/page.ts';

test('every surface reads as docs/surfaces.md has it: after a change of words, run npm run surfaces and read the diff', () => {
  expect(cataloguePage()).toBe(readFileSync(new URL('../docs/surfaces.md', import.meta.url), 'utf8'));
});
