import { HTTPReceiver, SocketModeReceiver, type Logger as SlackLogger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Config } from '../config.ts';

type CustomRoute = NonNullable<ConstructorParameters<typeof HTTPReceiver>[0]['customRoutes']>[number];

export type Connection = {
  receiver: HTTPReceiver | SocketModeReceiver;
  /** Can payloads of Slack reach us? */
  isConnected: () => boolean;
  /** Resolves when nothing reaches us any more, at the latest after `deadlineMs`. */
  closed: (deadlineMs: number) => Promise<void>;
};

/** Milliseconds. A trigger lives three seconds, so an answer to a person that takes longer is of no use. */
const answerTimeoutMs = 2_500;
const postTimeoutMs = 10_000;

/**
 * How payloads come in. Every client gets its own options object: Socket Mode writes its retry policy into
 * the one it is given, and the retries that its reconnecting needs would make a listener's call hang.
 */
export function connect(
  slack: Config['slack'],
  port: number,
  logger: SlackLogger,
  customRoutes: CustomRoute[],
): Connection {
  if (slack.mode === 'http') {
    const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, port, logger, customRoutes });
    return { receiver, isConnected: () => true, closed: () => Promise.resolve() };
  }
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    logger,
    clientPingTimeout: 5_000,
    customRoutes,
    installerOptions: {
      port,
      clientOptions: {
        slackApiUrl: slack.apiUrl,
        timeout: 10_000,
        retryConfig: { forever: true, minTimeout: 500, maxTimeout: 30_000, factor: 1.5 },
      },
    },
  });
  return {
    receiver,
    isConnected: () => receiver.client.websocket?.isActive() ?? false,
    closed: (deadlineMs) =>
      new Promise((resolve) => {
        const deadline = setTimeout(resolve, deadlineMs);
        receiver.client.once('disconnected', () => {
          clearTimeout(deadline);
          resolve();
        });
      }),
  };
}

/** For what a person waits for: opening views, asking who somebody is. */
export function answeringOptions(slackApiUrl: string) {
  return { slackApiUrl, timeout: answerTimeoutMs, retryConfig: { retries: 0 } };
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
