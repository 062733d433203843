import { z } from 'zod';
import { readConfig } from '../src/config.ts';
import { runProcess } from '../src/process.ts';
import { openStore } from '../src/storage/database.ts';

/** The app as `npm start` runs it, with a clock that is so many milliseconds ahead. */
const aheadMs = z.coerce.number<string>().int().nonnegative().parse(process.env['DEMO_AHEAD_MS']);

const read = readConfig(process.env);
if ('problems' in read) throw new Error(JSON.stringify(read.problems));
await runProcess(read.config, {
  openStore: async (where) => {
    const store = await openStore(where);
    return { ...store, now: () => store.now() + aheadMs };
  },
});
