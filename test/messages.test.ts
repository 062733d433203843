import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { pendingButtons, Stage } from './stage.ts';

describe('a person is told once', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  test.each([
    ['Slack posts the card and the connection drops', { kind: 'drop', after: true }],
    ['Slack posts the card and answers 500', { kind: 'status', status: 500, after: true }],
    ['Slack posts the card and says internal_error', { kind: 'error', error: 'internal_error', after: true }],
    ['the card got lost on its way', { kind: 'drop' }],
  ] as const)('%s: it stands in the channel once, and can be approved', async (_name, fault) => {
    stage.slack.fail('chat.postMessage', fault);
    const card = await stage.requestFrom('ana');
    await stage.slack.until(
      'the second try',
      () => asked(stage, 'chat.postMessage') + asked(stage, 'conversations.history') >= 2,
    );
    expect(stage.cards()).toHaveLength(1);
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
  });

  test('Slack posts the result and the connection drops: the thread holds it once', async () => {
    const card = await stage.requestFrom('ana');
    stage.slack.fail('chat.postMessage', { kind: 'drop', after: true });
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    await stage.slack.until('the look', () =>
      stage.slack.journal.some(({ method }) => method === 'conversations.replies'),
    );
    expect(stage.thread()).toHaveLength(1);
  });

  test('Slack limits the rate: the message comes after the wait that Slack asked for', async () => {
    stage.slack.fail('chat.postMessage', { kind: 'rate_limited', retryAfter: 30 });
    const form = await stage.filledForm('ana');
    await form.submit();
    await stage.waits();
    stage.advance(31_000);
    await stage.slack.until('the card', () => stage.cards()[0]);
  });

  test('the card was posted in doubt and decided at once: it loses its buttons all the same', async () => {
    stage.slack.fail('chat.postMessage', { kind: 'hang', after: true });
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the decision', () =>
      stage.logLines.some((line) => line.includes('"click accepted"')),
    );
    stage.slack.heal();
    await stage.reply();
    await stage.slack.until('the card', () => stage.card().text.includes('Done: agent ID'));
    expect(stage.card().buttons).toEqual(['Details']);
  });

  test('the card could not be redrawn for a moment: in the end it shows how it stands', async () => {
    const card = await stage.requestFrom('ana');
    stage.slack.fail('chat.update', { kind: 'status', status: 500 }, 2);
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    await stage.slack.until('the card', () => stage.card().text.includes('Done: agent ID'));
  });

  test('a channel without the bot: the requester is told once how to mend it, and then the card comes', async () => {
    const form = await stage.filledForm('ana', channels.general.id);
    await form.submit();
    const told = await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
    expect(told.text).toContain(
      'NEO-1 isn’t posted yet: I can’t post it in #general (Slack says `not_in_channel`)',
    );
    await stage.waits();
    stage.advance(31_000);
    await stage.waits(2);
    expect(stage.as('ana').directMessages()).toHaveLength(1);

    const { members } = channels.general;
    stage.slack.changeChannel(channels.general.id, {
      members: [...members, channels.ops.members.at(-1) ?? ''],
    });
    stage.advance(31_000);
    const card = await stage.slack.until('the card', () => stage.cards(channels.general.id)[0]);
    expect(card.buttons).toEqual(pendingButtons);
  });

  test('a private channel turns out to be shared once the bot is in it: no card there, and the requester is told why', async () => {
    const { id, members } = channels.leadership;
    const form = await stage.filledForm('ana', id);
    await form.submit();
    await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
    await stage.waits();
    stage.slack.changeChannel(id, {
      members: [...members, channels.ops.members.at(-1) ?? ''],
      isExtShared: true,
    });
    stage.advance(31_000);
    const told = await stage.slack.until('the second message', () => stage.as('ana').directMessages()[1]);
    expect(told.text).toContain('shared with another company');
    await stage.waits(2);
    expect(stage.cards(id)).toEqual([]);
  });

  test('the channel is archived before the result: the requester gets it directly', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    stage.slack.changeChannel(stage.ops, { isArchived: true });
    const told = await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
    expect(told.text).toContain('Agent ID');
  });

  test('denied while the channel is closed: the requester reads it once, not as a result and as a message', async () => {
    const form = await stage.denyForm('ben', await stage.requestFrom('ana'));
    form.fill('Reason', 'Not before the audit');
    stage.slack.changeChannel(stage.ops, { isArchived: true });
    await form.submit();
    await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
    await stage.app.worker.stop();
    expect(stage.as('ana').directMessages()).toHaveLength(1);
    expect(stage.as('ana').directMessages()[0]?.text).toContain('Not before the audit');
  });

  test('the channel is archived before the result: /neo-status says what could not be posted, and who was told', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    stage.slack.changeChannel(stage.ops, { isArchived: true });
    expect(await statusOnceTold()).toContain(
      'Its result could not be posted in the thread (`is_archived`), so @Ana was told by direct message.',
    );
  });

  test('the card is deleted before the result: the requester gets it directly, and /neo-status says so', async () => {
    const card = await stage.requestFrom('ana');
    stage.halo.fail({ path: '/api/Agent' }, { kind: 'hang' });
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the start', () => stage.card().text.includes('Creating the agent'));
    stage.slack.store.messages.splice(0);
    stage.halo.heal();
    const status = await statusOnceTold();
    expect(stage.as('ana').directMessages()[0]?.text).toContain('Agent ID');
    expect(status).toContain('Its card could not be redrawn (`message_not_found`)');
    expect(status).toContain('Its result could not be posted in the thread (`thread_not_found`)');
  });

  /** What Ben reads in another channel when all messages were dealt with. */
  const statusOnceTold = async () => {
    await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
    await stage.app.worker.stop();
    await stage.as('ben').types(channels.general.id, '/neo-status NEO-1');
    return stage.slack.until('the answer', () => stage.whisper('ben', channels.general.id));
  };

  test('every message says all that it shows to a screen reader too', async () => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    const reply = await stage.reply();
    const words = (text: string) => text.replaceAll('*', '');
    for (const line of reply.text.split('\n')) expect(words(reply.spoken)).toContain(words(line));
    expect(stage.card().spoken).toContain('Email Address: team@neoagent.io');
    expect(reply.spoken).toContain('Agent ID');
  });
});

const asked = (stage: Stage, name: string) =>
  stage.slack.journal.filter(({ method }) => method === name).length;

describe('/neo-status', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const ask = async (words: string, who: keyof typeof people = 'ben') => {
    const before = stage.as(who).sees(stage.ops).length;
    await stage.as(who).types(stage.ops, `/neo-status ${words}`);
    await stage.slack.until('the answer', () => stage.as(who).sees(stage.ops).length > before);
    return stage.whisper(who);
  };

  test('nothing open, nothing asked yet', async () => {
    expect(await ask('')).toContain('No open requests.');
  });

  test('what is open comes first, then the latest', async () => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    await stage.requestFrom('ana', (form) => {
      form.fill('Username', 'Second Agent');
      form.fill('Email Address', 'second@brightwater.example');
    });
    const answer = await ask('');
    expect(answer.indexOf('NEO-2')).toBeLessThan(answer.indexOf('NEO-1'));
    expect(answer).toContain('NEO-1* Neo Agent: Done: agent ID *9*');
  });

  test('an agent by ID, name and address, right after it was created', async () => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    stage.slack.store.escapesCommandText = false;
    for (const words of ['9', 'team@neoagent.io', 'neo agent', '<mailto:team@neoagent.io|team@neoagent.io>'])
      expect(await ask(words)).toContain('Set up by NEO-1, requested by @Ana.');
  });

  test('an agent that is not as the guide says: which point is not', async () => {
    expect(await ask('Reporting API')).toContain('Is an API-only Agent: Yes\n');
    const facts = stage.as('ben').sees(stage.ops).at(-1);
    if (facts === undefined) throw new Error('There is no answer');
    await stage.as('ben').press(facts, 'Compare with the guide');
    await stage.slack.until('the comparison', () => stage.whisper('ben').includes('guide says'));
    const answer = stage.whisper('ben');
    expect(answer).toContain('Is an API-only Agent: Yes (not as Neo’s guide says)');
    expect(answer).toContain('Teams: none (not as Neo’s guide says)');
    expect(answer).toContain('This app didn’t set it up.');
  });

  test('several agents match: they are listed', async () => {
    expect(await ask('a')).toContain('agents match');
  });

  test.each([
    ['an unknown request', 'NEO-77'],
    ['an unknown ID', '4711'],
    ['an unknown address', 'nobody@brightwater.example'],
    ['an unknown name', 'Nobody'],
    ['a mention in backticks', '<!channel> `x`'],
    ['a number that is too large', '99999999999999999999'],
    ['request zero', 'NEO-0'],
    ['NUL', '\u0000'],
  ])('%s: says so in one line, and where help is', async (_what, words) => {
    const answer = await ask(words);
    expect(answer).toMatch(/There is no request|HaloPSA has no agent|No agent of HaloPSA|No open requests/);
    expect(
      (answer.includes('`/neo-status help`') && !answer.includes('\n')) ||
        answer.includes('No open requests'),
    ).toBe(true);
    expect(answer).not.toContain('@channel');
  });

  test('HaloPSA is down: says so with a reference, and requests are still told', async () => {
    stage.halo.fail({ path: '/api/*' }, { kind: 'status', status: 503 }, Infinity);
    expect(await ask('Neo Agent')).toMatch(/could not be reached \(HTTP 503\)\. .*Reference/);
    expect(await ask('NEO-1')).toContain('There is no request NEO-1');
  });

  test('a guest is told nothing', async () => {
    expect(await ask('', 'gus')).toContain('you’re a guest');
  });
});
