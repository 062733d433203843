import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { people } from './workspace.ts';
import { buttons, input, ops, options, plain, slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();
type Element = Extract<KnownBlock, { type: 'input' }>['element'];

describe('view.state.values', () => {
  const empty: [Element, object][] = [
    [{ type: 'plain_text_input' }, { value: null }],
    [{ type: 'email_text_input' }, { value: null }],
    [{ type: 'url_text_input' }, { value: null }],
    [{ type: 'number_input', is_decimal_allowed: false }, { value: null }],
    [{ type: 'rich_text_input' }, {}],
    [{ type: 'datepicker' }, { selected_date: null }],
    [
      { type: 'timepicker', timezone: 'Europe/Berlin' },
      { selected_time: null, timezone: 'Europe/Berlin' },
    ],
    [{ type: 'datetimepicker' }, { selected_date_time: null }],
    [{ type: 'static_select', options }, { selected_option: null }],
    [{ type: 'external_select' }, { selected_option: null }],
    [{ type: 'users_select' }, { selected_user: null }],
    [{ type: 'conversations_select' }, { selected_conversation: null }],
    [{ type: 'channels_select' }, { selected_channel: null }],
    [{ type: 'radio_buttons', options }, { selected_option: null }],
    [{ type: 'checkboxes', options }, { selected_options: [] }],
    [{ type: 'multi_static_select', options }, { selected_options: [] }],
    [{ type: 'multi_external_select' }, { selected_options: [] }],
    [{ type: 'multi_users_select' }, { selected_users: [] }],
    [{ type: 'multi_conversations_select' }, { selected_conversations: [] }],
    [{ type: 'multi_channels_select' }, { selected_channels: [] }],
  ];

  test('every kind of field that was left empty has its own shape', async () => {
    const shown = await stage.show(empty.map(([element]) => input(element.type, element)));
    await stage.answering(undefined);
    await shown.submit();
    const shapes = empty.map(([{ type }, shape]) => [type, { a: { type, ...shape } }]);
    expect(stage.sent('view_submission')[0]).toMatchObject({
      view: { state: { values: Object.fromEntries(shapes) as object } },
    });
  });

  test('holds what was initial and what was entered, and where the person was', async () => {
    const shown = await stage.show([
      input('text', { type: 'plain_text_input', initial_value: 'initial' }),
      input('select', { type: 'static_select', options, initial_option: { text: plain('Two'), value: '2' } }),
      input('here', { type: 'conversations_select', default_to_current_conversation: true }),
      input('day', { type: 'datepicker' }),
      input('moment', { type: 'datetimepicker' }),
      input('who', { type: 'multi_users_select' }),
      input('rich', { type: 'rich_text_input' }),
      input('number', { type: 'number_input', is_decimal_allowed: false }),
      input('time', { type: 'timepicker', timezone: 'Europe/Berlin' }),
    ]);
    shown.fill('day', '2026-11-30');
    shown.fill('moment', '1790000000');
    shown.fill('rich', 'words');
    shown.fill('number', '3');
    shown.fill('time', '09:30');
    await shown.choose('who', 'Ben', 'Dan');
    await stage.answering(undefined);
    await shown.submit();
    expect(stage.sent('view_submission')[0]).toMatchObject({
      view: {
        state: {
          values: {
            text: { a: { value: 'initial' } },
            select: { a: { selected_option: { value: '2' } } },
            here: { a: { selected_conversation: ops } },
            day: { a: { selected_date: '2026-11-30' } },
            moment: { a: { selected_date_time: 1_790_000_000 } },
            who: { a: { selected_users: [people.ben.id, people.dan.id] } },
            rich: { a: { rich_text_value: { type: 'rich_text' } } },
            number: { a: { value: '3' } },
            time: { a: { selected_time: '09:30', timezone: 'Europe/Berlin' } },
          },
        },
      },
    });
  });

  test('rides on every action and every search of the view, but not on its closing', async () => {
    const shown = await stage.show(
      [
        input('secret', { type: 'plain_text_input' }),
        input('search', { type: 'external_select', min_query_length: 0 }),
        ...buttons,
      ],
      { notify_on_close: true },
    );
    await stage.answering({ options: [] });
    shown.fill('secret', 'typed');
    await shown.press('Press');
    await shown.search('search', '');
    shown.close();
    const values = { secret: { a: { type: 'plain_text_input', value: 'typed' } } };
    expect(stage.sent('block_actions')).toMatchObject([{ view: { state: { values } } }]);
    expect(stage.sent('block_suggestion')).toMatchObject([{ view: { state: { values } } }]);
    expect(stage.sent('view_closed')).toMatchObject([{ view: { state: { values: {} } } }]);
  });

  test('a search that answers groups offers what is in them', async () => {
    const shown = await stage.show([input('search', { type: 'external_select', min_query_length: 0 })]);
    await stage.answering({ option_groups: [{ label: plain('Group'), options }] });
    expect(await shown.search('search', '')).toEqual(options);
    await stage.answering({ options, option_groups: [] });
    await expect(shown.search('search', '')).rejects.toThrow('either options or option_groups');
  });
});

describe('what is told at once', () => {
  test('a client names a field by its ids, and cannot put in what the field does not hold', async () => {
    const shown = await stage.show([
      input('loud', { type: 'static_select', options }, { dispatch_action: true }),
    ]);
    await stage.answering(undefined);
    const [first = null] = options;
    const state = { type: 'static_select' as const, selected_option: first };
    expect(await shown.setField('loud', 'a', state)).toEqual({ failure: undefined });
    expect(shown.value('loud')).toBe('One');
    expect(stage.sent('block_actions')).toHaveLength(1);
    const other = shown.setField('loud', 'a', { type: 'datepicker', selected_date: null });
    await expect(other).rejects.toThrow('no datepicker');
  });

  test('a menu outside an input block, but a field only with dispatch_action', async () => {
    const shown = await stage.show([
      {
        type: 'section',
        block_id: 's',
        text: plain('x'),
        accessory: { type: 'static_select', placeholder: plain('Pick'), action_id: 'a', options },
      },
      input('silent', { type: 'static_select', options }),
      input('loud', { type: 'static_select', options }, { dispatch_action: true }),
    ]);
    await stage.answering(undefined);
    for (const name of ['Pick', 'silent', 'loud']) await shown.choose(name, 'Two');
    expect(stage.sent('block_actions').map(({ actions }) => actions)).toMatchObject([
      [{ type: 'static_select', block_id: 's', selected_option: { value: '2' } }],
      [{ type: 'static_select', block_id: 'loud', selected_option: { value: '2' } }],
    ]);
  });

  test('text when Enter is pressed, or at every change where the field asks for it', async () => {
    const config = { trigger_actions_on: ['on_character_entered' as const] };
    const shown = await stage.show([
      input('enter', { type: 'plain_text_input' }, { dispatch_action: true }),
      input('each', { type: 'plain_text_input', dispatch_action_config: config }, { dispatch_action: true }),
    ]);
    await stage.answering(undefined);
    shown.fill('enter', 'one');
    expect(stage.sent('block_actions')).toHaveLength(0);
    await shown.enter('enter');
    shown.fill('each', 'two');
    expect(stage.sent('block_actions').map(({ actions }) => actions)).toMatchObject([
      [{ value: 'one', block_id: 'enter' }],
      [{ value: 'two', block_id: 'each' }],
    ]);
  });

  test('a menu in a message, with what its other menus hold', async () => {
    const message = await stage.post([
      {
        type: 'actions',
        block_id: 'b',
        elements: [
          { type: 'static_select', placeholder: plain('Pick'), action_id: 'one', options },
          { type: 'overflow', action_id: 'more', options },
          { type: 'datepicker', action_id: 'day', initial_date: '2026-11-30' },
        ],
      },
    ]);
    await stage.answering(undefined);
    await stage.as('ana').on(message).choose('Pick', 'One');
    await stage.as('ana').press(message, 'Two');
    const state = {
      values: { b: { one: { selected_option: { value: '1' } }, day: { selected_date: '2026-11-30' } } },
    };
    expect(stage.sent('block_actions')).toMatchObject([
      { state, actions: [{ action_id: 'one' }] },
      { state, actions: [{ type: 'overflow', selected_option: { value: '2' } }] },
    ]);
  });
});

describe('a label that stands twice on one surface', () => {
  const button = (action_id: string) => ({ type: 'button' as const, action_id, text: plain('Approve') });
  const row = (block_id: string, ...actions: string[]): KnownBlock => ({
    type: 'actions',
    block_id,
    elements: actions.map(button),
  });

  test('is refused, and taken with the ids of its block and action', async () => {
    await stage.answering(undefined);
    const message = await stage.post([row('first', 'yes'), row('second', 'yes', 'also')]);
    const pressing = stage.as('ana').press(message, 'Approve');
    await expect(pressing).rejects.toThrow(
      'There are 3 of the button Approve. Say which by block and action: first yes, second yes, second also',
    );
    const inSecond = stage.as('ana').press(message, { label: 'Approve', block: 'second' });
    await expect(inSecond).rejects.toThrow('There are 2');
    await stage.as('ana').press(message, { label: 'Approve', block: 'second', action: 'also' });
    expect(stage.sent('block_actions').map(({ actions }) => actions)).toMatchObject([
      [{ block_id: 'second', action_id: 'also' }],
    ]);
  });

  test('holds for fields as well', async () => {
    const name = { label: plain('Name') };
    const shown = await stage.show([
      input('one', { type: 'plain_text_input' }, name),
      input('two', { type: 'plain_text_input' }, name),
    ]);
    expect(() => {
      shown.fill('Name', 'x');
    }).toThrow('There are 2 of the field Name');
    shown.fill({ label: 'Name', block: 'two' }, 'x');
    expect(shown.value({ label: 'Name', block: 'one' })).toBe('');
    expect(shown.value({ label: 'Name', block: 'two' })).toBe('x');
  });
});
