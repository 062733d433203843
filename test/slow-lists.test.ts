import { afterEach, beforeEach, expect, test } from 'vitest';
import { setupNotices } from '../src/views/setup-notices.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open({ haloTimeoutMs: 400, waitForHaloMs: [60_000, 60_000] });
});
afterEach(() => stage.close());

const hangs = (path: string) => {
  stage.halo.fail({ method: 'GET', path }, { kind: 'hang' }, Infinity);
};

test('the list of agents hangs: the form offers everything else, and is not told that HaloPSA is down', async () => {
  hangs('/api/Agent');
  stage.letTimePass(10 * 60_000);
  const form = await stage.filledForm('ana');
  expect(form.text()).not.toMatch(/could not be reached/);
  await stage.slack.until('the news', () => form.text().includes('didn’t answer in time'));
  expect((await form.submit()).outcome).toBe('closed');
});

test('the list of agents hangs during a job: the card says so, nothing is created, and it goes on by itself', async () => {
  const card = await stage.requestFrom('ana');
  hangs('/api/Agent');
  await stage.as('ben').press(card, 'Approve');
  await stage.slack.until('the wait', () => stage.card().text.includes('didn’t answer in time'));
  expect(stage.card().text).not.toMatch(/can’t be reached/);
  expect(stage.creates()).toEqual([]);
  stage.halo.heal();
  stage.advance(61_000);
  expect((await stage.reply()).text).toMatch(/HaloPSA has every setting as requested/);
  expect(stage.creates()).toHaveLength(1);
});

test('it stays slow for as long as is waited: the thread says that, and not that HaloPSA is down', async () => {
  const card = await stage.requestFrom('ana');
  hangs('/api/Agent');
  await stage.as('ben').press(card, 'Approve');
  for (const wait of [1, 2]) {
    await stage.waits(wait);
    stage.advance(61_000);
  }
  const { text } = await stage.reply();
  expect(text).toMatch(/HaloPSA didn’t answer in time.*\n?Nothing was changed in HaloPSA/);
});

test('right after the start, the form says which list is still being read', () => {
  const facts = {
    failure: undefined,
    reading: ['agents', 'working hours'],
    listsFrom: undefined,
    licences: undefined,
    instance: 'acme',
    version: '2.250.32',
    mayHideAgents: false,
  };
  expect(setupNotices(facts, undefined).map(({ text }) => text)).toContain(
    'Still loading from HaloPSA: agents, working hours. You can fill in the rest now.',
  );
});
