import { setTimeout } from 'node:timers/promises';
import type { Logger as SlackLogger } from '@slack/bolt';
import { WebAPIRateLimitedError } from '@slack/web-api';
import { isRefusal } from './unanswered.ts';

/** Milliseconds before the next connection: doubles from `first` to `max` as long as none lasts. */
const pauses = { firstMs: 250, maxMs: 30_000 };
/** A connection that lasted this long was good: the next one is made without a pause. */
const goodAfterMs = 10_000;

/**
 * Makes one connection after the other until `signal` ends it. Whatever goes wrong is tried again, and the first failure
 * in a row is logged.
 * @param connect resolves when a connection that it made has ended; calls `onOpen` when it can be used
 * @throws SDK errors: Slack refused the very first connection, which is for the operator to fix
 */
export async function stayConnected(
  connect: (onOpen: () => void) => Promise<void>,
  { signal, logger }: { signal: AbortSignal; logger: SlackLogger },
): Promise<void> {
  const ever = { open: false };
  const isStopped = () => signal.aborted;
  let failures = 0;
  let isTold = false;
  while (!isStopped()) {
    let openedAt = Infinity;
    let problem: unknown;
    try {
      await connect(() => {
        openedAt = performance.now();
        ever.open = true;
        isTold = false;
        logger.info('Connected to Slack');
      });
      logger.info('The connection to Slack ended, making a new one');
    } catch (error) {
      if (!ever.open && isRefusal(error)) throw error;
      problem = error;
      // Once, and not at each try of a long outage.
      if (!isStopped() && !isTold) logger.error('No connection to Slack, trying again', error);
      isTold = true;
    }
    failures = performance.now() - openedAt >= goodAfterMs ? 0 : failures + 1;
    await setTimeout(pauseMs(failures, problem), undefined, { signal }).catch(() => {});
  }
}

function pauseMs(failures: number, problem: unknown): number {
  if (failures === 0) return 0;
  const wanted = problem instanceof WebAPIRateLimitedError ? problem.retryAfter * 1_000 : 0;
  return Math.min(pauses.maxMs, Math.max(wanted, pauses.firstMs * 2 ** (failures - 1)));
}
