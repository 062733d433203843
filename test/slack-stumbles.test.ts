import { afterEach, describe, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { getRequest } from '../src/requests/store.ts';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
type Who = keyof typeof people;
const { ana, ben } = people;
const hour = 3_600_000;
const whispers = (who: Who) =>
  stage
    .as(who)
    .sees(stage.ops)
    .filter(({ ephemeral }) => ephemeral);
const direct = (who: Who) => stage.as(who).directMessages();
const failures = () => stage.logLines.filter((line) => line.includes('listener failed'));
const ms = async (work: Promise<unknown>) => {
  const before = performance.now();
  await work;
  return performance.now() - before;
};
const first = async () => {
  const row = await stage.db.selectFrom('request').select('id').executeTakeFirstOrThrow();
  const request = await getRequest(stage.db, row.id);
  if (request === undefined) throw new Error('There is no request');
  return request;
};

describe('Slack delivers the same twice', () => {
  test.each(['exchanged_trigger_id', 'trigger_exchanged'])(
    '%s: the first delivery opened the form, so nothing is said of the second',
    async (error) => {
      stage = await Stage.open();
      stage.slack.fail('views.open', { kind: 'error', error });
      await stage.as('ana').types(stage.ops, '/neo-setup');
      await stage.app.boundary.idle();
      expect(whispers('ana')).toEqual([]);
      expect(failures()).toEqual([]);
    },
  );

  test('a press that opens a form, delivered twice: one form, and no word of a fault', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Deny', 2);
    await stage.form('ben');
    await stage.app.boundary.idle();
    expect(whispers('ben')).toEqual([]);
    expect(failures()).toEqual([]);
  });
});

test('every call of Slack takes 1.2 s: the first form that is sent in is taken in time', async () => {
  stage = await Stage.open();
  const form = await stage.filledForm('ana');
  stage.letTimePass(2 * 60_000);
  for (const method of ['users.info', 'conversations.info', 'chat.postMessage', 'usergroups.users.list'])
    stage.slack.slow(method, 1_200);
  let outcome: string | undefined;
  expect(await ms(form.submit().then((answer) => (outcome = answer.outcome)))).toBeLessThan(2_000);
  expect(outcome).toBe('closed');
});

test('the form of the shortcut does not open: who ran it is told directly', async () => {
  stage = await Stage.open();
  stage.slack.fail('views.open', { kind: 'error', error: 'internal_error' });
  await stage.as('ana').shortcut('neo_setup_shortcut');
  await stage.slack.until('the message', () =>
    direct('ana').some(({ text }) => text.includes('Nothing was changed')),
  );
});

test('what the Home tab says of a press is gone after a minute', async () => {
  stage = await Stage.open();
  await stage.requestFrom('ana');
  const home = await stage.as('ben').opensHome();
  await home?.press('Approve');
  await stage.slack.until('the notice', () => stage.as('ben').home()?.text().includes('You approved NEO-1'));
  await stage.reply();
  stage.letTimePass(61_000);
  await stage.requestFrom('ana', (form) => {
    form.fill('Username', 'Neo Agent 2');
    form.fill('Email Address', 'neo2@brightwater.example');
  });
  await stage.slack.until('the tab without it', () => {
    const text = stage.as('ben').home()?.text() ?? '';
    return text.includes('NEO-2') && !text.includes('You approved NEO-1');
  });
});

describe('the clock is set back right before something is due', () => {
  const isDue = (at: number) => {
    stage.advance(at - stage.now() + 50);
  };

  test('a request expires all the same', async () => {
    stage = await Stage.open();
    await stage.requestFrom('ana');
    const { expiresAt, id } = await first();
    // As it is after a step back of the clock: due, but too early by a little.
    await stage.db.updateTable('task').set({ due_at: 0 }).where('kind', '=', 'expire').execute();
    stage.app.worker.wake();
    await stage.waits();
    isDue(expiresAt);
    expect((await stage.reply()).text).toContain('nobody decided');
    expect((await getRequest(stage.db, id))?.state).toBe('expired');
  });

  test('what its only approver asked for is carried out all the same', async () => {
    stage = await Stage.open({
      env: { NEO_APPROVERS: ben.id, NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '24h' },
    });
    await stage.requestFrom('ben');
    const task = () =>
      stage.db.selectFrom('task').select('due_at').where('kind', '=', 'carry_out').executeTakeFirst();
    await stage.slack.until('the card’s task to be done', () => stage.as('ana').sees(stage.ops).length > 0);
    await expect.poll(task).toBeDefined();
    await stage.db.updateTable('task').set({ due_at: 0 }).where('kind', '=', 'carry_out').execute();
    stage.app.worker.wake();
    await stage.waits();
    isDue((await first()).solo?.carryOutAt ?? 0);
    expect((await stage.reply()).text).toContain('Agent ID');
  });
});

test('a reminder to somebody whom Slack doesn’t know any more ends there', async () => {
  stage = await Stage.open({ env: { NEO_APPROVERS: `${ben.id},${people.cleo.id}`, NEO_REMIND_AFTER: '1h' } });
  await stage.requestFrom('ana');
  await stage.slack.until('both are told', () => direct('ben').length > 0 && direct('cleo').length > 0);
  stage.slack.store.people.delete(people.cleo.id);
  stage.advance(71 * hour);
  await expect
    .poll(() =>
      stage.db.selectFrom('task').select('key').where('key', 'like', `%${people.cleo.id}%`).execute(),
    )
    .toEqual([]);
  expect(
    stage.logLines.filter((line) => line.includes('user_not_found') && line.includes('task failed')),
  ).toEqual([]);
});

test('the direct message of a denial keeps its link, however long the reason is', async () => {
  stage = await Stage.open();
  const form = await stage.denyForm('ben', await stage.requestFrom('ana'));
  form.fill('Reason', '&'.repeat(1_000));
  await form.submit();
  const told = await stage.slack.until('the message', () =>
    direct('ana').find(({ text }) => text.includes('Denied')),
  );
  expect(told.text).toContain('Open its thread');
  expect(told.spoken.length).toBeLessThanOrEqual(4_000);
  expect(told.spoken).toContain('Open its thread');
});

describe('the requester was deactivated before the approval', () => {
  test.each([
    ['deactivated', { deleted: true }],
    ['a guest by now', { isGuest: true }],
  ])('%s: the card says so before it can be approved', async (_what, change) => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    stage.slack.changePerson(ana.id, change);
    stage.letTimePass(2 * 60_000);
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the refusal', () =>
      whispers('ben').some(({ text }) => text.includes('is no longer a full member of this workspace')),
    );
    expect(stage.creates()).toEqual([]);
    await stage.slack.until('the card', () =>
      stage.card().text.includes('Warning:* The requester’s account was deactivated or made a guest'),
    );
    await stage.as('ben').press(stage.card(), 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  test('denying needs no second look', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    stage.slack.changePerson(ana.id, { deleted: true });
    stage.letTimePass(2 * 60_000);
    const form = await stage.denyForm('ben', card);
    form.fill('Reason', 'Ana left.');
    await form.submit();
    expect((await stage.reply()).text).toContain('Ana left.');
  });

  test('Slack doesn’t say in time whether they are still here: the approval counts', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    stage.letTimePass(2 * 60_000);
    await stage.as('cleo').opensHome();
    await stage.app.boundary.idle();
    stage.slack.slow('users.info', 5_000, ({ user }) => user === ana.id);
    expect(await ms(stage.as('ben').press(card, 'Approve'))).toBeLessThan(2_500);
    expect((await stage.reply()).text).toContain('Agent ID');
  });
});
