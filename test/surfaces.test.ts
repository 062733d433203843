import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../sandbox/surfaces/catalogue.ts';
import { cataloguePage } from '../sandbox/surfaces/page.ts';

const page = cataloguePage();

test('every surface reads as docs/surfaces.md has it: after a change of words, run npm run surfaces and read the diff', () => {
  expect(page).toBe(readFileSync(new URL('../docs/surfaces.md', import.meta.url), 'utf8'));
});

test('what a button is called for screen readers begins with what stands on it', () => {
  const all = catalogue.flatMap(({ surfaces }) => surfaces.flatMap(({ drawn }) => buttonsIn(drawn)));
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter(({ text, label }) => !label.startsWith(text))).toEqual([]);
});

const buttonSchema = z.object({
  type: z.literal('button'),
  text: z.object({ text: z.string() }),
  accessibility_label: z.string(),
});

/** The buttons in whatever is drawn, wherever they stand in it. */
function buttonsIn(drawn: unknown): { text: string; label: string }[] {
  if (typeof drawn !== 'object' || drawn === null) return [];
  const { data: button } = buttonSchema.safeParse(drawn);
  if (button !== undefined) return [{ text: button.text.text, label: button.accessibility_label }];
  return Object.values(drawn).flatMap(buttonsIn);
}

/** Words that were found hard to read, and sentences that nobody would say. */
const avoided = [
  /\banew\b/,
  /\bmend/,
  /\bby itself\b/,
  /\bby myself\b/,
  /who asked/i,
  /asked for (it|this|by)/i,
  /\basks to (create|repair)\b/,
  /was decided before/,
  /must be another/,
  /otherwise than/,
  /as planned/,
  /not finished/i,
  /did not tell/,
  /does not tell/,
  /channel of your own/,
  /\bwe (cannot|can’t|may)\b/i,
  /\bour (API|Client|sign-in)/i,
  /this bot/,
  /nobody decided until/i,
  /could approve this now/i,
  /one of them must/i,
  /is looked at again/,
  /While looking for the agent/,
  /refused the values/,
  /waits for your decision/,
  /it is not told again/,
  /as the guide says/,
  /only these may/,
  /can do this with/,
  /so I did nothing/,
  /closed the door/,
  /stands in this/,
  /Everybody in this workspace/,
  /second try\b/,
  /Waits for you/,
  /You asked for/,
  /Open requests of others/,
  /see below/,
  /of a version that it does not/,
  /books time/,
  /\bsomebody else must\b/,
];

test.each(avoided)('nobody reads %s', (words) => {
  const found = page.split('\n').filter((line) => !line.startsWith('### ') && words.test(line));
  expect(found).toEqual([]);
});
