import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { addChannels, live, patiently } from '../sandbox/chaos/people.ts';
import { randomFrom } from '../sandbox/chaos/random.ts';
import { hasEnded } from '../sandbox/chaos/verdict.ts';
import { findPostgres, startPostgres } from '../sandbox/postgres.ts';
import { startWorld, type AppProcess, type World } from '../sandbox/world.ts';

/**
 * How long the app takes from its spawn to `/readyz`, and how much memory it holds when idle, beside a bare
 * Bolt app in Socket Mode in the same run. A first start finds nothing stored by the app, nothing compiled.
 */
const restarts = 5;
const settleMs = 5_000;
const jobs = 50;
/** How long people wait for a job to go on. */
const patienceMs = 60_000;
const storedRequests = 10_000;
const limits = { restartMs: 3_000, idleMb: 250 };

type Subject = { name: string; kind: 'bare' | 'embedded' | 'postgres'; stored: number };
type Measured = Subject & {
  firstStartMs: number;
  restartMs: number;
  slowestMs: number;
  idleMb: number | undefined;
  afterJobsMb: number | undefined;
};

const root = fileURLToPath(new URL('..', import.meta.url));
const postgres = findPostgres() === undefined ? undefined : await startPostgres();
const subjects: Subject[] = [
  { name: 'bare Bolt app', kind: 'bare', stored: 0 },
  { name: 'embedded, nothing stored', kind: 'embedded', stored: 0 },
  { name: 'embedded, 10,000 requests', kind: 'embedded', stored: storedRequests },
  { name: 'PostgreSQL, nothing stored', kind: 'postgres', stored: 0 },
  { name: 'PostgreSQL, 10,000 requests', kind: 'postgres', stored: storedRequests },
];
const load = () => (loadavg()[0] ?? 0).toFixed(1);
console.log(`Node ${process.version}, ${availableParallelism()} cores, load ${load()}`);
line(['', 'first start', 'restart, median', `slowest of ${restarts}`, 'idle', `after ${jobs} jobs`]);
const measured: Measured[] = [];
for (const subject of subjects) {
  if (subject.kind === 'postgres' && postgres === undefined) continue;
  const row = await measure(subject);
  print(row);
  measured.push(row);
}
await postgres?.stop();
console.log(`Load ${load()} at the end`);

const tooSlow = measured.filter(({ restartMs }) => restartMs >= limits.restartMs);
const tooBig = measured.filter(
  ({ kind, idleMb = 0, afterJobsMb = 0 }) =>
    kind === 'embedded' && Math.max(idleMb, afterJobsMb) >= limits.idleMb,
);
for (const { name } of tooSlow) console.log(`${name}: a restart takes ${limits.restartMs} ms or more`);
for (const { name } of tooBig) console.log(`${name}: holds ${limits.idleMb} MB or more when idle`);
process.exit(tooSlow.length + tooBig.length === 0 ? 0 : 1);

async function measure(subject: Subject): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'neo-setup-bench-'));
  const dataDir = join(folder, 'data');
  const databaseUrl = subject.kind === 'postgres' ? await postgres?.newDatabase() : undefined;
  if (subject.stored > 0) fill(subject.stored, dataDir, databaseUrl);
  const world = await startWorld({
    mode: 'socket',
    script: subject.kind === 'bare' ? 'bench/bare-app.ts' : 'src/index.ts',
    licences: 1_000,
    // Compiled files are kept in TMPDIR: a folder of its own starts without any.
    env: { DATA_DIR: dataDir, TMPDIR: folder },
    ...(databaseUrl !== undefined && { databaseUrl }),
  });
  try {
    const [app] = world.apps;
    const firstStartMs = await startUp(app);
    const times: number[] = [];
    for (let count = 0; count < restarts; count += 1) {
      await app.stop('SIGTERM');
      times.push(await startUp(app));
    }
    times.sort((a, b) => a - b);
    const idleMb = await idleMemory(app);
    if (subject.kind !== 'bare') await doJobs(world);
    const afterJobsMb = subject.kind === 'bare' ? undefined : await idleMemory(app);
    const [restartMs = 0, slowestMs = 0] = [times[Math.floor(restarts / 2)], times.at(-1)];
    return { ...subject, firstStartMs, restartMs, slowestMs, idleMb, afterJobsMb };
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(requests: number, dataDir: string, databaseUrl: string | undefined): void {
  const where = databaseUrl === undefined ? `--data-dir=${dataDir}` : `--database-url=${databaseUrl}`;
  const args = ['--import', 'tsx', 'bench/fill.ts', `--requests=${requests}`, where];
  execFileSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
}

/** Milliseconds from the spawn to the first 200 of `/readyz`, which is asked every 50 ms. */
async function startUp(app: AppProcess): Promise<number> {
  const from = performance.now();
  await app.start();
  return performance.now() - from;
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
    retries: 0,
    pressed: 0,
    patienceMs,
  }));
  await Promise.all(wishes.map((wish) => live(world, random, wish)));
  await patiently('all jobs to end', patienceMs, () => wishes.every((wish) => hasEnded(world, wish)));
}

/**
 * Megabytes in memory (VmRSS) when nothing was asked for a while, with those of the compiler's processes that
 * tsx keeps beside it. Undefined where there is no /proc.
 */
async function idleMemory(app: AppProcess): Promise<number | undefined> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const pid = app.pid();
  return pid !== undefined && existsSync(`/proc/${pid}/status`) ? memoryOf(String(pid)) : undefined;
}

function memoryOf(pid: string): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return children.reduce((sum, child) => sum + memoryOf(child), Number(kilobytes) / 1024);
}

function line(cells: readonly string[]): void {
  const [name = '', ...figures] = cells;
  console.log(`${name.padEnd(28)}${figures.map((figure) => figure.padStart(17)).join('')}`);
}

function print(row: Measured): void {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const mb = (value: number | undefined) => (value === undefined ? '–' : `${Math.round(value)} MB`);
  line([
    row.name,
    ...[row.firstStartMs, row.restartMs, row.slowestMs].map(ms),
    ...[row.idleMb, row.afterJobsMb].map(mb),
  ]);
}
