import { afterEach, describe, expect, test } from 'vitest';
import { channels, people, userGroups } from '../sandbox/slack/workspace.ts';
import { verdict } from '../src/cli/doctor/finding.ts';
import { DoctorStage } from './doctor-stage.ts';

let at: DoctorStage;
afterEach(() => at.close());
const examined = async (env: Record<string, string>, plant: (at: DoctorStage) => void = () => {}) => {
  at = await DoctorStage.open();
  Object.assign(at.env, env);
  plant(at);
  return at.examine();
};
const { ana, ben, cleo, dan, gus, xena } = people;
const [group = { id: '' }] = userGroups;

describe('who can approve', () => {
  test('enough people: how many, and how many must', async () => {
    const { text, well } = await examined({ NEO_APPROVERS: `${ben.id},${cleo.id},${dan.id}` });
    expect(text).toMatch(/ok +Approvers +3 people can approve; 1 approval is needed/);
    expect(well).toBe(true);
  });

  test('one dead id does not hide the others: each is named with its reason', async () => {
    const ids = [ben.id, cleo.id, 'U07NOBODY99', gus.id, xena.id];
    const { text, well } = await examined({ NEO_APPROVERS: ids.join(',') });
    expect(text).toMatch(/note +Approvers +2 people can approve; 1 approval is needed/);
    expect(text).toContain('U07NOBODY99: not found in Slack');
    expect(text).toContain(`${gus.id}: is a guest`);
    expect(text).toContain(`${xena.id}: belongs to another workspace`);
    expect(text).toMatch(/→ Remove or replace these entries in NEO_APPROVERS/);
    expect(well).toBe(true);
  });

  test('too few for the rule: a failure, with the dead ones', async () => {
    const { text, well } = await examined({
      NEO_APPROVERS: `${ben.id},${gus.id}`,
      NEO_APPROVALS_REQUIRED: '2',
    });
    expect(text).toMatch(
      new RegExp(`FAILED +Approvers +1 person can approve; 2 approvals are needed; ${gus.id}: is a guest`),
    );
    expect(text).toMatch(/→ Add full members to NEO_APPROVERS/);
    expect(well).toBe(false);
  });

  test('just as many as must: nobody of them can have a request approved', async () => {
    const { text } = await examined({ NEO_APPROVERS: ben.id });
    expect(text).toMatch(
      /note +Approvers +1 person can approve; 1 approval is needed\n +→ If one of them makes a request, too few others are left/,
    );
  });

  test('a user group that is not there, and one that nobody is in', async () => {
    const { text } = await examined(
      { NEO_APPROVERS: `S0GONE99,S07EMPTY01,${group.id},${ben.id}` },
      (stage) => {
        stage.slack.store.userGroups.push({ id: 'S07EMPTY01', handle: 'empty', users: [] });
      },
    );
    expect(text).toMatch(/note +Approvers +2 people can approve/);
    expect(text).toContain('S0GONE99: Slack knows no such user group (no_such_subteam)');
    expect(text).toContain('S07EMPTY01: this user group is empty');
  });

  test('nobody named: the admins, how many they are, and the advice to name people', async () => {
    const { text, well } = await examined({ NEO_APPROVERS: '' });
    expect(text).toMatch(/note +Approvers +2 admins and owners of the workspace can approve/);
    expect(text).toMatch(/→ NEO_APPROVERS is empty, so every admin and owner/);
    expect(well).toBe(true);
  });

  test('nobody named on Enterprise Grid: the admins of this workspace, and stronger advice', async () => {
    const { text, well } = await examined({ NEO_APPROVERS: '' }, ({ slack }) => {
      slack.store.isOnGrid = true;
    });
    expect(text).toMatch(/note +Approvers +2 admins and owners of the workspace can approve/);
    expect(text).toContain('so the admins of this workspace can approve, but organization admins can’t');
    expect(well).toBe(true);
  });

  test.each(['paid_teams_only', 'plan_upgrade_required'])(
    'a Slack plan without user groups: %s',
    async (refused) => {
      const { text } = await examined({ NEO_APPROVERS: `${group.id},${ben.id}` }, ({ slack }) => {
        slack.store.userGroups.splice(0, 1, { id: group.id, handle: 'psa-admins', users: [], refused });
      });
      expect(text).toContain(`${group.id}: this Slack plan has no user groups (${refused})`);
    },
  );

  test('Slack limits the look-ups: not checked, and no fault of the configuration', async () => {
    const { text, well } = await examined({}, ({ slack }) => {
      slack.fail('users.info', { kind: 'error', error: 'ratelimited' }, Infinity);
    });
    expect(text).toMatch(/not checked +Approvers and 2 more +Slack says ratelimited/);
    expect(well).toBe(true);
  });
});

test('requesters and escalation are looked at alike', async () => {
  const { text, well } = await examined({
    NEO_REQUESTERS: `${ana.id},U07NOBODY99`,
    NEO_ESCALATION: gus.id,
  });
  expect(text).toMatch(/note +Requesters +1 person; U07NOBODY99: not found in Slack/);
  expect(text).toMatch(new RegExp(`FAILED +Escalation +0 people; ${gus.id}: is a guest`));
  expect(well).toBe(false);
});

describe('the approvals channel', () => {
  test.each<[string, string, RegExp]>([
    ['the bot is in it', channels.ops.id, /ok +Approvals channel +C07MSPOPS11: the bot is in it/],
    [
      'the bot is not in it',
      channels.general.id,
      /FAILED +Approvals channel +the bot is not in C07GENERAL2\n +→ In that channel type \/invite @Neo Setup/,
    ],
    [
      'it is private, without the bot',
      channels.leadership.id,
      /FAILED +Approvals channel +C07LEADERS3: the bot can’t see this channel/,
    ],
    [
      'it is not there',
      'C0NOWHERE99',
      /FAILED +Approvals channel +C0NOWHERE99: the bot can’t see this channel/,
    ],
    [
      'another company sees it',
      channels.shared.id,
      /FAILED +Approvals channel +C07SHARED44 is shared with another company/,
    ],
  ])('%s', async (_what, channel, words) => {
    expect((await examined({ NEO_APPROVALS_CHANNEL: channel })).text).toMatch(words);
  });

  test('it is archived', async () => {
    const { text } = await examined({ NEO_APPROVALS_CHANNEL: channels.ops.id }, ({ slack }) => {
      slack.changeChannel(channels.ops.id, { isArchived: true });
    });
    expect(text).toMatch(/FAILED +Approvals channel +C07MSPOPS11 is archived/);
  });

  test('none is named: where the command is typed', async () => {
    expect((await examined({})).text).toMatch(/ok +Approvals channel +wherever \/neo-setup is typed/);
  });
});

describe('one bad variable does not hide the other checks', () => {
  test.each<[string, Record<string, string>, RegExp[], RegExp[]]>([
    [
      'HALO_CLIENT_ID is missing',
      { HALO_CLIENT_ID: '' },
      [/FAILED +HALO_CLIENT_ID/, /ok +Slack token/, /ok +Storage/, /ok +Approvers/],
      [/not checked +HaloPSA sign-in and 8 more +fix the variables above first/],
    ],
    [
      'SLACK_BOT_TOKEN has no such form',
      { SLACK_BOT_TOKEN: 'hush-hush' },
      [/FAILED +SLACK_BOT_TOKEN/, /ok +HaloPSA sign-in/, /ok +Storage/, /ok +HaloPSA teams/],
      [/not checked +Slack token and 6 more/],
    ],
    [
      'NEO_APPROVERS is a name',
      { NEO_APPROVERS: '@ben' },
      [/FAILED +NEO_APPROVERS/, /ok +Slack token/, /ok +HaloPSA sign-in/],
      [/not checked +Approvers and 3 more/],
    ],
    [
      'LOG_LEVEL is none',
      { LOG_LEVEL: 'loud' },
      [/FAILED +LOG_LEVEL/, /ok +Slack token/, /ok +HaloPSA sign-in/, /ok +Storage/, /ok +Approvers/],
      [],
    ],
    [
      'DATABASE_URL is none',
      { DATABASE_URL: 'mysql://x' },
      [/FAILED +DATABASE_URL/, /ok +Slack token/, /ok +HaloPSA sign-in/],
      [/not checked +Storage/],
    ],
  ])('%s', async (_what, env, checked, unchecked) => {
    const { text, well } = await examined(env);
    for (const words of [...checked, ...unchecked]) expect(text).toMatch(words);
    expect(text).not.toContain('hush-hush');
    expect(well).toBe(false);
  });
});

test.each([
  [[], 'No problems found.'],
  [['Storage'], 'Fix 1 problem first: Storage.'],
  [['Storage', 'Slack token'], 'Fix 2 problems first: Storage, Slack token.'],
])('the last line says what to do with all of it: %j', async (failed, words) => {
  at = await DoctorStage.open();
  expect(verdict(failed.map((name) => ({ name, outcome: 'failed', found: '', fix: '' })))).toBe(words);
});
