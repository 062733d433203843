import type { Logger as SlackLogger, Receiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Config } from '../config.ts';
import type { Route } from '../server.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { limitedFetch } from './limited-fetch.ts';
import { createSocketReceiver } from './socket-receiver.ts';

export type Connection = {
  receiver: Receiver;
  /** What the HTTP server of the process must pass on. */
  routes: readonly Route[];
  /** Can payloads of Slack reach us, as far as it isn't the HTTP server's part? */
  isConnected: () => boolean;
  /** Makes the connection again, where there is one. */
  renew: () => void;
};

/** Milliseconds. A trigger lives three seconds, so an answer to a person that takes longer is of no use. */
const answerTimeoutMs = 2_500;
const postTimeoutMs = 10_000;

/** How payloads come in. */
export function connect(slack: Config['slack'], logger: SlackLogger): Connection {
  if (slack.mode === 'socket') return { ...createSocketReceiver(slack, logger), routes: [] };
  const { receiver, route } = createHttpReceiver(slack.signingSecret, logger);
  return { receiver, routes: [route], isConnected: () => true, renew: () => {} };
}

/**
 * For what a person waits for: opening views, asking who somebody is. After a 429 the SDK would let everything wait that
 * goes through the same client, whatever its timeout says; so a call that Slack limits fails at once.
 */
export function answeringOptions(slackApiUrl: string) {
  return {
    slackApiUrl,
    fetch: limitedFetch,
    timeout: answerTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  };
}

/**
 * For messages. The SDK would repeat `chat.postMessage` after a lost answer, and the channel would hold it
 * twice: the outbox looks for it before it tries again.
 */
export function postingClient(
  slack: Pick<Config['slack'], 'apiUrl' | 'botToken'>,
  logger: SlackLogger,
): WebClient {
  return new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    fetch: limitedFetch,
    timeout: postTimeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger,
  });
}

export type Identity = {
  teamId: string;
  /** On Enterprise Grid: members of the same enterprise belong too. */
  enterpriseId: string | undefined;
  botUserId: string;
  botId: string;
};

/** Who we are at Slack. Asked once, so that Bolt does not ask at every payload. @throws SDK errors */
export async function identify(client: WebClient): Promise<Identity> {
  const {
    team_id: teamId,
    enterprise_id: enterpriseId,
    user_id: botUserId,
    bot_id: botId,
  } = await client.auth.test();
  if (teamId === undefined || botUserId === undefined || botId === undefined)
    throw new Error('Slack did not say which workspace SLACK_BOT_TOKEN belongs to. Is it a bot token?');
  return { teamId, enterpriseId, botUserId, botId };
}
