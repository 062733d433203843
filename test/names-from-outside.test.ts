import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { cleanLine, cleanText } from '../src/views/text.ts';
import { visible } from '../src/text/visible.ts';
import { Stage } from './stage.ts';

let stage: Stage;

/** Everything that would show as nothing, turn text around or begin a line of its own. */
const hiddenOnes = /[\p{Cf}\p{Zl}\p{Zp}\u2800]|(?!\n)\p{Cc}/u;
const linesOf = ({ text, spoken }: SeenMessage) => [...text.split('\n'), ...spoken.split('\n')];

/** A false row that a name may try to draw. */
const falseRow = 'Account Active: No';
const tricks = [
  ['a line break', `\n${falseRow}`, `↵${falseRow}`],
  ['a carriage return', `\r\n${falseRow}`, `↵${falseRow}`],
  ['a line separator', `\u2028${falseRow}`, `↵${falseRow}`],
  ['a next line', `\u0085${falseRow}`, `↵${falseRow}`],
  ['blanks that push it into the next line', `${'\u00a0'.repeat(300)}${falseRow}`, ` ${falseRow}`],
  ['an override of the direction', ' \u202eoN :evitcA tnuoccA', ' [U+202E]oN :evitcA tnuoccA'],
  ['an isolate', ' \u2067oN\u2069', ' [U+2067]oN[U+2069]'],
  ['a zero-width space', '\u200bs', '[U+200B]s'],
  ['a soft hyphen', '\u00ads', '[U+00AD]s'],
  ['a Hangul filler', '\u3164', '[U+3164]'],
  ['an escape sequence', '\u001b[31m', '[U+001B][31m'],
] as const;

describe('names in HaloPSA that hide something', () => {
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const choose = (form: OpenModal, label: string, value: string) =>
    form.search(label, '').then((offered) => {
      const option = offered.find((one) => one.value === value);
      if (option === undefined) throw new Error(`${label} does not offer ${value}`);
      expect(option.text.text).not.toMatch(hiddenOnes);
      return form.choose(label, option.text.text);
    });

  test.each(tricks)(
    '%s in the names of a role, a team, its department and working hours: one row each, and it is seen',
    async (_name, trick, shown) => {
      const { roles, teams, workdays } = stage.halo.lists;
      const [office] = workdays;
      if (office === undefined) throw new Error('There are no working hours');
      const role = {
        id: '9f1c7a52-4d0e-4b83-8e6f-2a1b3c4d5e6f',
        id_int: 9,
        notes: '',
        name: `Viewer${trick}`,
      };
      roles.push(role);
      const team = { id: 90, name: `Desk${trick}`, department_id: 9, department_name: `Ops${trick}` };
      teams.push({ ...team, inactive: false });
      workdays.push({ ...office, id: 90, name: `Hours${trick}` });
      await stage.app.directory.refreshIfOlder(0);
      const form = await stage.openForm('ana');
      await choose(form, 'Roles', role.id);
      await choose(form, 'Teams', '90');
      await choose(form, 'Working Hours', '90');
      expect((await form.submit()).outcome).toBe('closed');
      const card = await stage.slack.until('the card', () => stage.cards()[0]);
      await stage.as('ben').press(card, 'Approve');
      for (const message of [card, await stage.reply()]) {
        const lines = linesOf(message);
        expect(lines.filter((line) => line.startsWith(falseRow))).toEqual([]);
        expect(lines.filter((line) => hiddenOnes.test(line))).toEqual([]);
      }
      for (const name of ['Viewer', 'Desk', 'Hours'])
        expect(
          linesOf(card).filter((line) => line.includes(`${name}${shown}`)).length,
        ).toBeGreaterThanOrEqual(2);
      expect(card.text).toContain(`Ops${shown}`);
      // HaloPSA is given its own name back, or it would not find the team.
      expect(stage.halo.agents.at(-1)).toMatchObject({ team: team.name });
    },
  );

  test.each(tricks)('%s in the name of an agent that is in the way', async (_name, trick, shown) => {
    stage.halo.changeAgent(5, { name: `Tomasz${trick}` });
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.filledForm('ana');
    form.fill('Email Address', 'tomasz.wolny@brightwater.example');
    const { errors } = await form.submit();
    expect(errors['Email Address']).toContain(`Tomasz${shown}`);
    expect(errors['Email Address']).not.toMatch(hiddenOnes);
    await stage.as('ana').types(stage.ops, '/neo-status 5');
    const answer = await stage.slack.until(
      'the answer',
      () => stage.whisper('ana').includes('Tomasz') && stage.whisper('ana'),
    );
    expect(answer.split('\n').filter((line) => line.startsWith(falseRow) || hiddenOnes.test(line))).toEqual(
      [],
    );
  });

  test('two roles whose names differ in nothing that is seen are told apart', async () => {
    const { roles } = stage.halo.lists;
    roles.push({ id: '9f1c7a52-4d0e-4b83-8e6f-2a1b3c4d5e6f', id_int: 9, notes: '', name: 'Fin\u2060ance' });
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.openForm('ana');
    const offered = (await form.search('Roles', '')).map(({ text }) => text.text);
    expect(offered.filter((one) => one.startsWith('Fin'))).toEqual(['Finance', 'Fin[U+2060]ance']);
  });
});

describe('what a person typed', () => {
  test.each([
    ['a zero-width space', 'Neo\u200b Agent'],
    ['a word joiner', 'Neo\u2060 Agent'],
    ['a zero-width joiner between letters', 'N\u200deo Agent'],
    ['a zero-width non-joiner between letters', 'Ne\u200co Agent'],
    ['a soft hyphen', 'Neo\u00ad Agent'],
    ['a combining grapheme joiner', 'Neo\u034f Agent'],
    ['an Arabic letter mark', 'Neo\u061c Agent'],
    ['invisible plus and times', 'N\u2064e\u2062o Agent'],
    ['a Mongolian vowel separator', 'Neo\u180e Agent'],
    ['a variation selector on a letter', 'Neo\ufe0f Agent'],
    ['a supplementary variation selector on a letter', 'Neo\u{e0100} Agent'],
    ['tags', 'Neo\u{e0041}\u{e0042} Agent'],
    ['Hangul fillers', 'Neo\u3164\u115f\u1160\uffa0 Agent'],
    ['interlinear annotations', 'Neo\ufff9\ufffb Agent'],
    ['musical controls', 'Neo\u{1d173} Agent'],
    ['an override and an isolate', '\u202eNeo\u202c \u2068Agent\u2069'],
    ['a byte order mark', '\ufeffNeo Agent\ufeff'],
    ['blank Braille', '\u2800Neo\u2800Agent\u2800'],
    ['line and paragraph separators', 'Neo\u2028\u2029Agent'],
  ])('%s is not kept in a name', (_what, typed) => {
    expect(cleanLine(typed)).toBe('Neo Agent');
  });

  test.each([
    ['a family and a flag', '👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['a heart in red, a keycap, a skin tone', '❤️ 1️⃣ 👩🏽‍🚒'],
    ['Persian with its non-joiner', 'می‌خواهم'],
    ['Hindi and Sinhala with their joiners', 'क्‍ष ශ්‍රී'],
    ['a Japanese name with its variant of a character', '葛󠄀城'],
    ['an Arabic number sign', '\u0600 12'],
  ])('%s stays as it is, typed or in HaloPSA', (_what, text) => {
    expect(cleanLine(text)).toBe(text);
    expect(visible(text)).toBe(text);
  });

  test('of several lines the lines stay, and nothing else that is hidden', () => {
    expect(cleanText('one\r\ntwo\u2028three\u200b\u202e\nfour')).toBe('one\ntwo\nthree\nfour');
  });
});
