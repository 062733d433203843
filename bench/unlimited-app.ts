import { unlimited } from '../sandbox/unlimited.ts';
import { readConfig } from '../src/config.ts';
import { runProcess } from '../src/process.ts';

/** The app as `npm start` runs it, but one person may do as much as a bench makes them do. */
const read = readConfig(process.env);
if ('problems' in read) throw new Error(JSON.stringify(read.problems));
await runProcess(read.config, { budgets: unlimited, redrawRate: { burst: 1_000, everyMs: 1 } });
