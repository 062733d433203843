import { afterEach, describe, expect, test } from 'vitest';
import { people, teamId, type Person } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());
const { ana, ben } = people;
const sisterTeam = 'T08SISTER2X';
const onGrid = async (env: Record<string, string>, ...members: Person[]) => {
  stage = await Stage.open({
    env,
    inSlack: (slack) => {
      slack.store.isOnGrid = true;
      for (const person of members) slack.store.people.set(person.id, person);
      slack.changeChannel('C07MSPOPS11', {
        members: [
          ...new Set([
            ...(slack.store.channels.get('C07MSPOPS11')?.members ?? []),
            ...members.map(({ id }) => id),
          ]),
        ],
      });
    },
  });
};
const refusal = async (who: string, words: string) =>
  stage.slack.until(`the refusal: ${words}`, () =>
    stage.slack.store.ephemerals.some(({ user, text }) => user === who && text.includes(words)),
  );

describe('Enterprise Grid', () => {
  const sister = {
    id: 'U08ADA6M1N3',
    name: 'Ada',
    teamId: sisterTeam,
    isAdmin: true,
    isOwner: true,
    grid: { id: 'W08ADA6M1N3', teams: [sisterTeam], isAdmin: true },
  };

  test('with nobody named, admins of a sister workspace and of the organization don’t approve', async () => {
    await onGrid({ NEO_APPROVERS: '' }, sister);
    const form = await stage.openForm('ana');
    expect(form.text()).toContain('Approvers (2): @Ben, @Cleo');
    form.close();
    await stage.slack.as(sister.id).press(await stage.requestFrom('ana'), 'Approve');
    await refusal(sister.id, 'you aren’t a member of this workspace');
    expect(stage.creates()).toEqual([]);
  });

  test('a sister workspace’s member who is named by mistake approves nothing, and doesn’t count', async () => {
    await onGrid({ NEO_APPROVERS: `${sister.id},${ben.id}`, NEO_APPROVALS_REQUIRED: '1' }, sister);
    const form = await stage.openForm('ana');
    expect(form.text()).toContain('Approvers (1): @Ben');
    form.close();
    await stage.slack.as(sister.id).press(await stage.requestFrom('ana'), 'Approve');
    await refusal(sister.id, 'you aren’t a member of this workspace');
  });

  test('a member of this workspace whose home is a sister workspace belongs here', async () => {
    const eve = {
      id: 'U07EVE5M3K2',
      name: 'Eve',
      teamId: sisterTeam,
      isAdmin: true,
      grid: { id: 'W07EVE5M3K2', teams: [sisterTeam, teamId] },
    };
    await onGrid({ NEO_APPROVERS: '' }, eve);
    await stage.slack.as(eve.id).press(await stage.requestFrom('ana'), 'Approve');
    expect((await stage.reply()).text).toContain('Approved by @Eve');
  });

  const benOnGrid = { ...ben, grid: { id: 'W07BEN9C3M5', teams: [teamId] } };

  test('NEO_APPROVERS has the id of the organization (W…), Slack sends that of the workspace (U…)', async () => {
    await onGrid({ NEO_APPROVERS: benOnGrid.grid.id }, benOnGrid);
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  test('the reverse: NEO_APPROVERS has U…, Slack sends W…', async () => {
    await onGrid({ NEO_APPROVERS: ben.id }, benOnGrid);
    const card = await stage.requestFrom('ana');
    const byOrganization = { ...benOnGrid, id: benOnGrid.grid.id, grid: { ...benOnGrid.grid } };
    stage.slack.store.people.set(byOrganization.id, byOrganization);
    stage.slack.changeChannel(stage.ops, {
      members: [...(stage.slack.store.channels.get(stage.ops)?.members ?? []), byOrganization.id],
    });
    await stage.slack.as(byOrganization.id).press(card, 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
  });

  test.each([
    ['who is named', { NEO_APPROVERS: `${ana.id},${ben.id}` }],
    ['who is an admin', { NEO_APPROVERS: '' }],
  ])('nobody approves their own request under their other id: %s', async (_what, env) => {
    const anaOnGrid = { ...ana, grid: { id: 'W07ANA4F2K8', teams: [teamId] } };
    await onGrid(env, anaOnGrid);
    const card = await stage.requestFrom('ana');
    const other = { ...anaOnGrid, id: anaOnGrid.grid.id, isAdmin: true };
    stage.slack.store.people.set(other.id, other);
    stage.slack.changeChannel(stage.ops, {
      members: [...(stage.slack.store.channels.get(stage.ops)?.members ?? []), other.id],
    });
    await stage.slack.as(other.id).press(card, 'Approve');
    await refusal(other.id, 'You requested NEO-1, so someone else');
    expect(stage.creates()).toEqual([]);
  });
});
