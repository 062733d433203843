import { afterEach, describe, expect, test } from 'vitest';
import { teamNames } from '../src/halo/memberships.ts';
import { planRows } from '../src/views/plan-rows.ts';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
/** What a role brings is read again after four minutes. */
const roleNowBrings = async (...teams: string[]) => {
  stage.halo.quirks.rolesBring = [{ role: '1st Line Support', teams }];
  stage.letTimePass(10 * 60_000);
  await stage.app.directory.refreshIfOlder(0);
};
const open = async (...brings: string[]) => {
  stage = await Stage.open();
  await roleNowBrings(...brings);
};
const approve = async (card: Parameters<ReturnType<Stage['as']>['press']>[0]) => {
  await stage.as('ben').press(card, 'Approve');
  return stage.reply();
};
const updates = () =>
  stage.halo.journal.filter(({ method, path }) => method === 'POST' && path === '/api/Agent').length -
  stage.creates().length;

describe('teams that come with a role', () => {
  test('the card shows them before the approval, and they are no deviation afterwards', async () => {
    await open('Billing', 'Procurement');
    const card = await stage.requestFrom('ana');
    for (const shown of [card.text, card.spoken])
      expect(shown).toContain('1st Line Support (brings teams Procurement, Billing)');
    const { text } = await approve(card);
    expect(text).toMatch(/HaloPSA has every setting as requested/);
    expect(text).toMatch(/Teams: .*Billing \(through role 1st Line Support\)/);
    expect(updates()).toBe(0);
  });

  test('however many come with it, the card names each of them, because each is approved', async () => {
    stage = await Stage.open();
    const [first] = stage.halo.lists.teams;
    if (first === undefined) throw new Error('There is no team');
    const desks = Array.from({ length: 12 }, (_unused, index) => `Desk ${index + 1}`);
    stage.halo.lists.teams.push(...desks.map((name, index) => ({ ...first, id: 100 + index, name })));
    await roleNowBrings(...desks);
    const card = await stage.requestFrom('ana');
    for (const shown of [card.text, card.spoken])
      expect(shown).toContain(`1st Line Support (brings teams ${desks.join(', ')})`);
  });

  test('more than a card can show: the form refuses the role, and says that its teams count', async () => {
    stage = await Stage.open();
    const [first] = stage.halo.lists.teams;
    if (first === undefined) throw new Error('There is no team');
    const desks = Array.from({ length: 80 }, (_unused, index) => `Desk of region ${index + 1}`);
    stage.halo.lists.teams.push(...desks.map((name, index) => ({ ...first, id: 100 + index, name })));
    await roleNowBrings(...desks);
    const form = await stage.filledForm('ana');
    const { errors } = await form.submit();
    expect(Object.values(errors)).toEqual([
      expect.stringMatching(
        /Too long to show an approver in full.*The teams that come with a role count too\./,
      ),
    ]);
    expect(stage.cards()).toEqual([]);
  });

  test('a planned team that comes through a role alone is there', async () => {
    await open('1st Line', 'Onboarding');
    stage.halo.quirks.ignoreAlways = ['teams', 'add_teams'];
    const { text } = await approve(await stage.requestFrom('ana'));
    expect(text).toMatch(/HaloPSA has every setting as requested/);
    expect(updates()).toBe(0);
  });

  test('they are no drift the next day', async () => {
    await open('Billing');
    await approve(await stage.requestFrom('ana'));
    const reads = () => stage.halo.journal.filter(({ path }) => path === '/api/Agent/9').length;
    const before = reads();
    stage.advance(25 * 3_600_000);
    await stage.slack.until('the look of the day', () => reads() > before);
    await stage.app.worker.stop();
    expect(stage.thread()).toHaveLength(1);
  });

  test('through a role that nobody approved, a team is a deviation', async () => {
    await open();
    stage.halo.quirks.newAgentsHave = { roles: ['Report Viewer'], teams: [] };
    stage.halo.quirks.listWrites = 'merge';
    stage.halo.quirks.rolesBring = [{ role: 'Report Viewer', teams: ['Billing'] }];
    const { text } = await approve(await stage.requestFrom('ana'));
    expect(text).toMatch(/Roles: HaloPSA kept .*Teams: HaloPSA kept/s);
    expect(text).toMatch(/Teams: HaloPSA kept .*Billing \(through role Report Viewer\)/);
  });

  test('the role has come to bring a team since the approval: nothing is created, and the thread says which', async () => {
    await open('Billing');
    const card = await stage.requestFrom('ana');
    await roleNowBrings('Billing', 'Procurement');
    const { text } = await approve(card);
    expect(text).toContain(
      'A role has more rights in HaloPSA now than when this was approved: 1st Line Support (team Procurement)',
    );
    expect(stage.creates()).toEqual([]);
  });

  test('it brings less by now: that is no reason to stop', async () => {
    await open('Billing');
    const card = await stage.requestFrom('ana');
    await roleNowBrings();
    expect((await approve(card)).text).toMatch(/HaloPSA has every setting as requested/);
  });

  test('/neo-status shows through which role an agent is in a team', async () => {
    await open('Billing');
    await approve(await stage.requestFrom('ana'));
    await stage.as('ben').types(stage.ops, '/neo-status 9');
    await stage.slack.until('the answer', () =>
      stage.whisper('ben').includes('Billing (through role 1st Line Support)'),
    );
  });
});

describe('the words', () => {
  const id = 'A1D7E9B0-2C43-4F7E-8D55-0B6F3C9E7A22';
  const teams = (name?: string) => [{ team_id: 3, team_name: 'Billing', throughRole: { id, name } }];

  test('the role is named by the membership, or else by the agent’s roles, or else not', () => {
    const roles = [{ id: id.toLowerCase(), name: 'Technician' }];
    expect(teamNames({ teams: teams('Field Technician'), roles })).toEqual([
      'Billing (through role Field Technician)',
    ]);
    expect(teamNames({ teams: teams(), roles })).toEqual(['Billing (through role Technician)']);
    expect(teamNames({ teams: teams(), roles: undefined })).toEqual(['Billing (through a role)']);
  });

  test('departments that come with a role stand beside its teams', () => {
    const brings = [
      { kind: 'team' as const, id: 3, name: 'Billing' },
      { kind: 'department' as const, id: 2, name: 'Projects' },
    ];
    const role = { id, name: 'Technician', isAdministrator: false, rights: 'unknown' as const, brings };
    const plan = {
      name: 'Neo Agent',
      email: 'team@neoagent.io',
      roles: [role],
      isActive: true,
      teams: [{ id: 1, name: '1st Line' }],
      workday: { id: 2, name: 'Sydney desk', hours: 'Mon–Fri 08:30–17:30' },
      timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
    };
    expect(planRows({ plan })).toContainEqual({
      label: 'Roles',
      value: 'Technician (rights unknown; brings team Billing and department Projects)',
    });
  });
});

describe('two teams of one name in different departments', () => {
  const twoOfOneName = async () => {
    const [first] = stage.halo.lists.teams;
    if (first === undefined) throw new Error('There is no team');
    stage.halo.lists.teams.push({ ...first, id: 90, department_id: 2, department_name: 'Projects' });
    await stage.app.directory.refreshIfOlder(0);
  };
  const requested = async () => {
    await twoOfOneName();
    await stage.as('ana').types(stage.ops, '/neo-setup');
    const form = await stage.openForm('ana');
    await form.choose('Roles', '1st Line Support');
    await form.choose('Teams', '1st Line');
    await form.choose('Working Hours', 'Sydney desk');
    await form.submit();
    return stage.slack.until('the card', () => stage.cards()[0]);
  };
  const warning = /HaloPSA has 2 teams named 1st Line, and takes the default team by its name alone/;
  const notDecided = /Default team: 1st Line \(.*HaloPSA reports the name alone, and has 2 teams of it/;

  test('the card warns, and the result does not claim which one is the default', async () => {
    await open();
    const card = await requested();
    expect(card.text).toMatch(warning);
    expect((await approve(card)).text).toMatch(notDecided);
  });

  test('nor does it where HaloPSA took the default team at the second attempt', async () => {
    await open();
    stage.halo.quirks.ignoreOnCreate = ['team'];
    const { text } = await approve(await requested());
    expect(text).toMatch(notDecided);
    expect(text).toMatch(/set on the second attempt/);
  });

  test('a repair says the same, on its card and in its result', async () => {
    await open();
    await approve(await stage.requestFrom('ana'));
    await twoOfOneName();
    stage.halo.changeAgent(9, { team: 'Onboarding' });
    stage.advance(25 * 3_600_000);
    await stage.as('ana').press(await stage.reply(0, 2), 'Repair');
    const repair = await stage.slack.until('the card', () => stage.cards()[1]);
    expect(repair.text).toMatch(warning);
    expect(repair.text).not.toMatch(/Checked when requested|licence/);
    await stage.as('ben').press(repair, 'Approve');
    expect((await stage.reply(1)).text).toMatch(notDecided);
  });

  test('of one name: nothing of the kind is said', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    expect(card.text).not.toContain('by its name alone');
  });
});
