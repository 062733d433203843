import { fork } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { benches } from './benches.ts';
import { writePage, type Run } from './page.ts';
import { reportSchema, type Report, type Table } from './report.ts';

/**
 * npm run bench: every bench, one after the other, each in a process of its own; their figures go into
 * docs/performance.md. npm run bench -- ack jobs: only these, and the page stays as it is. Ends with 1 when a limit was
 * missed, an app logged a warning or an error, or a bench broke; the others run all the same.
 */
const names = Object.keys(benches);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  process.exit(1);
}

const runs: Run[] = [];
for (const name of asked.length === 0 ? names : asked) {
  console.log(`\n${name}`);
  const one = await run(name);
  runs.push(one);
  print(one);
}
if (asked.length === 0) await writePage(runs);

const bad = runs.filter(
  ({ report }) => report === undefined || report.missed.length > 0 || report.logged.length > 0,
);
console.log(bad.length === 0 ? '\nAll is well.' : `\nNot well: ${bad.map(({ name }) => name).join(', ')}`);
process.exitCode = bad.length === 0 ? 0 : 1;

async function run(name: string): Promise<Run> {
  const load = () => loadavg()[0] ?? NaN;
  const loadBefore = load();
  const from = performance.now();
  const ended = await reportOf(name);
  return { name, ...ended, seconds: (performance.now() - from) / 1000, loadBefore, loadAfter: load() };
}

function reportOf(name: string): Promise<Pick<Run, 'report' | 'broke'>> {
  const child = fork(fileURLToPath(new URL('one.ts', import.meta.url)), [name], {
    execArgv: ['--import', 'tsx'],
  });
  let report: Report | undefined;
  child.once('message', (message) => {
    report = reportSchema.parse(message);
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve({ report, broke: report === undefined ? `it ended with ${code ?? 'a signal'}` : undefined });
    });
  });
}

function print({ report, broke, seconds, loadBefore, loadAfter }: Run): void {
  if (report === undefined) console.log(`  did not finish: ${broke ?? ''}`);
  for (const table of report?.tables ?? []) printTable(table);
  for (const note of report?.notes ?? []) console.log(`  ${note}`);
  for (const missed of report?.missed ?? []) console.log(`  LIMIT MISSED: ${missed}`);
  for (const { what, times, first } of report?.logged ?? [])
    console.log(`  LOGGED ${times} ×: ${what}\n    the first time: ${first}`);
  console.log(`  ${seconds.toFixed(0)} s, load ${loadBefore.toFixed(1)} to ${loadAfter.toFixed(1)}`);
}

function printTable({ title, rows }: Table): void {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  console.log(`  ${title}`);
  for (const row of rows)
    console.log(
      `    ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('   ')}`,
    );
}
