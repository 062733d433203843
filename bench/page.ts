import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { findPostgres } from '../sandbox/postgres.ts';
import type { Report, Table } from './report.ts';

/** One bench as it was run. `report` undefined: it broke, and `broke` says how. Loads are of the last minute. */
export type Run = {
  name: string;
  report: Report | undefined;
  broke: string | undefined;
  seconds: number;
  loadBefore: number;
  loadAfter: number;
};

const root = fileURLToPath(new URL('..', import.meta.url));
const page = join(root, 'docs', 'performance.md');
const begin = '<!-- Figures: `npm run bench` writes what stands between here -->';
const end = '<!-- and here -->';

/** Puts the figures of a whole run into docs/performance.md, and keeps the prose around them. @throws when the markers are not there */
export async function writePage(runs: readonly Run[]): Promise<void> {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`${page} has no markers for the figures`);
  const written = `${before}${begin}\n\n${figures(runs)}\n\n${end}${after}`;
  const options = { ...(await resolveConfig(page)), parser: 'markdown' };
  writeFileSync(page, await format(written, options));
}

function figures(runs: readonly Run[]): string {
  return [machine().join('  \n'), ...runs.flatMap((run) => [`### ${run.name}`, ...sectionOf(run)])].join(
    '\n\n',
  );
}

function machine(): string[] {
  const { version, dependencies } = z
    .object({ version: z.string(), dependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const packages = ['@slack/bolt', '@slack/web-api', 'libsql', 'pg'].map(
    (name) => `${name} ${dependencies[name] ?? ''}`,
  );
  const programs = findPostgres();
  const postgres =
    programs && execFileSync(join(programs, 'postgres'), ['--version'], { encoding: 'utf8' }).trim();
  return [
    `${new Date().toISOString().slice(0, 10)}, neo-setup ${version}, \`npm run bench\``,
    `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform}`,
    [`Node ${process.version}`, ...packages, ...(postgres === undefined ? [] : [postgres])].join(', '),
  ];
}

function sectionOf({ report, broke, seconds, loadBefore, loadAfter }: Run): string[] {
  const took = `Took ${seconds.toFixed(0)} s, load ${loadBefore.toFixed(1)} before and ${loadAfter.toFixed(1)} after.`;
  if (report === undefined) return [`**Did not finish**: ${broke ?? ''}`, took];
  return [
    ...report.tables.flatMap((table) => [`${table.title}:`, markdown(table)]),
    ...report.notes,
    ...report.missed.map((one) => `**Limit missed**: ${one}.`),
    ...report.logged.map(({ what, times }) => `**Logged** ${times} ×: \`${what.slice(0, 200)}\``),
    took,
  ];
}

function markdown({ rows: [head = [], ...rows] }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_cell, index) => (index === 0 ? '---' : '--:'))),
    ...rows.map(line),
  ].join('\n');
}
