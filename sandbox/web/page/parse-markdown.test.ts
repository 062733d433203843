import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMarkdown, type Part } from './parse-markdown.ts';

const paragraph = (text: string): Part => ({ kind: 'paragraph', text });

describe('a markdown block', () => {
  test.each<[string, string, Part[]]>([
    ['a heading', '## Two ##', [{ kind: 'heading', level: 2, text: 'Two' }]],
    ['no heading without a space', '#two', [paragraph('#two')]],
    ['a rule', '---', [{ kind: 'rule' }]],
    ['lines of one paragraph', 'a\nb\n\nc', [paragraph('a\nb'), paragraph('c')]],
    [
      'code, with marks that mean nothing in it',
      '```ts\n# a\n- b\n```\nc',
      [{ kind: 'code', text: '# a\n- b' }, paragraph('c')],
    ],
    ['code that never ends', '```\na', [{ kind: 'code', text: 'a' }]],
    [
      'a list in a quote',
      '> - a\n> - b',
      [
        {
          kind: 'quote',
          parts: [{ kind: 'list', start: undefined, items: [[paragraph('a')], [paragraph('b')]] }],
        },
      ],
    ],
    [
      'a list in a list',
      '1. a\n   - b\n2. c',
      [
        {
          kind: 'list',
          start: 1,
          items: [
            [paragraph('a'), { kind: 'list', start: undefined, items: [[paragraph('b')]] }],
            [paragraph('c')],
          ],
        },
      ],
    ],
    [
      'a table',
      '| a | b |\n|---|:-:|\n| 1 | 2 \\| 3 |',
      [{ kind: 'table', head: ['a', 'b'], rows: [['1', '2 \\| 3']] }],
    ],
  ])('%s', (_name, text, parts) => {
    expect(parseMarkdown(text)).toEqual(parts);
  });

  test('whatever is typed comes to an end', () => {
    const line = fc.string({ unit: fc.constantFrom('#', '-', '>', '`', '|', ' ', '1', '.', 'a', '*', '\n') });
    fc.assert(
      fc.property(line, (text) => {
        expect(parseMarkdown(text).length).toBeLessThanOrEqual(text.split('\n').length);
      }),
    );
  });
});
