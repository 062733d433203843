import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { budgets } from '../src/budgets.ts';
import { openFile, type Store } from '../src/storage/database.ts';
import { createPace, createWindow } from '../src/storage/limiter.ts';
import { takeOne, type Window } from '../src/storage/window.ts';
import { Stage } from './stage.ts';
import { newFolder, openCopy } from './stored.ts';

const minute = 60_000;
const kinds = ['work', 'people', 'background'] as const;
const limits = { inMs: 1_000, slotMs: 100, max: 14, maxOf: { people: 4, background: 3 } };

/** Lets them come at these moments, and tells which were let through. */
function letThrough(arrivals: readonly { at: number; kind: string }[]) {
  let window: Window = [];
  return arrivals.filter(({ at, kind }) => {
    const taken = takeOne(window, kind, at, limits);
    if ('window' in taken) window = taken.window;
    return 'window' in taken;
  });
}

const arrivals = fc
  .array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), kind: fc.constantFrom(...kinds) }), {
    maxLength: 200,
  })
  .map((steps) => {
    let at = 1_000_000;
    return steps.map(({ afterMs, kind }) => ({ at: (at += afterMs > 300 ? afterMs : 0), kind }));
  });

describe('the window of HaloPSA’s calls', () => {
  test('in no window, wherever it begins, are there more than it allows, or more than the share of a kind', () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        const through = letThrough(all);
        for (const { at: end } of through) {
          const inside = through.filter(({ at }) => at > end - limits.inMs && at <= end);
          expect(inside.length).toBeLessThanOrEqual(limits.max);
          for (const kind of ['people', 'background'] as const)
            expect(inside.filter((one) => one.kind === kind).length).toBeLessThanOrEqual(limits.maxOf[kind]);
        }
      }),
    );
  });

  test('whatever others ask for, approved work finds its room', () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        const through = letThrough(all);
        const own = limits.max - limits.maxOf.people - limits.maxOf.background;
        for (const { at, kind } of all) {
          const work = (list: readonly { at: number; kind: string }[]) =>
            list.filter(
              (one) => one.kind === 'work' && one.at > at - limits.inMs - limits.slotMs && one.at <= at,
            );
          if (kind === 'work' && work(all).length <= own) expect(work(through).length).toBe(work(all).length);
        }
      }),
    );
  });

  test('nobody is told to wait longer than a window and a slot, however wrong the clock was', () => {
    const slot = fc.record({
      from: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      kind: fc.constantFrom(...kinds),
      count: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    });
    fc.assert(
      fc.property(fc.array(slot), fc.constantFrom(...kinds), (window, kind) => {
        const taken = takeOne(window, kind, 1_000_000, limits);
        if ('waitMs' in taken) {
          expect(taken.waitMs).toBeGreaterThan(0);
          expect(taken.waitMs).toBeLessThanOrEqual(limits.inMs + 2 * limits.slotMs);
        }
      }),
    );
  });

  test('half of the calls are not forgotten after the first five minutes', () => {
    const at = 1_800_000_000_000;
    let window: Window = [];
    const through: number[] = [];
    for (let second = 0; second < 900; second += 1)
      for (let call = 0; call < 5; call += 1) {
        const taken = takeOne(window, 'work', at + second * 1_000, budgets.halo);
        if (!('window' in taken)) continue;
        window = taken.window;
        through.push(second);
      }
    for (let from = 0; from < 600; from += 1)
      expect(through.filter((second) => second >= from && second < from + 300).length).toBeLessThanOrEqual(
        700,
      );
    // And all of it is used: 700 in each of the three.
    expect(through.length).toBeGreaterThan(2_000);
  });
});

describe('on the store', () => {
  let store: Store;
  let folder: string;
  let at = Date.now();
  beforeEach(async () => {
    folder = newFolder();
    store = { ...(await openFile(folder)), now: () => at };
  });
  afterEach(() => store.close());
  const open = (on: Store = store) => createWindow({ db: on.db, now: () => at }, 'halo', limits);
  const takeAll = async (admit: ReturnType<typeof open>, kind: string, count: number) =>
    (await Promise.all(Array.from({ length: count }, () => admit(kind)))).filter((waitMs) => waitMs === 0)
      .length;

  test('two processes share one window, and neither takes what the other has', async () => {
    const [one, other] = [open(), open()];
    const taken = await Promise.all([takeAll(one, 'work', 20), takeAll(other, 'work', 20)]);
    expect(taken[0] + taken[1]).toBe(limits.max);
  });

  test('a restart forgets nothing, and waits no longer than the window', async () => {
    await takeAll(open(), 'work', 20);
    await store.close();
    store = await openCopy(folder);
    expect(await takeAll(open(), 'work', 1)).toBe(0);
    at += limits.inMs + 2 * limits.slotMs;
    expect(await takeAll(open(), 'work', 20)).toBe(limits.max);
  });

  test.each([
    'no JSON',
    '{}',
    '[{"from":1e300,"kind":"work","count":1}]',
    '[{"from":1,"kind":"work","count":-5}]',
  ])('a row with %s in it stops nobody', async (slots) => {
    await takeAll(open(), 'work', 1);
    await store.db.updateTable('call_window').set({ slots }).execute();
    expect(await takeAll(open(), 'work', 1)).toBe(1);
  });

  test('a clock that was two hours ahead for a moment holds nobody up when it is right again', async () => {
    const pace = createPace(store);
    at += 120 * minute;
    await Promise.all([takeAll(open(), 'work', 20), pace('slack:C07QH', { burst: 3, everyMs: 5 })]);
    at -= 120 * minute;
    expect(await open()('work')).toBeLessThanOrEqual(limits.inMs + 2 * limits.slotMs);
    expect(await pace('slack:C07QH', { burst: 3, everyMs: 5 })).toBe(0);
  });
});

let stage: Stage;
describe('what people do at once', () => {
  afterEach(() => stage.close());

  const told = (who: keyof typeof people) =>
    stage
      .as(who)
      .sees(stage.ops)
      .filter(({ ephemeral }) => ephemeral)
      .map(({ text }) => text);
  const calls = (since = 0) => stage.halo.journal.slice(since).length;
  const status = (who: keyof typeof people, text: string) =>
    stage.as(who).types(stage.ops, `/neo-status ${text}`);

  test('700 times /neo-status 3 from one person: an approved request has its agent all the same', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    const before = calls();
    const flood = async () => {
      for (let count = 0; count < 700; count += 100)
        await Promise.all(Array.from({ length: 100 }, () => status('dan', '3')));
    };
    const flooded = flood();
    expect((await stage.as('ben').press(card, 'Approve')).failure).toBeUndefined();
    expect((await stage.reply()).text).toMatch(/Agent ID/);
    await flooded;
    await stage.app.boundary.idle();
    expect(stage.whisper('dan')).toMatch(
      /Too many requests, so nothing was changed\. Try again in \d+ seconds/,
    );
    expect(calls(before)).toBeLessThan(60);
  });

  test('many people who ask HaloPSA together use up their share, and none of that of approved work', async () => {
    const few = { ...budgets, halo: { ...budgets.halo, max: 60, maxOf: { people: 10, background: 40 } } };
    stage = await Stage.open({ budgets: few });
    const card = await stage.requestFrom('ana');
    for (const who of ['ana', 'ben', 'cleo', 'dan'] as const)
      for (let count = 0; count < 5; count += 1) await status(who, '3');
    await stage.app.boundary.idle();
    expect(stage.whisper('dan')).toMatch(/I’ve reached my own limit for HaloPSA calls/);
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toMatch(/Agent ID/);
  });

  test('who asks HaloPSA too often is asked to wait, and may go on a minute later', async () => {
    stage = await Stage.open();
    for (let count = 0; count < budgets.person.lookUps.count + 1; count += 1) await status('dan', '3');
    await stage.slack.until('the refusal', () =>
      told('dan').some((text) => text.includes('Too many lookups in HaloPSA')),
    );
    await status('cleo', '3');
    await stage.slack.until('an answer', () => stage.whisper('cleo').includes('Admin'));
    await stage.app.boundary.idle();
    stage.advance(minute);
    const before = told('dan').length;
    await status('dan', '3');
    await stage.slack.until('an answer', () =>
      told('dan')
        .slice(before)
        .some((text) => text.includes('Admin')),
    );
  });

  test('names that several agents have are answered from memory', async () => {
    stage = await Stage.open();
    const before = calls();
    await status('dan', 'a');
    await stage.slack.until('an answer', () => stage.whisper('dan').includes('Admin'));
    expect(calls(before)).toBe(0);
  });

  test('one person has so many open requests and no more; a mistake in the form is said first', async () => {
    stage = await Stage.open();
    const { openRequests } = budgets.person;
    const form = async (index: number) => {
      const filled = await stage.filledForm('ana');
      filled.fill('Username', `Agent ${index}`);
      filled.fill('Email Address', `agent${index}@brightwater.example`);
      return filled.submit();
    };
    for (let index = 0; index < openRequests; index += 1) expect((await form(index)).outcome).toBe('closed');
    const { errors } = await form(openRequests);
    expect(Object.values(errors)).toEqual([
      expect.stringMatching(/^You have 10 open requests, which is the maximum/),
    ]);
    expect(Object.values((await form(0)).errors)).toEqual([
      expect.stringMatching(/^Taken by NEO-1/),
      expect.stringMatching(/^Taken by NEO-1/),
    ]);
    await stage.as('ana').press(stage.card(), 'Withdraw');
    await stage.slack.until('the card', () => stage.card().text.includes('Withdrawn'));
    expect((await form(openRequests)).outcome).toBe('closed');
  });

  test('presses above the cap ask Slack nothing, and Slack is answered', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    const press = () => stage.as('dan').press(card, 'Withdraw');
    for (let count = 0; count < budgets.person.presses.count; count += 1) await press();
    const before = stage.slack.journal.length;
    for (let count = 0; count < 50; count += 1) expect((await press()).failure).toBeUndefined();
    expect(stage.slack.journal.slice(before).map(({ method }) => method)).not.toContain('users.info');
    expect(stage.whisper('dan')).toMatch(/Too many requests/);
    expect((await stage.as('ben').press(card, 'Approve')).failure).toBeUndefined();
    await stage.reply();
  });

  test('a form that is sent in again and again stays open with what was entered, and says when to go on', async () => {
    stage = await Stage.open();
    const form = await stage.filledForm('ana');
    form.fill('Username', 'Admin');
    let last = await form.submit();
    for (let count = 0; count < budgets.person.submissions.count; count += 1) last = await form.submit();
    expect(form.value('Username')).toBe('Admin');
    expect(Object.values(last.errors)).toEqual([
      expect.stringMatching(/Too many requests.*Try again in 10 minutes/),
    ]);
  });
});

describe('approved work that finds no room', () => {
  afterEach(() => stage.close());

  test('waits without a worker, says so on the card and goes on by itself', async () => {
    const few = { ...budgets, halo: { ...budgets.halo, max: 23, maxOf: { people: 1, background: 16 } } };
    stage = await Stage.open({ budgets: few });
    const card = await stage.requestFrom('ana');
    const admit = createWindow({ db: stage.db, now: stage.now }, 'halo', few.halo);
    while ((await admit('work')) === 0);
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the card', () =>
      stage.card().text.includes('reached my own limit for HaloPSA calls'),
    );
    expect(stage.creates()).toEqual([]);
    stage.advance(6 * minute);
    expect((await stage.reply()).text).toMatch(/Agent ID/);
    expect(stage.creates().length).toBe(1);
  });

  test('HaloPSA that asks to wait for ever is asked again after ten minutes', async () => {
    stage = await Stage.open();
    const card = await stage.requestFrom('ana');
    stage.halo.fail(
      { method: 'POST', path: '/api/Agent' },
      { kind: 'status', status: 429, headers: { 'Retry-After': '1e300' } },
    );
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the card', () => stage.card().text.includes('HaloPSA’s rate limit was reached'));
    await stage.as('ben').types(stage.ops, '/neo-status');
    await stage.slack.until('the list', () => stage.whisper('ben').includes('NEO-1'));
    stage.advance(11 * minute);
    expect((await stage.reply()).text).toMatch(/Agent ID/);
  });
});
