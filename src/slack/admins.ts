import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Identity } from './connection.ts';
import { isAdmin, standingOf, userSchema } from './people.ts';

const membersPerPage = 1_000;
/** Slack could go on without end. */
const maxMemberPages = 90;

const pageSchema = z.object({
  members: z.array(z.unknown()),
  response_metadata: z.object({ next_cursor: z.string().optional() }).optional(),
});

/**
 * The ids of the workspace's admins and owners who are full members, a page of `users.list` at a time. `ask` makes each
 * call, and may make it again. @throws what `ask` throws, and an error where Slack lists too many members
 */
export async function* adminsByPage(
  client: WebClient,
  identity: Identity,
  ask: <T>(call: () => Promise<T>) => Promise<T>,
): AsyncGenerator<string[]> {
  let cursor: string | undefined;
  for (let pages = 0; pages < maxMemberPages; pages += 1) {
    const limits = { limit: membersPerPage, ...(cursor !== undefined && { cursor }) };
    const { members, response_metadata } = pageSchema.parse(await ask(() => client.users.list(limits)));
    yield members.filter(mayBeAdmin).flatMap((row) => {
      const { success, data } = userSchema.safeParse(row);
      return success && isAdmin(data) && isMember(data, identity) ? [data.id] : [];
    });
    cursor = response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return;
  }
  throw new Error('Slack lists too many members to find the admins: name people in NEO_APPROVERS');
}

/** Nearly all of a large workspace are none: they are not read any further. */
function mayBeAdmin(row: unknown): boolean {
  if (typeof row !== 'object' || row === null) return false;
  return ['is_admin', 'is_owner', 'is_primary_owner'].some((flag) => Reflect.get(row, flag) === true);
}

/** Of whom Slack says too little, nothing is claimed. */
function isMember(user: z.infer<typeof userSchema>, identity: Identity): boolean {
  try {
    return standingOf(user, [user.team_id], identity) === 'member';
  } catch {
    return false;
  }
}
