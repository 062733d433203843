import { afterEach, describe, expect, test } from 'vitest';
import { bot, channels, people } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
type Who = keyof typeof people;
const { ana, ben, cleo, xena } = people;
const calls = (method: string) => stage.slack.journal.filter((call) => call.method === method);
const direct = (who: Who) => stage.as(who).directMessages();
const directly = (who: Who, text: string) =>
  stage.slack.until(`${who} to be told ${text}`, () => direct(who).find((one) => one.text.includes(text)));
const cardSays = (text: string) =>
  stage.slack.until(`a card that says ${text}`, () => stage.cards()[0]?.text.includes(text) && stage.card());
const share = (change: object = { isExtShared: true }) => {
  stage.slack.changeChannel(stage.ops, change);
  stage.letTimePass(11_000);
};
/** What stands in the channel now, for all who are in it. */
const inChannel = (who: Who = 'xena') => stage.as(who).sees(stage.ops);
/** Presses a button of what /neo-status shows of the request. */
const onStatus = async (who: Who, button: string) => {
  await stage.as(who).types(stage.ops, '/neo-status NEO-1');
  const answer = await stage.slack.until('the answer', () =>
    stage
      .as(who)
      .sees(stage.ops)
      .findLast(({ ephemeral }) => ephemeral),
  );
  await stage.as(who).press(answer, button);
};

describe('the approvals channel is private, and not everybody is in it', () => {
  const open = async () => {
    const members = [ben.id, bot.userId];
    const channel = channels.leadership.id;
    stage = await Stage.open({
      env: { NEO_APPROVALS_CHANNEL: channel, NEO_APPROVERS: `${ben.id},${cleo.id}` },
      inSlack: (slack) => {
        slack.changeChannel(channel, { members });
      },
    });
    expect((await (await stage.filledForm('ana')).submit()).outcome).toBe('closed');
    return channel;
  };
  const card = (channel: string) =>
    stage.slack.until('the card', () =>
      stage
        .as('ben')
        .sees(channel)
        .find(({ threadTs }) => threadTs === undefined),
    );

  test('an approver who isn’t in it decides from the direct message, which shows all that is approved', async () => {
    const channel = await open();
    const message = await directly('cleo', 'which you aren’t in');
    expect(message.buttons).toEqual(['Approve', 'Deny', 'Ask a question']);
    for (const part of ['Neo Agent', '1st Line Support', 'Onboarding', 'Sydney desk'])
      expect(message.text).toContain(part);
    expect(message.spoken).toContain('Onboarding');
    await stage.as('cleo').press(message, 'Approve');
    await directly('cleo', 'You approved NEO-1');
    expect(direct('cleo')).toHaveLength(1);
    expect(direct('cleo')[0]?.buttons).toEqual([]);
    expect((await directly('ana', 'Agent ID')).text).toMatch(/Agent ID: `\d+`/);
    expect(stage.creates()).toHaveLength(1);
    expect((await card(channel)).text).toContain('Approved by @Cleo');
    // Who is in the channel has the link, and is told nothing twice.
    expect(direct('ben')).toHaveLength(1);
    expect(direct('ben')[0]?.text).toContain('Open the card of NEO-1');
    expect(direct('ana')).toHaveLength(1);
  });

  test('denied from the direct message: the requester reads why, once', async () => {
    await open();
    await stage.as('cleo').press(await directly('cleo', 'NEO-1'), 'Deny');
    const form = await stage.form('cleo');
    form.fill('Reason', 'Not before the audit');
    await form.submit();
    const told = await directly('ana', 'Not before the audit');
    expect(told.text).not.toContain('Open its thread');
    await stage.app.boundary.idle();
    expect(direct('ana')).toHaveLength(1);
  });

  test('a question reaches the requester', async () => {
    await open();
    await stage.as('cleo').press(await directly('cleo', 'NEO-1'), 'Ask a question');
    const form = await stage.form('cleo');
    form.fill('Question', 'Which teams?');
    await form.submit();
    await directly('ana', 'Which teams?');
  });

  test('the requester can’t approve by it either, and a press on an old message is refused', async () => {
    await open();
    const message = await directly('cleo', 'NEO-1');
    await stage.as('ben').press(await card(channels.leadership.id), 'Approve');
    await directly('ana', 'Agent ID');
    await stage.as('cleo').press(message, 'Approve');
    await stage.slack.until('the refusal', () =>
      direct('cleo').some(({ ephemeral, text }) => ephemeral && text.includes('has already been decided')),
    );
    expect(stage.creates()).toHaveLength(1);
  });
});

describe('/neo-setup where anybody may read along', () => {
  const groupMessage = {
    id: 'C07GROUPDM1',
    name: 'mpdm-ana--ben--xena-1',
    isPrivate: true,
    isMpim: true,
    members: [ana.id, ben.id, xena.id, bot.userId],
  };

  test('a group message: the form asks for a channel, as in a direct message', async () => {
    stage = await Stage.open();
    stage.slack.store.channels.set(groupMessage.id, groupMessage);
    await stage.as('ana').types(groupMessage.id, '/neo-setup');
    expect((await stage.form('ana')).text()).toContain(
      'This posts a request in the channel that you choose.',
    );
  });

  test.each([
    ['a group message under another name', { isMpim: true }, 'not in a direct or group message'],
    [
      'a channel that another company was asked to join',
      { isPendingExtShared: true },
      'shared with another company',
    ],
    ['a channel of two companies', { isExtShared: true }, 'shared with another company'],
  ])('%s: the form gives way, and nothing can be sent in', async (_what, change, words) => {
    stage = await Stage.open();
    stage.slack.store.channels.set(stage.ops, { ...channels.ops, ...change });
    // Slack may not show it to the bot at all: then that is what is said.
    await stage.as('ana').types(stage.ops, '/neo-setup');
    await stage.slack.until('the notice', () => {
      const text = stage.as('ana').modal()?.text();
      return text?.includes(words) === true || text?.includes('can’t check who can read') === true;
    });
    expect(stage.as('ana').modal()?.canSubmit).toBe(false);
  });

  test('Slack does not let the bot see it: not known is not safe', async () => {
    stage = await Stage.open();
    stage.slack.fail('conversations.info', { kind: 'error', error: 'missing_scope' }, Infinity);
    await stage.as('ana').types(stage.ops, '/neo-setup');
    await stage.slack.until('the notice', () =>
      stage.as('ana').modal()?.text().includes('can’t check who can read'),
    );
  });

  test('Slack fails while the form opens: the form works, and it is asked again when it is sent in', async () => {
    stage = await Stage.open();
    stage.slack.fail('conversations.info', { kind: 'error', error: 'internal_error' });
    const form = await stage.filledForm('ana');
    expect(stage.whisper('ana')).toBe('');
    share();
    const { outcome, errors } = await form.submit();
    expect(outcome).toBe('errors');
    expect(Object.values(errors).join()).toContain('shared with another company');
  });
});

describe('the channel is shared with another company after the card stands', () => {
  test.each([[{ isExtShared: true }], [{ isPendingExtShared: true }]])(
    '%j: the card is emptied, the result and the Agent ID come directly, and nobody of the other company reads them',
    async (change) => {
      stage = await Stage.open();
      await stage.requestFrom('ana');
      await directly('ben', 'NEO-1');
      const before = inChannel().length;
      share(change);
      await onStatus('ben', 'Approve');
      await directly('ana', 'Agent ID');
      await cardSays('so I show nothing here');
      expect(stage.card().buttons).toEqual([]);
      expect(inChannel()).toHaveLength(before);
      expect(
        inChannel()
          .map(({ text }) => text)
          .join(),
      ).not.toMatch(/Agent ID|1st Line|Sydney desk/);
    },
  );

  test('a question and a denial come directly', async () => {
    stage = await Stage.open();
    await stage.requestFrom('ana');
    share();
    await onStatus('ben', 'Ask a question');
    const form = await stage.form('ben');
    form.fill('Question', 'Which teams?');
    await form.submit();
    await directly('ana', 'Which teams?');
    await onStatus('ben', 'Deny');
    const denial = await stage.slack.until(
      'the form',
      () => stage.as('ben').form()?.text().includes('Reason') && stage.as('ben').form(),
    );
    denial.fill('Reason', 'Not before the audit');
    await denial.submit();
    await directly('ana', 'Not before the audit');
    expect(
      inChannel()
        .map(({ text }) => text)
        .join(),
    ).not.toMatch(/Which teams|audit/);
  });

  test('what drifted comes directly', async () => {
    stage = await Stage.open();
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    const before = (await stage.reply()).text;
    expect(before).toContain('Agent ID');
    share();
    const agent = stage.halo.agents.find(({ name }) => name === 'Neo Agent');
    if (agent !== undefined) stage.halo.changeAgent(agent.id, { isdisabled: true });
    stage.advance(25 * 3_600_000);
    await directly('ana', 'Account Active');
    expect(stage.thread()).toHaveLength(1);
  });

  test('nobody knows any more who can read it: the card is emptied, and the result comes directly', async () => {
    stage = await Stage.open();
    await stage.requestFrom('ana');
    stage.letTimePass(11_000);
    stage.slack.fail('conversations.info', { kind: 'error', error: 'missing_scope' }, Infinity);
    await onStatus('ben', 'Approve');
    await directly('ana', 'Agent ID');
    await cardSays('I can no longer check who can read this channel');
    expect(stage.thread()).toEqual([]);
  });

  test('it is internal again: the card comes back with the next change', async () => {
    stage = await Stage.open({ env: { NEO_APPROVALS_REQUIRED: '2', NEO_APPROVERS: `${ben.id},${cleo.id}` } });
    await stage.requestFrom('ana');
    share();
    await onStatus('ben', 'Approve');
    await cardSays('so I show nothing here');
    share({ isExtShared: false });
    await onStatus('cleo', 'Approve');
    await stage.reply();
    await cardSays('Approved by @Ben and @Cleo');
  });
});

test('429 on conversations.info: the result waits, and comes in the thread, not directly', async () => {
  stage = await Stage.open();
  const card = await stage.requestFrom('ana');
  await directly('ben', 'NEO-1');
  stage.letTimePass(11_000);
  stage.slack.fail('conversations.info', { kind: 'rate_limited', retryAfter: 30 }, 3);
  await stage.as('ben').press(card, 'Approve');
  await stage.waits();
  stage.slack.heal();
  stage.advance(31_000);
  expect((await stage.reply()).text).toContain('Agent ID');
  expect(direct('ana')).toEqual([]);
});

test('one answer about a channel serves ten seconds', async () => {
  stage = await Stage.open();
  const before = calls('conversations.info').length;
  for (let count = 0; count < 3; count += 1) {
    const form = await stage.filledForm('ana');
    form.fill('Username', `Neo Agent ${count}`);
    form.fill('Email Address', `neo${count}@brightwater.example`);
    await form.submit();
    const card = await stage.slack.until('the card', () => stage.cards()[count]);
    await stage.as('ben').press(card, 'Approve');
    await stage.reply(count);
  }
  expect(calls('conversations.info').length - before).toBeLessThanOrEqual(2);
});
