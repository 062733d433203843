import { setTimeout as pause } from 'node:timers/promises';
import { addChannels, live, patiently } from '../sandbox/chaos/people.ts';
import { randomFrom } from '../sandbox/chaos/random.ts';
import { Board, hasEnded } from '../sandbox/chaos/board.ts';
import { findPostgres, startPostgres } from '../sandbox/postgres.ts';
import type { AppProcess, World } from '../sandbox/world.ts';
import { troubleIn, type Trouble } from './log.ts';
import { memoryOf } from './proc.ts';
import { median, ms, type Report } from './report.ts';
import { withStored } from './stores.ts';

const restarts = 5;
const settleMs = 5_000;
const jobs = 50;
/** How long people wait for a job to go on. */
const patienceMs = 180_000;
const storedRequests = 10_000;
const limits = { restartMs: 3_000, idleMb: 250 };

type Subject = { name: string; kind: 'bare' | 'embedded' | 'postgres'; stored: number };
type Measured = Subject & {
  firstStartMs: number;
  restartMs: number;
  slowestMs: number;
  idleMb: number | undefined;
  afterJobsMb: number | undefined;
  logged: Trouble[];
};

const subjects: Subject[] = [
  { name: 'bare Bolt app', kind: 'bare', stored: 0 },
  { name: 'embedded, nothing stored', kind: 'embedded', stored: 0 },
  { name: 'embedded, 10,000 requests', kind: 'embedded', stored: storedRequests },
  { name: 'PostgreSQL, nothing stored', kind: 'postgres', stored: 0 },
  { name: 'PostgreSQL, 10,000 requests', kind: 'postgres', stored: storedRequests },
];

/**
 * How long the app takes from its spawn to `/readyz`, and how much memory it holds when idle, beside a bare
 * Bolt app in Socket Mode in the same run. A first start finds nothing stored by the app, nothing compiled.
 */
export async function startAndMemory(): Promise<Report> {
  const postgres = findPostgres() === undefined ? undefined : await startPostgres();
  try {
    const measured: Measured[] = [];
    for (const subject of subjects) {
      if (subject.kind === 'postgres' && postgres === undefined) continue;
      measured.push(
        await measure(subject, subject.kind === 'postgres' ? await postgres?.newDatabase() : undefined),
      );
    }
    const notes =
      postgres === undefined ? ['PostgreSQL is not installed here: only the file was measured.'] : [];
    return report(measured, notes);
  } finally {
    await postgres?.stop();
  }
}

function measure(subject: Subject, databaseUrl: string | undefined): Promise<Measured> {
  const options = {
    mode: 'socket' as const,
    script: subject.kind === 'bare' ? 'bench/bare-app.ts' : 'bench/unlimited-app.ts',
    licences: 1_000,
  };
  return withStored({ databaseUrl, requests: subject.stored }, options, async (world) => {
    const [app] = world.apps;
    const firstStartMs = await startUp(app);
    const times: number[] = [];
    for (let count = 0; count < restarts; count += 1) {
      await app.stop('SIGTERM');
      times.push(await startUp(app));
    }
    const idleMb = await idleMemory(app);
    if (subject.kind !== 'bare') await doJobs(world);
    const afterJobsMb = subject.kind === 'bare' ? undefined : await idleMemory(app);
    const started = { firstStartMs, restartMs: median(times), slowestMs: Math.max(...times) };
    return { ...subject, ...started, idleMb, afterJobsMb, logged: troubleIn(app.log()) };
  });
}

/** Milliseconds from the spawn to the first 200 of `/readyz`, which is asked every 50 ms. */
async function startUp(app: AppProcess): Promise<number> {
  const from = performance.now();
  await app.start();
  return performance.now() - from;
}

/** What it holds when nothing was asked for a while. */
async function idleMemory(app: AppProcess): Promise<number | undefined> {
  await pause(settleMs);
  return memoryOf(app.pid());
}

async function doJobs(world: World): Promise<void> {
  const random = randomFrom(1);
  const channels = addChannels(world, jobs);
  const wishes = channels.map((channel, index) => ({
    name: `Agent ${index + 1}`,
    channel,
    requester: `U07REQ${String(index).padStart(5, '0')}`,
    email: `agent${index + 1}@brightwater.example`,
    edits: false,
    decision: 'approve' as const,
    place: 'card' as const,
    question: 'none' as const,
    retries: 0,
    pressed: 0,
    repairs: false,
    patienceMs,
    mayExpire: false,
  }));
  const board = new Board(world);
  await Promise.all(wishes.map((wish) => live({ world, board, random }, wish)));
  await patiently('all jobs to end', patienceMs, () => board.all().filter(hasEnded).length === wishes.length);
}

function report(measured: readonly Measured[], notes: string[]): Report {
  const mb = (value: number | undefined) => (value === undefined ? '–' : `${Math.round(value)} MB`);
  const tooSlow = measured.filter(({ restartMs }) => restartMs >= limits.restartMs);
  const tooBig = measured.filter(
    ({ kind, idleMb = 0, afterJobsMb = 0 }) =>
      kind === 'embedded' && Math.max(idleMb, afterJobsMb) >= limits.idleMb,
  );
  return {
    tables: [
      {
        title: 'From the spawn to `/readyz`, and resident memory',
        rows: [
          ['', 'first start', 'restart, median', `slowest of ${restarts}`, 'idle', `after ${jobs} jobs`],
          ...measured.map((row) => [
            row.name,
            ...[row.firstStartMs, row.restartMs, row.slowestMs].map(ms),
            ...[row.idleMb, row.afterJobsMb].map(mb),
          ]),
        ],
      },
    ],
    notes,
    missed: [
      ...tooSlow.map(({ name }) => `${name}: a restart takes ${limits.restartMs} ms or more`),
      ...tooBig.map(({ name }) => `${name}: holds ${limits.idleMb} MB or more when idle`),
    ],
    logged: measured.flatMap(({ logged }) => logged),
  };
}
