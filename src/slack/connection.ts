import { setTimeout as pause } from 'node:timers/promises';
import type { Logger as SlackLogger, Receiver } from '@slack/bolt';
import { WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { isNoOlder } from '../age.ts';
import type { Config } from '../config.ts';
import type { Route } from '../server.ts';
import { createHttpReceiver } from './http-receiver.ts';
import { limitedFetch } from './limited-fetch.ts';
import { createSocketReceiver } from './socket-receiver.ts';
import { isPassing, isRefusal, whyUnanswered } from './unanswered.ts';
import { createWaitingAcks, type WaitingAcks } from './waiting-acks.ts';

export type Connection = {
  receiver: Receiver;
  /** What the HTTP server of the process must pass on. */
  routes: readonly Route[];
  /** Can payloads of Slack reach us, as far as it isn't the HTTP server's part? */
  isConnected: () => boolean;
  /** Makes the connection again, where there is one. */
  renew: () => void;
  /** See `WaitingAcks`. */
  quiet: WaitingAcks['quiet'];
};

/** Milliseconds. A trigger lives three seconds, so an answer to a person that takes longer is of no use. */
const answerTimeoutMs = 2_500;
const postTimeoutMs = 10_000;

/** How payloads come in. */
export function connect(slack: Config['slack'], logger: SlackLogger): Connection {
  const acks = createWaitingAcks();
  const { quiet } = acks;
  if (slack.mode === 'socket') return { ...createSocketReceiver(slack, logger, acks), routes: [], quiet };
  const { receiver, route } = createHttpReceiver(slack.signingSecret, logger, acks);
  return { receiver, routes: [route], isConnected: () => true, renew: () => {}, quiet };
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
 * twice: it is looked for before the next try.
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

/** The token is good, but this app can't work with it. The message is a plain sentence. */
export class WrongToken extends Error {
  override readonly name = 'WrongToken';
}

/** Who we are at Slack. Asked once, so that Bolt does not ask at every payload. @throws {WrongToken} SDK errors */
export async function identify(client: WebClient): Promise<Identity> {
  const {
    team_id: teamId,
    enterprise_id: enterpriseId,
    user_id: botUserId,
    bot_id: botId,
    is_enterprise_install: isOrgWide,
  } = await client.auth.test();
  if (isOrgWide === true)
    throw new WrongToken(
      'SLACK_BOT_TOKEN belongs to an organization-wide installation. Install the app to a single workspace and use the token from that installation.',
    );
  if (teamId === undefined || botUserId === undefined || botId === undefined)
    throw new WrongToken(
      'Slack does not say which workspace SLACK_BOT_TOKEN belongs to. It must be a bot token (xoxb-).',
    );
  return { teamId, enterpriseId, botUserId, botId };
}

const firstWaitMs = 1_000;
const longestWaitMs = 30_000;

/** The same, once Slack can be reached: it is waited for, and the log says so once. @throws {WrongToken} SDK errors, where waiting won't help */
export async function identifyPatiently(client: WebClient, log: Logger): Promise<Identity> {
  for (let tries = 0; ; tries += 1)
    try {
      const identity = await identify(client);
      if (tries > 0) log.info('Slack answers');
      return identity;
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (tries === 0)
        log.warn({ why: whyUnanswered(error) }, 'Slack does not answer, the start waits for it');
      const wantedMs = error instanceof WebAPIRateLimitedError ? error.retryAfter * 1_000 : 0;
      await pause(Math.min(longestWaitMs, Math.max(wantedMs, firstWaitMs * 2 ** Math.min(tries, 10))));
    }
}

const askTokenEveryMs = 60_000;
/** A probe of `/readyz` waits no longer for Slack; what it said last counts then. */
const tokenWithinMs = 1_000;

/**
 * Does Slack still take the bot token, by what it said in the last minute? Somebody may take the app out of the workspace
 * while it runs. That Slack doesn't answer says nothing of the token.
 */
export function createTokenCheck(deps: {
  client: WebClient;
  log: Logger;
  now: () => number;
}): () => Promise<boolean> {
  const { client, log, now } = deps;
  let isTaken = true;
  let asked: { at: number; answer: Promise<void> } | undefined;

  async function ask(): Promise<void> {
    try {
      await client.auth.test();
      isTaken = true;
    } catch (error) {
      if (!isRefusal(error)) return;
      if (isTaken)
        log.error({ why: whyUnanswered(error) }, 'Slack refuses the bot token: nobody is answered');
      isTaken = false;
    }
  }

  return async () => {
    if (asked === undefined || !isNoOlder(asked.at, askTokenEveryMs, now()))
      asked = { at: now(), answer: ask() };
    await Promise.race([asked.answer, pause(tokenWithinMs, undefined, { ref: false })]);
    return isTaken;
  };
}
