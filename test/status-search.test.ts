import { afterEach, describe, expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { Stage, type StageOptions } from './stage.ts';

type Who = keyof typeof people;
let stage: Stage;
afterEach(() => stage.close());
const { ana, ben } = people;
const open = async (env: Record<string, string> = {}, options: StageOptions = {}) => {
  stage = await Stage.open({ ...options, env });
};
const page = (who: Who, words = '') => stage.status(who, words);
const requestNamed = (name: string, email = 'neo@brightwater.example') =>
  stage.requestFrom('ana', (form) => {
    form.fill('Username', name);
    form.fill('Email Address', email);
  });

describe('what is typed after /neo-status is understood as it was meant', () => {
  test.each([
    'NEO-1',
    'neo-1',
    'NEO–1',
    'NEO—1',
    '“NEO-1”',
    '"NEO-1"',
    "'neo-1'",
    'neo 1',
    'neo1',
    '#1',
    'NEO #1',
    'NEO‑1',
    'ＮＥＯ－１',
    '\u200bNEO-1\u200b',
    '  NEO-1  ',
  ])('%j is request 1', async (words) => {
    await open();
    await stage.requestFrom('ana');
    expect((await page('ben', words)).text).toContain('*NEO-1*');
  });

  test.each(['NEO–1 history', '“neo 1 history”', '#1 history'])('%j is its history', async (words) => {
    await open();
    await stage.requestFrom('ana');
    expect((await page('ben', words)).text).toContain('requested it');
  });

  test.each([true, false])('Smith & Sons, with Slack’s escaping: %s', async (escapes) => {
    await open();
    stage.slack.store.escapesCommandText = escapes;
    await requestNamed('Smith & Sons <IT>');
    expect((await page('ben', 'Smith & Sons <IT>')).text).toContain('*NEO-1* Smith & Sons <IT>');
    expect((await page('ben', 'Jones & Sons')).text).toContain('“Jones & Sons”');
  });

  test('what was typed as an escape stays one', async () => {
    await open();
    expect((await page('ben', 'A &amp; B')).text).toContain('“A &amp; B”');
  });
});

test('an agent of HaloPSA that is called like a request is found by its name', async () => {
  await open();
  stage.halo.addAgent({ name: 'Neo 7' });
  await stage.app.directory.refreshIfOlder(0);
  expect((await page('ben', 'neo 7')).text).toContain('Neo 7 (agent ID');
  expect((await page('ben', 'NEO-7')).text).toContain('There is no request NEO-7');
});

describe('what isn’t found is answered in one line, with the nearest thing that there is', () => {
  test('a request: the newest', async () => {
    await open();
    expect((await page('ben', 'NEO-7')).text).toBe(
      'There is no request NEO-7. `/neo-status help` lists what you can look up.',
    );
    await requestNamed('Night Watch');
    expect((await page('ben', 'NEO-7 history')).text).toBe(
      'There is no request NEO-7. The newest is NEO-1 (Night Watch).',
    );
  });

  test('a name or an address: the one that is spelled most like it', async () => {
    await open();
    stage.halo.addAgent({ name: 'Night Watch', email: 'night@brightwater.example' });
    await stage.app.directory.refreshIfOlder(0);
    expect((await page('ben', 'Nigth Watch')).text).toMatch(
      /^HaloPSA has no agent “Nigth Watch”. The nearest is Night Watch \(ID \d+\).$/,
    );
    expect((await page('ben', 'nigt@brightwater.example')).text).toContain('The nearest is Night Watch (ID');
    expect((await page('ben', 'Zebra')).text).toContain('lists what you can look up');
  });

  test('an agent’s ID: the newest one that was set up here', async () => {
    await open();
    await stage.as('ben').press(await requestNamed('Night Watch'), 'Approve');
    await stage.reply();
    expect((await page('ben', '4711')).text).toBe(
      'HaloPSA has no agent with ID 4711. The newest one set up here is Night Watch (ID 9).',
    );
  });
});

describe('a request that waits is found', () => {
  test.each([
    ['its name', 'Night Watch'],
    ['its name in other letters', 'night watch'],
    ['a part of its name', 'watch'],
    ['its address', 'night@brightwater.example'],
    ['its address, as Slack links it', '<mailto:night@brightwater.example|night@brightwater.example>'],
  ])('by %s', async (_what, words) => {
    await open();
    stage.slack.store.escapesCommandText = false;
    await requestNamed('Night Watch', 'night@brightwater.example');
    const { text, buttons } = await page('ben', words);
    expect(text).toContain('*NEO-1* Night Watch');
    expect(buttons).toContain('Approve');
  });

  test('beside an agent of HaloPSA with a like name', async () => {
    await open();
    stage.halo.addAgent({ name: 'Night Watch Senior' });
    await stage.app.directory.refreshIfOlder(0);
    await requestNamed('Night Watch');
    const { text } = await page('ben', 'night watch');
    expect(text).toContain('Night Watch Senior');
    expect(text).toContain('*NEO-1* Night Watch');
  });
});

describe('who may neither ask for agents nor approve them sees only what this app has to do with', () => {
  const env = { NEO_REQUESTERS: ana.id, NEO_APPROVERS: ben.id };
  const everyAgent = () => stage.halo.agents.map(({ name, email }) => [name, email]).flat();

  test.each(['Mara', 'a', 'mara.lind@brightwater.example', '4', '1'])(
    '%j finds none of HaloPSA’s agents',
    async (words) => {
      await open(env);
      const asked = stage.halo.journal.length;
      const { text } = await page('dan', words);
      for (const known of everyAgent())
        if (known !== '' && known !== words) expect(text).not.toContain(known);
      expect(text).toMatch(/No request of this app|hasn’t set up an agent/);
      expect(stage.halo.journal).toHaveLength(asked);
    },
  );

  test('but requests, and the agent that one of them set up, by ID, name and address', async () => {
    await open(env);
    await stage.as('ben').press(await requestNamed('Night Watch', 'night@brightwater.example'), 'Approve');
    const agentId = /Agent ID: `(\d+)`/.exec((await stage.reply()).text)?.[1];
    for (const words of [agentId ?? '', 'Night Watch', 'night@brightwater.example'])
      expect((await page('dan', words)).text).toContain(`(agent ID ${agentId ?? ''})`);
    expect((await page('dan', 'NEO-1')).text).toContain('*NEO-1*');
  });

  test.each([
    ['the requester', 'ana'],
    ['the approver', 'ben'],
  ] as const)('%s finds all of them', async (_what, who) => {
    await open(env);
    expect((await page(who, '4')).text).toContain('agent ID 4');
  });

  test.each(['gus', 'xena'] as const)('%s, who is no member, is told nothing', async (who) => {
    await open(env);
    await stage.requestFrom('ana');
    for (const words of ['', 'NEO-1', 'Neo Agent', '2', 'NEO-1 history'])
      if (who === 'gus') expect((await page(who, words)).text).toContain('I can’t show you this');
    await stage.as(who).opensHome();
    expect(stage.as(who).home()?.text() ?? '').not.toContain('NEO-1');
  });
});
