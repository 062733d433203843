import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { requestSchema } from '../src/requests/request.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const submit = async (label: string, value: string) => {
  const form = await stage.filledForm('ana');
  form.fill(label, value);
  return form.submitUnchecked();
};
const cardOf = (label: string, value: string) =>
  stage.requestFrom('ana', (form) => {
    form.fill(label, value);
  });
const surfaces = ({ text, spoken }: SeenMessage) => [text, spoken];
/** What an approver is told directly. */
const toldBen = (words: string) =>
  stage.slack.until('the direct message', () =>
    stage
      .as('ben')
      .directMessages()
      .find(({ text }) => text.includes(words)),
  );

describe('a name or an address that HaloPSA has, written in another way, is refused under its field', () => {
  test.each([
    ['case', 'PRIYA raman'],
    ['spaces', ' Priya \u00a0 Raman '],
    ['a zero-width space', 'Pri\u200bya Raman'],
    ['a zero-width non-joiner', 'Priya\u200c Raman'],
    ['a word joiner and a soft hyphen', 'Pri\u2060ya Ra\u00adman'],
    ['full-width letters', 'Ｐｒｉｙａ　Ｒａｍａｎ'],
    ['mathematical letters', '𝐏𝐫𝐢𝐲𝐚 𝑹𝒂𝒎𝒂𝒏'],
    ['circled letters', 'Ⓟⓡⓘⓨⓐ Ⓡⓐⓜⓐⓝ'],
    ['a combining grapheme joiner', 'Pri\u034fya Raman'],
    ['an override of the direction', '\u202dPriya Raman\u202c'],
    ['a variation selector', 'Priya\ufe00 Raman'],
    ['tags', 'Priya Raman\u{e0041}'],
  ])('a name in other %s', async (_what, name) => {
    const { errors } = await submit('Username', name);
    expect(errors['Username']).toContain('Priya Raman (ID 6)');
    expect(stage.cards()).toEqual([]);
  });

  test.each([
    ['HaloPSA’s own has full-width letters', 'Ｎｅｏ Ａｇｅｎｔ', 'Neo Agent'],
    ['HaloPSA’s own has a zero-width space', 'Neo\u200b Agent', 'Neo Agent'],
    ['HaloPSA’s own is decomposed', 'Jose\u0301', 'José'],
  ])('%s', async (_what, theirs, typed) => {
    stage.halo.changeAgent(5, { name: theirs });
    await stage.app.directory.refreshIfOlder(0);
    expect((await submit('Username', typed)).errors['Username']).toContain('(ID 5)');
  });

  test.each([
    ['case', 'Mara.LIND@brightwater.EXAMPLE'],
    ['a zero-width space', 'mara.lind@bright\u200bwater.example'],
    ['a soft hyphen', 'mara.li\u00adnd@brightwater.example'],
  ])('an address with %s', async (_what, email) => {
    const { errors } = await submit('Email Address', email);
    expect(errors['Email Address']).toContain('Mara Lind (ID 4)');
  });

  test.each([
    ['full-width letters', 'ｍａｒａ.lind@brightwater.example'],
    ['Cyrillic letters', 'mаrа.lind@brightwater.example'],
  ])('an address with %s is none', async (_what, email) => {
    expect((await submit('Email Address', email)).errors).toHaveProperty('Email Address');
  });

  test('a name that another open request asks for in full-width letters', async () => {
    await cardOf('Username', 'Nora Neo');
    const form = await stage.filledForm('dan');
    form.fill('Username', 'Ｎｏｒａ Ｎｅｏ');
    form.fill('Email Address', 'nora@neoagent.io');
    expect((await form.submit()).errors['Username']).toContain('Taken by NEO-1');
  });
});

describe('one that merely looks alike is taken, and every surface says whom it looks like', () => {
  test.each([
    ['Cyrillic letters', 'Username', 'Рriуа Rаmаn', 'Priya Raman (ID 6)'],
    ['Cyrillic capitals', 'Username', 'РRIУА RАМАN', 'Priya Raman (ID 6)'],
    ['Greek letters', 'Username', 'Mαra Lind', 'Mara Lind (ID 4)'],
    ['a Cherokee letter', 'Username', 'Ꮲriya Raman', 'Priya Raman (ID 6)'],
    ['a dotless i', 'Username', 'Prıya Rаman', 'Priya Raman (ID 6)'],
    ['a digit', 'Username', 'Tomasz Wo1ny', 'Tomasz Wolny (ID 5)'],
    ['two letters that look like one', 'Username', 'Priya Rarnan', 'Priya Raman (ID 6)'],
    ['an accent', 'Username', 'Mára Lind', 'Mara Lind (ID 4)'],
    ['a stroke through a letter', 'Username', 'Mara\u0335 Lind', 'Mara Lind (ID 4)'],
    ['piled up marks', 'Username', 'M\u0302\u0302a\u0300ra Lind', 'Mara Lind (ID 4)'],
    ['a disabled agent’s', 'Username', 'OId Bot', 'Old Bot (ID 7, disabled)'],
    ['a digit in the address', 'Email Address', 'o1d.bot@brightwater.example', 'old.bot@brightwater.example'],
    ['two letters in the address', 'Email Address', 'rnara.lind@brightwater.example', 'Mara Lind (ID 4)'],
  ])('%s', async (_what, label, value, whom) => {
    const card = await cardOf(label, value);
    const direct = await toldBen('needs your approval');
    await stage.as('ben').types(stage.ops, '/neo-status');
    const overview = await stage.slack.until('the overview', () => stage.whisper('ben'));
    await stage.as('ben').types(stage.ops, '/neo-status NEO-1');
    const alone = await stage.slack.until('NEO-1', () => {
      const text = stage.whisper('ben');
      return text !== overview && text;
    });
    for (const shown of [...surfaces(card), ...surfaces(direct), overview, alone]) {
      expect(shown).toContain(`${label} looks almost the same as `);
      expect(shown).toContain(whom);
    }
  });

  test('what another open request asks for', async () => {
    await cardOf('Username', 'Nora Neo');
    const form = await stage.filledForm('dan');
    form.fill('Username', 'Nоrа Nео');
    form.fill('Email Address', 'nora@neoagent.io');
    expect((await form.submit()).outcome).toBe('closed');
    const card = await stage.slack.until('the card', () => stage.cards()[1]);
    expect(card.text).toContain('looks almost the same as Nora Neo of NEO-1');
  });

  test('nothing is warned of where nothing looks alike', async () => {
    const card = await cardOf('Username', 'Priya Ramanujan');
    expect(card.text).not.toContain('looks like');
  });

  const edit = async (change: (form: OpenModal) => void) => {
    await stage.as('ana').press(stage.card(), 'Edit');
    const form = await stage.form('ana');
    await stage.app.boundary.idle();
    const text = form.text();
    change(form);
    await form.submit();
    return text;
  };

  test('an edit into a look-alike is warned of, and an edit out of it is not any more', async () => {
    await cardOf('Username', 'Nora Neo');
    await edit((form) => {
      form.fill('Username', 'Мara Lind');
    });
    await stage.slack.until('the warning', () =>
      stage.card().text.includes('looks almost the same as Mara Lind (ID 4)'),
    );
    const opened = await edit((form) => {
      form.fill('Username', 'Nora Neo');
    });
    expect(opened).toContain('Username looks almost the same as Mara Lind (ID 4)');
    await stage.slack.until('no warning', () => !stage.card().text.includes('looks like'));
  });

  test('the form says so on opening, when what it is filled with looks like another', async () => {
    stage.halo.changeAgent(5, { name: 'Nео Аgent' });
    await stage.app.directory.refreshIfOlder(0);
    expect((await stage.openForm('ana')).text()).toContain(
      'Username looks almost the same as Nео Аgent (ID 5)',
    );
  });

  test('a warning stays with its request, though the other agent was renamed since', async () => {
    await cardOf('Username', 'Мara Lind');
    stage.halo.changeAgent(4, { name: 'Mara Lindgren' });
    await stage.app.directory.refreshIfOlder(0);
    const { data } = await stage.db.selectFrom('request').select('data').executeTakeFirstOrThrow();
    expect(requestSchema.parse(JSON.parse(data)).resembles).toEqual([
      { field: 'name', what: 'Mara Lind (ID 4)' },
    ]);
  });
});
