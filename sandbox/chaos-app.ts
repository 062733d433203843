import { readConfig } from '../src/config.ts';
import { createHaloClient } from '../src/halo/client.ts';
import { HaloError } from '../src/halo/errors.ts';
import { runProcess, type Tuning } from '../src/process.ts';

/**
 * The app as `npm start` runs it, but in a hurry: shorter pauses, and a rate that lets a thousand jobs pass
 * in minutes. With CHAOS_BREAK=repeat-create it is broken on purpose: a create whose answer is lost is sent
 * again, as a client with retries would do. Chaos must find that.
 */
const tuning: Partial<Tuning> = {
  haloRate: { burst: 5_000, everyMs: 1 },
  lookAgainAfterMs: [200, 400, 800, 1_600],
  waitForHaloMs: Array.from({ length: 20 }, () => 500),
  openHalo: (config, options) => {
    const client = createHaloClient(config, { ...options, timeoutMs: 3_000 });
    if (process.env['CHAOS_BREAK'] !== 'repeat-create') return client;
    return {
      ...client,
      post: async (path, body, schema, beforeSend) => {
        try {
          return await client.post(path, body, schema, beforeSend);
        } catch (error) {
          if (!(error instanceof HaloError) || error.kind !== 'outcome_unknown') throw error;
          return client.post(path, body, schema, beforeSend);
        }
      },
    };
  },
};

const read = readConfig(process.env);
if ('problems' in read) throw new Error(JSON.stringify(read.problems));
await runProcess(read.config, tuning);
