import type { KnownBlock, ModalView } from '@slack/types';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../sandbox/serve.ts';
import type { LocalSlack } from '../sandbox/slack/local-slack.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { buttons, divider, manifest, modal, ops, plain, ServedSlack, tokens } from './served-slack.ts';

let stage: ServedSlack;
let slack: LocalSlack;
let client: WebClient;
let app: Served | undefined;
const open = async (text = manifest) => {
  stage = await ServedSlack.open({ manifest: text });
  slack = stage.slack;
  client = new WebClient(tokens.botToken, { slackApiUrl: stage.apiUrl, retryConfig: { retries: 0 } });
};
beforeEach(() => open());
const close = async () => {
  await stage.close();
  await app?.stop();
  app = undefined;
};
afterEach(close);

/** An app that answers every payload so. */
const answering = async (answer: object | undefined) => {
  await app?.stop();
  app = await serve(() => (answer === undefined ? new Response('') : Response.json(answer)));
  slack.sendTo(app.url);
};
const as = (who: keyof typeof people) => slack.as(people[who].id);
const show = async (blocks: KnownBlock[], change: Partial<ModalView> = {}) => {
  const trigger = slack.store.newTrigger(people.ana.id, { conversation: ops });
  await client.views.open({ trigger_id: trigger, view: modal(blocks, { submit: plain('Send'), ...change }) });
  const shown = as('ana').modal();
  if (shown === undefined) throw new Error('There is no modal');
  return shown;
};
const push = async (change: Partial<ModalView> = {}) => {
  const below = slack.store.topView(people.ana.id)?.id ?? '';
  const trigger = slack.store.newTrigger(people.ana.id, { viewId: below });
  await client.views.push({
    trigger_id: trigger,
    view: modal([divider], { submit: plain('Send'), ...change }),
  });
};
const post = async (blocks: KnownBlock[]) => {
  await client.chat.postMessage({ channel: ops, text: 'x', blocks });
  const seen = as('ana').sees(ops).at(-1);
  if (seen === undefined) throw new Error('There is no message');
  return seen;
};
const sent = (type: string) =>
  slack.deliveries.map(({ payload }) => payload).filter((payload) => payload['type'] === type);
const codeOf = async (call: Promise<unknown>) => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
};
type InputElement = Extract<KnownBlock, { type: 'input' }>['element'];
const input = (id: string, element: InputElement, change: object = {}): KnownBlock => ({
  type: 'input',
  block_id: id,
  label: plain(id),
  optional: true,
  element: { ...element, action_id: 'a' },
  ...change,
});
const options = [
  { text: plain('One'), value: '1' },
  { text: plain('Two'), value: '2' },
];

describe('view.state.values', () => {
  const empty: [InputElement, object][] = [
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
    const shown = await show(empty.map(([element]) => input(element.type, element)));
    await answering(undefined);
    await shown.submit();
    const shapes = empty.map(([{ type }, shape]) => [type, { a: { type, ...shape } }]);
    expect(sent('view_submission')[0]).toMatchObject({
      view: { state: { values: Object.fromEntries(shapes) as object } },
    });
  });

  test('holds what was initial and what was entered, and where the person was', async () => {
    const shown = await show([
      input('text', { type: 'plain_text_input', initial_value: 'initial' }),
      input('select', { type: 'static_select', options, initial_option: { text: plain('Two'), value: '2' } }),
      input('here', { type: 'conversations_select', default_to_current_conversation: true }),
      input('day', { type: 'datepicker' }),
      input('moment', { type: 'datetimepicker' }),
      input('who', { type: 'multi_users_select' }),
      input('rich', { type: 'rich_text_input' }),
    ]);
    shown.fill('day', '2026-11-30');
    shown.fill('moment', '1790000000');
    shown.fill('rich', 'words');
    await shown.choose('who', 'Ben', 'Dan');
    await answering(undefined);
    await shown.submit();
    expect(sent('view_submission')[0]).toMatchObject({
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
          },
        },
      },
    });
  });

  test('rides on every action and every search of the view, but not on its closing', async () => {
    const shown = await show(
      [
        input('secret', { type: 'plain_text_input' }),
        input('search', { type: 'external_select', min_query_length: 0 }),
        ...buttons,
      ],
      { notify_on_close: true },
    );
    await answering({ options: [] });
    shown.fill('secret', 'typed');
    await shown.press('Press');
    await shown.search('search', '');
    shown.close();
    const values = { secret: { a: { type: 'plain_text_input', value: 'typed' } } };
    expect(sent('block_actions')).toMatchObject([{ view: { state: { values } } }]);
    expect(sent('block_suggestion')).toMatchObject([{ view: { state: { values } } }]);
    expect(sent('view_closed')).toMatchObject([{ view: { state: { values: {} } } }]);
  });

  test('a search that answers groups offers what is in them', async () => {
    const shown = await show([input('search', { type: 'external_select', min_query_length: 0 })]);
    await answering({ option_groups: [{ label: plain('Group'), options }] });
    expect(await shown.search('search', '')).toEqual(options);
    await answering({ options, option_groups: [] });
    await expect(shown.search('search', '')).rejects.toThrow('either options or option_groups');
  });
});

describe('what is told at once', () => {
  test('a client names a field by its ids, and cannot put in what the field does not hold', async () => {
    const shown = await show([input('loud', { type: 'static_select', options }, { dispatch_action: true })]);
    await answering(undefined);
    const [first = null] = options;
    const state = { type: 'static_select' as const, selected_option: first };
    expect(await shown.setField('loud', 'a', state)).toEqual({ failure: undefined });
    expect(shown.value('loud')).toBe('One');
    expect(sent('block_actions')).toHaveLength(1);
    const other = shown.setField('loud', 'a', { type: 'datepicker', selected_date: null });
    await expect(other).rejects.toThrow('no datepicker');
  });

  test('a menu outside an input block, but a field only with dispatch_action', async () => {
    const shown = await show([
      {
        type: 'section',
        block_id: 's',
        text: plain('x'),
        accessory: { type: 'static_select', placeholder: plain('Pick'), action_id: 'a', options },
      },
      input('silent', { type: 'static_select', options }),
      input('loud', { type: 'static_select', options }, { dispatch_action: true }),
    ]);
    await answering(undefined);
    for (const name of ['Pick', 'silent', 'loud']) await shown.choose(name, 'Two');
    expect(sent('block_actions').map(({ actions }) => actions)).toMatchObject([
      [{ type: 'static_select', block_id: 's', selected_option: { value: '2' } }],
      [{ type: 'static_select', block_id: 'loud', selected_option: { value: '2' } }],
    ]);
  });

  test('text when Enter is pressed, or at every change where the field asks for it', async () => {
    const config = { trigger_actions_on: ['on_character_entered' as const] };
    const shown = await show([
      input('enter', { type: 'plain_text_input' }, { dispatch_action: true }),
      input('each', { type: 'plain_text_input', dispatch_action_config: config }, { dispatch_action: true }),
    ]);
    await answering(undefined);
    shown.fill('enter', 'one');
    expect(sent('block_actions')).toHaveLength(0);
    await shown.enter('enter');
    shown.fill('each', 'two');
    expect(sent('block_actions').map(({ actions }) => actions)).toMatchObject([
      [{ value: 'one', block_id: 'enter' }],
      [{ value: 'two', block_id: 'each' }],
    ]);
  });

  test('a menu in a message, with what its other menus hold', async () => {
    const message = await post([
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
    await answering(undefined);
    await as('ana').on(message).choose('Pick', 'One');
    await as('ana').press(message, 'Two');
    const state = {
      values: { b: { one: { selected_option: { value: '1' } }, day: { selected_date: '2026-11-30' } } },
    };
    expect(sent('block_actions')).toMatchObject([
      { state, actions: [{ action_id: 'one' }] },
      { state, actions: [{ type: 'overflow', selected_option: { value: '2' } }] },
    ]);
  });
});

describe('a stack of modals', () => {
  const notify = { notify_on_close: true };
  const titles = () => slack.store.views.filter(({ closed }) => !closed).map(({ view }) => view.title.text);

  test('Cancel goes back by one, ✕ leaves all of them, and both are told', async () => {
    await answering(undefined);
    await show([divider], notify);
    await push({ ...notify, title: plain('Second') });
    as('ana').modal()?.close();
    expect(titles()).toEqual(['A form']);
    await push({ ...notify, title: plain('Third') });
    as('ana').modal()?.dismiss();
    expect(titles()).toEqual([]);
    expect(sent('view_closed')).toMatchObject([
      { is_cleared: false, view: { title: { text: 'Second' } } },
      { is_cleared: true, view: { title: { text: 'A form' } } },
      { is_cleared: true, view: { title: { text: 'Third' } } },
    ]);
  });

  test('with clear_on_close Cancel leaves all of them; without notify_on_close nothing is told', async () => {
    await answering(undefined);
    await show([divider]);
    await push({ clear_on_close: true });
    as('ana').modal()?.close();
    expect(titles()).toEqual([]);
    expect(sent('view_closed')).toEqual([]);
  });

  test('a submission closes one view, or all with clear', async () => {
    await show([divider]);
    await push({ title: plain('Second') });
    await answering(undefined);
    expect(await as('ana').modal()?.submit()).toMatchObject({ outcome: 'closed' });
    expect(titles()).toEqual(['A form']);
    await push();
    await answering({ response_action: 'clear' });
    await as('ana').modal()?.submit();
    expect(titles()).toEqual([]);
  });

  test('a submission puts a view on top or another in its place', async () => {
    const shown = await show([divider]);
    await answering({ response_action: 'push', view: modal([divider], { title: plain('Pushed') }) });
    expect(await shown.submit()).toMatchObject({ outcome: 'pushed' });
    expect(titles()).toEqual(['A form', 'Pushed']);
    as('ana').modal()?.close();
    await answering({ response_action: 'update', view: modal([divider], { title: plain('Updated') }) });
    expect(await as('ana').modal()?.submit()).toMatchObject({ outcome: 'updated' });
    expect(titles()).toEqual(['Updated']);
  });

  test.each<[string, object, string]>([
    [
      'errors for a block that is no input',
      { response_action: 'errors', errors: { x: 'no' } },
      'no input block: x',
    ],
    ['no errors at all', { response_action: 'errors', errors: {} }, 'errors without any'],
    ['a view that is none', { response_action: 'update', view: { type: 'modal' } }, '/view/title'],
    ['an action that Slack does not have', { response_action: 'close' }, 'no such response_action'],
  ])('%s: all that a person sees is trouble, the reason is noted', async (_name, answer, reason) => {
    const shown = await show([divider]);
    await answering(answer);
    expect(await shown.submit()).toEqual({
      outcome: 'failed',
      errors: { '': 'We had some trouble connecting. Try again?' },
    });
    expect(slack.problems.join()).toContain(reason);
    expect(titles()).toEqual(['A form']);
  });
});

describe('what the manifest does not name, the app does not have', () => {
  const without = async (line: RegExp, instead = '') => {
    await close();
    await open(manifest.replace(line, instead));
  };

  test.each<[string, RegExp, () => Promise<unknown>]>([
    ['users:read', /users:read, /, () => client.users.list({ limit: 10 })],
    ['usergroups:read', /usergroups:read, /, () => client.usergroups.list()],
    ['chat:write', /chat:write, /, () => client.chat.delete({ channel: ops, ts: '1.1' })],
    ['im:write', /im:write, /, () => client.conversations.open({ users: people.ana.id })],
    ['channels:read', /channels:read, /, () => client.conversations.members({ channel: ops })],
    ['groups:read', / groups:read,/, () => client.conversations.info({ channel: channels.leadership.id })],
    ['channels:history', /channels:history, /, () => client.conversations.history({ channel: ops })],
    [
      'im:history',
      /im:history, /,
      () => client.conversations.history({ channel: slack.store.directMessage(people.ana.id).id }),
    ],
  ])('the scope %s', async (scope, line, call) => {
    await without(line);
    await expect(call()).rejects.toMatchObject({ data: { error: 'missing_scope', needed: scope } });
  });

  test('commands and shortcuts need their scope', async () => {
    await close();
    await expect(open(manifest.replace('commands, ', ''))).rejects.toThrow('without the scope commands');
    await open();
  });

  test('a command, a shortcut and an event', async () => {
    await answering(undefined);
    await expect(as('ana').types(ops, '/other')).rejects.toThrow('not a valid command');
    await expect(as('ana').shortcut('other')).rejects.toThrow('no shortcut');
    await slack.emit({ type: 'reaction_added' });
    expect(slack.deliveries).toEqual([]);
  });

  test('the Home tab', async () => {
    await without(/home_tab_enabled: true/, 'home_tab_enabled: false');
    const view = { type: 'home' as const, blocks: [divider] };
    expect(await codeOf(client.views.publish({ user_id: people.ana.id, view }))).toBe('not_enabled');
    await expect(as('ana').opensHome()).rejects.toThrow('no Home tab');
  });

  test('interactivity', async () => {
    await without(/interactivity: .*/, 'interactivity: { is_enabled: false }');
    const { failure } = await as('ana').press(await post(buttons), 'Press');
    expect(failure).toContain('not configured');
    expect(slack.deliveries).toEqual([]);
  });

  test('a public channel that the bot is not in, without chat:write.public', async () => {
    const write = () => client.chat.postMessage({ channel: channels.general.id, text: 'x' });
    expect(await codeOf(write())).toBe('not_in_channel');
    await without(/chat:write, /, 'chat:write, chat:write.public, ');
    await write();
    expect(await codeOf(client.chat.postMessage({ channel: channels.leadership.id, text: 'x' }))).toBe(
      'channel_not_found',
    );
  });
});

describe('who may do what', () => {
  test('somebody of another workspace presses buttons, but types no commands', async () => {
    await answering(undefined);
    const message = await post(buttons);
    expect(await as('xena').press(message, 'Press')).toEqual({ failure: undefined });
    expect(sent('block_actions')).toMatchObject([{ user: { id: people.xena.id, team_id: 'T09OTHER5CO' } }]);
    await expect(as('xena').types(ops, '/try')).rejects.toThrow('not a valid command');
    await expect(as('xena').shortcut('try_it')).rejects.toThrow('no shortcut');
  });

  test('a guest presses buttons and finds no global shortcut', async () => {
    await answering(undefined);
    expect(await as('gus').press(await post(buttons), 'Press')).toEqual({ failure: undefined });
    await expect(as('gus').shortcut('try_it')).rejects.toThrow('no shortcut');
  });

  test('an ephemeral message is seen and pressed by one person, and cannot be updated', async () => {
    await answering(undefined);
    const { message_ts: ts = '' } = await client.chat.postEphemeral({
      channel: ops,
      user: people.ana.id,
      text: 'psst',
      blocks: buttons,
    });
    expect(as('ben').sees(ops)).toEqual([]);
    const [whisper] = as('ana').sees(ops);
    if (whisper) await as('ana').press(whisper, 'Press');
    expect(sent('block_actions')).toMatchObject([{ container: { is_ephemeral: true } }]);
    expect(sent('block_actions')[0]).not.toHaveProperty('message');
    expect(await codeOf(client.chat.update({ channel: ops, ts, text: 'x' }))).toBe('message_not_found');
  });

  test('a message that was deleted cannot be pressed any more', async () => {
    const message = await post(buttons);
    await client.chat.delete({ channel: ops, ts: message.ts });
    expect(() => as('ana').press(message, 'Press')).toThrow('not there any more');
  });
});

describe('a response_url', () => {
  const respond = async (body: object) => {
    const url = String(slack.deliveries.at(-1)?.payload['response_url']);
    return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
  };
  const seen = () =>
    as('ben')
      .sees(ops)
      .map(({ text, threadTs }) => ({ text, threadTs }));

  test('of a command tells only the one who typed, unless it says in_channel', async () => {
    await as('ana').types(ops, '/try');
    await respond({ text: 'for you' });
    await respond({ text: 'for all', response_type: 'in_channel' });
    expect(seen()).toEqual([{ text: 'for all', threadTs: undefined }]);
    expect(
      as('ana')
        .sees(ops)
        .map(({ text }) => text),
    ).toEqual(['for you', 'for all']);
  });

  test('of a button replaces the message, answers in its thread, or deletes it', async () => {
    const { ts } = await post(buttons);
    await as('ana').press(as('ana').sees(ops)[0] ?? (await post(buttons)), 'Press');
    await respond({ text: 'reply', replace_original: false, response_type: 'in_channel', thread_ts: ts });
    await respond({ text: 'replaced' });
    expect(seen()).toEqual([
      { text: 'replaced', threadTs: undefined },
      { text: 'reply', threadTs: ts },
    ]);
    await respond({ delete_original: true });
    expect(seen()).toEqual([{ text: 'reply', threadTs: ts }]);
  });

  test('refuses bad blocks and nothing at all', async () => {
    await as('ana').types(ops, '/try');
    expect(await respond({ blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] })).toBe(400);
    expect(await respond({})).toBe(400);
    expect(as('ana').sees(ops)).toEqual([]);
  });

  test('comes with a submission for the channel that was chosen', async () => {
    const shown = await show([input('where', { type: 'channels_select', response_url_enabled: true })]);
    await shown.choose('where', 'msp-ops');
    await answering(undefined);
    await shown.submit();
    expect(sent('view_submission')).toMatchObject([
      { response_urls: [{ block_id: 'where', channel_id: ops }] },
    ]);
  });
});

test('an answer to a command is shown to the one who typed, or to all with in_channel', async () => {
  await answering({ text: 'for you' });
  await as('ana').types(ops, '/try');
  await answering({ text: 'for all', response_type: 'in_channel' });
  await as('ana').types(ops, '/try');
  expect(
    as('ben')
      .sees(ops)
      .map(({ text }) => text),
  ).toEqual(['for all']);
  await answering({ text: 'bad', blocks: [{ type: 'nothing' }] });
  expect(await as('ana').types(ops, '/try')).toEqual({
    failure: '/try failed with the error "invalid_blocks"',
  });
});

test('an update without blocks drops the blocks; archived channels take neither posts nor updates', async () => {
  const { ts } = await post(buttons);
  await client.chat.update({ channel: ops, ts, text: 'plain' });
  expect(as('ana').sees(ops)).toMatchObject([{ text: 'plain', buttons: [] }]);
  slack.changeChannel(ops, { isArchived: true });
  expect(await codeOf(client.chat.postMessage({ channel: ops, text: 'x' }))).toBe('is_archived');
  expect(await codeOf(client.chat.update({ channel: ops, ts, text: 'x' }))).toBe('is_inactive');
});

test('a modal that was closed cannot be updated', async () => {
  const shown = await show([divider]);
  const id = slack.store.topView(people.ana.id)?.id ?? '';
  shown.close();
  expect(await codeOf(client.views.update({ view_id: id, view: modal([divider]) }))).toBe('not_found');
});

test('history tells the metadata only when asked for all of it, and a parent tells of its thread', async () => {
  const metadata = { event_type: 'neo_request', event_payload: { id: 7 } };
  const { ts = '' } = await client.chat.postMessage({ channel: ops, text: 'parent', metadata });
  await client.chat.postMessage({ channel: ops, text: 'reply', thread_ts: ts });
  const [short] = (await client.conversations.history({ channel: ops })).messages ?? [];
  expect(short).toMatchObject({ text: 'parent', reply_count: 1, metadata: { event_type: 'neo_request' } });
  expect(short?.metadata).not.toHaveProperty('event_payload');
  const all = await client.conversations.history({ channel: ops, include_all_metadata: true });
  expect(all.messages?.[0]?.metadata).toEqual(metadata);
});
