import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { isNoOlder } from '../age.ts';
import type { Person, Standing } from '../requests/policy.ts';
import type { Identity } from './connection.ts';
import type { GroupMembers, Groups } from './groups.ts';

/** Of a person, as `users.info` and `users.list` describe them. */
export const userSchema = z.object({
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
  enterprise_user: z
    .object({
      id: z.string().optional(),
      enterprise_id: z.string().optional(),
      teams: z.array(z.string()).optional(),
    })
    .optional(),
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
  /** What Slack said in the last minute is good enough. Undefined: Slack knows no such person. @throws SDK errors */
  find: (userId: string) => Promise<Person | undefined>;
};

const knownForMs = 60_000;
/** So many people are kept in memory: those who were looked up last. */
const maxKept = 1_000;
/**
 * A user group that takes longer, in milliseconds, is unknown to who is looked up now: nobody whom it doesn't concern
 * waits for it.
 */
const groupsWithinMs = 1_500;

/** Who somebody is, by `users.info`. Rights change, so nothing is kept for long, and who clicks is always asked for anew. */
export function createPeople(deps: {
  client: WebClient;
  identity: Identity;
  groups: Groups;
  /** The user groups by which somebody may do something. */
  groupsThatLetIn: readonly string[];
  /** The people whom the configuration names. */
  named: readonly string[];
  now: () => number;
}): People {
  const { client, identity, groups, groupsThatLetIn, named, now } = deps;
  const people = new Map<string, { person: Person; at: number }>();
  /** Under which other ids Slack knows somebody whom the configuration names. */
  const otherIds = new Map<string, string[]>();

  /** Those that Slack gives with the answer, and the ids in the configuration that turned out to be theirs. */
  function idsOf(userId: string, { id, enterprise_user }: User): string[] {
    const own = [userId, id, ...(enterprise_user?.id === undefined ? [] : [enterprise_user.id])];
    if (named.includes(userId)) otherIds.set(userId, own);
    const theirs = named.filter((one) => otherIds.get(one)?.some((other) => own.includes(other)));
    return [...new Set([...own, ...theirs])];
  }

  async function lookUp(userId: string, seenInTeam?: string): Promise<Person> {
    const [answer, ...memberships] = await Promise.all([
      client.users.info({ user: userId }),
      ...groupsThatLetIn.map((group) => within(groupsWithinMs, groups.membersOf(group))),
    ]);
    const user = userSchema.parse(answer.user);
    const isIn = (members: GroupMembers | undefined) =>
      members && 'ids' in members && members.ids.includes(userId);
    const person: Person = {
      id: userId,
      alsoKnownAs: idsOf(userId, user).filter((id) => id !== userId),
      standing: standingOf(user, [user.team_id, seenInTeam], identity),
      isAdmin: isAdmin(user),
      groups: groupsThatLetIn.filter((_, index) => isIn(memberships[index])),
      groupsUnknown: groupsThatLetIn.filter((_, index) => 'unknown' in (memberships[index] ?? notInTime)),
      timeZone: user.tz ?? undefined,
      teamId: seenInTeam ?? user.team_id,
    };
    people.delete(userId);
    people.set(userId, { person, at: now() });
    const [longestAgo] = people.keys();
    if (people.size > maxKept && longestAgo !== undefined) people.delete(longestAgo);
    return person;
  }

  const known = (userId: string, maxAgeMs = knownForMs) => {
    const seen = people.get(userId);
    return seen !== undefined && isNoOlder(seen.at, maxAgeMs, now()) ? seen.person : undefined;
  };

  return {
    known,
    lookUp,
    find: async (userId) => {
      try {
        return known(userId) ?? (await lookUp(userId));
      } catch (error) {
        if (isUnknownPerson(error)) return undefined;
        throw error;
      }
    },
  };
}

const notInTime: GroupMembers = { unknown: 'Slack did not say in time', lasts: false };

/** Does Slack say that there is no such person, or none that we may see? */
function isUnknownPerson(error: unknown): boolean {
  return error instanceof WebAPIPlatformError && unknownPersonCodes.includes(error.data.error);
}

const unknownPersonCodes = ['user_not_found', 'users_not_found', 'user_not_visible'];

async function within(ms: number, members: Promise<GroupMembers>): Promise<GroupMembers> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<GroupMembers>((resolve) => {
    timer = setTimeout(resolve, ms, notInTime);
  });
  try {
    return await Promise.race([members, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function isAdmin(user: User): boolean {
  return [user.is_admin, user.is_owner, user.is_primary_owner].includes(true);
}

/** @throws Error when Slack leaves out what tells a full member from others */
export function standingOf(user: User, teams: readonly (string | undefined)[], identity: Identity): Standing {
  if (user.is_stranger === true || !belongsHere(user, teams, identity)) return 'outsider';
  if (user.deleted) return 'deactivated';
  if (user.is_bot) return 'bot';
  if (user.is_restricted || user.is_ultra_restricted) return 'guest';
  const { deleted, is_bot, is_restricted, is_ultra_restricted } = user;
  const isSaid = [deleted, is_bot, is_restricted, is_ultra_restricted].every((flag) => flag === false);
  if (!isSaid || user.team_id === undefined)
    throw new Error('Slack does not say whether this is a full member');
  return 'member';
}

/**
 * Is this a person of this workspace? On Enterprise Grid their workspaces are listed: members of a sister workspace are
 * not members here, and those of this one may have another as their home. Elsewhere, and where Slack lists none, every
 * workspace that it gives for them must be this one.
 */
function belongsHere(
  { enterprise_user: grid }: User,
  teams: readonly (string | undefined)[],
  { teamId, enterpriseId }: Identity,
): boolean {
  if (enterpriseId !== undefined && grid?.enterprise_id === enterpriseId && grid.teams !== undefined)
    return grid.teams.includes(teamId);
  return teams.every((team) => team === undefined || team === teamId);
}
