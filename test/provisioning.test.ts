import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Stage } from './stage.ts';

const post = { method: 'POST', path: '/api/Agent' } as const;
const list = { method: 'GET', path: '/api/Agent' } as const;

describe('an agent is created once', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open({ haloTimeoutMs: 1_000 });
  });
  afterEach(() => stage.close());

  const approved = async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
  };
  const neoAgents = () => stage.halo.agents.filter(({ name }) => name === 'Neo Agent');

  test.each([
    ['the connection drops', { kind: 'drop', after: true }],
    ['HaloPSA answers 500', { kind: 'status', status: 500, after: true }],
    ['a gateway answers 504', { kind: 'status', status: 504, after: true }],
    ['a page of HTML comes', { kind: 'html', after: true }],
    ['the answer never comes', { kind: 'hang', after: true }],
  ] as const)(
    'HaloPSA creates the agent and then %s: it is found and adopted, not created again',
    async (_name, fault) => {
      stage.halo.fail(post, fault);
      await approved();
      const reply = await stage.reply();
      const named = neoAgents().map(({ id }) => reply.text.includes(`Agent ID: \`${id}\``));
      expect(named).toEqual([true]);
      expect(reply.text).toContain('I found the agent by its name');
    },
  );

  test('while it looks for the agent, the card says so', async () => {
    const looks: string[] = [];
    stage.slack.store.onChange(() => looks.push(stage.cards()[0]?.text ?? ''));
    stage.halo.fail(post, { kind: 'drop' });
    // Each look takes long enough for the card to be drawn.
    stage.halo.fail({ method: 'GET', path: '/api/Agent' }, { kind: 'delay', ms: 200 }, Infinity);
    await approved();
    await stage.reply();
    await stage.slack.until('the card', () => stage.card().text.includes('Failed'));
    expect(looks.some((text) => text.includes('whether the agent was created'))).toBe(true);
  });

  test('a slow HaloPSA shows the adopted agent only at the third look', async () => {
    stage.halo.quirks.lagReads = 2;
    stage.halo.fail(post, { kind: 'drop', after: true });
    await approved();
    expect((await stage.reply()).text).toContain('Agent ID');
    expect(neoAgents()).toHaveLength(1);
  });

  test('the create got lost on its way: nobody claims anything, a person decides, and Try again creates one', async () => {
    stage.halo.fail(post, { kind: 'drop' });
    await approved();
    const reply = await stage.reply();
    expect(reply.text).toContain('I can’t say whether HaloPSA created the agent');
    expect(reply.text).toMatch(/Reference: `[0-9a-f]{8}`/);
    expect(reply.buttons).toEqual(['Check again', 'Try again']);
    expect(neoAgents()).toHaveLength(0);

    await stage.as('ben').press(reply, 'Try again');
    expect((await stage.reply(0, 2)).text).toContain('Agent ID');
    expect(neoAgents()).toHaveLength(1);
  });

  test('the create got lost on its way: Check again looks, creates nothing, and leaves both ways open', async () => {
    stage.halo.fail(post, { kind: 'drop' });
    await approved();
    await stage.as('ben').press(await stage.reply(), 'Check again');
    const second = await stage.reply(0, 2);
    expect(second.text).toContain('I can’t say whether HaloPSA created the agent');
    expect(second.buttons).toEqual(['Check again', 'Try again']);
    expect(stage.thread()[0]?.text).toContain('@Ben had HaloPSA searched for the agent again');
    expect(stage.creates()).toHaveLength(1);
    expect(neoAgents()).toHaveLength(0);
  });

  test('the agent shows up after the doubt: Check again adopts it', async () => {
    stage.halo.quirks.lagReads = 5;
    stage.halo.fail(post, { kind: 'drop', after: true });
    await approved();
    await stage.as('ben').press(await stage.reply(), 'Check again');
    expect((await stage.reply(0, 2)).text).toContain('I found the agent by its name');
    expect(stage.creates()).toHaveLength(1);
  });

  test('Check again and Try again pressed at once: one of them is taken, and there is one agent', async () => {
    stage.halo.fail(post, { kind: 'drop', after: true });
    stage.halo.quirks.lagReads = 5;
    await approved();
    const reply = await stage.reply();
    await Promise.all([
      stage.as('ben').press(reply, 'Check again'),
      stage.as('cleo').press(reply, 'Try again'),
    ]);
    await stage.reply(0, 2);
    expect(neoAgents()).toHaveLength(1);
  });

  test('nobody listened when the create was sent: it provably never left, and is sent again by itself', async () => {
    stage.halo.fail(post, { kind: 'refuse' });
    await approved();
    expect((await stage.reply()).text).toContain('HaloPSA has every setting as requested');
    expect(stage.creates()).toHaveLength(2);
    expect(neoAgents()).toHaveLength(1);
  });

  test('HaloPSA is out of reach while the agent is looked for: nobody is asked before it was asked again', async () => {
    stage.halo.fail(post, { kind: 'drop', after: true });
    const card = await stage.requestFrom('ana');
    const agents = stage.halo.agents.map(({ id, name, email }) => ({ id, name, email }));
    const body = JSON.stringify({ record_count: agents.length, agents });
    stage.halo.fail(list, { kind: 'status', status: 200, body });
    stage.halo.fail(list, { kind: 'status', status: 503 }, 5);
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('I found the agent by its name');
    expect(stage.creates()).toHaveLength(1);
  });

  test('the agent shows up after the doubt: Try again adopts it instead of creating a second one', async () => {
    stage.halo.quirks.lagReads = 5;
    stage.halo.fail(post, { kind: 'drop', after: true });
    await approved();
    const reply = await stage.reply();
    await stage.as('ben').press(reply, 'Try again');
    expect((await stage.reply(0, 2)).text).toContain('I found the agent by its name');
    expect(neoAgents()).toHaveLength(1);
    expect(stage.creates()).toHaveLength(1);
  });

  test('Try again pressed twice by two people sends one job', async () => {
    stage.halo.fail(post, { kind: 'drop' });
    await approved();
    const reply = await stage.reply();
    await Promise.all([
      stage.as('ben').press(reply, 'Try again', 2),
      stage.as('cleo').press(reply, 'Try again'),
    ]);
    await stage.reply(0, 2);
    expect(neoAgents()).toHaveLength(1);
  });

  test('Try again is for approvers only', async () => {
    stage.halo.fail(post, { kind: 'status', status: 403 });
    await approved();
    const reply = await stage.reply();
    await stage.as('dan').press(reply, 'Try again');
    await stage.slack.until('the refusal', () => stage.whisper('dan').includes('only admins and owners'));
    expect(stage.creates()).toHaveLength(1);
  });

  test('the sweep of the token between preflight and create costs nothing: one new token, one agent', async () => {
    stage.halo.fail(post, { kind: 'status', status: 401 });
    await approved();
    await stage.reply();
    expect(neoAgents()).toHaveLength(1);
    expect(stage.halo.issuedTokens).toHaveLength(2);
  });
});

describe('HaloPSA refuses or is down: the person reads which, what changed, and what to do', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const outcome = async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    return stage.reply();
  };

  test('HaloPSA’s own words reach the person, without making a mention', async () => {
    stage.halo.fail(post, { kind: 'status', status: 400, body: '"Licence limit <!channel> reached"' });
    const reply = await outcome();
    expect(reply.text).toContain('HaloPSA rejected the request: “Licence limit <!channel> reached');
    expect(reply.text).toContain('Nothing was changed in HaloPSA.');
    expect(stage.slack.messages(stage.ops).flatMap(({ mentions }) => mentions)).not.toContain('@channel');
  });

  test('a 400 that comes after HaloPSA created the agent is not taken for a refusal', async () => {
    stage.halo.fail(post, {
      kind: 'status',
      status: 400,
      body: '{"Message":"A database error occurred"}',
      after: true,
    });
    const reply = await outcome();
    expect(reply.text).toContain('Agent ID');
    expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
  });

  test.each([
    ['an exception of HaloPSA’s own', '{"ClassName":"System.Exception","Message":"A database error (515)"}'],
    ['a 400 in plain words', '"Something went wrong"'],
  ])('%s is not taken for a refusal, even when the agent shows late', async (_what, body) => {
    stage.halo.quirks.lagReads = 3;
    stage.halo.fail(post, { kind: 'status', status: 400, body, after: true });
    const reply = await outcome();
    expect(reply.text).toContain('I found the agent by its name');
    expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
  });

  test('no licence is free: HaloPSA’s refusal is passed on', async () => {
    await stage.close();
    stage = await Stage.open({ licences: 4 });
    const form = await stage.openForm('ana');
    expect(form.text()).toContain('No named licence is free');
    form.close();
    const reply = await outcome();
    expect(reply.text).toContain('no licences available');
    expect(reply.text).toContain('Nothing was changed in HaloPSA.');
  });

  test.each([
    [403, 'this app isn’t allowed to change agents'],
    [404, 'HaloPSA can’t find it'],
  ])('create answered %i with an empty body', async (status, words) => {
    stage.halo.fail(post, { kind: 'status', status });
    const reply = await outcome();
    expect(reply.text).toContain(words);
    expect(reply.text).toContain('Nothing was changed in HaloPSA.');
    expect(reply.buttons).toEqual(['Try again', 'Request again']);
  });

  test('down for a moment: the card says that it waits, and it goes on by itself', async () => {
    await stage.close();
    stage = await Stage.open({ waitForHaloMs: [30_000] });
    const card = await stage.requestFrom('ana');
    stage.halo.fail(list, { kind: 'status', status: 503 });
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the wait', () => stage.card().text.includes('HaloPSA can’t be reached'));
    stage.advance(31_000);
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  test('down for long: nothing was sent, and Try again works when it is back', async () => {
    const card = await stage.requestFrom('ana');
    stage.halo.fail(list, { kind: 'status', status: 503 }, Infinity);
    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();
    expect(reply.text).toContain('HaloPSA could not be reached');
    expect(reply.text).toContain('Nothing was changed in HaloPSA.');
    expect(stage.creates()).toHaveLength(0);

    stage.halo.heal();
    await stage.as('ben').press(reply, 'Try again');
    expect((await stage.reply(0, 2)).text).toContain('Agent ID');
    await stage.slack.until('the button to go', () => stage.thread()[0]?.buttons.length === 0);
  });

  test('the secret was changed: the person learns where to look', async () => {
    const card = await stage.requestFrom('ana');
    stage.halo.revokeTokens();
    stage.halo.fail(
      { method: 'POST', path: '/auth/token' },
      { kind: 'status', status: 401, body: '{"error":"invalid_client"}' },
      Infinity,
    );
    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();
    expect(reply.text).toContain('didn’t accept the Client ID and secret');
    expect(reply.text).toContain('Configuration → Integrations → HaloPSA API');
  });

  test('somebody created the same agent by hand before the approval: refused, and named', async () => {
    const card = await stage.requestFrom('ana');
    const other = stage.halo.addAgent({
      name: 'NEO agent',
      email: 'somebody@brightwater.example',
      isdisabled: true,
    });
    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();
    expect(reply.text).toContain(`NEO agent (ID ${other.id}, disabled)`);
    expect(reply.buttons).toEqual(['Request again']);
    expect(stage.creates()).toHaveLength(0);
  });

  test('HaloPSA lists no emails, and somebody has the address under another name: refused, and named', async () => {
    stage.halo.quirks.unlisted = ['email'];
    const other = stage.halo.addAgent({ name: 'Helper', email: 'Team@NeoAgent.io' });
    await stage.app.directory.refreshIfOlder(0);
    const reply = await outcome();
    expect(stage.card().text).toContain('HaloPSA’s list has no email addresses');
    expect(reply.text).toContain(`Helper (ID ${other.id})`);
    expect(stage.creates()).toHaveLength(0);
  });

  test('a team went while the request waited: nothing is created, and the person reads which', async () => {
    const card = await stage.requestFrom('ana');
    stage.halo.lists.teams = stage.halo.lists.teams.filter(({ name }) => name !== 'Onboarding');
    stage.advance(120_000);
    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();
    expect(reply.text).toContain('Something that the settings need is no longer in HaloPSA: team Onboarding');
    expect(reply.buttons).toEqual(['Request again']);
    expect(stage.creates()).toHaveLength(0);
  });

  test('no licence was free when it was asked: the approver reads so before approving', async () => {
    await stage.close();
    stage = await Stage.open({ licences: 4 });
    const card = await stage.requestFrom('ana');
    expect(card.spoken).toContain('Warning: No named licence was free when this was requested');
    expect(card.text).toContain('0 of 4 licences free, name and email address not in use');
  });

  test('too many calls: the card says until when it waits, and it goes on by itself', async () => {
    await stage.close();
    stage = await Stage.open({ waitForHaloMs: [60_000] });
    const card = await stage.requestFrom('ana');
    stage.halo.fail(list, {
      kind: 'status',
      status: 429,
      body: 'Rate Limit Reached - 700 Requests per rolling 5 minute window',
    });
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the wait', () => stage.card().text.includes('HaloPSA’s rate limit was reached'));
    stage.advance(61_000);
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  test('a create that met the limit was not done: it is sent again after the wait, once', async () => {
    stage.halo.fail(post, { kind: 'status', status: 429, headers: { 'retry-after': '30' } });
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the wait', () => stage.card().text.includes('HaloPSA’s rate limit was reached'));
    stage.advance(31_000);
    await stage.reply();
    expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
  });
});

describe('nothing is claimed that was not read back', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  const outcome = async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    return stage.reply();
  };

  test('fields that vanish on create are set by an update, and the result says so', async () => {
    stage.halo.quirks.ignoreOnCreate = ['roles', 'teams', 'timezone'];
    const reply = await outcome();
    expect(reply.text).toContain('Timezone: AUS Eastern Standard Time (set on the second attempt)');
    expect(reply.text).toContain('HaloPSA has every setting as requested');
    expect(stage.halo.agents.at(-1)).toMatchObject({
      timezone: 'AUS Eastern Standard Time',
      roles: [{ name: '1st Line Support' }],
    });
  });

  test('fields that vanish always make the request incomplete, each named with what HaloPSA holds', async () => {
    stage.halo.quirks.ignoreAlways = ['timezone', 'workday_id'];
    const reply = await outcome();
    expect(reply.text).toContain('Working Hours: HaloPSA kept');
    expect(reply.text).toContain('Working Hours: HaloPSA kept Office hours (requested: Sydney desk)');
    expect(reply.text).toContain('on the tab *Preferences* set *Working Hours* to Sydney desk');
    await stage.slack.until('the card', () => stage.card().text.includes('not every setting is confirmed'));
  });

  test('reads that lag are waited for', async () => {
    stage.halo.quirks.lagReads = 2;
    expect((await outcome()).text).toContain('HaloPSA has every setting as requested');
  });

  test('the agent cannot be read back: its ID is told, its fields are not claimed, and Try again only reads', async () => {
    stage.halo.fail({ method: 'GET', path: '/api/Agent/*' }, { kind: 'status', status: 500 }, Infinity);
    const reply = await outcome();
    stage.halo.heal();
    expect(reply.text).toContain('I couldn’t check its settings');
    expect(reply.text).toContain('Agent ID');
    expect(reply.text).not.toContain('as planned.\nUsername');
    await stage.as('cleo').press(reply, 'Try again');
    expect((await stage.reply(0, 2)).text).toContain('HaloPSA has every setting as requested');
    expect(stage.creates()).toHaveLength(1);
  });

  test('other shapes of the same answers change nothing', async () => {
    Object.assign(stage.halo.quirks, { listShape: 'results', answerShape: 'array' });
    expect((await outcome()).text).toContain('HaloPSA has every setting as requested');
  });

  test('the password is sent, is strong, and the result says that it cannot be read back', async () => {
    const reply = await outcome();
    expect(reply.text).toContain('Password: generated and given only to HaloPSA. It can’t be read back.');
    expect(stage.halo.agents.at(-1)?.passwordHash).toMatch(/^[0-9a-f]{64}$/);
  });
});
