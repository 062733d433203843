import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const answer = (path: string, body: unknown) => {
  stage.halo.fail(
    { method: 'GET', path },
    { kind: 'status', status: 200, body: JSON.stringify(body) },
    Infinity,
  );
};
const rows = {
  agents: () => stage.halo.agents.map(({ id, name, email }) => ({ id, name, email })),
  teams: () => stage.halo.lists.teams.map(({ id, name }) => ({ id, name, department_id: 1 })),
  roles: () => stage.halo.lists.roles.map(({ id, name }) => ({ id, name })),
};
const leftOut = () => stage.logLines.filter((line) => line.includes('could not be read')).join();
/** What HaloPSA shows of one agent, otherwise. */
const showsAgentAs = (change: (agent: Agent) => object) => {
  const { fetch } = stage.halo;
  stage.halo.fetch = async (request) => {
    const response = await fetch(request);
    const isOne = request.method === 'GET' && /\/Agent\/\d+/.test(request.url);
    return isOne && response.ok ? Response.json(change(agentSchema.parse(await response.json()))) : response;
  };
};
const agentSchema = z.looseObject({
  id: z.number(),
  workday_id: z.number(),
  teams: z.array(z.unknown()),
  roles: z.array(z.unknown()),
});
type Agent = z.infer<typeof agentSchema>;
const approved = async () => {
  await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
};

describe('a row that can’t be used is left out and counted, and the rest of the list is used', () => {
  test.each<[string, '/api/Team' | '/api/Roles', unknown, string]>([
    ['null', '/api/Team', null, 'teams[0]: null, expected object'],
    ['a row without an id', '/api/Team', { id: null, name: 'Sales' }, 'teams[0].id: null, expected number'],
    ['a row without a name', '/api/Roles', { id: 'r9', name: null }, 'roles[0].name: null, expected string'],
    ['a text', '/api/Roles', 'Technician', 'roles[0]: string, expected object'],
    ['a list', '/api/Team', [[1]], 'teams[0]: array, expected object'],
  ])('%s in %s', async (_what, path, row, named) => {
    stage = await Stage.open();
    answer(path, [row, ...(path === '/api/Team' ? rows.teams() : rows.roles())]);
    await stage.app.directory.refreshIfOlder(0);
    expect(leftOut()).toContain(named);
    await approved();
    expect((await stage.reply()).text).toMatch(/HaloPSA has every setting as requested/);
  });

  test('a property that is only shown costs the row nothing', async () => {
    stage = await Stage.open();
    answer(
      '/api/Team',
      rows.teams().map((team) => ({ ...team, department_id: 'Service', department_name: 5 })),
    );
    await stage.app.directory.refreshIfOlder(0);
    expect(leftOut()).toContain('teams[2].department_id: string, expected number');
    const form = await stage.openForm('ana');
    expect(await form.search('Teams', '1st Line')).not.toEqual([]);
  });

  test('an agent without a name and an address equals nobody: the ordinary job asks no one', async () => {
    stage = await Stage.open();
    answer('/api/Agent', [null, { id: 90, name: null, email: null }, { id: 91 }, ...rows.agents()]);
    await approved();
    await stage.slack.until('the create', () => stage.creates().length === 1);
  });

  test.each([
    ['a name that is an object', { id: 90, name: { first: 'Neo' }, email: null }],
    ['an address that is a list', { id: 90, name: null, email: ['team@neoagent.io'] }],
    ['a row that is a text', 'Neo Agent'],
  ])('an agent with %s may be the one that is looked for: nothing is created unasked', async (_what, row) => {
    stage = await Stage.open();
    answer('/api/Agent', [row, ...rows.agents()]);
    await approved();
    expect((await stage.reply()).text).toMatch(/may not list all of its agents/);
    expect(stage.creates()).toEqual([]);
  });

  test('an agent without an id that has the name is in the way all the same', async () => {
    stage = await Stage.open();
    answer('/api/Agent', [
      { id: null, name: 'Neo Agent', email: 'other@brightwater.example' },
      ...rows.agents(),
    ]);
    await approved();
    expect((await stage.reply()).text).toMatch(/already has an agent.*Neo Agent \(ID unknown\)/);
    expect(stage.creates()).toEqual([]);
  });
});

describe('lists in an object', () => {
  test.each([
    ['/api/Team', 'teams'],
    ['/api/Team', 'results'],
    ['/api/Roles', 'roles'],
    ['/api/Agent', 'agents'],
  ] as const)('%s as %s, with how many there are', async (path, key) => {
    stage = await Stage.open();
    const all = { '/api/Team': rows.teams, '/api/Roles': rows.roles, '/api/Agent': rows.agents }[path]();
    answer(path, { record_count: String(all.length), [key]: all });
    await stage.app.directory.refreshIfOlder(0);
    const { teams, roles, agents } = stage.app.directory.current();
    const { value, isWhole, failure } = { '/api/Team': teams, '/api/Roles': roles, '/api/Agent': agents }[
      path
    ];
    expect({ failure, isWhole }).toEqual({ failure: undefined, isWhole: true });
    expect(value.length).toBeGreaterThan(3);
  });
});

describe('what the agent is read back as', () => {
  const madeWith = async (change: (agent: Agent) => object) => {
    stage = await Stage.open();
    showsAgentAs(change);
    await approved();
    return (await stage.reply()).text;
  };

  test.each<[string, (agent: Agent) => object]>([
    ['ids as texts', (one) => ({ ...one, id: String(one.id), workday_id: String(one.workday_id) })],
    ['flags as numbers', (one) => ({ ...one, isdisabled: 0, isapiagent: '0' })],
    ['flags as words', (one) => ({ ...one, isdisabled: 'False', isapiagent: 'false' })],
    ['a membership of nothing', (one) => ({ ...one, teams: [...one.teams, { team_id: null }] })],
    ['a role of nothing', (one) => ({ ...one, roles: [{ id: null, name: null }, ...one.roles] })],
  ])('%s: every field is as planned', async (_what, change) => {
    expect(await madeWith(change)).toMatch(/HaloPSA has every setting as requested/);
  });

  test('teams as an empty text: HaloPSA says nothing of them, and that is what people read', async () => {
    const text = await madeWith((agent) => ({ ...agent, teams: '' }));
    expect(text).toMatch(/Teams: HaloPSA doesn’t report it/);
  });

  test('a role that has a name and no id is not overlooked', async () => {
    const text = await madeWith((agent) => ({
      ...agent,
      roles: [...agent.roles, { id: null, name: 'Administrator' }],
    }));
    expect(text).toMatch(/Roles: HaloPSA kept .*Administrator/);
  });

  test('an answer without an id is HaloPSA’s, and says which property is wrong', async () => {
    const text = await madeWith((agent) => ({ ...agent, id: 'nine' }));
    expect(text).toContain(
      'HaloPSA gave an answer that this app doesn’t understand (id: string, expected number)',
    );
    expect(text).not.toContain('HALO_BASE_URL');
    expect(stage.logLines.join()).toContain('id: string, expected number');
  });
});

describe('what HaloPSA doesn’t say is not made up', () => {
  test.each([
    ['all counts are zero', { agent_count: 0, licensed_agent_count: 0, online_agent_count: 0 }],
    ['more agents than licences', { agent_count: 24, licensed_agent_count: 5 }],
    ['counts that are none', { agent_count: 'many', licensed_agent_count: null }],
  ])('%s: how many licences are free is not known', async (_what, counts) => {
    stage = await Stage.open();
    answer('/api/InstanceInfo', { app_version: '2.236.133', dbid: 17, ...counts });
    await stage.app.directory.refreshIfOlder(0);
    const form = await stage.openForm('ana');
    expect(form.text()).toContain('HaloPSA doesn’t say how many are free');
    expect(form.text()).not.toMatch(/No named licence is free|\d of \d/);
    expect((await stage.requestFrom('ana')).text).not.toMatch(/\d of \d+ named licences/);
  });
});
