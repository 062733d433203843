import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Request } from '../requests/request.ts';
import type { People } from './people.ts';
import { linkTo, translated } from './posting.ts';

const channelSchema = z.object({
  channel: z.object({
    is_member: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_archived: z.boolean().optional(),
  }),
});

/** A private channel that the bot is not in does not exist for it; group messages need a scope that it never has. */
const hiddenCodes = ['channel_not_found', 'missing_scope'];

/**
 * Is the bot in this channel, and do people of another company see it? `isKnown`: Slack shows the channel to the bot.
 * @throws SDK errors
 */
export async function channelFacts(
  client: WebClient,
  channelId: string,
): Promise<{ isKnown: boolean; isMember: boolean; isShared: boolean; isArchived: boolean }> {
  try {
    const { channel } = channelSchema.parse(await client.conversations.info({ channel: channelId }));
    return {
      isKnown: true,
      isArchived: channel.is_archived === true,
      isMember: channel.is_member === true,
      isShared: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
    };
  } catch (error) {
    const isHidden = error instanceof WebAPIPlatformError && hiddenCodes.includes(error.data.error);
    if (!isHidden) throw error;
    return { isKnown: false, isMember: false, isShared: false, isArchived: false };
  }
}

/** Slack takes so many lookups a minute; among this many members one who could press Stop is found, or nobody is. */
const maxLookedAt = 50;
const lookedAtOnce = 10;

/**
 * Could anybody but the requester have stopped what this card asks for? Its message must stand, and another full member
 * must be in its channel. @throws as `postOnce`: then it is not known
 */
export async function couldBeStopped(
  client: WebClient,
  people: Pick<People, 'find'>,
  { card, requester }: Pick<Request, 'card' | 'requester'>,
): Promise<boolean> {
  if (card === undefined || (await linkTo(client, card)) === undefined) return false;
  const answer = await translated(() => client.conversations.members({ channel: card.channel, limit: 200 }));
  const members = z.object({ members: z.array(z.string()) }).parse(answer).members;
  const others = members.filter((member) => member !== requester).slice(0, maxLookedAt);
  for (let first = 0; first < others.length; first += lookedAtOnce) {
    const users = others.slice(first, first + lookedAtOnce);
    const found = await Promise.all(users.map((user) => people.find(user)));
    if (found.some((person) => person?.standing === 'member')) return true;
  }
  return false;
}
