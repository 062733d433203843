import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { isEmpty, mayApprove, type PeopleList, type Person, type Standing } from '../requests/policy.ts';
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
  /** What Slack said in the last minute, or in another time in milliseconds, without asking it. */
  known: (userId: string, maxAgeMs?: number) => Person | undefined;
  /**
   * Asks Slack. `seenInTeam`: the workspace that the payload gives for this person.
   * @throws SDK errors: who cannot be looked up is nobody.
   */
  lookUp: (userId: string, seenInTeam?: string) => Promise<Person>;
  /**
   * Everybody whom the list names and who belongs here; of an empty list the workspace's admins and owners. What Slack
   * said in the last minute is good enough. @throws SDK errors
   */
  everyoneOn: (list: PeopleList) => Promise<Person[]>;
};

const knownForMs = 60_000;
/** A large workspace has thousands of members and Slack allows some twenty pages of them a minute. */
const adminsKnownForMs = 600_000;
const membersPerPage = 1_000;
/** Of 50,000 members. Slack could go on without end, and the start waits for it. */
const maxMemberPages = 50;

type Timed<T> = { value: T; until: number };

/**
 * Who somebody is, by `users.info`, `users.list` and `usergroups.users.list`. Rights change, so nothing is kept for
 * long, and who clicks is always asked for anew.
 */
export function createPeople(deps: {
  client: WebClient;
  identity: Identity;
  /** The user groups that the configuration names. */
  groups: readonly string[];
  now: () => number;
}): People {
  const { client, identity, groups, now } = deps;
  const people = new Map<string, { person: Person; at: number }>();
  const lists = new Map<string, Timed<Promise<string[]>>>();

  function current<T>(timed: Timed<T> | undefined): T | undefined {
    return timed && timed.until > now() ? timed.value : undefined;
  }

  /** One answer serves everybody for a while; one that did not come is not kept. */
  function listed(key: string, forMs: number, ask: () => Promise<string[]>): Promise<string[]> {
    const before = current(lists.get(key));
    if (before !== undefined) return before;
    const value = ask();
    lists.set(key, { value, until: now() + forMs });
    value.catch(() => lists.delete(key));
    return value;
  }

  const membersOf = (group: string) =>
    listed(group, knownForMs, async () => {
      const { users } = await client.usergroups.users.list({ usergroup: group });
      return z.array(z.string()).parse(users ?? []);
    });

  const admins = () =>
    listed('admins', adminsKnownForMs, async () => {
      const found: string[] = [];
      let pages = 0;
      for await (const page of client.paginate('users.list', { limit: membersPerPage })) {
        pages += 1;
        if (pages > maxMemberPages)
          throw new Error('Slack lists too many members to find the admins: name people in NEO_APPROVERS');
        const members = z.object({ members: z.array(userSchema) }).parse(page).members;
        found.push(...members.filter(isAdmin).map(({ id }) => id));
      }
      return found;
    });

  async function groupsOf(userId: string): Promise<string[]> {
    const found = await Promise.all(
      groups.map(async (group) => ((await membersOf(group)).includes(userId) ? group : [])),
    );
    return found.flat();
  }

  async function lookUp(userId: string, seenInTeam?: string): Promise<Person> {
    const [answer, inGroups] = await Promise.all([client.users.info({ user: userId }), groupsOf(userId)]);
    const user = userSchema.parse(answer.user);
    const person: Person = {
      id: userId,
      standing: standingOf(user, [user.team_id, seenInTeam], identity),
      isAdmin: isAdmin(user),
      groups: inGroups,
      timeZone: user.tz ?? undefined,
      teamId: seenInTeam ?? user.team_id,
    };
    people.set(userId, { person, at: now() });
    return person;
  }

  const known = (userId: string, maxAgeMs = knownForMs) => {
    const seen = people.get(userId);
    return seen !== undefined && now() - seen.at < maxAgeMs ? seen.person : undefined;
  };

  /** Somebody whom the configuration names, and whom Slack does not know, is nobody. */
  async function knownOrLookedUp(userId: string): Promise<Person[]> {
    try {
      return [known(userId) ?? (await lookUp(userId))];
    } catch (error) {
      if (error instanceof WebAPIPlatformError && unknownPersonCodes.includes(error.data.error)) return [];
      throw error;
    }
  }

  return {
    known,
    lookUp,
    everyoneOn: async (list) => {
      const inGroups = await Promise.all(list.groups.map(membersOf));
      const ids = isEmpty(list) ? await admins() : [...list.users, ...inGroups.flat()];
      const found = await Promise.all([...new Set(ids)].map(knownOrLookedUp));
      return found.flat().filter((person) => mayApprove(person, list) === undefined);
    },
  };
}

export const unknownPersonCodes = ['user_not_found', 'users_not_found', 'user_not_visible'];

function isAdmin(user: User): boolean {
  return [user.is_admin, user.is_owner, user.is_primary_owner].includes(true);
}

/** @throws Error when Slack leaves out what tells a full member from others */
function standingOf(user: User, teams: (string | undefined)[], { teamId, enterpriseId }: Identity): Standing {
  const elsewhere = teams.some((team) => team !== undefined && team !== teamId);
  const sameEnterprise = enterpriseId !== undefined && user.enterprise_user?.enterprise_id === enterpriseId;
  if (user.is_stranger || (elsewhere && !sameEnterprise)) return 'outsider';
  if (user.deleted) return 'deactivated';
  if (user.is_bot) return 'bot';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  const { deleted, is_bot, is_restricted, is_ultra_restricted } = user;
  const isSaid = [deleted, is_bot, is_restricted, is_ultra_restricted].every((flag) => flag === false);
  if (!isSaid || user.team_id === undefined)
    throw new Error('Slack does not say whether this is a full member');
  return 'member';
}
