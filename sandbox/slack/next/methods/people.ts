import { z } from 'zod';
import type { Person, UserGroup } from '../model.ts';
import type { Store } from '../store.ts';
import { flag, method, refuse } from './method.ts';

export const authTest = method({
  args: z.object({}),
  run: ({ store: { identity } }) => ({
    ok: true,
    url: `https://${identity.teamDomain}.slack.com/`,
    team: identity.teamDomain,
    user: identity.botName.toLowerCase().replaceAll(' ', '_'),
    team_id: identity.teamId,
    user_id: identity.botUserId,
    bot_id: identity.botId,
    is_enterprise_install: false,
  }),
});

export const userInfo = method({
  scope: 'users:read',
  args: z.object({ user: z.string() }),
  run: ({ store }, args) => {
    const person = store.people.get(args.user);
    return person === undefined ? refuse('user_not_found') : { ok: true, user: shownPerson(store, person) };
  },
});

export const listUserGroups = method({
  scope: 'usergroups:read',
  args: z.object({ include_users: flag }),
  run: ({ store }, args) => ({
    ok: true,
    usergroups: [...store.userGroups.values()].map((group) => shownGroup(store, group, args.include_users)),
  }),
});

export const listUserGroupUsers = method({
  scope: 'usergroups:read',
  args: z.object({ usergroup: z.string() }),
  run: ({ store }, args) => {
    const group = store.userGroups.get(args.usergroup);
    return group === undefined ? refuse('no_such_subteam') : { ok: true, users: [...group.users] };
  },
});

function shownGroup(store: Store, { id, handle, users }: UserGroup, withUsers: boolean) {
  const group = {
    id,
    team_id: store.identity.teamId,
    is_usergroup: true,
    name: handle,
    handle,
    date_delete: 0,
  };
  return { ...group, user_count: users.length, ...(withUsers && { users: [...users] }) };
}

/** Roles are told of whoever is active; of a deactivated person Slack says little more than that. */
function shownPerson(store: Store, person: Person) {
  const { id, name, tz = 'America/Los_Angeles', deleted = false, isBot = false } = person;
  const owner = person.isPrimaryOwner === true || person.isOwner === true;
  const user = {
    id,
    team_id: store.teamOf(id),
    name: name.toLowerCase().replaceAll(' ', '.'),
    deleted,
    real_name: name,
    profile: { real_name: name, display_name: name, team: store.teamOf(id) },
    is_bot: isBot,
    is_app_user: false,
    updated: Math.floor(store.now() / 1000),
  };
  if (deleted) return user;
  return {
    ...user,
    tz,
    ...zoneLabels(tz, store.now()),
    is_admin: owner || person.isAdmin === true,
    is_owner: owner,
    is_primary_owner: person.isPrimaryOwner ?? false,
    is_restricted: person.isRestricted === true || person.isUltraRestricted === true,
    is_ultra_restricted: person.isUltraRestricted ?? false,
    ...(person.isStranger === true && { is_stranger: true }),
  };
}

/** The zone in words, and its distance from UTC in seconds. */
function zoneLabels(tz: string, at: number) {
  const part = (timeZoneName: 'long' | 'longOffset') =>
    new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName })
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(part('longOffset')) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  return { tz_label: part('long'), tz_offset: sign === '-' ? -seconds : seconds };
}
