import { afterEach, describe, expect, test } from 'vitest';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import { Stage, type StageOptions } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const administrator = 'Global Administrator of everything';
const roleId = (index: number) => `9f1c7a52-4d0e-4b83-8e6f-${String(index).padStart(12, '0')}`;
const role = (name: string, index: number) => ({ id: roleId(index), id_int: 100 + index, name, notes: '' });
const team = (name: string, index: number) => ({
  id: 100 + index,
  name,
  department_id: 1,
  department_name: 'Service Desk',
  inactive: false,
});
const many = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_unused, index) => name(index));

/** Opens the app beside a HaloPSA that has these too. */
async function withLists(lists: { roles?: string[]; teams?: string[] }, options: StageOptions = {}) {
  stage = await Stage.open(options);
  stage.halo.lists.roles.push(...(lists.roles ?? []).map(role));
  stage.halo.lists.teams.push(...(lists.teams ?? []).map(team));
  await stage.app.directory.refreshIfOlder(0);
}

async function choose(form: OpenModal, label: string, names: readonly string[]): Promise<void> {
  const labels: string[] = [];
  for (const name of names) {
    const offered = await form.search(label, name);
    const found = offered.find(({ text }) => text.text.startsWith(name));
    if (found === undefined) throw new Error(`${label} does not offer ${name}`);
    labels.push(found.text.text);
  }
  await form.choose(label, ...labels);
}

const support = (index: number) => `Support of region ${String(index).padStart(2, '0')}`;

describe('a plan that no card shows whole is refused under its field, and nothing is asked of anybody', () => {
  test('46 roles, of which the last is an administrator’s', async () => {
    await withLists({ roles: [...many(45, support), administrator] });
    const form = await stage.filledForm('ana');
    await choose(form, 'Roles', [...many(45, support), administrator]);
    const { outcome, errors } = await form.submit();
    expect(outcome).toBe('errors');
    expect(Object.values(errors)).toEqual([
      expect.stringMatching(
        /Too long to show an approver in full: \d{4} characters, and the limit here is 1000/,
      ),
    ]);
    expect(stage.cards()).toEqual([]);
    await choose(form, 'Roles', many(10, support));
    expect((await form.submit()).outcome).toBe('closed');
  });

  test('60 teams', async () => {
    await withLists({ teams: many(60, (index) => `Desk ${index}`) });
    const form = await stage.filledForm('ana');
    await choose(
      form,
      'Teams',
      many(60, (index) => `Desk ${index}`),
    );
    expect((await form.submit()).outcome).toBe('errors');
    expect(stage.cards()).toEqual([]);
  });

  test('names that are short to count and long to read: hidden characters are shown as their code points', async () => {
    const names = many(20, (index) => `View${index}${'\u200b'.repeat(6)}er`);
    await withLists({ roles: names });
    const form = await stage.filledForm('ana');
    const offered = await form.search('Roles', 'View');
    await form.choose('Roles', ...offered.map(({ text }) => text.text));
    const { errors } = await form.submit();
    expect(Object.values(errors)).toEqual([expect.stringMatching(/show an approver in full/)]);
  });

  test('names that are short to see and long in what a screen reader gets, where & is &amp;', async () => {
    await withLists({ roles: many(8, (index) => `R${index}${'&'.repeat(50)}D`) });
    const form = await stage.filledForm('ana');
    const offered = await form.search('Roles', '&&&');
    await form.choose('Roles', ...offered.map(({ text }) => text.text));
    expect((await form.submit()).outcome).toBe('errors');
    await form.choose('Roles', ...offered.slice(0, 2).map(({ text }) => text.text));
    expect((await form.submit()).outcome).toBe('closed');
  });

  test('rows that fit one by one, and not together in what a screen reader gets', async () => {
    const names = many(30, support);
    const teams = many(30, (index) => `Desk ${index}`);
    await withLists({ roles: names, teams });
    const form = await stage.filledForm('ana');
    await choose(form, 'Roles', names);
    await choose(form, 'Teams', teams);
    const { errors } = await form.submit();
    expect(Object.values(errors)).toEqual([expect.stringMatching(/show an approver in full/)]);
  });

  test('an edit', async () => {
    await withLists({ roles: [...many(45, support), administrator] });
    const card = await stage.requestFrom('ana');
    await stage.as('ana').press(card, 'Edit');
    const form = await stage.form('ana');
    await choose(form, 'Roles', [...many(45, support), administrator]);
    expect((await form.submit()).outcome).toBe('errors');
    expect(stage.card().text).not.toContain(administrator);
  });
});

test('every name of a plan at the limit stands in the card, its screen reader’s text and the direct messages, also with all that may be long beside it', async () => {
  const names = many(20, support);
  await withLists({ roles: [...names, administrator] });
  const card = await stage.requestFrom('ana', (form) => {
    form.fill('Note for the approver', 'n'.repeat(900));
  });
  await stage.as('ana').press(card, 'Edit');
  const form = await stage.form('ana');
  await choose(form, 'Roles', [...names, administrator]);
  expect((await form.submit()).outcome).toBe('closed');
  const edited = await stage.slack.until(
    'the card',
    () => stage.card().text.includes('Changed') && stage.card(),
  );
  const told = await stage.slack.until('the direct message', () =>
    stage
      .as('ben')
      .directMessages()
      .find(({ text }) => text.includes(administrator)),
  );
  for (const { text, spoken } of [edited, told])
    for (const name of [...names, administrator]) {
      expect(text).toContain(name);
      expect(spoken).toContain(name);
    }
});
