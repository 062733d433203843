import { describe, expect, test } from 'vitest';
import { bot, channels, people, teamId } from './workspace.ts';
import { codeOf, ops, slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();
const info = (channel: string) => stage.call('conversations.info', { channel });

describe('a limit of Slack', () => {
  test('holds for every call of the method until its time is over, and for no other method', async () => {
    let now = Date.now();
    await stage.reopen({ now: () => now });
    stage.slack.fail('users.info', { kind: 'rate_limited', retryAfter: 30 });
    const ask = () => stage.call('users.info', { user: people.ana.id });
    for (let count = 0; count < 3; count += 1) expect(await ask()).toMatchObject({ error: 'ratelimited' });
    expect(await info(ops)).toMatchObject({ ok: true });
    now += 29_000;
    expect(await ask()).toMatchObject({ error: 'ratelimited' });
    now += 1_001;
    expect(await ask()).toMatchObject({ ok: true });
  });

  test('ends when it is healed', async () => {
    stage.slack.fail('users.info', { kind: 'rate_limited', retryAfter: 30 });
    const ask = () => stage.call('users.info', { user: people.ana.id });
    expect(await ask()).toMatchObject({ error: 'ratelimited' });
    stage.slack.heal();
    expect(await ask()).toMatchObject({ ok: true });
  });
});

describe('conversations', () => {
  test('a group message is none that the bot may look at', async () => {
    const id = 'C07GROUPDM1';
    const members = [people.ana.id, people.ben.id, bot.userId];
    stage.slack.store.channels.set(id, { id, name: 'mpdm-ana--ben--neo-1', isMpim: true, members });
    expect(await codeOf(stage.client.conversations.info({ channel: id }))).toBe('missing_scope');
    await stage.answering(undefined);
    await stage.as('ana').types(id, '/try');
    expect(stage.slack.deliveries.at(-1)?.payload).toMatchObject({ channel_name: 'mpdm-ana--ben--neo-1' });
  });

  test.each([
    [{}, { is_ext_shared: false, is_pending_ext_shared: false }],
    [{ isExtShared: true }, { is_ext_shared: true }],
    [{ isPendingExtShared: true }, { is_ext_shared: false, is_pending_ext_shared: true }],
  ])('of a channel that is %j Slack says %j', async (change, says) => {
    stage.slack.changeChannel(ops, change);
    expect(await info(ops)).toMatchObject({ channel: says });
  });

  test('/invite brings the app into a channel', async () => {
    expect(await info(channels.leadership.id)).toMatchObject({ error: 'channel_not_found' });
    const name = stage.slack.store.names.user(bot.userId);
    await stage.as('ana').types(channels.leadership.id, `/invite @${name}`);
    expect(await info(channels.leadership.id)).toMatchObject({ channel: { is_member: true } });
    await expect(stage.as('ana').types(ops, '/invite @nobody')).rejects.toThrow('nobody called');
  });

  test('somebody of another company is in what is shared with them, and nowhere else', () => {
    const { xena } = people;
    const where = Object.values(channels).filter(({ members }) => members.some((id) => id === xena.id));
    expect(where.map(({ id }) => id)).toEqual([channels.shared.id]);
  });
});

describe('what is typed after a command', () => {
  test.each([
    [true, 'a &amp; b &lt;c&gt;'],
    [false, 'a & b <c>'],
  ])('escaped: %s', async (escapes, text) => {
    stage.slack.store.escapesCommandText = escapes;
    await stage.answering(undefined);
    await stage.as('ana').types(ops, '/try a & b <c>');
    expect(stage.slack.deliveries.at(-1)?.payload).toMatchObject({ text });
  });
});

describe('user groups', () => {
  test.each(['no_such_subteam', 'paid_teams_only', 'plan_upgrade_required'])('%s', async (refused) => {
    stage.slack.store.userGroups.push({ id: 'S07GONE0001', handle: 'gone', users: [], refused });
    expect(await stage.call('usergroups.users.list', { usergroup: 'S07GONE0001' })).toEqual({
      ok: false,
      error: refused,
    });
  });
});

describe('Enterprise Grid', () => {
  test('a person has an id in the organization, and the workspaces they are in', async () => {
    stage.slack.changePerson(people.ben.id, { grid: { id: 'W07BEN9C3M5', teams: [teamId, 'T08SISTER2X'] } });
    const grid = { enterprise_user: { id: 'W07BEN9C3M5', teams: [teamId, 'T08SISTER2X'] } };
    for (const user of [people.ben.id, 'W07BEN9C3M5'])
      expect(await stage.call('users.info', { user })).toMatchObject({ user: grid });
  });

  test('the token of an organization says so', async () => {
    stage.slack.store.isOrgWide = true;
    expect(await stage.call('auth.test', {})).toMatchObject({ is_enterprise_install: true });
  });
});
