import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { people, teamId } from '../sandbox/slack/workspace.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { decideRequest } from './deciding.ts';
import { instanceOf } from '../src/provisioning/claiming.ts';
import { provision } from '../src/requests/follow-up.ts';
import type { Plan } from '../src/requests/plan.ts';
import type { Request } from '../src/requests/request.ts';
import { amend, startProvisioning } from '../src/requests/states.ts';
import { submitRequest } from '../src/requests/submit.ts';
import { auditOfRequest } from '../src/storage/audit/audit.ts';
import { findRequestByNumber, getRequest, replaceRequest } from '../src/requests/store.ts';
import { addTasks } from '../src/storage/tasks.ts';
import { clickers, planNamed, policy } from './request-model.ts';
import { Stage } from './stage.ts';

const post = { method: 'POST', path: '/api/Agent' } as const;
const ours = { name: 'Neo Agent', email: 'team@neoagent.io' };

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open({ lookAgainAfterMs: Array.from({ length: 30 }, () => 1) });
});
afterEach(() => stage.close());

const numbered = async (number: number): Promise<Request> => {
  const request = await findRequestByNumber(stage.db, teamId, number);
  if (request === undefined) throw new Error(`There is no NEO-${number}`);
  return request;
};

/** Stored without the form, which would refuse it: as if both forms had been submitted at once. */
const stored = (plan: Plan, at = stage.now()) =>
  submitRequest(
    stage.db,
    {
      dedupeKey: `view:${randomUUID()}`,
      teamId,
      requester: people.ana.id,
      channel: stage.ops,
      plan,
      note: '',
      haloThen: undefined,
    },
    at,
    policy,
  );

/** So many open requests for other agents, of which nothing is posted. */
const crowd = async (count: number) => {
  const ids: string[] = [];
  const later = stage.now() + 3_600_000;
  for (let index = 0; index < count; index += 1) {
    const email = `agent${index}@brightwater.example`;
    ids.push((await stored({ ...planNamed(`Agent ${index}`), email }, later)).id);
    // The file is written without a pause, in which the connections of everybody else would time out.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stage.db.deleteFrom('task').where('request_id', 'in', ids).execute();
};

/** A second request for what NEO-1 asks for, `change` apart, and its card. */
const second = async (change: Partial<Plan>): Promise<SeenMessage> => {
  const { plan } = await numbered(1);
  const { number } = await stored({ ...plan, ...change });
  stage.app.worker.wake();
  return stage.slack.until('the second card', () =>
    stage.cards().find(({ text }) => text.includes(`NEO-${number} ·`)),
  );
};

const replyTo = ({ ts }: SeenMessage, count = 1): Promise<SeenMessage> =>
  stage.slack.until(
    'the reply',
    () =>
      stage
        .as('ben')
        .sees(stage.ops)
        .filter(({ threadTs, ephemeral }) => threadTs === ts && !ephemeral)[count - 1],
  );

describe('two requests for one agent are approved at once', () => {
  const other = { name: 'Neo Agent 2', email: 'second@neoagent.io' };

  test.each<[string, Partial<Plan>]>([
    ['the same name and address', {}],
    ['the same name', { email: other.email }],
    ['the same address', { name: other.name }],
    ['the name in capitals', { ...other, name: 'NEO AGENT' }],
    ['the address in capitals', { ...other, email: 'Team@NeoAgent.IO' }],
    ['the name in full-width letters', { ...other, name: 'Ｎｅｏ　Ａｇｅｎｔ' }],
    ['the name with a zero-width space', { ...other, name: 'Neo\u200B Agent' }],
    ['the address with a zero-width joiner', { ...other, email: 'team\u200D@neoagent.io' }],
    ['the name with two spaces', { ...other, name: ' Neo  Agent' }],
  ])(
    '%s, and HaloPSA shows the new agent late: one is created, the other is told of it',
    async (_w, change) => {
      // Neither sees the other's agent in HaloPSA.
      stage.halo.quirks.lagReads = 12;
      const cards = [await stage.requestFrom('ana'), await second(change)] as const;
      await Promise.all([
        stage.as('ben').press(cards[0], 'Approve'),
        stage.as('cleo').press(cards[1], 'Approve'),
      ]);
      const replies = await Promise.all(cards.map((card) => replyTo(card)));
      expect(stage.creates()).toHaveLength(1);
      const [won, lost] = replies[0]?.text.includes('Agent ID') === true ? [0, 1] : [1, 0];
      expect(replies[won]?.text).toContain('HaloPSA has every setting as requested');
      expect(replies[lost]?.text).toContain(
        `Another request uses the same name or email address: NEO-${won + 1}`,
      );
      expect(replies[lost]?.text).toContain('Nothing was changed in HaloPSA.');
    },
  );

  test('with 600 newer open requests between them: one is created', async () => {
    stage.halo.quirks.lagReads = 12;
    const first = await stage.requestFrom('ana');
    await crowd(600);
    const cards = [first, await second({})] as const;
    await crowd(600);
    await Promise.all([
      stage.as('ben').press(cards[0], 'Approve'),
      stage.as('cleo').press(cards[1], 'Approve'),
    ]);
    const replies = await Promise.all(cards.map((card) => replyTo(card)));
    expect(stage.creates()).toHaveLength(1);
    expect(replies.filter(({ text }) => text.includes('Agent ID'))).toHaveLength(1);
    expect(replies.filter(({ text }) => text.includes('Another request uses the same'))).toHaveLength(1);
  });

  test('the loser is sent again: it reads which agent is in the way, and None will be created', async () => {
    stage.halo.quirks.lagReads = 12;
    const cards = [await stage.requestFrom('ana'), await second({})] as const;
    await Promise.all(cards.map((card) => stage.as('ben').press(card, 'Approve')));
    const [, lost] = await Promise.all(cards.map((card) => replyTo(card)));
    const loser = lost?.buttons.includes('Try again') === true ? cards[1] : cards[0];
    stage.halo.quirks.lagReads = 0;
    await stage.as('ben').press(await replyTo(loser), 'Try again');
    expect((await replyTo(loser, 2)).text).toContain('HaloPSA already has an agent');
    expect(stage.creates()).toHaveLength(1);
  });

  test('HaloPSA refuses the first: nothing was created, so the second one goes on when it is sent again', async () => {
    stage.halo.fail(post, { kind: 'status', status: 403 });
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    expect((await replyTo(card)).text).toContain('Nothing was changed in HaloPSA.');
    const next = await stage.requestFrom('ana');
    await stage.as('ben').press(next, 'Approve');
    expect((await replyTo(next)).text).toContain('HaloPSA has every setting as requested');
  });
});

describe('the form', () => {
  test('refuses a name or an address as an open request has it, with 600 newer open ones', async () => {
    await stage.requestFrom('ana');
    await crowd(600);
    const form = await stage.filledForm('dan');
    const errorsFor = async (name: string, email: string) => {
      form.fill('Username', name);
      form.fill('Email Address', email);
      return (await form.submit()).errors;
    };
    const taken = expect.stringContaining('Taken by NEO-1') as unknown;
    for (const name of [ours.name, 'NEO AGENT', 'Ｎｅｏ Ａｇｅｎｔ', 'Neo \u200BAgent', '  neo   agent '])
      expect(await errorsFor(name, 'other@brightwater.example')).toEqual({ Username: taken });
    for (const email of [ours.email, 'TEAM@neoagent.io'])
      expect(await errorsFor('Other', email)).toEqual({ 'Email Address': taken });
  });

  test('takes the name again when the request for it was denied, however many there were', async () => {
    for (const count of [1, 2, 3]) {
      const card = await stage.requestFrom('ana');
      const why = await stage.denyForm('ben', card);
      why.fill('Reason', `No (${count})`);
      await why.submit();
      await replyTo(card);
    }
    expect((await stage.requestFrom('ana')).text).toContain('NEO-4 · New agent');
  });

  test('refuses the name that an agent was given by NEO-1, though HaloPSA has it under another one since', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    await replyTo(card);
    const [agent] = stage.halo.agents.filter(({ name }) => name === ours.name);
    stage.halo.changeAgent(agent?.id ?? 0, { name: 'Nights', email: 'nights@brightwater.example' });
    stage.advance(120_000);
    await stage.app.directory.refreshIfOlder(0);
    const { errors } = await (await stage.filledForm('dan')).submit();
    expect(errors['Username']).toContain('Taken by NEO-1');
  });

  test('lets the requester edit a request without taking it for another', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ana').press(card, 'Edit');
    const form = await stage.slack.until('the form', () => {
      const open = stage.as('ana').modal();
      return open !== undefined && open.value('Timezone') !== '' && open;
    });
    form.fill('Note for the approver', 'For the night shift.');
    expect((await form.submit()).outcome).toBe('closed');
  });

  test('refuses an edit to what another open request plans', async () => {
    await stage.requestFrom('ana');
    const card = await stage.requestFrom('ana', (modal) => {
      modal.fill('Username', 'Neo Nights');
      modal.fill('Email Address', 'nights@neoagent.io');
    });
    await crowd(600);
    await stage.as('ana').press(card, 'Edit');
    const form = await stage.slack.until('the form', () => {
      const open = stage.as('ana').modal();
      return open?.value('Username') === 'Neo Nights' && open.value('Timezone') !== '' && open;
    });
    form.fill('Username', 'neo agent');
    expect((await form.submit()).errors['Username']).toContain('Taken by NEO-1');
  });
});

describe('who has the claim keeps it until its agent is seen not to be there', () => {
  const approved = async (card: SeenMessage) => {
    await stage.as('ben').press(card, 'Approve');
    return replyTo(card);
  };
  const done = async () => {
    const card = await stage.requestFrom('ana');
    await approved(card);
    const agent = stage.halo.agents.find(({ name }) => name === ours.name);
    if (agent === undefined) throw new Error('Neo Agent is not in HaloPSA');
    return { card, agent };
  };

  test('the agent was deleted by hand: another request for it is carried out, before any check noticed', async () => {
    const { agent } = await done();
    stage.halo.deleteAgent(agent.id);
    stage.advance(120_000);
    await stage.app.directory.refreshIfOlder(0);
    const reply = await approved(await stage.requestFrom('ana'));
    expect(reply.text).toContain('HaloPSA has every setting as requested');
    const events = await auditOfRequest(stage.db, (await numbered(1)).id);
    expect(events.map(({ what }) => what)).toContain('claim_released');
    await stage.as('ben').types(stage.ops, '/neo-status NEO-1 history');
    await stage.slack.until('the history', () =>
      stage.whisper('ben').includes('other requests may use its name and address'),
    );
  });

  test('HaloPSA doesn’t say whether the agent is there: the other request waits, and creates nothing', async () => {
    const { agent } = await done();
    const card = await second({});
    stage.halo.changeAgent(agent.id, { name: 'Nights', email: 'nights@brightwater.example' });
    stage.advance(120_000);
    stage.halo.fail(
      { method: 'GET', path: `/api/Agent/${agent.id}` },
      { kind: 'status', status: 500 },
      Infinity,
    );
    const reply = await approved(card);
    expect(reply.text).toContain('HaloPSA could not be reached');
    expect(stage.creates()).toHaveLength(1);
  });

  test('the agent has another name and address since: it is there, so the other request is stopped', async () => {
    const { agent } = await done();
    const card = await second({});
    stage.halo.changeAgent(agent.id, { name: 'Nights', email: 'nights@brightwater.example' });
    stage.advance(120_000);
    expect((await approved(card)).text).toContain('name or email address: NEO-1');
    expect(stage.creates()).toHaveLength(1);
  });

  /** NEO-1 was killed between the intent and the create, or right after: nobody can tell. */
  const killed = async () => {
    const card = await stage.requestFrom('ana');
    const { id, planHash } = await numbered(1);
    const decision = { kind: 'approved' as const };
    const at = stage.now();
    const { current } = await decideRequest(stage.db, id, {
      by: clickers.ben,
      policy,
      at,
      shown: planHash,
      decision,
    });
    if (current === undefined) throw new Error('NEO-1 is lost');
    const instance = instanceOf('https://acme.halopsa.com');
    const intent = amend(startProvisioning(current, at), at, { intent: { at, instance } });
    await stage.db.transaction().execute(async (tx) => {
      await replaceRequest(tx, current, intent, { tasks: [] });
      await addTasks(tx, [provision(current)]);
    });
    stage.app.worker.wake();
    const reply = await replyTo(card);
    expect(reply.text).toContain('I can’t say whether HaloPSA created the agent');
    return { card, reply };
  };

  test('killed between the intent and the create: the other request is stopped, and Try again creates the one', async () => {
    const { card, reply } = await killed();
    const other = await second({ email: 'second@neoagent.io' });
    expect((await approved(other)).text).toContain('name or email address: NEO-1');
    expect(stage.creates()).toHaveLength(0);
    await stage.as('ben').press(reply, 'Try again');
    expect((await replyTo(card, 2)).text).toContain('HaloPSA has every setting as requested');
    expect(stage.creates()).toHaveLength(1);
  });

  test('killed, and a minute later the list shows no such agent: the other request goes on, and the first takes none of it', async () => {
    const { card, reply } = await killed();
    stage.advance(120_000);
    const other = await second({});
    expect((await approved(other)).text).toContain('HaloPSA has every setting as requested');
    await stage.as('ben').press(reply, 'Check again');
    const found = await replyTo(card, 2);
    expect(found.text).toContain('HaloPSA already has an agent with this name or email address: Neo Agent');
    expect(found.text).not.toContain('Agent ID');
    expect(stage.creates()).toHaveLength(1);
  });

  test('killed, and the agent is there under our name: the other request is stopped, and Check again finds it', async () => {
    const { card, reply } = await killed();
    const other = await second({ name: 'Neo Agent 2' });
    stage.halo.addAgent(ours);
    stage.advance(120_000);
    expect((await approved(other)).text).toContain('HaloPSA already has an agent');
    await stage.as('ben').press(reply, 'Check again');
    expect((await replyTo(card, 2)).text).toContain('I found the agent by its name');
  });

  test('the agent is gone for a while and comes back: its name is claimed again', async () => {
    const { agent } = await done();
    const day = 24 * 3_600_000;
    stage.halo.deleteAgent(agent.id);
    stage.advance(day + 1000);
    await replyTo(stage.card(), 2);
    stage.halo.addAgent({ ...agent, name: 'Nights', email: 'nights@brightwater.example' });
    stage.advance(day + 1000);
    await replyTo(stage.card(), 3);
    const card = await second({});
    stage.advance(120_000);
    expect((await approved(card)).text).toContain('name or email address: NEO-1');
    expect(stage.creates()).toHaveLength(1);
  });
});

test('a request that was never carried out claims nothing: it is denied and stored as it is', async () => {
  const card = await stage.requestFrom('ana');
  const why = await stage.denyForm('ben', card);
  why.fill('Reason', 'No');
  await why.submit();
  await replyTo(card);
  const { id } = await numbered(1);
  expect(await getRequest(stage.db, id)).toMatchObject({ state: 'denied' });
  expect(await stage.db.selectFrom('claim').selectAll().execute()).toEqual([]);
});
