import { afterEach, describe, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { Stage, type StageOptions } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const list = { method: 'GET', path: '/api/Agent' } as const;
const approved = async () => {
  const card = await stage.requestFrom('ana');
  await stage.as('ben').press(card, 'Approve');
};
const neo = () => stage.halo.agents.filter(({ name }) => name === 'Neo Agent');
const open = async (options: StageOptions = {}) => {
  stage = await Stage.open(options);
};
const many = (count: number) => {
  for (let one = 1; one <= count; one += 1)
    stage.halo.addAgent({ name: `Agent ${one}`, email: `agent${one}@brightwater.example` });
};
/** Every list is answered so, whatever page is asked for. */
const answers = (body: unknown) => {
  stage.halo.fail(list, { kind: 'status', status: 200, body: JSON.stringify(body) }, Infinity);
};
const rows = () => stage.halo.agents.map(({ id, name, email }) => ({ id, name, email }));

describe('a list that is cut is read to its end', () => {
  test.each([
    ['and says how many there are', { size: 100, isCounted: true, hasOthers: true }],
    ['and does not say so', { size: 100, isCounted: false, hasOthers: true }],
    ['after every row', { size: 1, isCounted: false, hasOthers: true }],
  ])('%s: the agent on a later page is in the way', async (_what, listPages) => {
    await open();
    many(listPages.size === 1 ? 5 : 220);
    stage.halo.addAgent({ name: 'Neo Agent', email: 'other@brightwater.example' });
    stage.halo.quirks.listPages = listPages;
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.filledForm('ana');
    const { errors } = await form.submit();
    expect(Object.values(errors)).toEqual([expect.stringContaining('Already in HaloPSA: Neo Agent')]);
  });

  test('made after the request: the job finds it on a later page', async () => {
    await open();
    stage.halo.quirks.listPages = { size: 3, isCounted: false, hasOthers: true };
    const card = await stage.requestFrom('ana');
    stage.halo.addAgent({ name: 'Someone', email: 'team@neoagent.io' });
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain(
      'HaloPSA already has an agent with this name or email address',
    );
    expect(stage.creates()).toEqual([]);
  });

  test('whose answer to the create was lost: the agent is found on a later page', async () => {
    await open();
    stage.halo.quirks.listPages = { size: 3, isCounted: false, hasOthers: true };
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop', after: true });
    await approved();
    expect((await stage.reply()).text).toContain('I found the agent by its name');
    expect(neo()).toHaveLength(1);
  });

  test('roles, teams and working hours are offered from every page', async () => {
    await open();
    stage.halo.quirks.listPages = { size: 2, isCounted: false, hasOthers: true };
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.openForm('ana');
    const { roles, workdays } = stage.halo.lists;
    expect(await form.search('Roles', '')).toHaveLength(roles.length);
    expect(await form.search('Working Hours', '')).toHaveLength(workdays.length);
  });
});

describe('while HaloPSA may hide agents, absence proves nothing', () => {
  const hides: [string, () => void][] = [
    [
      'only the row of the application’s own agent',
      () => {
        stage.halo.quirks.listsOnlyItself = true;
      },
    ],
    [
      'no row at all',
      () => {
        answers([]);
      },
    ],
    [
      'fewer rows than it counts',
      () => {
        answers({ record_count: 118, agents: rows() });
      },
    ],
    [
      'fewer rows than licences are used by',
      () => {
        answers(rows().slice(0, 2));
      },
    ],
  ];

  test.each(hides)(
    '%s: nothing is created, it is said before and after, and an approver is asked',
    async (_what, hide) => {
      await open();
      hide();
      await stage.app.directory.refreshIfOlder(0);
      const form = await stage.filledForm('ana');
      expect(form.text()).toContain('HaloPSA may not list all of its agents');
      await form.submit();
      const card = await stage.slack.until('the card', () => stage.cards()[0]);
      expect(card.text).toContain('HaloPSA may not list all of its agents');
      await stage.as('ben').press(card, 'Approve');
      const reply = await stage.reply();
      expect(reply.text).toContain('one with this name or email address may already exist');
      expect(reply.text).toContain('Nothing was changed in HaloPSA');
      expect(reply.text).toContain('Configuration → Teams & Agents → Agents');
      expect(reply.buttons).toEqual(['Try again', 'Create anyway', 'Request again']);
      expect(stage.creates()).toEqual([]);

      await stage.as('ben').press(reply, 'Create anyway');
      expect((await stage.reply(0, 2)).text).toContain('Agent ID: `');
      expect(neo()).toHaveLength(1);
      await stage.as('ben').types(stage.ops, '/neo-status NEO-1 history');
      await stage.slack.until('the history', () =>
        stage.whisper('ben').includes('had it created although HaloPSA may not show all agents'),
      );
    },
  );

  test('Create anyway is not the requester’s to press, nor anybody’s who may not approve', async () => {
    await open({ env: { NEO_APPROVERS: `${people.ana.id},${people.ben.id}` } });
    stage.halo.quirks.listsOnlyItself = true;
    await approved();
    const reply = await stage.reply();
    for (const who of ['ana', 'cleo', 'gus'] as const) {
      await stage.as(who).press(reply, 'Create anyway');
      await stage.slack.until(
        'the refusal',
        () => stage.whisper(who).includes('Nothing was changed') || stage.whisper(who).includes('Only '),
      );
    }
    expect(stage.creates()).toEqual([]);
  });

  test('Try again asks again, as long as they are hidden; when they are shown it goes on', async () => {
    await open();
    stage.halo.quirks.listsOnlyItself = true;
    await approved();
    await stage.as('ben').press(await stage.reply(), 'Try again');
    const second = await stage.reply(0, 2);
    expect(second.buttons).toContain('Create anyway');
    expect(stage.creates()).toEqual([]);
    stage.halo.quirks.listsOnlyItself = false;
    await stage.as('ben').press(second, 'Try again');
    expect((await stage.reply(0, 3)).text).toContain('Agent ID: `');
  });

  test('Create anyway counts for one create: when its answer is lost, the next one is confirmed again', async () => {
    await open();
    stage.halo.quirks.listsOnlyItself = true;
    await approved();
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'drop', after: true });
    await stage.as('ben').press(await stage.reply(), 'Create anyway');
    const unsure = await stage.reply(0, 2);
    expect(unsure.text).toContain('I can’t say whether HaloPSA created the agent');
    await stage.as('ben').press(unsure, 'Try again');
    const stopped = await stage.reply(0, 3);
    expect(stopped.text).toContain('may not list all of its agents');
    expect(stopped.buttons).toContain('Create anyway');
    expect(neo()).toHaveLength(1);
  });

  test('a 400 to the create is no proof that there is none', async () => {
    await open();
    stage.halo.quirks.listsOnlyItself = true;
    await approved();
    const body = '"Something went wrong"';
    stage.halo.fail(
      { method: 'POST', path: '/api/Agent' },
      { kind: 'status', status: 400, body, after: true },
    );
    await stage.as('ben').press(await stage.reply(), 'Create anyway');
    expect((await stage.reply(0, 2)).text).toContain('I can’t say whether HaloPSA created the agent');
  });

  test('somebody writes it into the row: the gate sends nothing', async () => {
    await open({ waitForHaloMs: [60_000] });
    stage.halo.quirks.listsOnlyItself = true;
    stage.halo.fail({ method: 'GET', path: '/api/Agent' }, { kind: 'status', status: 503 }, 1);
    await approved();
    await stage.waits();
    const { id, data } = await stage.db
      .selectFrom('request')
      .select(['id', 'data'])
      .executeTakeFirstOrThrow();
    const request = JSON.parse(data) as { planHash: string };
    const createAnyway = { by: people.ben.id, at: 1, planHash: request.planHash };
    await stage.db
      .updateTable('request')
      .set({ data: JSON.stringify({ ...request, createAnyway }) })
      .where('id', '=', id)
      .execute();
    stage.advance(61_000);
    expect((await stage.reply()).text).toContain('Security alert');
    expect(stage.creates()).toEqual([]);
  });

  test('/neo-status says that it may not see the agent', async () => {
    await open();
    stage.halo.quirks.listsOnlyItself = true;
    await stage.app.directory.refreshIfOlder(0);
    await stage.as('ben').types(stage.ops, '/neo-status nobody@brightwater.example');
    await stage.slack.until('the answer', () =>
      stage.whisper('ben').includes('it may not show me all of its agents'),
    );
  });
});

test('a bare list, counts of zero: an ordinary job asks nobody', async () => {
  await open();
  stage.halo.fail(
    { method: 'GET', path: '/api/InstanceInfo' },
    {
      kind: 'status',
      status: 200,
      body: '{"agent_count":0,"licensed_agent_count":0,"app_version":"2.236.133"}',
    },
    Infinity,
  );
  await stage.app.directory.refreshIfOlder(0);
  await approved();
  expect((await stage.reply()).text).toContain('Agent ID: `');
});

test('a build that answers all of it, whatever page is asked for: an ordinary job asks nobody', async () => {
  await open();
  answers({ results: rows() });
  await approved();
  expect((await stage.reply()).text).toContain('Agent ID: `');
});
