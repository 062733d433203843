import { expect, test } from 'vitest';
import { people } from './workspace.ts';
import { divider, inputOf, modal, options } from './testing/block-kit.ts';
import { manifest, slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();
const ana = () => stage.as('ana');
const open = (change: object = {}, blocks: object[] = [divider]) =>
  stage.call('views.open', {
    trigger_id: stage.slack.store.newTrigger(people.ana.id),
    view: modal(blocks, change),
  });

test('three views stack, a fourth does not', async () => {
  await open();
  const push = async () => {
    const top = stage.slack.store.topView(people.ana.id)?.id ?? '';
    const id = stage.slack.store.newTrigger(people.ana.id, { viewId: top });
    return stage.call('views.push', { trigger_id: id, view: modal([divider]) });
  };
  expect(await push()).toMatchObject({ ok: true });
  expect(await push()).toMatchObject({ ok: true });
  expect(await push()).toMatchObject({ error: 'push_limit_reached' });
});

test('three views stack when submissions are answered with a push, a fourth does not', async () => {
  await open();
  await stage.answering({ response_action: 'push', view: modal([divider]) });
  const submit = async () => (await ana().modal()?.submit())?.outcome;
  expect([await submit(), await submit(), await submit()]).toEqual(['pushed', 'pushed', 'failed']);
  expect(stage.slack.problems).toEqual(['push_limit_reached']);
});

test('an external_id is free again only when its view is closed', async () => {
  expect(await open({ external_id: 'one' })).toMatchObject({ ok: true });
  const other = (id: string) =>
    stage.call('views.open', {
      trigger_id: stage.slack.store.newTrigger(people.ben.id),
      view: modal([divider], { external_id: id }),
    });
  expect(await other('one')).toMatchObject({ error: 'duplicate_external_id' });
  ana().modal()?.close();
  expect(await other('one')).toMatchObject({ ok: true });
});

test('an update with an old hash is refused, with the present one taken', async () => {
  const { view } = (await open()) as { view: { id: string; hash: string } };
  const update = (hash: string) =>
    stage.call('views.update', { view_id: view.id, hash, view: modal([divider]) });
  expect(await update(view.hash)).toMatchObject({ ok: true });
  expect(await update(view.hash)).toMatchObject({ error: 'hash_conflict' });
});

test('a Home tab is published with its present hash, not with an old one', async () => {
  const publish = (change: object) =>
    stage.call('views.publish', {
      user_id: people.ana.id,
      view: { type: 'home', blocks: [divider] },
      ...change,
    });
  const { view } = (await publish({})) as { view: { hash: string } };
  expect(await publish({ hash: view.hash })).toMatchObject({ ok: true });
  expect(await publish({ hash: view.hash })).toMatchObject({ error: 'hash_conflict' });
});

test('what was typed stays through views.update only where block_id and action_id stay', async () => {
  const label = { type: 'plain_text', text: 'Name' };
  const field = (block_id: string, action_id: string) =>
    inputOf({ type: 'plain_text_input', action_id, initial_value: 'initial' }, { block_id, label });
  const { view } = (await open({}, [field('b', 'a')])) as { view: { id: string } };
  ana().modal()?.fill('Name', 'typed');
  const after = async (block: object) => {
    await stage.call('views.update', { view_id: view.id, view: modal([block]) });
    return ana().modal()?.value('Name');
  };
  expect(await after(field('b', 'a'))).toBe('typed');
  expect(await after(field('b', 'other'))).toBe('initial');
  expect(await after(field('other', 'a'))).toBe('initial');
});

test('an external select asks the app from the third character, or from where it says', async () => {
  const named = (text: string, change: object) =>
    inputOf({ type: 'external_select', ...change }, { label: { type: 'plain_text', text } });
  await open({}, [named('Three', {}), named('One', { min_query_length: 1 })]);
  await stage.answering({ options: options(1) });
  const found = async (label: string, query: string) => (await ana().modal()?.search(label, query))?.length;
  expect(await found('Three', 'ab')).toBe(0);
  expect(await found('Three', 'abc')).toBe(1);
  expect(await found('One', '')).toBe(0);
  expect(await found('One', 'a')).toBe(1);
});

test.each<[string, object, string, string | undefined, string]>([
  ['max_length', { type: 'plain_text_input', max_length: 3 }, 'abcd', undefined, 'takes 3 characters'],
  ['min_length', { type: 'plain_text_input', min_length: 3 }, 'ab', 'abc', 'at least 3'],
  ['min_value', { type: 'number_input', is_decimal_allowed: false, min_value: '2' }, '1', '2', '2 or more'],
  ['max_value', { type: 'number_input', is_decimal_allowed: false, max_value: '2' }, '3', '2', '2 or less'],
  ['is_decimal_allowed', { type: 'number_input', is_decimal_allowed: false }, '1.5', '1', 'whole number'],
  ['an email address', { type: 'email_text_input' }, 'nobody', 'a@b.example', 'valid email'],
  ['a URL', { type: 'url_text_input' }, 'nowhere', 'https://a.example', 'valid URL'],
  ['a date', { type: 'datepicker' }, '2026-02-31x', '2026-02-28', 'does not take'],
  ['a time', { type: 'timepicker' }, '24:00', '23:59', 'does not take'],
])('Slack’s client holds %s', async (_name, element, wrong, right, words) => {
  await open({}, [inputOf(element, { label: { type: 'plain_text', text: 'Field' } })]);
  await stage.answering(undefined);
  const attempt = async (value: string) => {
    const form = ana().modal();
    form?.fill('Field', value);
    return (await form?.submit())?.errors['Field'];
  };
  expect(await attempt(wrong).catch((error: unknown) => String(error))).toContain(words);
  if (right !== undefined) expect(await attempt(right)).toBeUndefined();
});

test('max_selected_items and max_files are as many as somebody can choose', async () => {
  const label = (text: string) => ({ label: { type: 'plain_text', text } });
  await stage.reopen({ manifest: manifest.replace('commands, ', 'commands, files:read, ') });
  await open({}, [
    inputOf({ type: 'multi_users_select', max_selected_items: 2 }, label('People')),
    inputOf({ type: 'file_input', max_files: 1, filetypes: ['csv'] }, label('File')),
  ]);
  const form = ana().modal();
  await expect(form?.choose('People', 'Ana', 'Ben', 'Cleo')).rejects.toThrow('takes 2');
  await form?.choose('People', 'Ana', 'Ben');
  expect(form?.value('People')).toBe('Ana, Ben');
  expect(() => form?.upload('File', 'a.csv', 'b.csv')).toThrow('takes 1');
  expect(() => form?.upload('File', 'a.txt')).toThrow('does not take');
  form?.upload('File', 'a.csv');
  expect(form?.value('File')).toBe('a.csv');
});
