import { beforeEach, describe, expect, test } from 'vitest';
import { CalledHalo, firstLine, keysOf, said, secondLine } from './testing/called-halo.ts';

const financeRole = 'd80b6c1a-7e25-4f90-8b3d-1a5c9e2f7d55';

let local: CalledHalo;

beforeEach(async () => {
  local = await CalledHalo.open();
});

describe('builds that keep something else than what was sent', () => {
  test('merged lists: a role that nobody asked for stays, though the answer was a 201', async () => {
    const { quirks } = local.halo;
    Object.assign(quirks, { newAgentsHave: { roles: ['Finance'], teams: ['Billing'] } });
    const sent = { roles: [{ id: firstLine }], teams: [{ team_id: 1 }] };
    expect(await local.details((await local.created(sent)).id)).toMatchObject({
      roles: [{ id: firstLine }],
      teams: [{ team_id: 1 }],
    });
    quirks.listWrites = 'merge';
    const { id } = await local.created(sent);
    expect(await local.details(id)).toMatchObject({
      roles: [{ id: financeRole }, { id: firstLine }],
      teams: [{ team_id: 7 }, { team_id: 1 }],
    });
    await local.post({ id, roles: [{ id: secondLine }] });
    expect(await local.details(id)).toMatchObject({
      roles: [{ id: financeRole }, { id: firstLine }, { id: secondLine }],
    });
  });

  test('forced values: working hours jump back on any write, an agent turns API-only', async () => {
    local.halo.quirks.forceAlways = { workday_id: 1, isapiagent: true };
    const { id } = await local.created({ workday_id: 2, isapiagent: false });
    expect(await local.details(id)).toMatchObject({ workday_id: 1, isapiagent: true });
    await local.post({ id: 4, team: '2nd Line' });
    expect(await local.details(4)).toMatchObject({ team: '2nd Line', isapiagent: true });
  });

  test('created disabled: only an update makes the agent active', async () => {
    local.halo.quirks.forceOnCreate = { isdisabled: true };
    const { id } = await local.created({ isdisabled: false });
    expect(await local.details(id)).toMatchObject({ isdisabled: true });
    await local.post({ id, isdisabled: false });
    expect(await local.details(id)).toMatchObject({ isdisabled: false });
  });

  test('tidied texts: neither the name nor the email is the one that was sent', async () => {
    Object.assign(local.halo.quirks, { trimsName: true, lowercasesEmail: true });
    expect(await local.created({ name: ' Neo Agent ', email: 'Neo@Brightwater.Example' })).toMatchObject({
      name: 'Neo Agent',
      email: 'neo@brightwater.example',
    });
  });
});

describe('timezones', () => {
  const zoneAfter = async (timezone: string) => {
    const { id } = await local.created({ isdisabled: true });
    const { status, body } = await said(local.post({ id, timezone }));
    return status === 400 ? body : local.halo.agents.at(-1)?.timezone;
  };

  test('any text is one, until a build knows the Windows ids or the IANA names alone', async () => {
    expect(await zoneAfter('Nowhere')).toBe('Nowhere');
    local.halo.quirks.timezones = 'windows';
    expect(await zoneAfter('W. Europe Standard Time')).toBe('W. Europe Standard Time');
    expect(await zoneAfter('Europe/Berlin')).toBe('Timezone not found');
    local.halo.quirks.timezones = 'iana';
    expect(await zoneAfter('Europe/Berlin')).toBe('Europe/Berlin');
    expect(await zoneAfter('W. Europe Standard Time')).toBe('Timezone not found');
    local.halo.quirks.otherTimezones = 'ignore';
    expect(await zoneAfter('W. Europe Standard Time')).toBe('');
    expect(await zoneAfter('')).toBe('');
  });

  test('a build of IANA names reports its own so: on working hours, agents and settings', async () => {
    local.halo.quirks.timezones = 'iana';
    expect(await local.json('/api/Workday/2')).toMatchObject({ timezone: 'Australia/Sydney' });
    expect(await local.json('/api/Workday/1')).toMatchObject({ timezone: '' });
    const { id } = await local.created({ workday_id: 2 });
    expect(await local.details(id)).toMatchObject({ workday_timezone: 'Australia/Sydney' });
    expect(await local.json('/api/Control')).toMatchObject({ defaultSiteTimezone: 'Europe/London' });
  });
});

describe('what went while a form was open', () => {
  const choice = { roles: [{ id: firstLine }], teams: [{ team_id: 1 }], workday_id: 2 };

  test.each([
    ['Role', () => (local.halo.lists.roles = local.halo.lists.roles.filter(({ id }) => id !== firstLine))],
    ['Team', () => (local.halo.lists.teams = local.halo.lists.teams.filter(({ id }) => id !== 1))],
    ['Workday', () => (local.halo.lists.workdays = local.halo.lists.workdays.filter(({ id }) => id !== 2))],
  ])('%s: the create is refused by name and nothing is created', async (what, remove) => {
    remove();
    expect(await said(local.post({ name: 'A', ...choice }))).toEqual({
      status: 400,
      body: `${what} not found`,
    });
    expect(local.halo.agents).toHaveLength(7);
  });

  test('a build that ignores what is gone creates an agent without it', async () => {
    local.halo.quirks.missingIds = 'ignore';
    Object.assign(local.halo.lists, { roles: [], teams: [], workdays: [] });
    const { id } = await local.created(choice);
    expect(await local.details(id)).toMatchObject({ roles: [], teams: [], workday_id: 1 });
  });

  test('an inactive team is taken, or is as if it were gone', async () => {
    const fax = { teams: [{ team_id: 8 }], team: 'Fax Support' };
    expect(await local.created(fax)).toMatchObject({ team: 'Fax Support', teams: [{ team_id: 8 }] });
    local.halo.quirks.inactiveTeams = 'as_missing';
    expect(await said(local.post({ name: 'A', ...fax }))).toEqual({ status: 400, body: 'Team not found' });
    local.halo.quirks.missingIds = 'ignore';
    expect(await local.created(fax)).toMatchObject({ team: '', teams: [] });
  });
});

describe('reads that are late, or say less', () => {
  test('after an update so many reads show the agent as before, alone and in the list', async () => {
    local.halo.quirks.staleReads = 3;
    await local.post({ id: 4, name: 'Mara Berg' });
    await local.post({ id: 4, name: 'Mara Lindqvist' });
    expect(await local.details(4)).toMatchObject({ name: 'Mara Berg' });
    expect(await local.names()).toContain('Mara Berg');
    expect(await local.details(4)).toMatchObject({ name: 'Mara Berg' });
    expect(await local.details(4)).toMatchObject({ name: 'Mara Lindqvist' });
    expect(await local.details(5)).toMatchObject({ name: 'Tomasz Wolny' });
  });

  test('properties that are not reported are missing, not empty', async () => {
    Object.assign(local.halo.quirks, { unreported: ['timezone', 'roles'], unlisted: ['email'] });
    const { id } = await local.created({ roles: [{ id: firstLine }] });
    expect(local.halo.agents.at(-1)).toMatchObject({ roles: [{ id: firstLine }] });
    for (const property of ['timezone', 'roles'])
      expect(keysOf(await local.details(id))).not.toContain(property);
    expect(await local.details(id)).toMatchObject({ email: 'neo@brightwater.example' });
    const rows = await local.json('/api/Agent?search=Neo');
    expect(rows).toMatchObject([{ id, name: 'Neo Agent' }]);
    expect(rows).not.toMatchObject([{ email: 'neo@brightwater.example' }]);
  });
});

describe('licences and passwords', () => {
  test('a build that takes the agent without a licence leaves it disabled, on an update too', async () => {
    local.halo.quirks.withoutLicence = 'disable';
    local.halo.lists.settings.licences = 4;
    const { id } = await local.created({ isdisabled: false });
    expect(await local.details(id)).toMatchObject({ isdisabled: true });
    expect((await local.post({ id, isdisabled: false })).status).toBe(201);
    expect(await local.details(id)).toMatchObject({ isdisabled: true });
    local.halo.lists.settings.licences = 5;
    await local.post({ id, isdisabled: false });
    expect(await local.details(id)).toMatchObject({ isdisabled: false });
  });

  test.each([
    ['Aa1!Aa1!Aa1!Aa1', 'Password must be at least 16 characters long'],
    [
      'Aa1aAa1aAa1aAa1a',
      'Password must contain a lower case letter, an upper case letter, a digit and a special character',
    ],
    ['Aa1!Aa1!Aa1!Aaaa', 'Password must not contain more than 2 identical characters in a row'],
  ])('where rules are enforced, %s creates nothing', async (password, body) => {
    expect((await local.post({ name: 'A', password })).status).toBe(201);
    local.halo.quirks.enforcesPasswordRules = true;
    expect(await said(local.post({ name: 'B', password }))).toEqual({ status: 400, body });
    expect(local.halo.agents.map(({ name }) => name)).not.toContain('B');
    expect((await local.post({ name: 'C', password: 'Aa1!Aa1!Aa1!Aa1!' })).status).toBe(201);
  });

  test('the rules are the tenant’s: as long as it says, and strong only where it says', async () => {
    local.halo.quirks.enforcesPasswordRules = true;
    Object.assign(local.halo.lists.settings, { password_char_length: 4, forcestrongpasswords: false });
    expect(await local.json('/api/Control')).toMatchObject({
      password_char_length: 4,
      forcestrongpasswords: false,
    });
    expect((await local.post({ name: 'A', password: 'aaaa' })).status).toBe(201);
    expect((await local.post({ name: 'A', password: 'aaa' })).status).toBe(400);
    expect((await local.post({ name: 'A' })).status).toBe(201);
  });
});
