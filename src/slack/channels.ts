import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';

const channelSchema = z.object({
  channel: z.object({
    is_member: z.boolean().optional(),
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
  }),
});

/** A private channel that the bot is not in does not exist for it; group messages need a scope that it never has. */
const hiddenCodes = ['channel_not_found', 'missing_scope'];

/** Is the bot in this channel, and do people of another company see it? @throws SDK errors */
export async function channelFacts(
  client: WebClient,
  channelId: string,
): Promise<{ isMember: boolean; isShared: boolean }> {
  try {
    const { channel } = channelSchema.parse(await client.conversations.info({ channel: channelId }));
    return {
      isMember: channel.is_member === true,
      isShared: channel.is_ext_shared === true || channel.is_pending_ext_shared === true,
    };
  } catch (error) {
    const isHidden = error instanceof WebAPIPlatformError && hiddenCodes.includes(error.data.error);
    if (!isHidden) throw error;
    return { isMember: false, isShared: false };
  }
}
