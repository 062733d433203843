import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Person, Standing } from '../requests/policy.ts';
import type { Identity } from './connection.ts';

const userSchema = z.object({
  id: z.string(),
  team_id: z.string().optional(),
  deleted: z.boolean().optional(),
  is_bot: z.boolean().optional(),
  is_restricted: z.boolean().optional(),
  is_ultra_restricted: z.boolean().optional(),
  is_stranger: z.boolean().optional(),
  is_admin: z.boolean().optional(),
  is_owner: z.boolean().optional(),
  is_primary_owner: z.boolean().optional(),
  tz: z.string().nullish(),
  enterprise_user: z.object({ enterprise_id: z.string().optional() }).optional(),
});
type User = z.infer<typeof userSchema>;

export type People = {
  /** What is known from before, without asking Slack. */
  known: (userId: string) => Person | undefined;
  /**
   * Asks Slack. `seenInTeam`: the workspace that the payload gives for this person.
   * @throws SDK errors: who cannot be looked up is nobody.
   */
  lookUp: (userId: string, seenInTeam?: string) => Promise<Person>;
};

const knownForMs = 60_000;
const groupKnownForMs = 60_000;

/** Who somebody is, by `users.info` and `usergroups.users.list`. Rights change, so nothing is kept for long. */
export function createPeople(deps: {
  client: WebClient;
  identity: Identity;
  /** The user groups that NEO_APPROVERS and NEO_REQUESTERS name. */
  groups: readonly string[];
  now: () => number;
}): People {
  const { client, identity, groups, now } = deps;
  const people = new Map<string, { person: Person; until: number }>();
  const members = new Map<string, { users: Promise<string[]>; until: number }>();

  /** Slack allows some twenty of these calls a minute, so one answer serves everybody for a while. */
  function membersOf(group: string): Promise<string[]> {
    const cached = members.get(group);
    if (cached && cached.until > now()) return cached.users;
    const users = client.usergroups.users
      .list({ usergroup: group })
      .then((answer) => z.array(z.string()).parse(answer.users ?? []));
    members.set(group, { users, until: now() + groupKnownForMs });
    users.catch(() => members.delete(group));
    return users;
  }

  async function groupsOf(userId: string): Promise<string[]> {
    const found = await Promise.all(
      groups.map(async (group) => ((await membersOf(group)).includes(userId) ? group : [])),
    );
    return found.flat();
  }

  return {
    known: (userId) => {
      const cached = people.get(userId);
      return cached && cached.until > now() ? cached.person : undefined;
    },
    lookUp: async (userId, seenInTeam) => {
      const [answer, inGroups] = await Promise.all([client.users.info({ user: userId }), groupsOf(userId)]);
      const user = userSchema.parse(answer.user);
      const person: Person = {
        id: userId,
        standing: standingOf(user, [user.team_id, seenInTeam], identity),
        isAdmin: [user.is_admin, user.is_owner, user.is_primary_owner].includes(true),
        groups: inGroups,
        timeZone: user.tz ?? undefined,
        teamId: seenInTeam ?? user.team_id,
      };
      people.set(userId, { person, until: now() + knownForMs });
      return person;
    },
  };
}

function standingOf(user: User, teams: (string | undefined)[], { teamId, enterpriseId }: Identity): Standing {
  const elsewhere = teams.some((team) => team !== undefined && team !== teamId);
  const sameEnterprise = enterpriseId !== undefined && user.enterprise_user?.enterprise_id === enterpriseId;
  if (user.is_stranger || (elsewhere && !sameEnterprise)) return 'outsider';
  if (user.deleted) return 'deactivated';
  if (user.is_bot) return 'bot';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : 'member';
}
