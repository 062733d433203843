import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';

type Who = keyof typeof people;

let stage: Stage;
afterEach(() => stage.close());

const page = (who: Who, words = '') => stage.status(who, words);

/** A request under a name of its own. */
function requestNamed(who: Who, name: string) {
  return stage.requestFrom(who, (form) => {
    form.fill('Username', name);
    form.fill('Email Address', `${name.toLowerCase().replaceAll(' ', '.')}@brightwater.example`);
  });
}

/** Approvers are told after it is known where the card is. */
const approverTold = () =>
  stage.slack.until('the direct message', () => stage.as('cleo').directMessages().length > 0);

describe('the page of one person', () => {
  beforeEach(async () => {
    stage = await Stage.open();
  });

  test.each(['{}', 'no JSON', '{"state":"pending","updatedAt":1e300}'])(
    'a stored request that reads %s hides no other, and the log names it',
    async (data) => {
      await requestNamed('ana', 'Neo One');
      await requestNamed('ana', 'Neo Two');
      await stage.db.updateTable('request').set({ data }).where('number', '=', 1).execute();
      expect((await page('ben')).text).toContain('NEO-2');
      expect(stage.logLines.find((line) => line.includes('that cannot be read'))).toContain('"requests":[1]');
      await requestNamed('ana', 'Neo Three');
      expect((await page('ben')).text).toContain('NEO-3');
    },
  );

  test('Approve is offered to who may approve, and to nobody else', async () => {
    await stage.requestFrom('ben');
    await approverTold();
    const cleo = await page('cleo');
    expect(cleo.text).toContain('Waiting for you');
    expect(cleo.buttons).toEqual(['Approve', 'Deny', 'Ask a question', 'Open the thread']);
    const own = await page('ben');
    expect(own.text).toContain('Your requests');
    expect(own.buttons).toEqual(['Edit', 'Withdraw', 'Open the thread']);
    const other = await page('dan');
    expect(other.text).toContain('Other open requests');
    expect(other.buttons).toEqual(['Open the thread']);
  });

  test('nobody approves what they were not shown: the plan and its warnings stand beside Approve', async () => {
    const form = await stage.filledForm('ana');
    await form.choose('Roles', 'Administrator');
    await form.submit();
    await stage.slack.until('the card', () => stage.cards()[0]);
    const { text, spoken } = await page('ben');
    for (const said of [text, spoken]) {
      expect(said).toContain('Roles: Administrator');
      expect(said).toContain('Teams: 1st Line (Service Desk, default team), Onboarding (Projects)');
      expect(said).toMatch(/Warning:.* Administrator gives this agent full rights/);
    }
    const alone = await page('ben', 'NEO-1');
    expect(alone.text).toMatch(/Warning:.* Administrator gives this agent full rights/);
    expect((await page('dan')).text).not.toContain('Roles:');
  });

  test('what expires first is the first that waits', async () => {
    await requestNamed('ana', 'First Agent');
    await requestNamed('ana', 'Second Agent');
    const { text } = await page('ben');
    expect(text.indexOf('*NEO-1*')).toBeLessThan(text.indexOf('*NEO-2*'));
  });

  test('the card was deleted: no way is offered to where it was', async () => {
    await stage.requestFrom('ana');
    await approverTold();
    stage.slack.store.messages.splice(0);
    await stage.as('ana').press(await page('ana'), 'Withdraw');
    await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
    await stage.app.worker.stop();
    const { text, buttons } = await page('ana');
    expect(text).toContain('Its card could not be redrawn');
    expect(buttons).not.toContain('Open the thread');
  });

  test('who approves there sees on the spot what came of it, and finds the way back', async () => {
    await stage.requestFrom('ana');
    await stage.as('ben').press(await page('ben'), 'Approve');
    await stage.slack.until('the redrawn page', () =>
      stage.whisper('ben').includes('You approved NEO-1. Approved by @Ben'),
    );
    expect((await stage.reply()).text).toContain('Approved by @Ben');
    const redrawn = stage
      .as('ben')
      .sees(stage.ops)
      .filter(({ ephemeral }) => ephemeral);
    expect(redrawn).toHaveLength(1);
    await stage.as('ben').press(redrawn[0] ?? stage.card(), 'All requests');
    await stage.slack.until('the list', () => stage.whisper('ben').includes('Latest results'));
    expect(stage.whisper('ben')).toContain('NEO-1* Neo Agent: Done: agent ID');
  });

  test('a press on a page that is out of date is refused in private, and changes nothing', async () => {
    const card = await stage.requestFrom('ana');
    const old = await page('cleo');
    await stage.as('ben').press(card, 'Deny');
    const form = await stage.form('ben');
    form.fill('Reason', 'Not now.');
    await form.submit();
    await stage.reply();
    await stage.as('cleo').press(old, 'Approve');
    await stage.slack.until('the refusal', () => stage.whisper('cleo').includes('Nothing was changed'));
    expect(stage.whisper('cleo')).toContain('Denied by @Ben');
    expect(stage.creates()).toHaveLength(0);
  });

  test('a page that shows the plan before an edit does not approve the plan after it', async () => {
    await stage.requestFrom('ana');
    const old = await page('ben');
    await stage.as('ana').press(await page('ana'), 'Edit');
    const form = await stage.form('ana');
    form.fill('Username', 'Another Agent');
    expect((await form.submit()).outcome).toBe('updated');
    expect(stage.as('ana').modal()?.text()).toContain('You changed NEO-1.');
    await stage.as('ben').press(old, 'Approve');
    await stage.slack.until('the refusal', () =>
      stage.whisper('ben').includes('has changed since you opened it'),
    );
    expect(stage.creates()).toHaveLength(0);
  });

  test.each([
    ['Deny', 'You denied NEO-1.'],
    ['Ask a question', 'Your question about NEO-1 is in the thread'],
  ])('%s from the page: the form says what came of it', async (button, done) => {
    await stage.requestFrom('ana');
    await stage.as('ben').press(await page('ben'), button);
    const form = await stage.form('ben');
    form.fill(button === 'Deny' ? 'Reason' : 'Question', 'Which team is it for?');
    expect((await form.submit()).outcome).toBe('updated');
    expect(stage.as('ben').modal()?.text()).toContain(done);
  });

  test('Withdraw from the page', async () => {
    await stage.requestFrom('ana');
    await stage.as('ana').press(await page('ana'), 'Withdraw');
    await stage.slack.until('the answer', () => stage.whisper('ana').includes('You withdrew NEO-1.'));
    const { text } = await page('ana');
    expect(text).toContain('No open requests.');
    expect(text).toContain('Your requests');
  });

  test('more requests than Slack takes in a message: pages to turn, all in one message', async () => {
    const count = 10;
    for (let index = 1; index <= count; index += 1) await requestNamed('ana', `Agent ${index}`);
    const first = await page('dan');
    expect(first.text).toContain('Page 1 of 2.');
    expect(first.buttons).toContain('Older');
    expect(first.buttons).not.toContain('Newer');
    await stage.as('dan').press(first, 'Older');
    await stage.slack.until('the second page', () => stage.whisper('dan').includes('Page 2 of 2.'));
    const second = stage.whisper('dan');
    for (let number = 1; number <= count; number += 1)
      expect([first.text, second].filter((text) => text.includes(`*NEO-${number}*`))).toHaveLength(1);
  }, 30_000);

  test('a screen reader is told every request, its standing and its group', async () => {
    await stage.requestFrom('ana');
    const { spoken, text } = await page('ben');
    const words = (line: string) => line.replaceAll('*', '').replace(/^## /, '').trim();
    for (const line of text.split('\n').filter((one) => !one.startsWith('[')))
      expect(words(spoken)).toContain(words(line));
  });
});

describe('a request alone', () => {
  test('its edit, its questions, its approvals, its buttons and its thread', async () => {
    stage = await Stage.open({ env: { NEO_APPROVALS_REQUIRED: '2' } });
    stage.slack.changePerson(people.dan.id, { isAdmin: true });
    const card = await stage.requestFrom('ana');
    await stage.as('ana').press(card, 'Edit');
    const form = await stage.form('ana');
    form.fill('Username', 'Night Agent');
    await form.submit();
    await stage.slack.until('the edit', () => stage.card().text.includes('Night Agent'));
    await stage.as('ben').press(stage.card(), 'Ask a question');
    const question = await stage.form('ben');
    question.fill('Question', 'Which nights?');
    await question.submit();
    await stage.as('ben').press(stage.card(), 'Approve');
    await stage.slack.until('the approval', () => stage.card().text.includes('1 so far'));

    const { text, spoken, buttons } = await page('cleo', 'NEO-1');
    for (const said of [text, spoken]) {
      expect(said).toContain('Username: Neo Agent → Night Agent');
      expect(said).toContain('Which nights?');
      expect(said).toMatch(/Approved by @Ben on /);
    }
    expect(buttons).toEqual(['Approve', 'Deny', 'Ask a question', 'Open the thread', 'All requests']);
    expect((await page('ben', 'NEO-1')).buttons).not.toContain('Approve');
  });

  test('Slack does not say where the thread is: the rest is told all the same', async () => {
    stage = await Stage.open();
    await stage.requestFrom('ana');
    stage.slack.fail('chat.getPermalink', { kind: 'error', error: 'internal_error' }, Infinity);
    const { text, buttons } = await page('ben', 'NEO-1');
    expect(text).toContain('Requested by @Ana');
    expect(buttons).not.toContain('Open the thread');
  });

  test('a creation in doubt: the approver finds Check again and Try again, the requester does not', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    await approverTold();
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop' });
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    expect((await page('ana', 'NEO-1')).buttons).toEqual(['Open the thread', 'All requests']);
    const told = await page('ben');
    expect(told.buttons).toEqual(['Check again', 'Try again', 'Open the thread']);
    await stage.as('ben').press(told, 'Try again');
    await stage.slack.until('the answer', () => stage.whisper('ben').includes('I’m trying NEO-1 again.'));
    await stage.slack.until('the end', () => stage.card().text.includes('Done: agent ID'));
  });

  test('who has it looked for again does not read that it is created', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop' });
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    const told = await page('ben');
    await stage.app.worker.stop();
    await stage.as('ben').press(told, 'Check again');
    await stage.slack.until('the answer', () => stage.whisper('ben').includes('No new one will be created'));
    expect(stage.whisper('ben')).not.toContain('about to be created');
  });

  test('the agent’s ID was taken out of the stored request: nothing of it is claimed, and who may find out more is named', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    const { data } = await stage.db.selectFrom('request').select('data').executeTakeFirstOrThrow();
    await stage.db
      .updateTable('request')
      .set({ data: data.replace(/"agentId":\d+,/, '') })
      .execute();
    const { text } = await page('ana', 'NEO-1');
    expect(text).toContain('I can’t read this request: its stored data is incomplete.');
    expect(text).toContain('npm run audit -- verify');
    expect(text).not.toContain('Done');
  });

  test('what its only approver asked for can be stopped from anybody’s page', async () => {
    stage = await Stage.open({
      env: { NEO_APPROVERS: people.ana.id, NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '1h' },
    });
    await stage.requestFrom('ana');
    const told = await page('dan');
    const deciding = told.buttons.filter((button) => button !== 'Open the thread');
    expect(deciding).toEqual(['Stop']);
    await stage.as('dan').press(told, 'Stop');
    await stage.slack.until('the answer', () => stage.whisper('dan').includes('You stopped NEO-1.'));
  });
});
