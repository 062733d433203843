import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { CalledHalo, credentials, firstLine, keysOf, said } from './testing/called-halo.ts';

let local: CalledHalo;

beforeEach(async () => {
  local = await CalledHalo.open();
});

describe('reading agents', () => {
  test('disabled and API-only agents are left out, each unless asked for', async () => {
    const usual = ['Unassigned', 'Admin', 'Mara Lind', 'Tomasz Wolny', 'Priya Raman'];
    expect(await local.names()).toEqual(usual);
    expect(await local.names('?includedisabled=true')).toEqual([...usual, 'Old Bot']);
    expect(await local.names('?INCLUDEAPIAGENTS=True')).toEqual([...usual, 'Reporting API']);
    expect(await local.names('?includedisabled=true&includeapiagents=true')).toHaveLength(7);
    expect(await local.names('?includeinactive=true&nonsense=1')).toEqual(usual);
  });

  test('a flag that is neither true nor false is a 400', async () => {
    expect(await said(local.get('/api/Agent?includedisabled=1'))).toEqual({
      status: 400,
      body: { includedisabled: ["The value '1' is not valid."] },
    });
  });

  test('search is loose: a part of a name or an email, in any case', async () => {
    expect(await local.names('?search=LIND')).toEqual(['Mara Lind']);
    expect(await local.names('?search=brightwater')).toHaveLength(4);
  });

  test('a row and an agent without its details have no roles, no teams, no hours, no timezone', async () => {
    const rows = z.array(z.unknown()).parse(await local.json('/api/Agent'));
    for (const view of [rows[1], await local.json('/api/Agent/3')]) {
      expect(keysOf(view)).toEqual(
        expect.arrayContaining(['colour', 'departments', 'initials', 'namewithinactive']),
      );
      for (const key of ['roles', 'teams', 'workday_id', 'timezone']) expect(keysOf(view)).not.toContain(key);
    }
  });

  test('the list comes bare, or as results when pages are asked for, or as this build has it', async () => {
    expect(await local.json('/api/Agent?pageinate=true&page_size=1')).toMatchObject({
      record_count: 5,
      results: { length: 5 },
    });
    local.halo.quirks.listShape = 'agents';
    expect(await local.json('/api/Agent')).toMatchObject({ record_count: 5, agents: { length: 5 } });
  });

  test('a new agent is late in lists and details, as long as this build takes', async () => {
    local.halo.quirks.lagReads = 2;
    const { id } = await local.created();
    expect(await local.names()).not.toContain('Neo Agent');
    expect((await local.get(`/api/Agent/${id}`)).status).toBe(404);
    expect((await local.get(`/api/Agent/${id}`)).status).toBe(200);
    expect(await local.names()).toContain('Neo Agent');
  });

  test('an unknown id is an empty 404, a word is a 400', async () => {
    expect(await said(local.get('/api/Agent/4711'))).toEqual({ status: 404, body: '' });
    expect(await said(local.get('/api/Agent/probe'))).toEqual({
      status: 400,
      body: { id: ["The value 'probe' is not valid."] },
    });
  });

  test('me is the agent that the application logs in as', async () => {
    expect(await local.json('/api/Agent/me')).toMatchObject({
      id: 3,
      name: 'Admin',
      claims: [{ type: 'scope' }],
    });
  });

  test('a slash at the end of a path is no other path, and the lookup that clients try themselves out with is there', async () => {
    expect(await local.json('/api/Team/')).toEqual(await local.json('/api/Team'));
    expect(await local.json('/api/authinfo/')).toEqual(await local.json('/api/AuthInfo'));
    expect(await local.json('/api/Lookup?lookupid=11')).not.toEqual([]);
  });

  test('paths compare without case, and what does not exist is an empty 404', async () => {
    expect((await local.get('/API/aGENT')).status).toBe(200);
    expect(await said(local.get('/api/Department'))).toEqual({ status: 404, body: '' });
  });
});

describe('HaloPSA’s other lists', () => {
  test('teams have the keys that were recorded, inactive ones among them', async () => {
    const teams = z
      .array(z.looseObject({ id: z.int(), inactive: z.boolean() }))
      .parse(await local.json('/api/Team'));
    expect(keysOf(teams[0])).toEqual([
      'concurrent_lic_limit',
      'department_id',
      'department_name',
      'foropps',
      'forprojects',
      'forrequests',
      'guid',
      'hide_agents_in_tree_if_no_tickets',
      'homescreendashboardid',
      'id',
      'inactive',
      'last_modified',
      'mailbox_override',
      'name',
      'org_team_name',
      'override_column_id',
      'sequence',
      'teamphotopath',
      'ticket_count',
      'use',
    ]);
    expect(teams.filter(({ inactive }) => inactive)).toHaveLength(1);
    expect(await said(local.get('/api/Team/99'))).toEqual({ status: 404, body: '' });
  });

  test('roles have GUIDs and four keys', async () => {
    const roles = z.array(z.unknown()).parse(await local.json('/api/Roles'));
    expect(keysOf(roles[0])).toEqual(['id', 'id_int', 'name', 'notes']);
    expect(await local.json(`/api/Roles/${firstLine.toUpperCase()}`)).toMatchObject({
      name: '1st Line Support',
    });
    expect(await said(local.get('/api/Roles/1'))).toEqual({ status: 404, body: '' });
  });

  test('working hours have 29 keys, an empty timezone, and sentinels for dates', async () => {
    const office = await local.json('/api/Workday/1');
    expect(keysOf(office)).toHaveLength(29);
    expect(office).toMatchObject({
      alldayssame: false,
      startmonday: '1901-01-01T09:00:00',
      endfriday: '1901-01-01T16:30:00',
      startsaturday: '1899-12-30T09:00:00',
      incsunday: false,
      timezone: '',
    });
    expect(await local.json('/api/Workday')).toHaveLength(3);
  });

  test('settings tell of licences and passwords; applications tell no secret', async () => {
    expect(await local.json('/api/Control')).toMatchObject({ license_count: 10, forcestrongpasswords: true });
    const applications = await local.json('/api/Application');
    expect(applications).toMatchObject([{ clientId: credentials.clientId, loginas_agent_id: 3 }, {}]);
    expect(JSON.stringify(applications)).not.toContain(credentials.clientSecret);
  });
});
