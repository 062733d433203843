import { benches } from './benches.ts';

/** Runs one bench, so that none leaves memory or connections to the next one, and tells its report to who started it. */
const run = benches[process.argv[2] ?? ''];
if (run === undefined) throw new Error(`There is no bench ${process.argv[2] ?? ''}`);
const report = await run();
if (process.send === undefined) console.log(JSON.stringify(report, undefined, 2));
else process.send(report, () => process.exit(0));
