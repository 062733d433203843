import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Stage, type StageOptions } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
const open = async (options: StageOptions = {}) => {
  stage = await Stage.open(options);
};
const create = { method: 'POST', path: '/api/Agent' } as const;
const list = { method: 'GET', path: '/api/Agent' } as const;
const neo = () => stage.halo.agents.filter(({ name }) => name === 'Neo Agent');
const approved = async () => {
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
};

/** The first transaction after `when` fails. @returns whether it did */
const breakStorageOnce = (when: () => boolean): (() => boolean) => {
  const begin = stage.db.transaction.bind(stage.db);
  let broke = false;
  Object.defineProperty(stage.db, 'transaction', {
    value: () => {
      if (broke || !when()) return begin();
      broke = true;
      throw new Error('disk I/O error');
    },
  });
  return () => broke;
};

describe('Try again goes on to the create, however often HaloPSA fails before it', () => {
  test.each([1, 2, 3])('it fails %i times more while the agent is looked for', async (times) => {
    await open({ waitForHaloMs: [1, 1, 1, 1, 1, 1] });
    stage.halo.fail(create, { kind: 'drop' });
    await approved();
    const reply = await stage.reply();
    expect(neo()).toEqual([]);
    stage.halo.fail(list, { kind: 'status', status: 503 }, times);
    await stage.as('ben').press(reply, 'Try again');
    expect((await stage.reply(0, 2)).text).toMatch(/HaloPSA has every setting as requested/);
    expect(neo()).toHaveLength(1);
    expect(stage.creates()).toHaveLength(2);
  });

  test('its look fails for good, and is tried again while HaloPSA fails once more', async () => {
    await open({ waitForHaloMs: [1, 1] });
    stage.halo.fail(create, { kind: 'drop' });
    await approved();
    const first = await stage.reply();
    stage.halo.fail(list, { kind: 'status', status: 403 });
    await stage.as('ben').press(first, 'Try again');
    const second = await stage.reply(0, 2);
    stage.halo.fail(list, { kind: 'status', status: 503 });
    await stage.as('ben').press(second, 'Try again');
    expect((await stage.reply(0, 3)).text).toMatch(/HaloPSA has every setting as requested/);
    expect(neo()).toHaveLength(1);
  });

  test('the answer to its own create is lost too: the agent is found, and there is one', async () => {
    await open();
    stage.halo.fail(create, { kind: 'drop' });
    await approved();
    const first = await stage.reply();
    stage.halo.fail(create, { kind: 'drop', after: true });
    await stage.as('ben').press(first, 'Try again');
    await stage.reply(0, 2);
    expect(neo()).toHaveLength(1);
  });
});

describe('HaloPSA refuses and says why', () => {
  const noLicence = {
    kind: 'status',
    status: 400,
    body: '"There are no licences available for this agent."',
  } as const;

  test('while it is looked whether it created nothing, the card says what HaloPSA said', async () => {
    await open({ lookAgainAfterMs: [1, 1, 400] });
    stage.halo.fail(create, noLicence);
    await approved();
    await stage.slack.until('the words on the card', () =>
      stage.card().text.includes('HaloPSA rejected the request: “There are no licences available'),
    );
    const { text } = await stage.reply();
    expect(text).toMatch(/rejected the request: “There are no licences available/);
    expect(text).toMatch(/Nothing was changed in HaloPSA/);
  });

  test('once a licence is free, Try again goes on with the same approval', async () => {
    await open();
    stage.halo.fail(create, noLicence);
    await approved();
    await stage.as('ben').press(await stage.reply(), 'Try again');
    expect((await stage.reply(0, 2)).text).toMatch(/HaloPSA has every setting as requested/);
    expect(stage.cards()).toHaveLength(1);
  });
});

describe('a limit on calls', () => {
  test('without a time to wait it is asked again soon, and later each time', async () => {
    await open({ waitForHaloMs: [5_000, 10_000, 20_000] });
    const card = await stage.requestFrom('ana');
    stage.halo.fail(list, { kind: 'status', status: 429 }, 3);
    await stage.as('ben').press(card, 'Approve');
    const waited: number[] = [];
    for (const count of [1, 2, 3]) {
      await stage.waits(count);
      const line = stage.logLines.filter((one) => one.includes('"task waits"')).at(-1) ?? '{}';
      waited.push(z.object({ delayMs: z.number() }).parse(JSON.parse(line)).delayMs);
      stage.advance(60_000);
    }
    expect(waited).toEqual([5_000, 10_000, 20_000]);
    expect((await stage.reply()).text).toMatch(/HaloPSA has every setting as requested/);
  });
});

test('waits for HaloPSA do not use up the patience for a fault of our own', async () => {
  await open({ waitForHaloMs: Array.from({ length: 8 }, () => 1) });
  const card = await stage.requestFrom('ana');
  stage.halo.fail(list, { kind: 'status', status: 503 }, 5);
  const waits = () => stage.logLines.filter((line) => line.includes('"task waits"')).length;
  const broke = breakStorageOnce(() => waits() >= 5);
  await stage.as('ben').press(card, 'Approve');
  expect((await stage.reply()).text).toMatch(/HaloPSA has every setting as requested/);
  expect(broke()).toBe(true);
});

test('the answer to the create came, and our own storing failed: HaloPSA is not blamed', async () => {
  await open();
  const card = await stage.requestFrom('ana');
  const broke = breakStorageOnce(() => stage.creates().some(({ status }) => status === 201));
  await stage.as('ben').press(card, 'Approve');
  const { text } = await stage.reply();
  expect(broke()).toBe(true);
  expect(text).toMatch(/HaloPSA has every setting as requested/);
  expect(text).not.toMatch(/HaloPSA did not|lost/);
  expect(neo()).toHaveLength(1);
});

test('after an edit the card shows what HaloPSA says now', async () => {
  await open();
  const card = await stage.requestFrom('ana');
  expect(card.text).toContain('6 of 10 licences free');
  stage.halo.lists.settings.licences = 4;
  await stage.app.directory.refreshIfOlder(0);
  await stage.as('ana').press(card, 'Edit');
  const form = await stage.form('ana');
  form.fill('Note for the approver', 'After all');
  await form.submit();
  await stage.slack.until('the card', () => stage.card().text.includes('0 of 4 licences free'));
  expect(stage.card().text).toMatch(/No named licence was free/);
});
