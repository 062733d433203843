import { afterEach, beforeEach, expect, test } from 'vitest';
import { pendingButtons, Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

/** Storage that does not answer makes every listener throw. */
const breakStorage = () => stage.db.destroy();

const referenceIn = (text: string) => /Reference: ([0-9a-f]{8})/.exec(text)?.[1] ?? 'none';
const isLogged = (reference: string) =>
  stage.logLines.some((line) => line.includes(`"reference":"${reference}"`));

test('a command breaks: Slack has its answer, the person reads it with a reference that is in the log', async () => {
  await breakStorage();
  const { failure } = await stage.as('ben').types(stage.ops, '/neo-status');
  expect(failure).toBeUndefined();
  const told = await stage.slack.until('the answer', () => stage.whisper('ben'));
  expect(told).toContain('Something went wrong. Nothing was changed.');
  expect(isLogged(referenceIn(told))).toBe(true);
});

test('a submission breaks: the form stays with all that was entered', async () => {
  const form = await stage.filledForm('ana');
  await breakStorage();
  const { outcome, errors } = await form.submit();
  expect(outcome).toBe('errors');
  expect(isLogged(referenceIn(errors['Username'] ?? ''))).toBe(true);
  expect(form.value('Teams')).toBe('1st Line, Onboarding');
});

test('a button breaks: the person is told in private, the card stays', async () => {
  const card = await stage.requestFrom('ana');
  await stage.app.worker.stop();
  await breakStorage();
  await stage.as('ben').press(card, 'Approve');
  const told = await stage.slack.until('the answer', () => stage.whisper('ben'));
  expect(told).toContain('check with /neo-status whether it was done');
  expect(stage.card().buttons).toEqual(pendingButtons);
});

test('the form cannot be opened because Slack fails: the person is told', async () => {
  stage.slack.fail('views.open', { kind: 'status', status: 500 });
  await stage.as('ana').types(stage.ops, '/neo-setup');
  await stage.slack.until('the answer', () => stage.whisper('ana').includes('Nothing was changed'));
});
