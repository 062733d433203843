import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { isPassing, whyUnanswered } from './unanswered.ts';

/** Who is in a user group. `lasts`: Slack refuses to say, and will until somebody changes something. */
export type GroupMembers = { ids: readonly string[] } | { unknown: string; lasts: boolean };

export type Groups = {
  /** Asks Slack, unless it was asked in the last minute. What Slack does not tell is unknown, and no error. */
  membersOf: (group: string) => Promise<GroupMembers>;
};

const knownForMs = 60_000;

const goneCodes = ['no_such_subteam', 'subteam_not_found'];
const planCodes = ['plan_upgrade_required', 'paid_teams_only'];

function refusalText(code: string): string {
  if (goneCodes.includes(code)) return `Slack knows no such user group (${code})`;
  if (planCodes.includes(code)) return `this Slack plan has no user groups (${code})`;
  return `Slack says ${code}`;
}

/** Who is in which user group, by `usergroups.users.list`. Everybody who asks at the same moment shares one call. */
export function createGroups({ client, now }: { client: WebClient; now: () => number }): Groups {
  const kept = new Map<string, { members: Promise<GroupMembers>; until: number }>();

  async function ask(group: string): Promise<GroupMembers> {
    try {
      const { users } = await client.usergroups.users.list({ usergroup: group });
      return { ids: z.array(z.string()).parse(users ?? []) };
    } catch (error) {
      // Slack says when it may be asked again; what else failed may be asked again at once.
      const waitMs = error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
      const lasts = error instanceof WebAPIPlatformError && !isPassing(error);
      const entry = kept.get(group);
      if (entry !== undefined && !lasts) entry.until = now() + Math.min(waitMs, knownForMs);
      return { unknown: lasts ? refusalText(error.data.error) : whyUnanswered(error), lasts };
    }
  }

  return {
    membersOf: (group) => {
      const last = kept.get(group);
      if (last !== undefined && last.until > now()) return last.members;
      const entry = { members: Promise.resolve<GroupMembers>({ ids: [] }), until: now() + knownForMs };
      kept.set(group, entry);
      entry.members = ask(group);
      return entry.members;
    },
  };
}
