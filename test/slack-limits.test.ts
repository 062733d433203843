import { describe, expect, test } from 'vitest';
import {
  checkBlocks,
  checkHome,
  checkSuggestion,
  checkView,
  type Checked,
} from '../sandbox/slack/block-kit.ts';
import {
  button,
  card,
  chars,
  container,
  dataTable,
  divider,
  group,
  image,
  inputOf,
  many,
  modal,
  mrkdwn,
  option,
  options,
  plain,
  rawText,
  rowsOf,
  section,
  video,
} from './block-kit.ts';

const scopes = { scopes: ['links.embed:write', 'files:read'] };

type Kind = 'view' | 'home' | 'message' | 'suggestion';
const check: Record<Kind, (value: unknown) => Checked<unknown>> = {
  view: (value) => checkView(value, scopes),
  home: (value) => checkHome(value, scopes),
  message: (value) => checkBlocks(value, scopes),
  suggestion: checkSuggestion,
};

/** The name, the least, the most, and how it looks with `n`. */
type Row = [name: string, least: number, most: number, build: (n: number) => unknown];

const inView = (element: (n: number) => object) => (n: number) => modal([inputOf(element(n))]);
const select = (change: (n: number) => object) => (n: number) => [
  section({ type: 'static_select', options: options(1), ...change(n) }),
];

const views: Row[] = [
  ['blocks', 1, 100, (n) => modal(many(n, divider))],
  ['title', 1, 24, (n) => modal([divider], { title: plain(n) })],
  ['submit', 1, 24, (n) => modal([divider], { submit: plain(n) })],
  ['close', 1, 24, (n) => modal([divider], { close: plain(n) })],
  ['private_metadata', 0, 3000, (n) => modal([divider], { private_metadata: chars(n) })],
  ['callback_id', 1, 255, (n) => modal([divider], { callback_id: chars(n) })],
  ['external_id', 0, 255, (n) => modal([divider], { external_id: chars(n) })],
  ['block_id', 1, 255, (n) => modal([{ ...divider, block_id: chars(n) }])],
  ['action_id', 1, 255, inView((n) => ({ type: 'email_text_input', action_id: chars(n) }))],
  [
    'elements with focus_on_load',
    0,
    1,
    (n) => modal(many(n, inputOf({ type: 'email_text_input', focus_on_load: true })).concat(divider)),
  ],
  ['input label', 1, 2000, (n) => modal([inputOf({ type: 'email_text_input' }, { label: plain(n) })])],
  ['input hint', 1, 2000, (n) => modal([inputOf({ type: 'email_text_input' }, { hint: plain(n) })])],
  [
    'plain_text_input initial_value',
    0,
    3000,
    inView((n) => ({ type: 'plain_text_input', initial_value: chars(n) })),
  ],
  ['plain_text_input min_length', 0, 3000, inView((n) => ({ type: 'plain_text_input', min_length: n }))],
  ['plain_text_input max_length', 1, 3000, inView((n) => ({ type: 'plain_text_input', max_length: n }))],
  ['rich_text_input min_lines', 1, 100, inView((n) => ({ type: 'rich_text_input', min_lines: n }))],
  ['rich_text_input max_lines', 1, 100, inView((n) => ({ type: 'rich_text_input', max_lines: n }))],
  ['file_input max_files', 1, 10, inView((n) => ({ type: 'file_input', max_files: n }))],
  ['alert text', 1, 200, (n) => modal([{ type: 'alert', text: plain(n) }])],
  ...[
    'email_text_input',
    'url_text_input',
    'datepicker',
    'timepicker',
    'external_select',
    'users_select',
  ].map((type): Row => [`${type} placeholder`, 1, 150, inView((n) => ({ type, placeholder: plain(n) }))]),
];

const messages: Row[] = [
  ['blocks', 0, 50, (n) => many(n, divider)],
  ['section text', 1, 3000, (n) => [{ type: 'section', text: mrkdwn(n) }]],
  ['section fields', 1, 10, (n) => [{ type: 'section', fields: many(n, plain(1)) }]],
  ['section field', 1, 2000, (n) => [{ type: 'section', fields: [plain(n)] }]],
  ['header text', 1, 150, (n) => [{ type: 'header', text: plain(n) }]],
  ['context elements', 1, 10, (n) => [{ type: 'context', elements: many(n, plain(1)) }]],
  ['text object', 1, 3000, (n) => [{ type: 'context', elements: [plain(n)] }]],
  ['actions elements', 1, 25, (n) => [{ type: 'actions', elements: many(n, button()) }]],
  ['image alt_text', 1, 2000, (n) => [image({ alt_text: chars(n) })]],
  ['image image_url', 1, 3000, (n) => [image({ image_url: chars(n) })]],
  ['image title', 1, 2000, (n) => [image({ title: plain(n) })]],
  ['markdown text', 1, 12_000, (n) => [{ type: 'markdown', text: chars(n) }]],
  ['tables in a message', 0, 1, (n) => many(n, { type: 'table', rows: rowsOf(1, 1) })],
  ['table rows', 1, 100, (n) => [{ type: 'table', rows: rowsOf(n, 1) }]],
  ['table cells in a row', 1, 20, (n) => [{ type: 'table', rows: rowsOf(1, n) }]],
  ['button text', 1, 75, (n) => [section(button({ text: plain(n) }))]],
  ['button value', 1, 2000, (n) => [section(button({ value: chars(n) }))]],
  ['button url', 1, 3000, (n) => [section(button({ url: chars(n) }))]],
  ['button accessibility_label', 1, 75, (n) => [section(button({ accessibility_label: chars(n) }))]],
  ...[['title', 100] as const, ['text', 300] as const, ['confirm', 30] as const, ['deny', 30] as const].map(
    ([part, most]): Row => [
      `confirm ${part}`,
      1,
      most,
      (n) => [section(button({ confirm: { text: plain(1), [part]: plain(n) } }))],
    ],
  ),
  ['option text', 1, 75, select((n) => ({ options: [option({ text: plain(n) })] }))],
  ['option value', 1, 150, select((n) => ({ options: [option({ value: chars(n) })] }))],
  ['option description', 1, 75, select((n) => ({ options: [option({ description: plain(n) })] }))],
  [
    'option url in an overflow menu',
    1,
    3000,
    (n) => [section({ type: 'overflow', options: [option({ url: chars(n) })] })],
  ],
  ['select placeholder', 1, 150, select((n) => ({ placeholder: plain(n) }))],
  ['static_select options', 1, 100, select((n) => ({ options: options(n) }))],
  [
    'multi_static_select options',
    1,
    100,
    (n) => [section({ type: 'multi_static_select', options: options(n) })],
  ],
  [
    'static_select option_groups',
    1,
    100,
    (n) => [section({ type: 'static_select', option_groups: many(n, group(1)) })],
  ],
  ['options of a group', 1, 100, (n) => [section({ type: 'static_select', option_groups: [group(n)] })]],
  [
    'label of a group',
    1,
    75,
    (n) => [section({ type: 'static_select', option_groups: [{ ...group(1), label: plain(n) }] })],
  ],
  ['checkboxes options', 1, 10, (n) => [section({ type: 'checkboxes', options: options(n) })]],
  ['radio_buttons options', 1, 10, (n) => [section({ type: 'radio_buttons', options: options(n) })]],
  ['overflow options', 1, 5, (n) => [section({ type: 'overflow', options: options(n) })]],
  ['card title', 1, 150, (n) => [card({ title: mrkdwn(n) })]],
  ['card subtitle', 1, 150, (n) => [card({ subtitle: mrkdwn(n) })]],
  ['card body', 1, 200, (n) => [card({ body: mrkdwn(n) })]],
  ['card actions', 1, 3, (n) => [card({ actions: many(n, button()) })]],
  ['carousel cards', 1, 10, (n) => [{ type: 'carousel', elements: many(n, card({})) }]],
  ['container title', 1, 150, (n) => [container({ title: plain(n) })]],
  ['container subtitle', 1, 150, (n) => [container({ subtitle: plain(n) })]],
  ['container children', 1, 10, (n) => [container({ child_blocks: many(n, divider) })]],
  [
    'context_actions elements',
    1,
    5,
    (n) => [
      { type: 'context_actions', elements: many(n, { type: 'icon_button', icon: 'trash', text: plain(1) }) },
    ],
  ],
  ['data_table rows', 2, 201, (n) => [dataTable(rowsOf(n, 1))]],
  ['data_table columns', 1, 20, (n) => [dataTable(rowsOf(2, n))]],
  ['data_table characters', 2, 20_000, (n) => [dataTable([[rawText(1)], [rawText(n - 1)]])]],
  ['data_table page_size', 1, 100, (n) => [dataTable(rowsOf(2, 1), { page_size: n })]],
  ['video title', 1, 200, (n) => [video({ title: plain(n) })]],
  ['video description', 1, 200, (n) => [video({ description: plain(n) })]],
  ['video_url', 8, 3000, (n) => [video({ video_url: `https://${'v'.repeat(n)}`.slice(0, n) })]],
  [
    'table column_settings',
    1,
    20,
    (n) => [{ type: 'table', rows: rowsOf(1, 1), column_settings: many(n, {}) }],
  ],
  [
    'rich_text_list indent',
    0,
    8,
    (n) => [
      { type: 'rich_text', elements: [{ type: 'rich_text_list', style: 'bullet', elements: [], indent: n }] },
    ],
  ],
  ['video author_name', 1, 50, (n) => [video({ author_name: chars(n) })]],
  [
    'plan tasks',
    0,
    50,
    (n) => [
      {
        type: 'plan',
        title: 't',
        tasks: many(n, { type: 'task_card', task_id: 'i', title: 't', status: 'error' }),
      },
    ],
  ],
];

const suggestions: Row[] = [
  ['options', 0, 100, (n) => ({ options: options(n) })],
  ['option_groups', 0, 100, (n) => ({ option_groups: many(n, group(1)) })],
  ['options of a group', 1, 100, (n) => ({ option_groups: [group(n)] })],
];

const homes: Row[] = [['blocks', 1, 100, (n) => ({ type: 'home', blocks: many(n, divider) })]];

describe.each<[Kind, Row[]]>([
  ['view', views],
  ['home', homes],
  ['message', messages],
  ['suggestion', suggestions],
])('Limits of a %s: the limit itself is taken, one past it is refused', (kind, rows) => {
  test.each(rows)('%s: %i to %i', (_name, least, most, build) => {
    expect(check[kind](build(most))).toHaveProperty('value');
    expect(check[kind](build(least))).toHaveProperty('value');
    expect(check[kind](build(most + 1))).toHaveProperty('errors');
    if (least > 0) expect(check[kind](build(least - 1))).toHaveProperty('errors');
  });
});

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
      'max_selected_items 0',
      'message',
      [section({ type: 'multi_users_select', max_selected_items: 0 })],
      'invalid_blocks',
      '/blocks/0/accessory/max_selected_items',
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
    [
      'a number_input with a number for min_value',
      'view',
      initial({ type: 'number_input', is_decimal_allowed: true, min_value: 1 }),
      'invalid_arguments',
      '/view/blocks/0/element/min_value',
    ],
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
    [
      'initial_options that are not offered',
      'view',
      initial({ type: 'checkboxes', options: options(1), initial_options: [option({ value: 'w' })] }),
      'invalid_arguments',
      '/view/blocks/0/element',
    ],
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

  test('a view of 250 kB is taken, one byte more is too large', () => {
    const blocks = Array.from({ length: 84 }, () => ({
      type: 'section',
      text: { type: 'plain_text', text: 'x'.repeat(2_900) },
    }));
    const sized = (bytes: number) => {
      const empty = modal(blocks, { private_metadata: '' });
      return { ...empty, private_metadata: 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify(empty))) };
    };
    expect(checkView(sized(250_000))).toHaveProperty('value');
    expect(checkView(sized(250_001))).toMatchObject({ error: 'view_too_large' });
  });
});
