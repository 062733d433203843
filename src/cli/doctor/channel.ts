import type { WebClient } from '@slack/web-api';
import { askForChannel } from '../../slack/channels.ts';
import { whyUnanswered } from '../../slack/unanswered.ts';
import type { Finding } from './finding.ts';

export const channelName = 'Approvals channel';
const invite = 'In that channel type /invite @Neo Setup';

/** Where cards go: it is there, takes messages, the bot is in it, and nobody of another company sees it. */
export async function checkChannel(client: WebClient, channelId: string | undefined): Promise<Finding> {
  if (channelId === undefined)
    return {
      name: channelName,
      outcome: 'ok',
      found: 'wherever /neo-setup is typed (NEO_APPROVALS_CHANNEL is empty)',
    };
  const failed = (found: string, fix: string): Finding => ({
    name: channelName,
    outcome: 'failed',
    found,
    fix,
  });
  try {
    const { audience, code, isMember, isArchived } = await askForChannel(client, channelId);
    if (audience === 'unknown' && code !== 'channel_not_found')
      return failed(
        `${channelId}: Slack does not say who can read it (${code ?? 'no reason given'})`,
        'Compare the app’s scopes with manifest.yml, and reinstall it to the workspace.',
      );
    if (audience === 'direct')
      return failed(
        `${channelId} is a direct or group message`,
        'Name an internal channel in NEO_APPROVALS_CHANNEL.',
      );
    if (audience === 'unknown')
      return failed(
        `${channelId}: the bot can’t see this channel`,
        'Copy the channel ID from the channel’s details into NEO_APPROVALS_CHANNEL. If the channel is private, type /invite @Neo Setup in it.',
      );
    if (isArchived)
      return failed(
        `${channelId} is archived`,
        'Name another channel in NEO_APPROVALS_CHANNEL, or unarchive it.',
      );
    if (audience === 'shared')
      return failed(
        `${channelId} is shared with another company`,
        'Name an internal channel in NEO_APPROVALS_CHANNEL: people of the other company would see the cards.',
      );
    return isMember
      ? { name: channelName, outcome: 'ok', found: `${channelId}: the bot is in it` }
      : failed(`the bot is not in ${channelId}`, `${invite}.`);
  } catch (error) {
    return { name: channelName, outcome: 'not_checked', found: whyUnanswered(error) };
  }
}
