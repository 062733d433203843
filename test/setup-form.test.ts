import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bot, channels, people } from '../sandbox/slack/workspace.ts';
import { pendingButtons, Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

describe('/neo-setup', () => {
  beforeEach(async () => {
    stage = await Stage.open();
  });

  test('nothing from the network comes before views.open', async () => {
    const before = stage.slack.journal.length;
    await stage.openForm('ana');
    expect(stage.slack.journal.slice(before)[0]?.method).toBe('views.open');
  });

  test('the form opens and answers searches while HaloPSA hangs', async () => {
    stage.halo.fail({ path: '/api/*' }, { kind: 'hang' }, Infinity);
    stage.advance(10 * 60_000);
    await stage.as('ana').types(stage.ops, '/neo-setup');
    const form = await stage.form('ana');
    expect(await form.search('Teams', 'line')).toHaveLength(2);
  });

  test('HaloPSA is down: the form says so and with which lists it works', async () => {
    stage.halo.fail({ path: '/api/*' }, { kind: 'status', status: 503 }, Infinity);
    stage.advance(10 * 60_000);
    await stage.as('ana').types(stage.ops, '/neo-setup');
    await stage.slack.until('the notice', () =>
      stage.as('ana').modal()?.text().includes('HaloPSA could not be reached'),
    );
    expect(stage.as('ana').modal()?.text()).toContain('The lists below are from');
  });

  test('help and unknown words explain the command and open nothing', async () => {
    await stage.as('ana').types(stage.ops, '/neo-setup help');
    expect(stage.whisper('ana')).toContain('opens a form');
    await stage.as('ana').types(stage.ops, '/neo-setup create <!channel> `now`');
    expect(stage.whisper('ana')).toContain('I don’t know “create <!channel> ’now’”');
    expect(stage.as('ana').modal()).toBeUndefined();
    expect(stage.slack.journal.map(({ method }) => method)).not.toContain('views.open');
  });

  test('in a direct message nobody else would see the card: the form asks for the channel', async () => {
    const dm = stage.slack.store.directMessage(people.ana.id);
    await stage.as('ana').types(dm.id, '/neo-setup');
    expect((await stage.form('ana')).text()).toContain(
      'This posts a request in the channel that you choose.',
    );
  });

  test('the timezone is the requester’s own in Slack, the second time without a later redraw', async () => {
    expect((await stage.openForm('ana')).value('Timezone')).toBe('Australia/Sydney');
    const updates = () => stage.slack.journal.filter(({ method }) => method === 'views.update').length;
    await stage.app.boundary.idle();
    const before = updates();
    expect((await stage.openForm('ana')).value('Timezone')).toBe('Australia/Sydney');
    await stage.app.boundary.idle();
    expect(updates() - before).toBe(1);
  });

  test('what was typed before the form was completed stays', async () => {
    await stage.as('ana').types(stage.ops, '/neo-setup');
    (await stage.form('ana')).fill('Username', 'Nora Neo');
    const form = await stage.slack.until('the zone', () => {
      const modal = stage.as('ana').modal();
      return modal?.value('Timezone') === 'Australia/Sydney' && modal;
    });
    expect(form.value('Username')).toBe('Nora Neo');
  });

  test('a guest whom nobody has looked up yet never has the form, nor that of an edit', async () => {
    const card = await stage.requestFrom('ana');
    const views = () =>
      JSON.stringify(
        stage.slack.journal.filter(({ method }) => method.startsWith('views.')).slice(shownBefore),
      );
    const shownBefore = stage.slack.journal.filter(({ method }) => method.startsWith('views.')).length;
    await stage.as('gus').types(stage.ops, '/neo-setup');
    await stage.slack.until('the notice', () => stage.as('gus').modal()?.text().includes('you’re a guest'));
    stage.letTimePass(2 * 60_000);
    await stage.as('gus').press(card, 'Edit');
    await stage.slack.until('why not', () => stage.as('gus').modal()?.text().includes('you’re a guest'));
    await stage.app.boundary.idle();
    expect(views()).toContain('Checking your Slack account');
    for (const word of ['Username', 'named licence', 'brightwater', 'team@neoagent.io'])
      expect(views()).not.toContain(word);
  });

  test('a guest is shown why instead of the form', async () => {
    await stage.as('gus').types(stage.ops, '/neo-setup');
    await stage.slack.until('the notice', () => stage.as('gus').modal()?.text().includes('you’re a guest'));
    expect(stage.as('gus').modal()?.text()).not.toContain('Username');
  });

  test('Slack did not say who sees the channel when the form opened: a shared one is refused at the submit', async () => {
    stage.slack.fail('conversations.info', { kind: 'status', status: 500 });
    await stage.as('ana').types(channels.shared.id, '/neo-setup');
    const form = await stage.form('ana');
    await stage.app.boundary.idle();
    await form.choose('Roles', '1st Line Support');
    await form.choose('Teams', '1st Line');
    await form.choose('Working Hours', 'Sydney desk');
    await form.choose('Timezone', 'Australia/Sydney');
    const { errors } = await form.submit();
    expect(errors['Username']).toContain('shared with another company');
    expect(stage.cards(channels.shared.id)).toEqual([]);
  });

  test('a channel shared with another company is refused', async () => {
    await stage.as('ana').types(channels.shared.id, '/neo-setup');
    await stage.slack.until('the notice', () =>
      stage.as('ana').modal()?.text().includes('shared with another company'),
    );
  });

  test('a channel without the bot: the form says how to invite it', async () => {
    await stage.as('ana').types(channels.general.id, '/neo-setup');
    await stage.slack.until('the notice', () =>
      stage.as('ana').modal()?.text().includes('I’m not in #general'),
    );
  });

  test('a channel without the bot: submitting ends in a word on what to do, and the card comes with the invitation', async () => {
    const form = await stage.filledForm('ana', channels.general.id);
    await form.submit();
    expect(stage.as('ana').modal()?.text()).toContain('NEO-1 is stored, but nobody can see it yet');
    const { members = [] } = stage.slack.store.channels.get(channels.general.id) ?? {};
    stage.slack.changeChannel(channels.general.id, { members: [...members, bot.userId] });
    stage.advance(60_000);
    await stage.slack.until('the card', () => stage.cards(channels.general.id)[0]);
  });

  test('the name is taken already: the form says so when it opens', async () => {
    const { id } = stage.halo.addAgent({ name: 'Neo Agent' });
    await stage.app.directory.refreshIfOlder(0);
    await stage.as('ana').types(stage.ops, '/neo-setup');
    const alert = `*Choose another Username.* Already in HaloPSA: Neo Agent (ID ${id})`;
    await stage.slack.until('the alert', () => stage.as('ana').modal()?.text().includes(alert));
  });

  test('another request has the name: the form says so when it opens', async () => {
    await stage.requestFrom('ana');
    await stage.as('dan').types(stage.ops, '/neo-setup');
    await stage.slack.until('the alert', () =>
      stage.as('dan').modal()?.text().includes('*Choose another Username.* Taken by NEO-1.'),
    );
  });

  test('Slack takes no alert: the form opens all the same, with the same words', async () => {
    stage.slack.fail('views.update', { kind: 'error', error: 'invalid_blocks' });
    await stage.as('ana').types(channels.general.id, '/neo-setup');
    await stage.slack.until('the notice', () =>
      stage.as('ana').modal()?.text().includes('⚠️ *I’m not in #general'),
    );
  });

  test.each<[string, string[]]>([
    ['expired_trigger_id', []],
    ['trigger_expired', []],
    ['invalid_arguments', ['[ERROR] `trigger_id` expired [json-pointer:/trigger_id]']],
  ])('the trigger is too old, as %s: the person is told to type it again', async (error, messages) => {
    stage.slack.fail('views.open', { kind: 'error', error, messages });
    await stage.as('ana').types(stage.ops, '/neo-setup');
    await stage.slack.until('the advice', () => stage.whisper('ana').includes('Please try again'));
  });

  test('a search finds by the first letter, by department, and on an empty query', async () => {
    const form = await stage.openForm('ana');
    expect((await form.search('Teams', '')).map(({ text }) => text.text)).not.toContain('Fax Support');
    expect(await form.search('Teams', '')).toHaveLength(7);
    expect((await form.search('Teams', 'b')).map(({ text }) => text.text)).toContain('Billing');
    expect((await form.search('Teams', 'back office')).map(({ text }) => text.text)).toEqual([
      'Procurement',
      'Billing',
    ]);
    expect((await form.search('Working Hours', 'office'))[0]?.description?.text).toBe(
      'Mon–Thu 09:00–17:00, Fri 09:00–16:30',
    );
    expect((await form.search('Timezone', 'new york')).map(({ text }) => text.text)).toContain(
      'America/New_York',
    );
    expect(await form.search('Timezone', '')).toHaveLength(100);
    expect(await form.search('Roles', 'zzz')).toEqual([]);
  });
});

describe('what is wrong is said under its field', () => {
  beforeEach(async () => {
    stage = await Stage.open();
  });

  const errorsAfter = async (label: string, value: string) => {
    const form = await stage.filledForm('ana');
    form.fill(label, value);
    const { outcome, errors } = await form.submitUnchecked();
    expect(outcome).toBe('errors');
    expect(stage.cards()).toHaveLength(0);
    expect(form.value('Roles')).toBe('1st Line Support');
    return errors[label];
  };

  test.each([
    ['Email Address', 'not an address', 'not an email address'],
    ['Email Address', 'a@b', 'not an email address'],
    ['Email Address', `${'a'.repeat(2_980)}@neoagent.io`, 'too long'],
    ['Email Address', 'OLD.BOT@brightwater.example', 'Old Bot (ID 7, disabled)'],
    ['Email Address', 'reporting@brightwater.example', 'Reporting API (ID 8, API-only)'],
    ['Username', 'priya raman', 'Priya Raman (ID 6)'],
    ['Username', 'x'.repeat(3_000), 'too long'],
    ['Username', '\u0000\u202e', 'fill this in'],
  ])('%s: %s', async (label, value, words) => {
    expect(await errorsAfter(label, value)).toContain(words);
  });

  test('an API-only agent is refused with the guide’s reason', async () => {
    const form = await stage.filledForm('ana');
    form.check('Is an API-only Agent', true);
    expect((await form.submit()).errors['Is an API-only Agent']).toContain('require a full agent account');
  });

  test('no team', async () => {
    const form = await stage.filledForm('ana');
    await form.choose('Teams');
    expect((await form.submit()).errors).toHaveProperty('Teams');
  });

  test('a team that was deleted in HaloPSA while the form was open', async () => {
    const form = await stage.filledForm('ana');
    stage.halo.lists.teams = stage.halo.lists.teams.filter(({ name }) => name !== 'Onboarding');
    await stage.app.directory.refreshIfOlder(0);
    expect((await form.submit()).errors['Teams']).toContain('choose again');
  });

  test('a name that another open request asks for', async () => {
    await stage.requestFrom('ana');
    const form = await stage.filledForm('dan');
    const { errors } = await form.submit();
    expect(errors['Username']).toContain('Taken by NEO-1');
  });

  test('a name whose agent was created a moment ago and is not in the list yet', async () => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    const form = await stage.filledForm('dan');
    expect((await form.submit()).errors).toHaveProperty('Username');
  });

  test('Slack does not say who submits: the form stays with all that was entered', async () => {
    const form = await stage.filledForm('ana');
    stage.advance(2 * 60_000);
    stage.slack.fail('users.info', { kind: 'status', status: 500 });
    expect((await form.submit()).errors['Username']).toContain('I couldn’t verify your account with Slack');
    expect((await form.submit()).outcome).toBe('closed');
  });

  test('a form that Slack delivers three times makes one request and one card', async () => {
    const form = await stage.filledForm('ana');
    await form.submit(3);
    await stage.slack.until('the card', () => stage.cards()[0]);
    expect(await stage.db.selectFrom('request').selectAll().execute()).toHaveLength(1);
    expect(stage.cards()).toHaveLength(1);
  });
});

describe('text that people write', () => {
  beforeEach(async () => {
    stage = await Stage.open();
  });

  const hostile = [
    ['a mention of everybody', '<!channel> <!here> <!everyone>'],
    ['a mention of a person', `<@${people.ben.id}>`],
    ['a link that looks like a button', '<https://evil.example|Approve>'],
    ['backticks and formatting', '``` `a` *b* _c_ ~d~ > e'],
    ['right-to-left text and its overrides', 'שלום \u202eקאלה\u202c مرحبا'],
    ['emoji', '👩‍👩‍👧‍👦 :tada: 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['NUL and control characters', 'a\u0000b\u0007c\u001b[31m'],
    ['ampersands at every limit', '&'.repeat(3_000)],
    ['3,000 characters', '漢'.repeat(3_000)],
    ['a lone surrogate', 'x\ud800y'],
  ] as const;

  test.each(hostile)(
    '%s in the note: the card is posted and notifies nobody but by its own words',
    async (_name, text) => {
      const card = await stage.requestFrom('ana', (form) => {
        form.fill('Note for the approver', text);
      });
      expect(card.buttons).toEqual(pendingButtons);
      expect(stage.slack.messages(stage.ops)[0]?.mentions).toEqual([people.ana.id]);
      await stage.as('ben').press(card, 'Deny');
      const form = stage.as('ben').modal();
      form?.fill('Reason', Array.from(text).slice(0, 1000).join(''));
      expect((await form?.submit())?.outcome).toBe('closed');
      await stage.reply();
      await stage.slack.until('the card', () => !stage.card().buttons.includes('Approve'));
      const mentioned = stage.slack.messages(stage.ops).flatMap(({ mentions }) => mentions);
      expect(new Set(mentioned)).toEqual(new Set([people.ana.id, people.ben.id]));
    },
  );

  test.each(hostile.slice(0, 7))(
    '%s in the name: it reads on the card letter by letter',
    async (_name, text) => {
      const card = await stage.requestFrom('ana', (form) => {
        form.fill('Username', text);
      });
      const shown = text.replace(/[\p{Cc}\u202c\u202e]/gu, '').replace(/ +/g, ' ');
      expect(card.text).toContain(`Username: ${shown}`);
      expect(stage.slack.messages(stage.ops)[0]?.mentions).toEqual([people.ana.id]);
      await stage.as('ben').press(card, 'Approve');
      expect((await stage.reply()).text).toContain('HaloPSA has every setting as requested');
      expect((await stage.status('ben', 'NEO-1')).text).toContain(`Username: ${shown}`);
    },
  );

  test('a role in HaloPSA that is named like a mention makes none', async () => {
    stage.halo.lists.roles.push({
      id: '0d5a7c3e-8b21-4f96-a7d4-2c9e6b1f8a77',
      id_int: 7,
      name: 'Admin <!channel>',
      notes: '',
    });
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.filledForm('ana');
    await form.choose('Roles', 'Admin <!channel>');
    await form.submit();
    const card = await stage.slack.until('the card', () => stage.cards()[0]);
    expect(card.text).toContain('Admin <!channel> gives this agent full rights');
    expect(stage.slack.messages(stage.ops)[0]?.mentions).toEqual([people.ana.id]);
    stage.halo.lists.roles.pop();
  });
});

describe('NEO_REQUESTERS and NEO_APPROVALS_CHANNEL', () => {
  test('who is not on the list is refused in the form, and the next time before it opens', async () => {
    stage = await Stage.open({ env: { NEO_REQUESTERS: people.ana.id } });
    await stage.as('dan').types(stage.ops, '/neo-setup');
    await stage.slack.until('the notice', () => stage.as('dan').modal()?.text().includes('Only @Ana'));
    await stage.as('dan').types(stage.ops, '/neo-setup');
    expect(stage.whisper('dan')).toContain('request agents');
  });

  test('cards go to the approvals channel, from a direct message too', async () => {
    stage = await Stage.open({ env: { NEO_APPROVALS_CHANNEL: channels.ops.id } });
    const dm = stage.slack.store.directMessage(people.ana.id);
    const form = await stage.filledForm('ana', dm.id);
    expect(form.text()).toContain('posts a request in #msp-ops');
    await form.submit();
    await stage.slack.until('the card', () => stage.cards()[0]);
  });
});
