import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredAgent } from '../sandbox/halo/agents.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { edit } from '../src/actions/edit.ts';
import { settleAction } from '../src/actions/settle.ts';
import type { Click } from '../src/requests/decisions.ts';
import { requestSchema } from '../src/requests/request.ts';
import { policy } from './request-model.ts';
import { pendingButtons, Stage } from './stage.ts';

const day = 24 * 3_600_000;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const agent = () => {
  const found = stage.halo.agents.find(({ email }) => email === 'team@neoagent.io');
  if (found === undefined) throw new Error('Neo Agent is not in HaloPSA');
  return found;
};
/** NEO-1 of Ana, approved by Ben, has set the agent up. */
const setUp = async () => {
  const card = await stage.requestFrom('ana');
  await stage.as('ben').press(card, 'Approve');
  await stage.reply();
  await stage.slack.until('the card', () => stage.card().text.includes('Done'));
};
const byHand = (change: Partial<StoredAgent>) => {
  stage.halo.changeAgent(agent().id, change);
};
const reading = () => ({ method: 'GET', path: `/api/Agent/${agent().id}` }) as const;
const readsOfAgent = () =>
  stage.halo.journal.filter(({ method, path }) => method === 'GET' && /^\/api\/Agent\/\d+$/.test(path))
    .length;
/** Lets a day pass, and waits until the agent was compared. */
const nextDay = async () => {
  const before = readsOfAgent();
  stage.advance(day + 1000);
  await stage.slack.until('the check', () => readsOfAgent() > before);
  await checkStored();
};
/** The check is stored with its next one, which is due in the future. */
const checkStored = async () => {
  for (;;) {
    const tasks = await stage.db.selectFrom('task').select(['kind', 'due_at']).execute();
    if (tasks.every(({ due_at: dueAt }) => dueAt > stage.now())) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
};
/** The agent is disabled by hand, and the thread tells. */
const drifted = async () => {
  await setUp();
  byHand({ isdisabled: true });
  await nextDay();
  return stage.reply(0, 2);
};

describe('an agent that was changed by hand', () => {
  test.each<[string, Partial<StoredAgent>, string]>([
    ['disabled', { isdisabled: true }, '*Account Active* is No, should be Yes'],
    ['made API-only', { isapiagent: true }, '*Is an API-only Agent* is Yes, should be No'],
    [
      'removed from its last team',
      { teams: [], team: '' },
      '*Teams* is none, should be 1st Line, Onboarding',
    ],
    ['given other hours', { workday_id: 1 }, '*Working Hours* is Office hours, should be Sydney desk'],
  ])('%s: its thread says so, with what was planned', async (_name, change, told) => {
    await setUp();
    byHand(change);
    await nextDay();
    const reply = await stage.reply(0, 2);
    expect(reply.text).toContain(told);
    expect(reply.text).toContain('no longer matches NEO-1');
    expect(reply.text).toContain('Requested by @Ana. Approved by @Ben.');
    expect(reply.spoken).toContain(told);
    expect(reply.buttons).toEqual(['Repair', 'Check again now']);
  });

  test('is told once, however many days it stays so, with one read of HaloPSA a day', async () => {
    await drifted();
    const before = readsOfAgent();
    await nextDay();
    await nextDay();
    await nextDay();
    expect(readsOfAgent() - before).toBe(3);
    expect(stage.thread()).toHaveLength(2);
  });

  test('and then changed otherwise: the new difference is told beside the old one', async () => {
    await drifted();
    byHand({ isapiagent: true });
    await nextDay();
    const reply = await stage.reply(0, 3);
    expect(reply.text).toContain('Account Active');
    expect(reply.text).toContain('Is an API-only Agent');
  });

  test('of two differences one is mended: nothing new is told', async () => {
    await setUp();
    byHand({ isdisabled: true, isapiagent: true });
    await nextDay();
    await stage.reply(0, 2);
    byHand({ isapiagent: false });
    await nextDay();
    expect(stage.thread()).toHaveLength(2);
  });

  test('and mended by hand: one line says so, and the same change is told anew when it comes back', async () => {
    await drifted();
    byHand({ isdisabled: false });
    await nextDay();
    expect((await stage.reply(0, 3)).text).toMatch(/is as it was when NEO-1 ended\.$/);
    byHand({ isdisabled: true });
    await nextDay();
    expect((await stage.reply(0, 4)).text).toContain('Account Active');
  });

  test('deleted: it is told once, with nothing to repair', async () => {
    await setUp();
    const { id } = agent();
    stage.halo.deleteAgent(id);
    await nextDay();
    const reply = await stage.reply(0, 2);
    expect(reply.text).toContain(`HaloPSA no longer has agent *${id}*`);
    expect(reply.buttons).toEqual(['Check again now']);
    await nextDay();
    expect(stage.thread()).toHaveLength(2);
  });

  test('deleted: its name and address can be asked for again', async () => {
    await setUp();
    stage.halo.deleteAgent(agent().id);
    await nextDay();
    await stage.app.directory.refreshIfOlder(0);
    await stage.requestFrom('ana');
    expect(stage.card(1).text).toContain('NEO-2 · New agent');
  });

  test('what HaloPSA did not keep at the set-up was told then, and is no difference', async () => {
    stage.halo.quirks.ignoreAlways = ['workday_id'];
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('Working Hours: HaloPSA kept');
    await checkStored();
    await nextDay();
    expect(stage.thread()).toHaveLength(1);
  });
});

describe('the check', () => {
  test('HaloPSA is out of reach: nobody is told, and it is asked again an hour later', async () => {
    await setUp();
    byHand({ isdisabled: true });
    stage.halo.fail(reading(), { kind: 'status', status: 503 });
    stage.advance(day + 1000);
    await stage.slack.until('the failed check', () =>
      stage.logLines.some((line) => line.includes('"task waits"') && line.includes('check_drift')),
    );
    expect(stage.thread()).toHaveLength(1);
    stage.advance(3_600_000);
    expect((await stage.reply(0, 2)).text).toContain('Account Active');
  });

  test('the process is down when it is due: it is made up for after the start, once', async () => {
    await setUp();
    byHand({ isdisabled: true });
    await stage.restart(() => {
      stage.letTimePass(3 * day);
    });
    await stage.reply(0, 2);
    await stage.restart(() => {
      stage.letTimePass(day);
    });
    await checkStored();
    expect(stage.thread()).toHaveLength(2);
  });

  test('the process ends after Slack took the message and before that was stored: it is told once', async () => {
    await setUp();
    byHand({ isdisabled: true });
    stage.slack.fail('chat.postMessage', { kind: 'drop', after: true });
    await nextDayTold();
    expect(stage.thread()).toHaveLength(2);
  });
  const nextDayTold = async () => {
    stage.advance(day + 1000);
    await stage.reply(0, 2);
    stage.advance(2_000);
    await checkStored();
  };

  test('the card was deleted, and its thread with it: the requester is told directly', async () => {
    await setUp();
    stage.slack.store.messages.splice(0);
    byHand({ isdisabled: true });
    await nextDay();
    const direct = await stage.slack.until('the message', () => stage.as('ana').directMessages().at(-1));
    expect(direct.text).toContain('Account Active');
  });

  test('somebody asks for it: they are told how it is, and what is new is told in the thread', async () => {
    const reply = await drifted();
    byHand({ isdisabled: false });
    await stage.as('dan').press(reply, 'Check again now');
    await stage.slack.until('the answer', () => stage.whisper('dan').includes('as it was when NEO-1 ended'));
    expect((await stage.reply(0, 3)).text).toContain('as it was when NEO-1 ended');
  });

  test('somebody asks while HaloPSA is out of reach: they read why and nothing is stored', async () => {
    const reply = await drifted();
    stage.halo.fail(reading(), { kind: 'status', status: 503 }, 5);
    await stage.as('dan').press(reply, 'Check again now');
    const answer = await stage.slack.until('the answer', () => stage.whisper('dan'));
    expect(answer).toContain('HaloPSA could not be reached');
    expect(answer).toContain('Reference');
  });

  test('a guest asks, and is told nothing', async () => {
    const reply = await drifted();
    await stage.as('gus').press(reply, 'Check again now');
    expect(await stage.slack.until('the answer', () => stage.whisper('gus'))).toContain('you’re a guest');
  });
});

describe('Repair', () => {
  const updates = () =>
    stage.halo.journal.filter(
      ({ method, path, body }) =>
        method === 'POST' && path === '/api/Agent' && JSON.stringify(body).includes(`"id":${agent().id}`),
    );
  const repairCard = () => stage.slack.until('the card of the repair', () => stage.cards()[1]);
  const askedBy = async (who: keyof typeof people) => {
    await stage.as(who).press(await drifted(), 'Repair');
    return repairCard();
  };

  test('is a request like any other: approved, HaloPSA gets one update and no create, and is read back', async () => {
    const card = await askedBy('ana');
    expect(card.text).toContain(`NEO-2 · Repair agent ${agent().id}: `);
    expect(card.text).toContain('Account Active: No → Yes');
    expect(card.text).toContain('Password: stays as it is');
    expect(card.buttons).toEqual(pendingButtons.filter((button) => button !== 'Edit'));
    const before = updates().length;
    await stage.as('ben').press(card, 'Approve');
    const result = await stage.reply(1);
    expect(result.text).toContain('the agent is repaired. HaloPSA has every setting as requested');
    expect(result.text).not.toContain('API application');
    expect(result.text).not.toContain('second try');
    expect(updates()).toHaveLength(before + 1);
    expect(stage.creates()).toHaveLength(1);
    expect(agent().isdisabled).toBe(false);
    await stage.slack.until('the card', () => stage.card(1).text.includes('Repaired: agent ID'));
  });

  test('cannot be approved by who asked for it', async () => {
    const card = await askedBy('ben');
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the refusal', () =>
      stage.whisper('ben').includes('someone else needs to approve or deny it'),
    );
    expect(agent().isdisabled).toBe(true);
  });

  test('pressed twice, and by two people at once, makes one request; each is told which', async () => {
    const reply = await drifted();
    await Promise.all([stage.as('ana').press(reply, 'Repair', 2), stage.as('dan').press(reply, 'Repair')]);
    await repairCard();
    await stage.as('cleo').press(reply, 'Repair');
    for (const who of ['ana', 'dan', 'cleo'] as const)
      await stage.slack.until('the answer', () => stage.whisper(who).includes('NEO-2 repairs'));
    await checkStored();
    expect(stage.cards()).toHaveLength(2);
  });

  test.each([
    ['gus', 'you’re a guest'],
    ['xena', 'you aren’t a member of this workspace'],
  ] as const)('pressed by %s, who may not ask: refused', async (who, why) => {
    const reply = await drifted();
    await stage.as(who).press(reply, 'Repair');
    const answer = await stage.slack.until('the refusal', () => stage.whisper(who));
    expect(answer).toContain(why);
    expect(answer).toContain('Nothing was changed');
    expect(stage.cards()).toHaveLength(1);
  });

  test('of an agent that somebody mended meanwhile asks for nothing', async () => {
    const reply = await drifted();
    byHand({ isdisabled: false });
    await stage.as('ana').press(reply, 'Repair');
    await stage.slack.until('the answer', () => stage.whisper('ana').includes('There’s nothing to repair'));
    expect(stage.cards()).toHaveLength(1);
  });

  test('mended between the request and its approval: nothing is sent, and the thread says so', async () => {
    const card = await askedBy('ana');
    byHand({ isdisabled: false });
    const before = updates().length;
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply(1)).text).toContain('nothing had to be repaired');
    expect(updates()).toHaveLength(before);
  });

  test.each([
    ['another field', { isdisabled: true }, { isapiagent: true }],
    ['the same field, to another value', { workday_id: 1 }, { workday_id: 3 }],
  ])(
    'changed again between the request and its approval, %s: nobody was shown that, so nothing is sent',
    async (_what, first, second) => {
      await setUp();
      byHand(first);
      await nextDay();
      await stage.as('ana').press(await stage.reply(0, 2), 'Repair');
      const card = await repairCard();
      byHand(second);
      const before = structuredClone(stage.halo.agents);
      await stage.as('ben').press(card, 'Approve');
      const result = await stage.reply(1);
      expect(result.text).toContain('changed in HaloPSA since the approver saw it');
      expect(result.text).toContain('Nothing was changed in HaloPSA');
      expect(result.buttons).not.toContain('Try again');
      expect(stage.halo.agents).toEqual(before);
    },
  );

  test('denied: it can be asked for again', async () => {
    const card = await askedBy('ana');
    const form = await stage.denyForm('ben', card);
    form.fill('Reason', 'That was meant.');
    await form.submit();
    expect((await stage.reply(1)).text).toContain('_Repair_ in the thread of NEO-1');
    const told = stage.thread()[1];
    if (told === undefined) throw new Error('Nothing was told');
    await stage.as('ana').press(told, 'Repair');
    expect((await stage.slack.until('the third card', () => stage.cards()[2])).text).toContain(
      'NEO-3 · Repair',
    );
  });

  test('done: from then on the repair is what the agent is compared for, and the old button says so', async () => {
    const card = await askedBy('ana');
    await stage.as('ben').press(card, 'Approve');
    await stage.reply(1);
    const old = stage.thread()[1];
    if (old === undefined) throw new Error('Nothing was told');
    await stage.as('ana').press(old, 'Repair');
    await stage.slack.until('the answer', () => stage.whisper('ana').includes('NEO-2 has repaired'));
    byHand({ isapiagent: true });
    await nextDay();
    expect((await stage.reply(1, 2)).text).toContain('no longer matches NEO-2');
    expect(stage.thread(0)).toHaveLength(2);
    await stage.as('ana').types(stage.ops, `/neo-status ${agent().id}`);
    await stage.slack.until('the answer', () => stage.whisper('ana').includes('Set up by NEO-1'));
  });

  test('an approval that could not be carried out in time lapses, and nothing is changed', async () => {
    const card = await askedBy('ana');
    await stage.app.worker.stop();
    await stage.as('ben').press(card, 'Approve');
    await stage.restart(() => {
      stage.letTimePass(2 * day);
    });
    const result = await stage.reply(1);
    expect(result.text).toContain('The approval expired');
    expect(result.text).toContain('Nothing was changed in HaloPSA');
    expect(agent().isdisabled).toBe(true);
  });

  test('the answer to its update is lost: the agent is read back all the same', async () => {
    const card = await askedBy('ana');
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop', after: true });
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply(1)).text).toContain('the agent is repaired');
  });

  test('HaloPSA goes away after the update: it is said that the agent may have been changed', async () => {
    const card = await askedBy('ana');
    const before = updates().length;
    const path = reading();
    const stopWatching = stage.halo.onChange(() => {
      if (updates().length === before) return;
      stopWatching();
      stage.halo.fail(path, { kind: 'html' }, 50);
    });
    await stage.as('ben').press(card, 'Approve');
    const result = await stage.reply(1);
    expect(result.text).toContain('The repair had begun, so the agent may have changed');
    stage.halo.heal();
    await stage.as('ben').press(result, 'Try again');
    expect((await stage.reply(1, 2)).text).toContain('HaloPSA has every setting as requested');
    expect(stage.creates()).toHaveLength(1);
  });

  test('HaloPSA takes the update and keeps another value: the thread says which, and how to mend it by hand', async () => {
    const reply = await drifted();
    stage.halo.quirks.ignoreAlways = ['isdisabled'];
    await stage.as('ana').press(reply, 'Repair');
    await stage.as('ben').press(await repairCard(), 'Approve');
    const result = await stage.reply(1);
    expect(result.text).toContain('Account Active: HaloPSA kept');
    expect(result.text).toContain('check *Account Active*');
    expect(result.text).not.toContain('is repaired');
    await stage.slack.until('the card', () => stage.card(1).text.includes('not every setting is confirmed'));
    expect(agent().isdisabled).toBe(true);
  });

  test('its plan is that of the set-up: nobody is offered to edit it, and an edit that comes all the same is refused', async () => {
    await askedBy('ana');
    await stage.as('ana').types(channels.general.id, '/neo-status NEO-2');
    const page = await stage.slack.until('the answer', () =>
      stage.as('ana').sees(channels.general.id).at(-1),
    );
    expect(page.buttons).toContain('Withdraw');
    expect(page.buttons).not.toContain('Edit');
    const rows = await stage.db.selectFrom('request').select('data').where('number', '=', 2).execute();
    const [repair] = rows.map(({ data }) => requestSchema.parse(JSON.parse(data)));
    if (repair === undefined) throw new Error('There is no repair');
    const { id, plan, planHash: shown } = repair;
    const edited = {
      viewId: 'V07EDIT0001',
      plan: { ...plan, name: 'Other' },
      note: '',
      haloThen: undefined,
      soloDelayMs: undefined,
    };
    const click: Omit<Click, 'shown' | 'policy'> = {
      by: { id: people.ana.id, standing: 'member', isAdmin: true, groups: [], timeZone: undefined },
      at: stage.now(),
    };
    expect(await settleAction(stage.db, id, edit, { ...click, shown, policy }, edited)).toMatchObject({
      accepted: false,
      refused: 'repair_has_its_plan',
    });
  });

  test('of the only approver of a one-admin shop waits for its delay, can be stopped, and is marked for ever', async () => {
    await stage.close();
    stage = await Stage.open({
      env: { NEO_APPROVERS: people.ben.id, NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '24h' },
    });
    const card = await askedBy('ben');
    expect(card.text).toContain('Unless someone stops it, it goes ahead on');
    expect(card.buttons).toContain('Stop');
    await stage.restart(() => {
      stage.letTimePass(23 * 3_600_000);
    });
    expect(agent().isdisabled).toBe(true);
    await stage.restart(() => {
      stage.letTimePass(2 * 3_600_000);
    });
    const result = await stage.reply(1);
    expect(result.text).toContain('the agent is repaired');
    expect(result.text).toContain('Not approved by a second person');
    expect(agent().isdisabled).toBe(false);
  });

  test('too few people could approve it: it is not taken on', async () => {
    const reply = await drifted();
    for (const { id } of [people.ben, people.cleo])
      stage.slack.changePerson(id, { isAdmin: false, isOwner: false });
    stage.advance(10 * 60_000);
    await stage.as('ana').press(reply, 'Repair');
    await stage.slack.until('the refusal', () => stage.whisper('ana').includes('nobody can approve it now'));
    expect(stage.cards()).toHaveLength(1);
  });
});
