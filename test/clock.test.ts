import { afterEach, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const hour = 3_600_000;
const open = async (env: Record<string, string> = { NEO_APPROVERS: people.ben.id }) => {
  stage = await Stage.open({ env });
};
const putOff = (what: string) =>
  stage.slack.until(`${what} to be put off`, () =>
    stage.logLines.some((line) => line.includes('task failed') && line.includes(`:${what}:`)),
  );
/** An agent was created a day ahead, and Slack didn't take the result. */
const resultPutOff = async () => {
  await open();
  await stage.requestFrom('ana');
  stage.advance(24 * hour);
  stage.slack.fail('chat.postMessage', { kind: 'error', error: 'internal_error' }, Infinity);
  await stage.as('ben').press(stage.card(), 'Approve');
  await putOff('post_outcome');
};

test('what was put off while the clock was ahead goes on when it is right again', async () => {
  await resultPutOff();
  stage.slack.heal();
  stage.advance(-24 * hour);
  expect((await stage.reply()).text).toContain('Agent ID');
});

test('what was put off while the clock was ahead goes on when the app starts with it right again', async () => {
  await resultPutOff();
  await stage.restart(() => {
    stage.slack.heal();
    stage.letTimePass(-24 * hour);
  });
  expect((await stage.reply()).text).toContain('Agent ID');
});

test('an edit after one that the clock dated ahead has a card of its own, where nobody else approves', async () => {
  await open({ NEO_APPROVERS: people.ana.id, NEO_SOLO_MODE: 'delay' });
  await stage.requestFrom('ana');
  const edit = async (name: string) => {
    await stage.as('ana').press(stage.card(stage.cards().length - 1), 'Edit');
    const form = await stage.form('ana');
    form.fill('Username', name);
    const before = stage.cards().length;
    await form.submit();
    await stage.slack.until(`the card of ${name}`, () => stage.cards().length === before + 1);
  };
  stage.advance(24 * hour - 60_000);
  await edit('Night Agent');
  stage.advance(-24 * hour);
  await edit('Day Agent');
  expect(stage.card(2).text).toContain('Username: Day Agent');
});

test('what a clock decided that was ahead is told by the next process, whose clock is right', async () => {
  await open();
  await stage.requestFrom('ana');
  stage.slack.fail('chat.update', { kind: 'status', status: 500 }, Infinity);
  stage.advance(73 * hour);
  await stage.slack.until('the end', () =>
    stage.thread().some(({ text }) => text.includes('nobody decided')),
  );
  await stage.restart(() => {
    stage.slack.heal();
    stage.letTimePass(-73 * hour);
  });
  await stage.slack.until('the card', () => !stage.card().buttons.includes('Approve'));
});

test('who is to decide is told when the clock is right again, and not when its time would have come', async () => {
  await open();
  stage.slack.fail('conversations.open', { kind: 'status', status: 500 }, Infinity);
  stage.advance(24 * hour);
  await stage.requestFrom('ana');
  await putOff('tell_approver');
  stage.slack.heal();
  stage.advance(-24 * hour);
  await stage.slack.until('Ben to be told', () => stage.as('ben').directMessages().length === 1);
});
