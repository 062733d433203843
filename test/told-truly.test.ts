import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { refusalCodes } from '../sandbox/slack/refusal-codes.ts';
import { bot, people } from '../sandbox/slack/workspace.ts';
import { pendingButtons, Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const hour = 3_600_000;
const approvers = (...who: (keyof typeof people)[]) => who.map((one) => people[one].id).join(',');
const open = async (config: Record<string, string> = {}) => {
  stage = await Stage.open({ env: config });
};
const direct = (who: keyof typeof people) => stage.as(who).directMessages();
const directly = (who: keyof typeof people, text: string) =>
  stage.slack.until(`${who} to be told ${text}`, () => direct(who).find((one) => one.text.includes(text)));
const press = async (who: keyof typeof people, button: string) => stage.as(who).press(stage.card(), button);
const deny = async (reason: string) => {
  const form = await stage.denyForm('ben', stage.card());
  form.fill('Reason', reason);
  await form.submit();
};
const edit = async (name: string) => {
  await press('ana', 'Edit');
  const form = await stage.form('ana');
  form.fill('Username', name);
  await form.submit();
};
const asked = (method: string) => stage.slack.journal.filter((one) => one.method === method).length;

describe('an approver has one direct message of a request, and it stays true', () => {
  const waits = 'NEO-1 needs your approval';
  const requested = async () => {
    await open({ NEO_APPROVERS: approvers('ben', 'cleo') });
    await stage.requestFrom('ana');
    await directly('cleo', waits);
  };
  const isNow = async (text: string) => {
    const message = await directly('cleo', text);
    await stage.slack.until('that nothing else stands', () => direct('cleo').length === 1);
    expect(message.text).not.toContain('needs your approval');
    expect(message.spoken).toContain(text);
    expect(message.buttons).toEqual([]);
  };

  test('after an approval', async () => {
    await requested();
    await press('ben', 'Approve');
    await isNow('NEO-1 (Neo Agent): Approved by @Ben.');
    await directly('ben', 'You approved NEO-1 (Neo Agent).');
  });

  test('after a denial', async () => {
    await requested();
    await deny('Not before the audit');
    await isNow('Denied by @Ben: Not before the audit');
    await directly('ben', 'You denied NEO-1 (Neo Agent).');
  });

  test('after it was withdrawn', async () => {
    await requested();
    await press('ana', 'Withdraw');
    await isNow('Withdrawn by @Ana');
  });

  test('after it expired', async () => {
    await requested();
    stage.advance(73 * hour);
    await isNow('nobody decided');
  });

  test('after an edit: a new one in its place, with the changed settings', async () => {
    await requested();
    const [before] = direct('cleo');
    await edit('Night Agent');
    const message = await directly('cleo', 'NEO-1 changed and needs your approval again');
    await stage.slack.until('the former one to go', () => direct('cleo').length === 1);
    expect(message.ts).not.toBe(before?.ts);
    expect(message.text).toContain('Night Agent');
    const line = await stage.reply();
    expect(line.text).toContain('*Changed* by @Ana');
    expect(line.text).toContain('Username: Neo Agent → Night Agent');
  });

  test('Slack lets nobody delete: the former one says that there is a newer one', async () => {
    await requested();
    stage.slack.fail('chat.delete', { kind: 'error', error: 'cant_delete_message' }, Infinity);
    await edit('Night Agent');
    const former = await directly('cleo', 'NEO-1: see my newer message below.');
    expect(former.buttons).toEqual([]);
    expect(direct('cleo')).toHaveLength(2);
  });

  test('decided while it was on its way: it says so all the same', async () => {
    await open({ NEO_APPROVERS: approvers('ben', 'cleo') });
    const toCleo = stage.slack.store.directMessage(people.cleo.id).id;
    let isOnItsWay = false;
    stage.slack.slow('chat.postMessage', 400, ({ channel }) => {
      isOnItsWay ||= channel === toCleo;
      return channel === toCleo;
    });
    await stage.requestFrom('ana');
    await stage.slack.until('that it is on its way', () => isOnItsWay);
    await press('ana', 'Withdraw');
    await isNow('Withdrawn by @Ana');
  });

  test('the answer to it got lost, and it has already been decided the next try: it says so all the same', async () => {
    await open({ NEO_APPROVERS: approvers('ben', 'cleo') });
    const form = await stage.filledForm('ana');
    const toCleo = stage.slack.store.directMessage(people.cleo.id).id;
    let isSent = false;
    stage.slack.slow('chat.postMessage', 5, ({ channel }) => {
      if (channel === toCleo && !isSent) {
        isSent = true;
        void stage.slack.fail('chat.postMessage', { kind: 'status', status: 500, after: true });
      }
      return channel === toCleo;
    });
    stage.slack.slow('conversations.history', 300);
    await form.submit();
    await stage.slack.until('that it stands there', () => direct('cleo').length === 1);
    await press('ana', 'Withdraw');
    await isNow('Withdrawn by @Ana');
  });

  test('one of two has approved: theirs says so, the other’s still asks', async () => {
    await open({ NEO_APPROVERS: approvers('ben', 'cleo'), NEO_APPROVALS_REQUIRED: '2' });
    await stage.requestFrom('ana');
    await directly('ben', waits);
    await press('ben', 'Approve');
    await directly('ben', 'You approved NEO-1 (Neo Agent).');
    expect((await directly('cleo', '1 so far')).text).toContain(waits);
  });
});

describe('more than ten approvers', () => {
  const crowd = Array.from({ length: 12 }, (_one, index) => ({
    id: `U07MANY${String(index).padStart(4, '0')}`,
    name: `Member ${index}`,
    tz: 'Europe/London',
  }));
  const group = 'S07PSAADMN1';
  const many = async (config: Record<string, string>, inChannel: boolean) => {
    stage = await Stage.open({
      env: { NEO_APPROVERS: group, ...config },
      inSlack: ({ store }) => {
        for (const person of crowd) store.people.set(person.id, person);
        const users = [...crowd.map(({ id }) => id), people.dan.id];
        store.userGroups.splice(0, 1, { id: group, handle: 'psa-admins', users });
        if (inChannel) store.channels.get(stage.ops)?.members.push(...users);
      },
    });
  };
  const opsMembers = () => stage.slack.store.channels.get(stage.ops)?.members ?? [];
  const toldDirectly = () =>
    crowd.filter(({ id }) => stage.slack.as(id).directMessages().length > 0).map(({ id }) => id);
  const joinAll = () => {
    stage.slack.changeChannel(stage.ops, { members: [...opsMembers(), ...crowd.map(({ id }) => id)] });
  };

  test('all see the channel: one reply in the thread calls the group, and says later how it was decided', async () => {
    await many({}, false);
    joinAll();
    await stage.requestFrom('ana');
    const call = await stage.reply();
    expect(call.text).toContain('@S07PSAADMN1 NEO-1 needs your approval.');
    await press('dan', 'Approve');
    await stage.slack.until('the call to be redrawn', () =>
      stage.thread()[0]?.text.startsWith('NEO-1 (Neo Agent): Approved by @Dan'),
    );
    expect(stage.thread().filter(({ text }) => text.includes('needs your approval'))).toEqual([]);
    expect(toldDirectly()).toEqual([]);
  });

  test('who isn’t in the channel is told directly, ten at the most', async () => {
    await many({}, false);
    await stage.requestFrom('ana');
    await stage.reply();
    await stage.slack.until('ten', () => toldDirectly().length === 10);
    await press('dan', 'Approve');
    await stage.reply(0, 2);
    expect(toldDirectly()).toHaveLength(10);
  });

  test('reminded and escalated in the thread too, each call in place of the one before', async () => {
    await many({ NEO_REMIND_AFTER: '4h', NEO_ESCALATION: group }, false);
    joinAll();
    stage.letTimePass(Date.UTC(2026, 10, 30, 9, 0) - stage.now());
    await stage.requestFrom('ana');
    await stage.reply();
    const texts = () => stage.thread().map(({ text }) => text);
    await stage.restart(() => {
      stage.letTimePass(15.1 * hour);
    });
    await stage.slack.until('the reminder', () => texts().join().includes('Reminder: NEO-1 still needs'));
    expect(texts()).toHaveLength(1);
    await stage.restart(() => {
      stage.letTimePass(40 * hour);
    });
    await stage.slack.until('the escalation', () => texts().join().includes('NEO-1 expires on'));
    expect(texts().filter((text) => text.includes('expires on'))).toHaveLength(1);
    expect(toldDirectly()).toEqual([]);
  });
});

describe('told once', () => {
  test('a process that lost its task while it waited posts nothing: the other one does', async () => {
    await open();
    const form = await stage.filledForm('ana');
    const { db } = stage;
    const stolen = randomUUID();
    stage.slack.fail('chat.postMessage', { kind: 'error', error: 'internal_error' });
    stage.slack.slow('conversations.history', 400);
    await form.submit();
    await stage.slack.until('the look for the first try', () => asked('conversations.history') > 0);
    await db.updateTable('task').set({ lease_id: stolen }).where('kind', '=', 'post_card').execute();
    await stage.slack.until('that it lost it', () =>
      stage.logLines.some((line) => line.includes('taken over by another instance')),
    );
    expect(asked('chat.postMessage')).toBe(1);
    await db
      .updateTable('task')
      .set({ lease_id: null, lease_until: null })
      .where('lease_id', '=', stolen)
      .execute();
    stage.advance(0);
    await stage.slack.until('the card', () => stage.cards()[0]);
    expect(stage.cards()).toHaveLength(1);
  });

  test('a request of the only approver that waits for others later: those who are to know are told once', async () => {
    await open({
      NEO_SOLO_MODE: 'delay',
      NEO_SOLO_DELAY: '20h',
      NEO_APPROVERS: approvers('ben'),
      NEO_ESCALATION: approvers('cleo'),
    });
    await stage.requestFrom('ben');
    const later = (hours: number) =>
      stage.restart(() => {
        stage.letTimePass(hours * hour);
      });
    stage.slack.changeChannel(stage.ops, { members: [people.ben.id, bot.userId] });
    await later(20);
    await stage.slack.until('that it needs an approver', () =>
      stage.card().text.includes('Needs one approval from someone else'),
    );
    await later(36);
    await directly('cleo', 'NEO-1 expires on');
    await later(5);
    expect(direct('cleo')).toHaveLength(1);
  });

  test.each(['refused', 'in_channel'] as const)(
    'the card was deleted and Slack’s way with its replies is “%s”: the requester is told directly, nothing stays in the channel',
    async (way) => {
      await open();
      await stage.requestFrom('ana');
      await stage.slack.until('that all is told', () => asked('chat.getPermalink') > 0);
      stage.slack.store.lostReplies = way;
      stage.halo.fail({ path: '/api/Agent' }, { kind: 'hang' });
      await press('ben', 'Approve');
      await stage.slack.until('the start', () => stage.card().text.includes('Creating the agent'));
      const { ts } = stage.card();
      stage.slack.store.messages.splice(
        stage.slack.store.messages.findIndex((message) => message.ts === ts),
        1,
      );
      stage.halo.heal();
      await directly('ana', 'Agent ID');
      expect(
        stage
          .as('ben')
          .sees(stage.ops)
          .filter(({ ephemeral }) => !ephemeral),
      ).toEqual([]);
      expect(direct('ana')).toHaveLength(1);
      // The job went on undisturbed by what became of its card.
      expect(direct('ana')[0]?.text).not.toContain('isn’t recorded');
    },
  );

  test('the connection drops after such a reply: it is found and taken away', async () => {
    await open();
    await stage.requestFrom('ana');
    await stage.slack.until('that all is told', () => asked('chat.getPermalink') > 0);
    stage.slack.store.lostReplies = 'in_channel';
    await press('ben', 'Ask a question');
    const form = await stage.form('ben');
    form.fill('Question', 'Why?');
    const { ts } = stage.card();
    stage.slack.store.messages.splice(
      stage.slack.store.messages.findIndex((message) => message.ts === ts),
      1,
    );
    stage.slack.fail('chat.postMessage', { kind: 'drop', after: true });
    await form.submit();
    await directly('ana', 'Why?');
    expect(stage.cards()).toEqual([]);
  });
});

describe('Slack refuses', () => {
  const statusOf = async () => (await stage.status('ben', 'NEO-1')).text;

  /** Every third, and one that Slack may add tomorrow. Where the blocks are refused the text is posted: see message-parts.test.ts. */
  const sampleOf = (codes: readonly string[]) => [
    ...codes.filter((code) => !code.includes('block')).filter((_code, index) => index % 3 === 0),
    'a_code_of_tomorrow',
  ];
  test.each(sampleOf(refusalCodes['chat.postMessage']))(
    'the card with %s: the requester is told once what to do, /neo-status says it, and the card comes when it is over',
    async (error) => {
      await open({ NEO_APPROVERS: approvers('ben') });
      const form = await stage.filledForm('ana');
      stage.slack.fail('chat.postMessage', { kind: 'error', error }, 1);
      await form.submit();
      const told = await directly('ana', error);
      expect(told.text).toContain('NEO-1 isn’t posted yet: I can’t post it in #msp-ops');
      expect(told.text).toContain('Nothing was changed in HaloPSA.');
      expect(await statusOf()).toContain(`Its card could not be posted (\`${error}\`)`);
      stage.advance(31_000);
      const card = await stage.slack.until('the card', () => stage.cards()[0]);
      expect(card.buttons).toEqual(pendingButtons);
      await directly('ana', 'NEO-1 is now posted in #msp-ops.');
      expect(direct('ana')).toHaveLength(1);
      expect(await statusOf()).not.toContain('could not be');
    },
  );

  test('the card, and it is approved all the same: the requester reads no more that nothing was changed, nor of a card that never was', async () => {
    await open({ NEO_APPROVERS: approvers('ben') });
    const form = await stage.filledForm('ana');
    stage.slack.changeChannel(stage.ops, { isArchived: true });
    await form.submit();
    await directly('ana', 'Nothing was changed in HaloPSA.');
    const status = await stage.status('ben', 'NEO-1');
    await stage.as('ben').press(status, 'Approve');
    await directly('ana', 'Agent ID');
    const told = await directly('ana', 'NEO-1 (Neo Agent): Approved by @Ben.');
    expect(told.text).toContain('`/neo-status NEO-1` shows it.');
    expect(told.text).not.toContain('deleted');
    expect(
      direct('ana')
        .map(({ text }) => text)
        .join(),
    ).not.toContain('Nothing was changed');
  });

  test('advice fits the code', async () => {
    await open();
    const form = await stage.filledForm('ana');
    stage.slack.changeChannel(stage.ops, { isArchived: true });
    await form.submit();
    const told = await directly('ana', 'is_archived');
    expect(told.text).toContain('Unarchive it');
    expect(told.text).not.toContain('/invite');
  });

  test.each(sampleOf(refusalCodes['chat.update']))(
    'to redraw the card with %s: the requester is told once, /neo-status says it, and the request goes on',
    async (error) => {
      await open({ NEO_APPROVERS: approvers('ben') });
      await stage.requestFrom('ana');
      await directly('ben', 'needs your approval');
      stage.slack.fail('chat.update', { kind: 'error', error }, Infinity);
      await edit('Night Agent');
      await directly('ana', 'card of NEO-1');
      expect(await statusOf()).toContain(`Its card could not be redrawn (\`${error}\`)`);
      expect(direct('ana')).toHaveLength(1);
    },
  );

  test('to redraw the card, because its channel is archived: once that is over the card shows how it ended', async () => {
    await open({ NEO_APPROVERS: approvers('ben') });
    await stage.requestFrom('ana');
    await directly('ben', 'needs your approval');
    stage.slack.changeChannel(stage.ops, { isArchived: true });
    const status = await stage.status('ben', 'NEO-1');
    await stage.as('ben').press(status, 'Deny');
    const form = await stage.form('ben');
    form.fill('Reason', 'Not now.');
    await form.submit();
    await directly('ana', 'Denied by @Ben');
    expect(stage.card().buttons).toEqual(pendingButtons);
    stage.slack.changeChannel(stage.ops, { isArchived: false });
    stage.advance(hour);
    const card = await stage.slack.until('the card', () =>
      stage.cards().find(({ text }) => text.includes('Denied by @Ben')),
    );
    expect(card.buttons).toEqual(['Details', 'Request again']);
  });

  test('the result, in the thread and to the requester: it is told when that is over', async () => {
    await open({ NEO_APPROVERS: approvers('ben') });
    await stage.requestFrom('ana');
    await directly('ben', 'needs your approval');
    stage.slack.fail('chat.postMessage', { kind: 'error', error: 'restricted_action' }, 2);
    await press('ben', 'Approve');
    await stage.slack.until('both to be refused', () => stage.slack.faultsWaiting === 0);
    await stage.waits();
    stage.advance(hour);
    expect((await directly('ana', 'Agent ID')).text).toContain('the agent is ready');
    expect(direct('ana')).toHaveLength(1);
  });

  test.each(['token_revoked', 'invalid_auth'])(
    'the token (%s): nothing is lost, all waits',
    async (error) => {
      await open({ NEO_APPROVERS: approvers('ben') });
      const form = await stage.filledForm('ana');
      stage.slack.fail('chat.postMessage', { kind: 'error', error }, 2);
      await form.submit();
      await stage.slack.until('the card', () => stage.cards()[0]);
      await press('ben', 'Approve');
      expect((await stage.reply()).text).toContain('Agent ID');
    },
  );
});

test('try again leaves the reason of the failure in the thread', async () => {
  await open({ NEO_APPROVERS: approvers('ben') });
  await stage.requestFrom('ana');
  stage.halo.fail(
    { method: 'POST', path: '/api/Agent' },
    { kind: 'status', status: 400, body: 'No licence left' },
  );
  await press('ben', 'Approve');
  const failed = await stage.reply();
  expect(failed.text).toContain('No licence left');
  await stage.as('ben').press(failed, 'Try again');
  await stage.reply(0, 2);
  const left = stage.thread()[0];
  expect(left?.text).toContain('No licence left');
  expect(left?.text).toContain('@Ben tried again');
  expect(left?.buttons).toEqual([]);
});

describe('the card says that a question is open', () => {
  const asked = async () => {
    await open({ NEO_APPROVERS: approvers('ben') });
    await stage.requestFrom('ana');
    await press('ben', 'Ask a question');
    const form = await stage.form('ben');
    form.fill('Question', 'Which teams?');
    await form.submit();
    await stage.slack.until('the note', () => stage.card().text.includes('has a question'));
    await stage.reply();
  };
  const isOver = () =>
    stage.slack.until('the note to go', () => !stage.card().text.includes('has a question'));

  /** Only then may more time pass. */
  const nextLookStored = async () => {
    for (;;) {
      const looks = await stage.db
        .selectFrom('task')
        .select(['payload', 'lease_id'])
        .where('kind', '=', 'look_for_answer')
        .execute();
      if (looks.some(({ payload, lease_id: lease }) => payload === '1' && lease === null)) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  test('until the requester answers in the thread, and not when others do', async () => {
    await asked();
    const { ts } = stage.card();
    await stage.as('dan').says(stage.ops, 'I wonder too', ts);
    stage.advance(16_000);
    await nextLookStored();
    expect(stage.card().text).toContain('has a question');
    await stage.as('ana').says(stage.ops, 'Both of them', ts);
    stage.advance(31_000);
    await isOver();
    expect(stage.card().buttons).toEqual(pendingButtons);
  });

  test('until the request is changed', async () => {
    await asked();
    await edit('Night Agent');
    await isOver();
  });
});
