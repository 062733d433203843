import type { ModalView } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { people } from './workspace.ts';
import { codeOf, divider, modal, plain, slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();
/** Puts a view on top of the one that Ana has before her. */
const push = async (change: Partial<ModalView> = {}) => {
  const below = stage.slack.store.topView(people.ana.id)?.id ?? '';
  const trigger = stage.slack.store.newTrigger(people.ana.id, { viewId: below });
  const view = modal([divider], { submit: plain('Send'), ...change });
  await stage.client.views.push({ trigger_id: trigger, view });
};

describe('a stack of modals', () => {
  const notify = { notify_on_close: true };
  const titles = () =>
    stage.slack.store.views.filter(({ closed }) => !closed).map(({ view }) => view.title.text);

  test('Cancel goes back by one, ✕ leaves all of them, and both are told', async () => {
    await stage.answering(undefined);
    await stage.show([divider], notify);
    await push({ ...notify, title: plain('Second') });
    stage.as('ana').modal()?.close();
    expect(titles()).toEqual(['A form']);
    await push({ ...notify, title: plain('Third') });
    stage.as('ana').modal()?.dismiss();
    expect(titles()).toEqual([]);
    expect(stage.sent('view_closed')).toMatchObject([
      { is_cleared: false, view: { title: { text: 'Second' } } },
      { is_cleared: true, view: { title: { text: 'A form' } } },
      { is_cleared: true, view: { title: { text: 'Third' } } },
    ]);
  });

  test('with clear_on_close Cancel leaves all of them; without notify_on_close nothing is told', async () => {
    await stage.answering(undefined);
    await stage.show([divider]);
    await push({ clear_on_close: true });
    stage.as('ana').modal()?.close();
    expect(titles()).toEqual([]);
    expect(stage.sent('view_closed')).toEqual([]);
  });

  test('a submission closes one view, or all with clear', async () => {
    await stage.show([divider]);
    await push({ title: plain('Second') });
    await stage.answering(undefined);
    expect(await stage.as('ana').modal()?.submit()).toMatchObject({ outcome: 'closed' });
    expect(titles()).toEqual(['A form']);
    await push();
    await stage.answering({ response_action: 'clear' });
    await stage.as('ana').modal()?.submit();
    expect(titles()).toEqual([]);
  });

  test('a submission puts a view on top or another in its place', async () => {
    const shown = await stage.show([divider]);
    await stage.answering({ response_action: 'push', view: modal([divider], { title: plain('Pushed') }) });
    expect(await shown.submit()).toMatchObject({ outcome: 'pushed' });
    expect(titles()).toEqual(['A form', 'Pushed']);
    stage.as('ana').modal()?.close();
    await stage.answering({ response_action: 'update', view: modal([divider], { title: plain('Updated') }) });
    expect(await stage.as('ana').modal()?.submit()).toMatchObject({ outcome: 'updated' });
    expect(titles()).toEqual(['Updated']);
  });

  test.each<[string, object, string]>([
    [
      'errors for a block that is not there',
      { response_action: 'errors', errors: { x: 'no' } },
      'no input block: x',
    ],
    [
      'errors for a block that is no input',
      { response_action: 'errors', errors: { rule: 'no' } },
      'no input block: rule',
    ],
    ['no errors at all', { response_action: 'errors', errors: {} }, 'errors without any'],
    ['a view that is none', { response_action: 'update', view: { type: 'modal' } }, '/view/title'],
    ['an action that Slack does not have', { response_action: 'close' }, 'no such response_action'],
  ])('%s: all that a person sees is trouble, the reason is noted', async (_name, answer, reason) => {
    const shown = await stage.show([{ ...divider, block_id: 'rule' }]);
    await stage.answering(answer);
    expect(await shown.submit()).toEqual({
      outcome: 'failed',
      errors: { '': 'We had some trouble connecting. Try again?' },
    });
    expect(stage.slack.problems.join()).toContain(reason);
    expect(titles()).toEqual(['A form']);
  });
});

test('a modal that was closed cannot be updated', async () => {
  const shown = await stage.show([divider]);
  const id = stage.slack.store.topView(people.ana.id)?.id ?? '';
  shown.close();
  expect(await codeOf(stage.client.views.update({ view_id: id, view: modal([divider]) }))).toBe('not_found');
});

test('a view that is updated while its submission is answered with nothing is closed all the same', async () => {
  const shown = await stage.show([divider]);
  const id = stage.slack.store.topView(people.ana.id)?.id ?? '';
  await stage.answeringWith(async () => {
    await stage.client.views.update({ view_id: id, view: modal([divider]) });
    return new Response('');
  });
  expect(await shown.submit()).toMatchObject({ outcome: 'closed' });
  expect(stage.as('ana').modal()).toBeUndefined();
});
