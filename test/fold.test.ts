import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldText } from '../src/text/fold.ts';

describe('names that people would mix up are equal', () => {
  test.each([
    ['case', 'NEO agent'],
    ['spaces around it', '  Neo Agent\t'],
    ['several spaces', 'Neo \u00A0 Agent'],
    ['a line break', 'Neo\r\nAgent'],
    ['a line break of another alphabet', 'Neo\u0085Agent'],
    ['full-width letters', 'Ｎｅｏ　Ａｇｅｎｔ'],
    ['mathematical letters', '𝐍𝐞𝐨 𝐀𝐠𝐞𝐧𝐭'],
    ['a zero-width space', 'Neo\u200B Agent'],
    ['a zero-width joiner', 'N\u200Deo Agent'],
    ['a byte order mark', '\uFEFFNeo Agent'],
    ['a soft hyphen', 'Neo A\u00ADgent'],
    ['a right-to-left override', '\u202ENeo Agent\u202C'],
    ['a variation selector', 'Neo\uFE0F Agent'],
    ['a Hangul filler', 'Neo Agent\u3164'],
    ['a tag character', 'Neo Agent\u{E0041}'],
    ['a control character', 'Neo\u0000 Agent\u0007'],
  ])('for all of %s', (_what, written) => {
    expect(foldText(written)).toBe('neo agent');
  });

  test.each([
    ['STRASSE', 'straße'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
    ['Ana\u0301', 'An\u00E1'],
    ['Ana\u200D\u0301', 'An\u00E1'],
    ['ﬁne', 'FINE'],
    ['ᾳ', 'ΑΙ'],
  ])('%s and %s', (a, b) => {
    expect(foldText(a)).toBe(foldText(b));
  });
});

test.each([
  ['Neo Agent', 'NeoAgent'],
  ['Neo Agent', 'Neo Agent 2'],
  ['Ana', 'Aná'],
  ['team@neoagent.io', 'team@neoagents.io'],
  ['нео', 'neo'],
])('%s and %s are two names', (a, b) => {
  expect(foldText(a)).not.toBe(foldText(b));
});

test('what is folded stays as it is when it is folded again, and so in any case that it is written in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const folded = foldText(text);
      expect(foldText(folded)).toBe(folded);
      expect(foldText(text.toUpperCase())).toBe(folded);
    }),
    { numRuns: 1_000 },
  );
});
