import { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { readConfig } from '../src/config.ts';
import { createHaloClient, type HaloClient } from '../src/halo/client.ts';
import { HaloError } from '../src/halo/errors.ts';
import { runProcess, type Tuning } from '../src/process.ts';
import { openStore } from '../src/storage/database.ts';
import { breakNames, type Break } from './chaos/breaks.ts';
import { unlimited } from './unlimited.ts';

/** The app as `npm start` runs it, but in a hurry: shorter pauses, and a rate that lets a thousand jobs pass in minutes. */
const hurried: Partial<Tuning> = {
  budgets: unlimited,
  lookAgainAfterMs: [200, 400, 800, 1_600],
  waitForHaloMs: Array.from({ length: 20 }, () => 500),
  taskRetry: { firstMs: 500, longestMs: 8_000 },
  refusedRetry: { firstMs: 500, longestMs: 2_000 },
  leaseMs: 6_000,
  redrawRate: { burst: 100, everyMs: 20 },
  openHalo: (config, options) => createHaloClient(config, { ...options, timeoutMs: haloTimeoutMs }),
};
const haloTimeoutMs = 3_000;

/** What an app does that is broken in this way. Chaos must find each. */
const broken: Record<Break, Partial<Tuning>> = {
  'repeat-create': {
    openHalo: (config, options) => {
      const client = createHaloClient(config, { ...options, timeoutMs: haloTimeoutMs });
      const repeating: HaloClient = {
        ...client,
        post: async (path, body, reader, beforeSend) => {
          try {
            return await client.post(path, body, reader, beforeSend);
          } catch (error) {
            if (!(error instanceof HaloError) || error.kind !== 'outcome_unknown') throw error;
            return client.post(path, body, reader, beforeSend);
          }
        },
      };
      return { ...client, ...repeating, watchedBy: () => repeating };
    },
  },
  'repeat-post': {
    openPosting: (slack, logger) =>
      new WebClient(slack.botToken, {
        slackApiUrl: slack.apiUrl,
        timeout: 10_000,
        retryConfig: { retries: 3, minTimeout: 100, maxTimeout: 100 },
        logger,
      }),
  },
  'forget-tasks': {
    openStore: async (where) => {
      const store = await openStore(where);
      await store.db.deleteFrom('task').execute();
      return store;
    },
  },
};

const read = readConfig(process.env);
if ('problems' in read) throw new Error(JSON.stringify(read.problems));
const chosen = z.enum(breakNames).optional().parse(process.env['CHAOS_BREAK']);
await runProcess(read.config, { ...hurried, ...(chosen && broken[chosen]) });
