import { describe, expect, test } from 'vitest';
import { checkBlocks, checkView } from './block-kit.ts';
import {
  button,
  chars,
  divider,
  group,
  inputOf,
  many,
  modal,
  mrkdwn,
  option,
  options,
  plain,
  rowsOf,
  section,
  video,
} from './testing/block-kit.ts';
import { check, select, type Kind } from './testing/checked-limits.ts';

const notFocused = { type: 'plain_text_input' };
const initial = (element: object) => modal([inputOf(element)]);

describe('What Block Kit refuses besides lengths, with Slack’s code and a pointer to the place', () => {
  test.each<[string, Kind, unknown, string, string]>([
    ['an unknown property', 'message', [{ ...divider, colour: 'red' }], 'invalid_blocks', '/blocks/0'],
    ['an unknown block', 'message', [{ type: 'marquee' }], 'invalid_blocks', '/blocks/0/type'],
    [
      'NUL',
      'message',
      [{ type: 'section', text: { type: 'mrkdwn', text: 'a\u0000b' } }],
      'invalid_blocks',
      '/blocks/0/text/text',
    ],
    [
      'mrkdwn where plain_text is due',
      'message',
      [{ type: 'header', text: mrkdwn(1) }],
      'invalid_blocks',
      '/blocks/0/text/type',
    ],
    [
      'one block_id twice',
      'message',
      many(2, { ...divider, block_id: 'x' }),
      'invalid_blocks',
      '/blocks/1/block_id',
    ],
    [
      'one action_id twice in a block',
      'message',
      [{ type: 'actions', elements: many(2, button({ action_id: 'a' })) }],
      'invalid_blocks',
      '/blocks/0/elements',
    ],
    ['a section without text and fields', 'message', [{ type: 'section' }], 'invalid_blocks', '/blocks/0'],
    [
      'options and option_groups',
      'message',
      select(() => ({ option_groups: [group(1)] }))(0),
      'invalid_blocks',
      '/blocks/0/accessory',
    ],
    [
      'options and option_groups where several can be chosen',
      'message',
      [section({ type: 'multi_static_select', options: options(1), option_groups: [group(1)] })],
      'invalid_blocks',
      '/blocks/0/accessory',
    ],
    [
      'options and option_groups found by a search',
      'suggestion',
      { options: options(1), option_groups: [group(1)] },
      'invalid_arguments',
      '',
    ],
    ...['title', 'submit', 'close'].map((part): [string, Kind, unknown, string, string] => [
      `mrkdwn for the ${part} of a view`,
      'view',
      modal([divider], { [part]: mrkdwn(1) }),
      'invalid_arguments',
      `/view/${part}/type`,
    ]),
    [
      'max_selected_items 0',
      'message',
      [section({ type: 'multi_users_select', max_selected_items: 0 })],
      'invalid_blocks',
      '/blocks/0/accessory/max_selected_items',
    ],
    [
      'an alert of a level that there is not',
      'view',
      modal([{ type: 'alert', text: plain(1), level: 'danger' }]),
      'invalid_arguments',
      '/view/blocks/0/level',
    ],
    [
      'an alert in a message',
      'message',
      [{ type: 'alert', text: plain(1) }],
      'invalid_blocks',
      '/blocks/0/type',
    ],
    [
      'a file block',
      'message',
      [{ type: 'file', source: 'remote', external_id: 'x' }],
      'invalid_blocks',
      '/blocks/0/type',
    ],
    [
      'a markdown block in a modal',
      'view',
      modal([{ type: 'markdown', text: 'x' }]),
      'invalid_arguments',
      '/view/blocks/0/type',
    ],
    [
      'a table in a modal',
      'view',
      modal([{ type: 'table', rows: rowsOf(1, 1) }]),
      'invalid_arguments',
      '/view/blocks/0/type',
    ],
    [
      'a markdown block in a Home tab',
      'home',
      { type: 'home', blocks: [{ type: 'markdown', text: 'x' }] },
      'invalid_arguments',
      '/view/blocks/0/type',
    ],
    [
      'a file_input in a Home tab',
      'home',
      { type: 'home', blocks: [inputOf({ type: 'file_input' })] },
      'invalid_arguments',
      '/view/blocks/0',
    ],
    [
      'an input without a submit button',
      'view',
      { ...initial(notFocused), submit: undefined },
      'invalid_arguments',
      '/view/submit',
    ],
    [
      'an input without a label',
      'view',
      modal([{ type: 'input', element: notFocused }]),
      'invalid_arguments',
      '/view/blocks/0/label',
    ],
    [
      'a number_input without is_decimal_allowed',
      'view',
      initial({ type: 'number_input' }),
      'invalid_arguments',
      '/view/blocks/0/element/is_decimal_allowed',
    ],
    ...['min_value', 'max_value', 'initial_value'].map((part): [string, Kind, unknown, string, string] => [
      `a number_input with a number for ${part}`,
      'view',
      initial({ type: 'number_input', is_decimal_allowed: true, [part]: 1 }),
      'invalid_arguments',
      `/view/blocks/0/element/${part}`,
    ]),
    [
      'min_value above max_value',
      'view',
      initial({ type: 'number_input', is_decimal_allowed: true, min_value: '2', max_value: '1' }),
      'invalid_arguments',
      '/view/blocks/0/element',
    ],
    [
      'an initial_date in another form',
      'view',
      initial({ type: 'datepicker', initial_date: '2026-13-01' }),
      'invalid_arguments',
      '/view/blocks/0/element/initial_date',
    ],
    [
      'an initial_time in another form',
      'view',
      initial({ type: 'timepicker', initial_time: '24:00' }),
      'invalid_arguments',
      '/view/blocks/0/element/initial_time',
    ],
    [
      'an initial_date_time in milliseconds',
      'view',
      initial({ type: 'datetimepicker', initial_date_time: 1_760_000_000_000 }),
      'invalid_arguments',
      '/view/blocks/0/element/initial_date_time',
    ],
    [
      'a timezone that is not IANA',
      'view',
      initial({ type: 'timepicker', timezone: 'AUS Eastern Standard Time' }),
      'invalid_arguments',
      '/view/blocks/0/element/timezone',
    ],
    [
      'an initial_option whose value differs',
      'view',
      initial({ type: 'static_select', options: options(1), initial_option: option({ value: 'w' }) }),
      'invalid_arguments',
      '/view/blocks/0/element',
    ],
    [
      'an initial_option whose text differs',
      'view',
      initial({ type: 'radio_buttons', options: options(1), initial_option: option({ text: plain(2) }) }),
      'invalid_arguments',
      '/view/blocks/0/element',
    ],
    ...['checkboxes', 'multi_static_select'].map((type): [string, Kind, unknown, string, string] => [
      `initial_options of ${type} that are not offered`,
      'view',
      initial({ type, options: options(1), initial_options: [option({ value: 'w' })] }),
      'invalid_arguments',
      '/view/blocks/0/element',
    ]),
  ])('%s', (_name, kind, value, code, pointer) => {
    const checked = check[kind](value);
    expect(checked).toMatchObject({ error: code });
    expect('errors' in checked && checked.errors).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^\\[ERROR\\] .+ \\[json-pointer:${pointer}\\]$`)),
      ]),
    );
  });

  test('a video and a file_input need their scopes', () => {
    expect(checkBlocks([video({})])).toMatchObject({ error: 'invalid_blocks' });
    expect(checkView(initial({ type: 'file_input' }))).toMatchObject({ error: 'invalid_arguments' });
  });

  test('a markdown block counts together with the others in its message', () => {
    const two = (n: number) => [
      { type: 'markdown', text: chars(6_000) },
      { type: 'markdown', text: chars(n) },
    ];
    expect(checkBlocks(two(6_000))).toHaveProperty('value');
    expect(checkBlocks(two(6_001))).toMatchObject({ error: 'msg_blocks_too_long' });
  });

  test.each<[Kind, (blocks: object[], change: object) => object]>([
    ['view', modal],
    ['home', (blocks, change) => ({ type: 'home', blocks, ...change })],
  ])('a %s of 250 kB is taken, one byte more is too large', (kind, build) => {
    const blocks = Array.from({ length: 84 }, () => ({
      type: 'section',
      text: { type: 'plain_text', text: 'x'.repeat(2_900) },
    }));
    const sized = (bytes: number) => {
      const empty = build(blocks, { private_metadata: '' });
      return { ...empty, private_metadata: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(empty))) };
    };
    expect(check[kind](sized(250_000))).toHaveProperty('value');
    expect(check[kind](sized(250_001))).toMatchObject({ error: 'view_too_large' });
  });
});
