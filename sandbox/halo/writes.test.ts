import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CalledHalo, firstLine, keysOf, said, secondLine } from './testing/called-halo.ts';

let local: CalledHalo;

beforeEach(async () => {
  local = await CalledHalo.open();
});

describe('creating an agent', () => {
  test('HaloPSA takes duplicates: the same body twice is two agents, with ids in a row', async () => {
    expect([(await local.created()).id, (await local.created()).id]).toEqual([9, 10]);
  });

  test('an id is not given again after its agent was deleted', async () => {
    const { id } = await local.created();
    expect(await said(local.send('DELETE', `/api/Agent/${id}`))).toMatchObject({ status: 200, body: { id } });
    expect(await said(local.get(`/api/Agent/${id}`))).toEqual({ status: 404, body: '' });
    expect((await local.created()).id).toBe(id + 1);
  });

  test('one element is answered by an object, two by an array; 201', async () => {
    expect(await said(local.post({ name: 'A' }))).toMatchObject({ status: 201, body: { name: 'A' } });
    expect(await said(local.post({ name: 'B' }, { name: 'C' }))).toMatchObject({
      status: 201,
      body: [{ name: 'B' }, { name: 'C' }],
    });
    Object.assign(local.halo.quirks, { created: 200, answerShape: 'array' });
    expect(await said(local.post({ name: 'D' }))).toMatchObject({ status: 200, body: [{ name: 'D' }] });
  });

  test('every field of the form is kept and read back', async () => {
    const { id } = await local.created({
      isdisabled: false,
      isapiagent: false,
      roles: [{ id: firstLine.toUpperCase() }],
      teams: [{ team_id: 1 }, { team_id: 4 }, { team_id: 4 }],
      team: 'Onboarding',
      workday_id: 2,
      timezone: 'AUS Eastern Standard Time',
    });
    expect(await local.details(id)).toMatchObject({
      roles: [{ id: firstLine, name: '1st Line Support' }],
      role_list: '1st Line Support',
      teams: [
        {
          agent_id: id,
          team_id: 1,
          team_name: '1st Line',
          department_id: 1,
        },
        { agent_id: id, team_id: 4, team_name: 'Onboarding', department_id: 2 },
      ],
      departments: [{ department_id: 1 }, { department_id: 2 }],
      team: 'Onboarding',
      workday_id: 2,
      workday_name: 'Sydney desk',
      workday_timezone: 'AUS Eastern Standard Time',
      timezone: 'AUS Eastern Standard Time',
    });
    expect(await local.json('/api/Team/4?includeagents=true')).toMatchObject({
      agents: expect.arrayContaining([expect.objectContaining({ agent_id: id, team_id: 4 })]) as unknown,
    });
  });

  test('what HaloPSA does not know vanishes without a word: properties, and a default team', async () => {
    const { id } = await local.created({ active: true, loginname: 'neo', team: 'No such team' });
    const agent = await local.details(id);
    expect(keysOf(agent)).not.toContain('active');
    expect(keysOf(agent)).not.toContain('loginname');
    expect(agent).toMatchObject({ team: '', workday_id: 1 });
  });

  test('null is as if it was not sent, and an email need not look like one', async () => {
    expect(await local.created({ email: 'no at sign', timezone: null, roles: null })).toMatchObject({
      email: 'no at sign',
      timezone: '',
    });
  });

  test('fields that a build ignores on create are kept by an update; others never', async () => {
    Object.assign(local.halo.quirks, { ignoreOnCreate: ['timezone'], ignoreAlways: ['workday_id'] });
    const fields = { timezone: 'UTC', workday_id: 2 };
    const { id } = await local.created(fields);
    expect(await local.details(id)).toMatchObject({ timezone: '', workday_id: 1 });
    await local.post({ id, ...fields });
    expect(await local.details(id)).toMatchObject({ timezone: 'UTC', workday_id: 1 });
  });

  test('roles or add_roles, teams or add_teams: a build honours one, and the other vanishes', async () => {
    const both = {
      roles: [{ id: firstLine }],
      add_roles: [{ id: secondLine }],
      teams: [{ team_id: 1 }],
      add_teams: [{ team_id: 2 }],
    };
    const held = async () => {
      const { roles, teams } = z
        .object({
          roles: z.array(z.object({ id: z.string() })),
          teams: z.array(z.object({ team_id: z.int() })),
        })
        .parse(await local.details((await local.created(both)).id));
      return [...roles.map(({ id }) => id), ...teams.map(({ team_id: id }) => id)];
    };
    expect(await held()).toEqual([firstLine, 1]);
    Object.assign(local.halo.quirks, { rolesProperty: 'add_roles', teamsProperty: 'add_teams' });
    expect(await held()).toEqual([secondLine, 2]);
    Object.assign(local.halo.quirks, { rolesProperty: 'both', teamsProperty: 'both' });
    expect(await held()).toEqual([firstLine, secondLine, 1, 2]);
  });
});

describe('changing an agent', () => {
  test('only what is sent changes, and the agent keeps its place', async () => {
    await local.post({ id: 4, team: '2nd Line' });
    expect(await local.details(4)).toMatchObject({
      name: 'Mara Lind',
      team: '2nd Line',
      roles: [{ name: '1st Line Support' }],
      teams: [{ team_id: 1 }, { team_id: 3 }],
    });
    expect(local.halo.agents.map(({ id }) => id)).toEqual([1, 3, 4, 5, 6, 7, 8]);
  });

  test('a default team that does not exist vanishes: the agent stays in the one it had', async () => {
    expect((await local.post({ id: 4, team: 'No such team' })).status).toBe(201);
    expect(await local.details(4)).toMatchObject({ team: '1st Line' });
  });

  test('lists that are sent replace; those with add_ add', async () => {
    await local.post({ id: 4, roles: [{ id: secondLine }] });
    expect(await local.details(4)).toMatchObject({ roles: [{ id: secondLine }] });
    local.halo.quirks.rolesProperty = 'add_roles';
    await local.post({ id: 4, add_roles: [{ id: firstLine }] });
    expect(await local.details(4)).toMatchObject({ roles: [{ id: secondLine }, { id: firstLine }] });
  });

  test('an unknown id is a 404, never a new agent', async () => {
    expect(await said(local.post({ id: 4711, name: 'Neo Agent' }))).toEqual({ status: 404, body: '' });
    expect(local.halo.agents).toHaveLength(7);
  });
});
