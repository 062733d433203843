import { chars, divider, group, inputOf, many, modal, option, options, plain } from './testing/block-kit.ts';
import { holdsLimits, type Row } from './testing/checked-limits.ts';

const inView = (element: (n: number) => object) => (n: number) => modal([inputOf(element(n))]);
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
    'plain_text_input',
    'rich_text_input',
    'conversations_select',
    'channels_select',
    'multi_external_select',
    'multi_users_select',
    'multi_conversations_select',
    'multi_channels_select',
  ].map((type): Row => [`${type} placeholder`, 1, 150, inView((n) => ({ type, placeholder: plain(n) }))]),
  [
    'number_input placeholder',
    1,
    150,
    inView((n) => ({ type: 'number_input', is_decimal_allowed: true, placeholder: plain(n) })),
  ],
  [
    'datetimepicker digits',
    10,
    10,
    inView((n) => ({ type: 'datetimepicker', initial_date_time: Number('1'.repeat(n)) })),
  ],
];

const suggestions: Row[] = [
  ['options', 0, 100, (n) => ({ options: options(n) })],
  ['option_groups', 0, 100, (n) => ({ option_groups: many(n, group(1)) })],
  ['options of a group', 1, 100, (n) => ({ option_groups: [group(n)] })],
  ['option text', 1, 75, (n) => ({ options: [option({ text: plain(n) })] })],
  ['option value', 1, 150, (n) => ({ options: [option({ value: chars(n) })] })],
  ['option description', 1, 75, (n) => ({ options: [option({ description: plain(n) })] })],
  ['label of a group', 1, 75, (n) => ({ option_groups: [{ ...group(1), label: plain(n) }] })],
];

const home = (change: object) => ({ type: 'home', blocks: [divider], ...change });
const homes: Row[] = [
  ['blocks', 1, 100, (n) => home({ blocks: many(n, divider) })],
  ['private_metadata', 0, 3000, (n) => home({ private_metadata: chars(n) })],
  ['callback_id', 1, 255, (n) => home({ callback_id: chars(n) })],
  ['external_id', 0, 255, (n) => home({ external_id: chars(n) })],
];

holdsLimits('view', views);
holdsLimits('home', homes);
holdsLimits('suggestion', suggestions);
