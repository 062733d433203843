import { afterEach, describe, expect, test } from 'vitest';
import type { OpenModal } from '../sandbox/slack/modal.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { bot, channels, people, userGroups } from '../sandbox/slack/workspace.ts';
import { requestSchema } from '../src/requests/request.ts';
import { submitRequest } from '../src/requests/submit.ts';
import { Stage, type StageOptions } from './stage.ts';

const hour = 3_600_000;
const group = userGroups.map(({ id }) => id).join(',');

let stage: Stage;
afterEach(() => stage.close());
const open = async (env: Record<string, string> = {}, options: StageOptions = {}) => {
  stage = await Stage.open({ ...options, env });
};
const approvers = (...who: (keyof typeof people)[]) => who.map((one) => people[one].id).join(',');
const cardSays = (text: string) =>
  stage.slack.until(`a card that says ${text}`, () => stage.card().text.includes(text) && stage.card());
const told = (who: keyof typeof people, text: string) =>
  stage.slack.until(`${who} to read ${text}`, () => stage.whisper(who).includes(text));
const direct = (who: keyof typeof people): string[] =>
  stage
    .as(who)
    .directMessages()
    .map(({ text }) => text);
const directly = (who: keyof typeof people, text: string) =>
  stage.slack.until(`${who} to be told ${text}`, () => direct(who).find((one) => one.includes(text)));

/** What is in hand ends first; then so many hours pass while the app is down. */
const later = (hours: number) =>
  stage.restart(() => {
    stage.letTimePass(hours * hour);
  });

/** Presses Edit and waits until the form is there. */
const editForm = async (who: keyof typeof people, card: SeenMessage): Promise<OpenModal> => {
  await stage.as(who).press(card, 'Edit');
  const form = await stage.form(who);
  await stage.app.boundary.idle();
  return form;
};

describe('a quorum', () => {
  test('two of three must approve: the first one is progress on the card, the second one creates the agent', async () => {
    await open({ NEO_APPROVALS_REQUIRED: '2', NEO_APPROVERS: approvers('ana', 'ben', 'cleo') });
    const card = await stage.requestFrom('ana');
    expect(card.text).toContain('0 so far');
    await stage.as('ben').press(card, 'Approve', 2);
    await cardSays('1 so far: @Ben');
    await told('ben', 'You already approved NEO-1');
    expect(stage.creates()).toHaveLength(0);
    await stage.as('cleo').press(stage.card(), 'Approve');
    expect((await stage.reply()).text).toContain('Approved by @Ben and @Cleo');
    expect(stage.creates()).toHaveLength(1);
  });

  test('the requester’s own approval through a group counts for nothing', async () => {
    await open({ NEO_APPROVERS: `${approvers('ben')},${group}` });
    const card = await stage.requestFrom('dan');
    await stage.as('dan').press(card, 'Approve');
    await told('dan', 'You requested NEO-1, so someone else');
    expect(stage.creates()).toHaveLength(0);
  });

  test('an approver who was removed from the group between the card and the click is refused', async () => {
    await open({ NEO_APPROVERS: `${approvers('ben')},${group}` });
    const card = await stage.requestFrom('ana');
    stage.slack.store.userGroups.splice(0, 1, { id: group, handle: 'psa-admins', users: [] });
    stage.letTimePass(61_000);
    await stage.as('dan').press(card, 'Approve');
    await told('dan', 'only ');
    expect(stage.creates()).toHaveLength(0);
  });

  test('a quorum that cannot be met is refused at the submit, and the form stays', async () => {
    await open({ NEO_APPROVALS_REQUIRED: '2', NEO_APPROVERS: `${approvers('ben')},${group}` });
    const form = await stage.filledForm('dan');
    expect(form.text()).toContain('Too few people can approve this');
    const { outcome, errors } = await form.submit();
    expect(outcome).toBe('errors');
    expect(Object.values(errors).join()).toContain('This needs 2 approvers other than you, and only 1');
    expect(stage.cards()).toEqual([]);
  });

  test('the form says who could approve this now', async () => {
    await open({ NEO_APPROVERS: `${approvers('ana', 'ben', 'gus')},${group}` });
    const form = await stage.openForm('ana');
    expect(form.text()).toContain('Approvers (2): @Ben, @Dan (any one)');
  });
});

describe('an edit', () => {
  test('its form says who could approve the changed plan, and keeps what was typed before that came', async () => {
    await open({ NEO_APPROVERS: approvers('ana', 'ben', 'cleo') });
    const card = await stage.requestFrom('ana');
    const usersInfo = stage.slack.hold('users.info');
    await stage.as('ana').press(card, 'Edit');
    const form = await stage.form('ana');
    form.fill('Username', 'Neo Agent 2');
    usersInfo.release();
    await stage.slack.until('the notice', () =>
      stage.as('ana').modal()?.text().includes('Approvers (2): @Ben, @Cleo (any one)'),
    );
    expect(stage.as('ana').modal()?.value('Username')).toBe('Neo Agent 2');
  });

  test('opens the form filled in, shows what changed, and the approval before it is void', async () => {
    await open({ NEO_APPROVALS_REQUIRED: '2', NEO_APPROVERS: approvers('ben', 'cleo') });
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    await cardSays('1 so far');
    const form = await editForm('ana', stage.card());
    expect(form.value('Username')).toBe('Neo Agent');
    form.fill('Username', 'Neo Agent 2');
    expect((await form.submit()).outcome).toBe('closed');
    const changed = await cardSays('*Changed* by @Ana');
    expect(changed.text).toContain('Username: Neo Agent → Neo Agent 2');
    expect(changed.text).toContain('@Ben’s approval no longer counts');
    expect(changed.text).toContain('0 so far');
    await stage.as('cleo').press(changed, 'Approve');
    await cardSays('1 so far: @Cleo');
    await stage.as('ben').press(stage.card(), 'Approve');
    expect((await stage.reply()).text).toContain('Username: Neo Agent → Neo Agent 2');
    expect((await stage.reply(0, 2)).text).toContain('Agent ID');
    expect(stage.halo.agents.map(({ name }) => name)).toContain('Neo Agent 2');
    expect(stage.halo.agents.map(({ name }) => name)).not.toContain('Neo Agent');
  });

  test('that changes nothing takes no approval away, and says so', async () => {
    await open({ NEO_APPROVALS_REQUIRED: '2', NEO_APPROVERS: approvers('ben', 'cleo') });
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await cardSays('1 so far');
    const form = await editForm('ana', stage.card());
    expect((await form.submit()).outcome).toBe('updated');
    expect(stage.as('ana').modal()?.text()).toContain('NEO-1 already has these settings');
    await stage.as('cleo').press(stage.card(), 'Approve');
    expect((await stage.reply()).text).toContain('Approved by @Ben and @Cleo');
  });

  test('a press on the card that still shows the plan before the edit approves nothing', async () => {
    await open();
    const before = await stage.requestFrom('ana');
    const form = await editForm('ana', before);
    form.fill('Email Address', 'neo@brightwater.example');
    await form.submit();
    await cardSays('*Changed* by @Ana');
    await stage.as('ben').press(before, 'Approve');
    await told('ben', 'has changed since you opened it');
    expect(stage.creates()).toHaveLength(0);
  });

  test('the denial form that was opened before the edit denies nothing', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    const denial = await stage.denyForm('ben', card);
    const form = await editForm('ana', card);
    form.fill('Username', 'Neo Agent 2');
    await form.submit();
    expect((await denial.submit()).outcome).toBe('updated');
    expect(stage.as('ben').modal()?.text()).toContain('has changed since you opened it');
    expect((await cardSays('*Changed* by @Ana')).text).toContain('Needs one approval');
  });

  test('two forms of the same request: the second one does not overwrite the first', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    const form = await editForm('ana', card);
    form.fill('Username', 'Neo Agent 2');
    await form.submit();
    await cardSays('Neo Agent 2');
    const late = await editForm('ana', card);
    late.fill('Username', 'Neo Agent 3');
    expect((await late.submit()).outcome).toBe('closed');
    await cardSays('Username: Neo Agent 2 → Neo Agent 3');
  });

  test('only the requester edits and withdraws', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Withdraw');
    await told('ben', 'Only the requester (@Ana) can change NEO-1');
    await stage.as('ben').press(card, 'Edit');
    await stage.slack.until('the notice', () =>
      stage.as('ben').modal()?.text().includes('Only the requester (@Ana) can change NEO-1'),
    );
  });

  test('withdrawn: the card and the thread say so, and nobody can approve it any more', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    await stage.as('ana').press(card, 'Withdraw', 2);
    expect((await stage.reply()).text).toContain('Withdrawn by @Ana');
    const ended = await cardSays('Withdrawn by @Ana');
    expect(ended.buttons).toEqual(['Details', 'Request again']);
    expect(ended.text).not.toContain('Email Address');
    await stage.as('dan').press(ended, 'Details');
    await told('dan', 'Email Address: team@neoagent.io');
    await stage.as('ben').press(card, 'Approve');
    await told('ben', 'has already been decided');
    expect(stage.creates()).toHaveLength(0);
    expect(stage.thread()).toHaveLength(1);
  });
});

describe('what people are told', () => {
  test('each approver but the requester gets a direct message with a link to the card, once', async () => {
    await open({ NEO_APPROVERS: approvers('ana', 'ben', 'cleo') });
    await stage.requestFrom('ana');
    const told = await directly('ben', 'NEO-1 needs your approval');
    expect(told).toContain('Roles: 1st Line Support · ');
    expect(told).toContain('[Approve] [Deny] [Ask a question] [Open]');
    await directly('cleo', 'NEO-1 needs your approval');
    expect(direct('ana')).toEqual([]);
    expect(direct('ben')).toHaveLength(1);
  });

  test('who sees the card can decide in the direct message too, which then says so', async () => {
    await open();
    await stage.requestFrom('ana');
    await directly('ben', 'NEO-1 needs your approval');
    const [message] = stage.as('ben').directMessages();
    if (message !== undefined) await stage.as('ben').press(message, 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
    await directly('ben', 'You approved NEO-1 (Neo Agent).');
    expect(direct('ben')).toHaveLength(1);
  });

  test('a note that the card cuts stands in the thread, whole and once', async () => {
    await open();
    const note = `${'The night shift starts on Monday. '.repeat(30)}The end.`;
    await stage.requestFrom('ana', (form) => {
      form.fill('Note for the approver', note);
    });
    expect((await stage.reply()).text).toContain(`The note from @Ana on NEO-1:\n${note}`);
    expect(stage.card().text).not.toContain('The end.');
    await stage.as('ana').press(stage.card(), 'Edit');
    const form = await stage.form('ana');
    await stage.app.boundary.idle();
    form.fill('Note for the approver', `${note} Really.`);
    await form.submit();
    await stage.slack.until('the new note', () =>
      stage.thread().some(({ text }) => text.includes(`on NEO-1:\n${note} Really.`)),
    );
  });

  test('denied: the reason comes in the thread and by direct message', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    await directly('ben', 'needs your approval');
    const form = await stage.denyForm('ben', card);
    form.fill('Reason', 'Not before the audit');
    await form.submit();
    expect((await stage.reply()).text).toContain('Not before the audit');
    const told = await directly('ana', 'Denied by @Ben');
    expect(told).toContain('Not before the audit');
    expect(told).toContain('Open its thread');
  });

  test('a question is put to the requester in the thread, once, and decides nothing', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Ask a question');
    const form = await stage.form('ben');
    form.fill('Question', 'Why *both* teams & <!here>?');
    await form.submit(2);
    const asked = await stage.reply();
    expect(asked.text).toContain('@Ana: @Ben has a question about NEO-1');
    expect(asked.text).toContain('Why *both* teams & <!here>?');
    await cardSays('@Ben has a question');
    await stage.as('ben').press(stage.card(), 'Approve');
    expect((await stage.reply(0, 2)).text).toContain('Agent ID');
    expect(stage.thread()).toHaveLength(2);
  });

  test('reminders come in working hours, each after twice the time, and end with the decision', async () => {
    await open({ NEO_APPROVERS: approvers('ben'), NEO_APPROVAL_TTL: '30d', NEO_REMIND_AFTER: '4h' });
    const monday = Date.UTC(2026, 10, 30, 9, 30);
    stage.letTimePass(monday - stage.now());
    const card = await stage.requestFrom('ana');
    await directly('ben', 'needs your approval');
    const reminders = () =>
      stage
        .as('ben')
        .directMessages()
        .filter(({ text }) => text.includes('Reminder: NEO-1'))
        .map(({ ts }) => new Date(Number(ts) * 1000).toISOString().slice(0, 13));
    await later(4.01);
    await stage.slack.until('the first reminder', () => reminders()[0] === '2026-11-30T13');
    // Monday 13:30 and eight hours are 21:30: the next one is due on Tuesday at nine.
    await later(8);
    await later(11.6);
    await stage.slack.until('the second reminder', () => reminders()[0] === '2026-12-01T09');
    // It takes the place of what was said before.
    expect(direct('ben')).toHaveLength(1);
    await stage.as('ben').press(card, 'Approve');
    await stage.reply();
    await later(20 * 24);
    await stage.requestFrom('ana', (form) => {
      form.fill('Username', 'Neo Agent 2');
      form.fill('Email Address', 'neo2@brightwater.example');
    });
    await directly('ben', 'NEO-2 needs your approval');
    await directly('ben', 'You approved NEO-1 (Neo Agent).');
    expect(direct('ben')).toHaveLength(2);
  });

  test('before it expires those whom NEO_ESCALATION names are told, once', async () => {
    await open({ NEO_APPROVERS: approvers('ben'), NEO_ESCALATION: approvers('cleo', 'gus') });
    await stage.requestFrom('ana');
    await directly('ben', 'needs your approval');
    expect(direct('cleo')).toEqual([]);
    await later(55);
    expect(await directly('cleo', 'NEO-1 expires on')).toContain('nobody has decided yet');
    await later(1);
    expect(direct('cleo')).toHaveLength(1);
    expect(direct('gus')).toEqual([]);
  });
});

describe('two clocks', () => {
  test('an approval that could not be carried out in time lapses, and HaloPSA was not touched', async () => {
    await open({ NEO_EXECUTION_TTL: '1h' }, { waitForHaloMs: Array.from({ length: 9 }, () => 50 * 60_000) });
    const card = await stage.requestFrom('ana');
    stage.halo.fail({ path: '/api/Agent' }, { kind: 'status', status: 503 }, Infinity);
    await stage.as('ben').press(card, 'Approve');
    await stage.waits();
    stage.advance(50 * 60_000);
    await stage.waits(2);
    stage.halo.heal();
    stage.advance(10 * 60_000 + 1_000);
    const reply = await stage.reply();
    expect(reply.text).toContain('The approval expired');
    expect(reply.text).toContain('Nothing was changed in HaloPSA');
    expect(reply.buttons).toEqual(['Request again']);
    expect(stage.creates()).toHaveLength(0);
  });

  test('the time ends between the press and the storing: it is refused', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    await stage.app.worker.stop();
    stage.letTimePass(72 * hour - 1_000);
    const { met, release } = stage.slack.hold('users.info');
    const pressed = stage.as('ben').press(card, 'Approve');
    await met;
    stage.letTimePass(1_500);
    release();
    await pressed;
    await told('ben', 'expired');
    expect(stage.creates()).toHaveLength(0);
  });
});

describe('a one-admin shop', () => {
  const solo = { NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '24h', NEO_APPROVERS: approvers('ben') };

  test('by default the only approver’s own request is refused', async () => {
    await open({ NEO_APPROVERS: approvers('ben') });
    const { outcome } = await (await stage.filledForm('ben')).submit();
    expect(outcome).toBe('errors');
  });

  test('nobody stops it: it is carried out after the delay, and marked for ever', async () => {
    await open(solo);
    expect((await stage.openForm('ben')).text()).toContain('You’re the only approver');
    const card = await stage.requestFrom('ben');
    expect(card.text).toContain('Unless someone stops it, it goes ahead on');
    await later(23);
    expect(stage.creates()).toHaveLength(0);
    await later(1.1);
    expect((await stage.reply()).text).toContain('Not approved by a second person');
    expect((await cardSays('Done: agent ID')).text).toContain('Not approved by a second person');
  });

  test('anybody of the workspace stops it, but no guest and nobody of another company', async () => {
    await open(solo);
    const card = await stage.requestFrom('ben');
    await stage.as('gus').press(card, 'Stop');
    await told('gus', 'you’re a guest');
    await stage.as('xena').press(card, 'Stop');
    await told('xena', 'you aren’t a member of this workspace');
    await stage.as('dan').press(card, 'Stop');
    expect((await stage.reply()).text).toContain('Stopped by @Dan');
    await later(30);
    expect(stage.creates()).toHaveLength(0);
  });

  test('the app was down when the delay ended: it is carried out when it is back', async () => {
    await open(solo);
    await stage.requestFrom('ben');
    await stage.restart(() => {
      stage.letTimePass(25 * hour);
    });
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  const nobodyElse = async () => {
    await later(25);
    await cardSays('Needs one approval from someone else');
    await later(1);
    expect(stage.creates()).toHaveLength(0);
  };

  test('only the requester and the app are in the channel: it waits for a person', async () => {
    await open(solo);
    await stage.requestFrom('ben');
    stage.slack.changeChannel(stage.ops, { members: [people.ben.id, bot.userId] });
    await nobodyElse();
  });

  test('only guests and people of another company could have stopped it: it waits for a person', async () => {
    await open(solo);
    await stage.requestFrom('ben');
    stage.slack.changeChannel(stage.ops, {
      members: [people.ben.id, people.gus.id, people.xena.id, bot.userId],
    });
    await nobodyElse();
  });

  test('nobody else is in the channel when its card is posted: it waits for a person from then on', async () => {
    await open(solo);
    const form = await stage.filledForm('ben');
    stage.slack.changeChannel(stage.ops, { members: [people.ben.id, bot.userId] });
    await form.submit();
    await cardSays('Needs one approval from someone else');
    await nobodyElse();
  });

  test('an edit is a new message with a delay of its own; the card before it says so and has no buttons', async () => {
    await open(solo);
    await stage.requestFrom('ben');
    await later(20);
    const [first] = stage.cards();
    if (first === undefined) throw new Error('There is no card');
    await stage.as('ben').press(first, 'Edit');
    const form = await stage.form('ben');
    await form.choose('Roles', 'Administrator');
    expect((await form.submit()).outcome).toBe('closed');
    const second = await stage.slack.until('the new card', () => stage.cards()[1]);
    expect(second.text).toContain('gives this agent full rights in HaloPSA');
    expect(second.text).toContain('Unless someone stops it');
    await stage.slack.until('the former card', () => stage.card(0).text.includes('See the new card below'));
    expect(stage.as('dan').on(stage.card(0)).buttons).toEqual([]);
    await later(5);
    expect(stage.creates()).toHaveLength(0);
  });

  test('an edit, and nobody stops it: it is carried out when its own delay is over, once', async () => {
    await open(solo);
    const first = await stage.requestFrom('ben');
    await later(20);
    await stage.as('ben').press(first, 'Edit');
    const form = await stage.form('ben');
    form.fill('Username', 'Neo Two');
    await form.submit();
    await stage.slack.until('the new card', () => stage.cards()[1]);
    await later(23);
    expect(stage.creates()).toHaveLength(0);
    await later(1.1);
    await stage.slack.until('the result', () => stage.thread(1)[0]);
    expect(stage.creates()).toHaveLength(1);
    expect(stage.halo.agents.filter(({ name }) => name.startsWith('Neo')).map(({ name }) => name)).toEqual([
      'Neo Two',
    ]);
  });

  test('withdrawn before the new card is posted: the former one says how it ended', async () => {
    await open(solo);
    const first = await stage.requestFrom('ben');
    await stage.as('ben').press(first, 'Edit');
    const form = await stage.form('ben');
    form.fill('Username', 'Neo Two');
    stage.slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' }, Infinity);
    await form.submit();
    await stage.waits();
    await stage.as('ben').press(first, 'Withdraw');
    stage.slack.heal();
    stage.advance(60_000);
    await stage.slack.until('the former card', () => stage.card(0).text.includes('Withdrawn by'));
  });

  test('its card was deleted: nobody could have stopped it, so it is not carried out', async () => {
    await open(solo);
    await stage.requestFrom('ben');
    stage.slack.store.messages.splice(0);
    await later(25);
    await later(1);
    expect(stage.creates()).toHaveLength(0);
  });

  test('two approvals are required: a delay does not stand in for them', async () => {
    await open({ ...solo, NEO_APPROVALS_REQUIRED: '2', NEO_APPROVERS: approvers('ben', 'gus') });
    const { outcome } = await (await stage.filledForm('ben')).submit();
    expect(outcome).toBe('errors');
    await later(30);
    expect(stage.creates()).toHaveLength(0);
  });

  test('the channel does not take the card: the delay does not run while nobody can see it', async () => {
    await open(solo);
    const form = await stage.filledForm('ben');
    stage.slack.fail('chat.postMessage', { kind: 'error', error: 'not_in_channel' }, Infinity);
    await form.submit();
    await stage.waits();
    stage.advance(30 * hour);
    await stage.waits(2);
    stage.slack.heal();
    stage.advance(60_000);
    await stage.slack.until('the card', () => stage.cards()[0]);
    await later(0);
    expect(stage.creates()).toHaveLength(0);
    await later(25);
    await stage.reply();
  });
});

test('a channel that is shared with another company is refused before anything is asked', async () => {
  await open();
  await stage.as('ana').types(channels.shared.id, '/neo-setup');
  await stage.slack.until('the refusal', () =>
    stage.as('ana').modal()?.text().includes('shared with another company'),
  );
});

test('the same agent asked for twice in the same moment, and both approved at once: there is one at the most', async () => {
  await open();
  const card = await stage.requestFrom('ana');
  const row = await stage.db.selectFrom('request').select('data').executeTakeFirstOrThrow();
  const { plan, teamId, channel } = requestSchema.parse(JSON.parse(row.data));
  const again = { dedupeKey: 'view:V07QHSAME', plan, teamId, channel, note: '', haloThen: undefined };
  const policy = { approvalTtlMs: 72 * hour, approvalsRequired: 1 };
  await submitRequest(stage.db, { ...again, requester: people.dan.id }, stage.now(), policy);
  stage.advance(0);
  const second = await stage.slack.until('the second card', () => stage.cards()[1]);
  await Promise.all([stage.as('ben').press(card, 'Approve'), stage.as('ben').press(second, 'Approve')]);
  await Promise.all([stage.reply(0), stage.reply(1)]);
  expect(stage.creates().length).toBeLessThanOrEqual(1);
  expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent').length).toBeLessThanOrEqual(1);
});
