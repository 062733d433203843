import { afterEach, describe, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { getRequest } from '../src/requests/store.ts';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
const env = { NEO_APPROVERS: `${people.ben.id},${people.cleo.id},S07PSAADM55` };
const limited = { kind: 'rate_limited', retryAfter: 30 } as const;
const open = async () => {
  stage = await Stage.open({ env });
  const card = await stage.requestFrom('ana');
  // Whoever was looked up is looked up again.
  stage.letTimePass(2 * 60_000);
  return card;
};
const ms = async (work: Promise<unknown>) => {
  const before = performance.now();
  await work;
  return performance.now() - before;
};
const state = async () => {
  const [row] = await stage.db.selectFrom('request').select('id').execute();
  return (await getRequest(stage.db, String(row?.id)))?.state;
};

describe('a press is answered in time, whatever Slack limits', () => {
  test.each([
    ['users.info', 'ben', 'I couldn’t verify your account'],
    ['usergroups.users.list', 'dan', 'Slack couldn’t tell me who they are'],
  ] as const)(
    '429 on %s, which the press of %s needs: it is refused at once, and never carried out',
    async (method, who, words) => {
      const card = await open();
      stage.slack.fail(method, limited);
      expect(await ms(stage.as(who).press(card, 'Approve'))).toBeLessThan(2_500);
      await stage.slack.until('the refusal', () => stage.whisper(who).includes(words));
      stage.slack.heal();
      stage.advance(60_000);
      await stage.app.boundary.idle();
      expect(await state()).toBe('pending');
      expect(stage.creates()).toEqual([]);
      await stage.as(who).press(card, 'Approve');
      expect((await stage.reply()).text).toContain('Agent ID');
    },
  );

  const notNeeded = [
    'views.publish',
    'users.list',
    'usergroups.users.list',
    'chat.update',
    'chat.postMessage',
    'conversations.info',
  ];
  test.each(notNeeded)('429 on %s, which a press does not need: the press is taken', async (method) => {
    const card = await open();
    stage.slack.fail(method, limited, 3);
    await stage.as('cleo').opensHome();
    expect(await ms(stage.as('ben').press(card, 'Approve'))).toBeLessThan(2_500);
    expect(['approved', 'provisioning', 'done']).toContain(await state());
  });

  test('forty people look at Home, and then three approve: nobody waits for the tabs', async () => {
    const card = await open();
    stage.slack.fail('views.publish', limited, 40);
    for (let one = 0; one < 40; one += 1) await stage.as(one % 2 === 0 ? 'ana' : 'dan').opensHome();
    expect(await ms(stage.as('ben').press(card, 'Approve'))).toBeLessThan(2_500);
    expect(['approved', 'provisioning', 'done']).toContain(await state());
  });
});

describe('a form that is sent in is answered in time, whatever Slack limits', () => {
  test.each(['users.info', 'conversations.info'])(
    '429 on %s: it stays open with all that was entered, and nothing is stored',
    async (method) => {
      stage = await Stage.open({ env });
      const form = await stage.filledForm('ana');
      stage.letTimePass(2 * 60_000);
      stage.slack.fail(method, limited);
      const took = ms(form.submit());
      expect(await took).toBeLessThan(2_500);
      expect(form.text()).toMatch(/couldn’t/);
      expect(await stage.db.selectFrom('request').select('id').execute()).toEqual([]);
      stage.slack.heal();
      expect((await form.submit()).outcome).toBe('closed');
    },
  );

  test('Slack says nothing while somebody types in a field: nothing is offered, in time', async () => {
    stage = await Stage.open({ env });
    const form = await stage.openForm('ana');
    stage.letTimePass(2 * 3_600_000);
    stage.slack.fail('users.info', { kind: 'hang' });
    expect(await ms(form.search('Roles', '').catch(() => []))).toBeLessThan(2_800);
    stage.slack.heal();
  });
});

describe('past the deadline a press is acknowledged and refused, and never carried out later', () => {
  test('Slack does not say who it is', async () => {
    const card = await open();
    stage.slack.fail('users.info', { kind: 'hang' });
    expect(await ms(stage.as('ben').press(card, 'Approve'))).toBeLessThan(2_800);
    await stage.slack.until('the refusal', () => stage.whisper('ben').includes('nothing was changed'));
    stage.slack.heal();
    await stage.app.boundary.idle();
    stage.advance(60_000);
    expect(await state()).toBe('pending');
    expect(stage.creates()).toEqual([]);
  });

  test('the storage stands still: what it comes to later is not stored, and the refusal is in the history', async () => {
    const card = await open();
    const begin = stage.db.transaction.bind(stage.db);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let held = 0;
    Object.defineProperty(stage.db, 'transaction', {
      configurable: true,
      value: () => {
        const builder = begin();
        held += 1;
        if (held > 1) return builder;
        return { execute: (work: never) => released.then(() => builder.execute(work)) };
      },
    });
    expect(await ms(stage.as('ben').press(card, 'Approve'))).toBeLessThan(2_800);
    await stage.slack.until('the refusal', () => stage.whisper('ben').includes('This took too long'));
    release();
    await stage.app.boundary.idle();
    stage.advance(60_000);
    expect(await state()).toBe('pending');
    expect(stage.creates()).toEqual([]);
    await stage.as('ben').types(stage.ops, '/neo-status NEO-1 history');
    await stage.slack.until('the history', () => stage.whisper('ben').includes('tried to approve'));
  });

  test('a form that is sent in: it stays open with all that was entered, and nothing is stored later', async () => {
    stage = await Stage.open({ env });
    const form = await stage.filledForm('ana');
    // What Slack said of the channel is good for ten seconds.
    stage.letTimePass(11_000);
    stage.slack.fail('conversations.info', { kind: 'hang' });
    let outcome: Awaited<ReturnType<typeof form.submit>> | undefined;
    expect(await ms(form.submit().then((answer) => (outcome = answer)))).toBeLessThan(2_800);
    expect(Object.values(outcome?.errors ?? {}).join()).toMatch(/took too long|couldn’t/);
    stage.slack.heal();
    await stage.app.boundary.idle();
    expect(await stage.db.selectFrom('request').select('id').execute()).toEqual([]);
    expect(form.value('Username')).toBe('Neo Agent');
    expect((await form.submit()).outcome).toBe('closed');
  });
});
