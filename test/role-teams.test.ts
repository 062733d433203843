import { afterEach, describe, expect, test } from 'vitest';
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
      expect(shown).toContain('1st Line Support (brings team Procurement, team Billing)');
    const { text } = await approve(card);
    expect(text).toMatch(/HaloPSA reports every field as planned/);
    expect(text).toMatch(/Teams: .*Billing \(through role 1st Line Support\)/);
    expect(updates()).toBe(0);
  });

  test('a planned team that comes through a role alone is there', async () => {
    await open('1st Line', 'Onboarding');
    stage.halo.quirks.ignoreAlways = ['teams', 'add_teams'];
    const { text } = await approve(await stage.requestFrom('ana'));
    expect(text).toMatch(/HaloPSA reports every field as planned/);
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
    expect(text).toMatch(/HaloPSA kept another value: Roles, Teams/);
    expect(text).toMatch(/Teams: HaloPSA kept another value: .*Billing \(through role Report Viewer\)/);
  });

  test('the role has come to bring a team since the approval: nothing is created, and the thread says which', async () => {
    await open('Billing');
    const card = await stage.requestFrom('ana');
    await roleNowBrings('Billing', 'Procurement');
    const { text } = await approve(card);
    expect(text).toContain(
      'A role gives more in HaloPSA now than when this was approved: 1st Line Support (team Procurement)',
    );
    expect(stage.creates()).toEqual([]);
  });

  test('it brings less by now: that is no reason to stop', async () => {
    await open('Billing');
    const card = await stage.requestFrom('ana');
    await roleNowBrings();
    expect((await approve(card)).text).toMatch(/HaloPSA reports every field as planned/);
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

describe('two teams of one name in different departments', () => {
  test('the card warns, and the result does not claim which one is the default', async () => {
    await open();
    const [first] = stage.halo.lists.teams;
    if (first === undefined) throw new Error('There is no team');
    stage.halo.lists.teams.push({ ...first, id: 90, department_id: 2, department_name: 'Projects' });
    await stage.app.directory.refreshIfOlder(0);
    await stage.as('ana').types(stage.ops, '/neo-setup');
    const form = await stage.openForm('ana');
    await form.choose('Roles', '1st Line Support');
    await form.choose('Teams', '1st Line');
    await form.choose('Working Hours', 'Sydney desk');
    await form.submit();
    const card = await stage.slack.until('the card', () => stage.cards()[0]);
    expect(card.text).toMatch(
      /HaloPSA has 2 teams named 1st Line, and takes the default team by its name alone/,
    );
    const { text } = await approve(card);
    expect(text).toMatch(/Default team: 1st Line \(HaloPSA reports the name alone, and has 2 teams of it/);
  });

  test('of one name: nothing of the kind is said', async () => {
    await open();
    const card = await stage.requestFrom('ana');
    expect(card.text).not.toContain('by its name alone');
  });
});
