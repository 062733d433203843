import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channels, people } from '../sandbox/slack/workspace.ts';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import { Stage, type StageOptions } from './stage.ts';

type Who = keyof typeof people;

let stage: Stage;
afterEach(() => stage.close());

const homeOf = (who: Who) => stage.as(who).home();
const shows = (who: Who, words: string) =>
  stage.slack.until(`“${words}” on the Home tab of ${who}`, () => {
    const home = homeOf(who);
    return home?.text().includes(words) === true && home;
  });

async function openHome(who: Who) {
  await stage.as(who).opensHome();
  return stage.slack.until('the Home tab', () => homeOf(who));
}

test('somebody writes to the app: one short answer says what it understands, whoever it is', async () => {
  stage = await Stage.open();
  const answers = (who: Who) =>
    stage
      .as(who)
      .directMessages()
      .filter(({ author }) => author === 'Neo Setup');
  for (const who of ['ana', 'gus'] as const) {
    const { id } = stage.slack.store.directMessage(people[who].id);
    await stage.as(who).says(id, 'Hello?');
    await stage.as(who).says(id, 'Is anybody there?');
    await stage.slack.until('the answer', () => answers(who)[0]);
    await stage.app.boundary.idle();
    expect(answers(who).map(({ text }) => text)).toEqual([
      'I don’t read messages. `/neo-setup` requests a Neo Agent account, and `/neo-status` shows requests and agents.',
    ]);
  }
});

describe('the Home tab', () => {
  beforeEach(async () => {
    stage = await Stage.open();
  });

  test('who is new here is greeted, and no longer once they asked for something', async () => {
    const home = await openHome('ana');
    expect(home.text()).toContain('Welcome! I set up the Neo Agent account');
    expect(home.text()).toContain('No open requests.');
    expect(home.buttons).toEqual(['Set up Neo Agent']);
    await stage.requestFrom('ana');
    expect((await shows('ana', 'Your requests')).text()).not.toContain('Welcome!');
  });

  test('it follows what happens elsewhere, while somebody may be looking at it', async () => {
    await openHome('cleo');
    const card = await stage.requestFrom('ana');
    expect((await shows('cleo', 'Waiting for you')).buttons).toContain('Approve');
    await stage.slack.until('the way to the card', () => homeOf('cleo')?.buttons.includes('Open the thread'));
    await stage.as('ben').press(card, 'Approve');
    expect((await shows('cleo', 'Done: agent ID')).buttons).not.toContain('Approve');
  });

  test('Approve there creates the agent, and the tab says what was done', async () => {
    await stage.requestFrom('ana');
    const home = await openHome('ben');
    await home.press('Approve');
    await shows('ben', 'You approved NEO-1.');
    expect((await stage.reply()).text).toContain('Approved by @Ben');
    expect((await shows('ben', 'Done: agent ID')).text()).not.toContain('Welcome!');
  });

  test('a press on an outdated tab is refused, and the tab says why', async () => {
    await stage.requestFrom('ana');
    const home = await openHome('ben');
    await stage.app.worker.stop();
    await stage.as('cleo').press(stage.card(), 'Approve');
    await stage.slack.until('the decision', () =>
      stage.logLines.some((line) => line.includes('"click accepted"')),
    );
    await home.press('Approve');
    await shows('ben', 'Nothing was changed: NEO-1 has already been decided. Approved by @Cleo');
  });

  test('an approver who lost the right between opening and press is refused there', async () => {
    await stage.requestFrom('ana');
    const home = await openHome('ben');
    stage.slack.changePerson(people.ben.id, { isAdmin: false });
    await home.press('Approve');
    const told = await shows('ben', 'only admins and owners of this workspace can');
    expect(told.buttons).not.toContain('Approve');
    expect(stage.creates()).toHaveLength(0);
  });

  test.each([
    ['a guest', 'gus', 'you’re a guest'],
    ['somebody of another company', 'xena', 'you aren’t a member of this workspace'],
  ] as const)('%s is told nothing of the requests', async (_who, who, why) => {
    await stage.requestFrom('ana');
    const home = await openHome(who);
    expect(home.text()).toContain(why);
    expect(home.text()).not.toContain('NEO-1');
    expect(home.buttons).toEqual([]);
  });

  test('storage does not answer: the press is told of in a direct message', async () => {
    await stage.requestFrom('ana');
    const home = await openHome('ben');
    await stage.app.worker.stop();
    await stage.db.destroy();
    await home.press('Approve');
    await stage.slack.until('the message', () =>
      stage
        .as('ben')
        .directMessages()
        .some(({ text }) => text.includes('check with /neo-status whether it was done')),
    );
  });
});

describe('the form from where there is no channel', () => {
  const fill = async (form: OpenModal, channel?: string) => {
    if (channel !== undefined) await form.choose('Channel', channel);
    await form.choose('Roles', '1st Line Support');
    await form.choose('Teams', '1st Line');
    await form.choose('Working Hours', 'Sydney desk');
  };
  const opened = () =>
    stage.slack.until('the form', () => {
      const modal = stage.as('ana').modal();
      return modal?.text().includes('Named licences') === true && modal.value('Timezone') !== '' && modal;
    });
  const fromHome = async (options: StageOptions = {}) => {
    stage = await Stage.open(options);
    await (await openHome('ana')).press('Set up Neo Agent');
    return opened();
  };

  test('from the Home tab it asks for the channel, and the card goes there', async () => {
    const form = await fromHome();
    await fill(form, 'msp-ops');
    expect(await form.submit()).toMatchObject({ outcome: 'closed' });
    await stage.slack.until('the card', () => stage.cards()[0]);
  });

  test('from the global shortcut too', async () => {
    stage = await Stage.open();
    await stage.as('ana').shortcut('neo_setup_shortcut');
    const form = await opened();
    await fill(form, 'msp-ops');
    await form.submit();
    await stage.slack.until('the card', () => stage.cards()[0]);
  });

  test('with NEO_APPROVALS_CHANNEL it does not ask', async () => {
    const form = await fromHome({ env: { NEO_APPROVALS_CHANNEL: channels.ops.id } });
    expect(form.text()).toContain('posts a request in #msp-ops');
    await fill(form);
    await form.submit();
    await stage.slack.until('the card', () => stage.cards()[0]);
  });

  test.each([
    ['shared with another company', channels.shared.name, 'shared with another company'],
    ['without the bot', channels.general.name, 'I’m not in this channel'],
    ['that is private and without the bot', channels.leadership.name, 'I’m not in this channel'],
  ])('a channel %s is refused under its field, and nothing is stored', async (_what, channel, why) => {
    const form = await fromHome();
    await fill(form, channel);
    const { outcome, errors } = await form.submit();
    expect(outcome).toBe('errors');
    expect(errors['Channel']).toContain(why);
    expect(form.value('Teams')).toBe('1st Line');
    await form.choose('Channel', 'msp-ops');
    expect((await form.submit()).outcome).toBe('closed');
    expect((await stage.slack.until('the card', () => stage.cards()[0])).text).toContain('NEO-1 ·');
  });

  test('Slack does not say who sees the channel: nothing is stored', async () => {
    const form = await fromHome();
    await fill(form, 'msp-ops');
    stage.slack.fail('conversations.info', { kind: 'status', status: 500 });
    const { errors } = await form.submit();
    expect(errors['Channel']).toMatch(/I couldn’t check with Slack who can see this channel.*Reference/);
  });

  test('who may not ask reads so in place of the form', async () => {
    stage = await Stage.open({ env: { NEO_REQUESTERS: people.ben.id } });
    const home = await openHome('ana');
    expect(home.buttons).not.toContain('Set up Neo Agent');
    await stage.as('ana').shortcut('neo_setup_shortcut');
    const notice = await stage.slack.until('the notice', () => stage.as('ana').modal());
    expect(notice.text()).toContain('request agents');
  });

  test('the trigger is too old: the tab says so', async () => {
    stage = await Stage.open();
    const home = await openHome('ana');
    stage.slack.fail('views.open', { kind: 'error', error: 'expired_trigger_id' });
    await home.press('Set up Neo Agent');
    await shows('ana', 'Please try again');
  });
});
