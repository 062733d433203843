import type { Store } from '../store.ts';
import { bot, enterpriseId, teamDomain, teamId, teamName, type Person } from '../workspace.ts';
import { page, refuse, type Answer, type Args, type Method, type Slack } from './answer.ts';

export const peopleMethods: Record<string, Method> = {
  'auth.test': { tier: 'special', run: authTest },
  'users.info': { tier: 4, scope: 'users:read', run: userInfo },
  'users.list': { tier: 2, scope: 'users:read', run: userList },
  'usergroups.list': { tier: 2, scope: 'usergroups:read', run: userGroupList },
  'usergroups.users.list': { tier: 2, scope: 'usergroups:read', run: userGroupMembers },
};

function authTest({ store }: Slack): Answer {
  return {
    ok: true,
    url: `https://${teamDomain}.slack.com/`,
    team: teamName,
    team_id: teamId,
    ...(store.isOnGrid && { enterprise_id: enterpriseId }),
    user: 'neo_setup',
    user_id: bot.userId,
    bot_id: bot.botId,
    is_enterprise_install: store.isOrgWide,
  };
}

function userInfo({ store }: Slack, args: Args): Answer {
  const person = store.personByAnyId(String(args['user']));
  return person === undefined ? refuse('user_not_found') : { ok: true, user: userOutput(store, person) };
}

function userList({ store }: Slack, args: Args): Answer {
  const found = page([...store.people.values()], args, 1000);
  if ('error' in found) return refuse(found.error);
  const { items, response_metadata } = found;
  return { ok: true, members: items.map((person) => userOutput(store, person)), response_metadata };
}

function userOutput(store: Store, person: Person) {
  const { id, name, tz, grid, unsaid = [] } = person;
  const all = {
    id,
    team_id: store.teamOf(id),
    name: name.toLowerCase(),
    real_name: name,
    deleted: person.deleted ?? false,
    is_bot: person.isBot ?? false,
    is_admin: person.isAdmin ?? false,
    is_owner: person.isOwner ?? false,
    is_primary_owner: false,
    is_restricted: (person.isGuest ?? false) || (person.isSingleChannelGuest ?? false),
    is_ultra_restricted: person.isSingleChannelGuest ?? false,
    ...(person.isStranger === true && { is_stranger: true }),
    ...(grid !== undefined && {
      enterprise_user: {
        id: grid.id,
        enterprise_id: enterpriseId,
        enterprise_name: teamName,
        is_admin: grid.isAdmin ?? false,
        is_owner: false,
        teams: grid.teams,
      },
    }),
    ...(tz !== undefined && { tz, tz_label: tz, tz_offset: 0 }),
  };
  return Object.fromEntries(Object.entries(all).filter(([property]) => !unsaid.includes(property)));
}

function userGroupList({ store }: Slack, args: Args): Answer {
  const withUsers = String(args['include_users']) === 'true';
  return {
    ok: true,
    usergroups: store.userGroups.map(({ id, handle, users }) => ({
      id,
      team_id: teamId,
      is_usergroup: true,
      name: handle,
      handle,
      user_count: users.length,
      ...(withUsers && { users }),
    })),
  };
}

function userGroupMembers({ store }: Slack, args: Args): Answer {
  const group = store.userGroups.find(({ id }) => id === args['usergroup']);
  if (group === undefined) return refuse('no_such_subteam');
  return group.refused === undefined ? { ok: true, users: group.users } : refuse(group.refused);
}
