import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredAgent } from '../sandbox/halo/agents.ts';
import { Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const create = { method: 'POST', path: '/api/Agent' } as const;
const answers = (body: unknown, after: boolean) => {
  stage.halo.fail(create, { kind: 'status', status: 201, body: JSON.stringify(body), after });
};
const others = () => stage.halo.agents.filter(({ email }) => email !== 'team@neoagent.io');
/** Everybody but ours, as they were. */
let before: StoredAgent[];
const remember = () => {
  before = structuredClone(others());
};
const approved = async () => {
  const card = await stage.requestFrom('ana');
  remember();
  await stage.as('ben').press(card, 'Approve');
};
const ours = () => stage.halo.agents.filter(({ email }) => email === 'team@neoagent.io');
const writes = () =>
  stage.halo.journal.filter(({ method, path }) => method === 'POST' && path === '/api/Agent');

describe('a create that HaloPSA answers with the ID of another agent', () => {
  test.each([
    ['the administrator, in an object', { id: 3 }],
    ['the administrator, in an array', [{ id: 3 }]],
    ['a disabled agent', { id: 4 }],
    ['with our own name beside it', { id: 3, name: 'Neo Agent', email: 'team@neoagent.io' }],
  ])('%s: nothing of it is changed, and nobody is told that it is ours', async (_what, body) => {
    answers(body, false);
    await approved();
    const { text } = await stage.reply();
    expect(text).toMatch(
      /HaloPSA didn’t confirm that it created the agent \(ID \d, which is another agent’s\)/,
    );
    expect(text).toContain('I can’t say whether HaloPSA created the agent');
    expect(stage.card().text).not.toMatch(/Done|agent ID/);
    expect(others()).toEqual(before);
    expect(writes().length).toBe(1);
  });

  test('and that did create ours: ours is found and told', async () => {
    answers({ id: 3 }, true);
    await approved();
    const { text } = await stage.reply();
    expect(text).toContain(`Agent ID: \`${String(ours()[0]?.id)}\``);
    expect(ours().length).toBe(1);
    expect(others()).toEqual(before);
  });

  /** As a list that is cut: the administrator is not in it. */
  const cutList = () => {
    const rows = stage.halo.agents.filter(({ id }) => id !== 3);
    const body = JSON.stringify(rows.map(({ id, name, email }) => ({ id, name, email })));
    stage.halo.fail({ method: 'GET', path: '/api/Agent' }, { kind: 'status', status: 200, body }, Infinity);
  };

  test('that no list shows: the first read tells that it is another one', async () => {
    cutList();
    answers({ id: 3 }, false);
    await approved();
    expect((await stage.reply()).text).toMatch(/ID 3, which is another agent’s/);
    expect(others()).toEqual(before);
    expect(writes().length).toBe(1);
    await stage.as('ben').types(stage.ops, '/neo-status NEO-1 history');
    await stage.slack.until('the history', () =>
      stage.whisper('ben').includes('it was not touched, agent ID 3'),
    );
  });

  test('that no list shows, and Try again: the gate lets ours be created', async () => {
    cutList();
    answers({ id: 3 }, false);
    await approved();
    const failed = await stage.reply();
    stage.halo.heal();
    await stage.as('ben').press(failed, 'Try again');
    expect((await stage.reply(0, 2)).text).toContain(`Agent ID: \`${String(ours()[0]?.id)}\``);
    expect(others()).toEqual(before);
  });

  test('and the process ends right after it noted that ID: the next one looks before it changes anything', async () => {
    await stage.close();
    stage = await Stage.open({ waitForHaloMs: [60_000, 60_000] });
    cutList();
    answers({ id: 3 }, false);
    stage.halo.fail({ method: 'GET', path: '/api/Agent/*' }, { kind: 'status', status: 503 }, Infinity);
    await approved();
    await stage.waits();
    await stage.restart();
    stage.halo.heal();
    cutList();
    stage.advance(120_000);
    expect((await stage.reply()).text).toMatch(/ID 3, which is another agent’s/);
    expect(others()).toEqual(before);
    expect(writes().length).toBe(1);
  });

  test('Try again looks first, and creates ours if it is still missing', async () => {
    answers({ id: 3 }, false);
    await approved();
    await stage.as('ben').press(await stage.reply(), 'Try again');
    expect((await stage.reply(0, 2)).text).toContain(`Agent ID: \`${String(ours()[0]?.id)}\``);
    expect(others()).toEqual(before);
    expect(ours().length).toBe(1);
  });
});

describe('a read that answers another agent', () => {
  const readsOther = (times: number) => {
    const [admin] = stage.halo.agents.filter(({ id }) => id === 3);
    const body = JSON.stringify({ ...admin, id: 3 });
    stage.halo.fail({ method: 'GET', path: '/api/Agent/*' }, { kind: 'status', status: 200, body }, times);
  };

  test('proves nothing, while the agent is set up', async () => {
    readsOther(Infinity);
    await approved();
    const { text } = await stage.reply();
    expect(text).toContain(
      'HaloPSA gave an answer that this app doesn’t understand (id: number, expected the ID that was asked for)',
    );
    expect(others()).toEqual(before);
    expect(writes().length).toBe(1);
  });

  test('is no drift, and /neo-status says that it could not look', async () => {
    await approved();
    await stage.reply();
    const [made] = ours();
    readsOther(Infinity);
    await stage.as('ben').types(stage.ops, `/neo-status ${String(made?.id)}`);
    await stage.slack.until('the answer', () =>
      stage.whisper('ben').includes('gave an answer that this app doesn’t understand'),
    );
    stage.advance(25 * 3_600_000);
    await stage.waits();
    expect(stage.thread().length).toBe(1);
  });
});
