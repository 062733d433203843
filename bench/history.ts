import { findPostgres, startPostgres } from '../sandbox/postgres.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';
import type { World } from '../sandbox/world.ts';
import { troubleIn, type Trouble } from './log.ts';
import { ms, percentile, times, type Report } from './report.ts';
import { withStored } from './stores.ts';

const few = 1_000;
const many = 100_000;
const open = 20;
const warmUpRounds = 20;
const rounds = 100;

/** Milliseconds until each answer stood in Slack. */
type Waited = { status: number[]; home: number[] };
type Measured = Waited & { logged: Trouble[] };

/** How long somebody waits for `/neo-status` and for the Home tab, with a short and with a very long history. */
export async function history(): Promise<Report> {
  const onFile = await fewAndMany('file', () => Promise.resolve(undefined));
  if (findPostgres() === undefined)
    return report([onFile], ['PostgreSQL is not installed here: only the file was measured.']);
  const postgres = await startPostgres();
  try {
    return report([onFile, await fewAndMany('PostgreSQL', postgres.newDatabase)], []);
  } finally {
    await postgres.stop();
  }
}

type Pair = { store: string; few: Measured; many: Measured };

async function fewAndMany(store: string, newDatabase: () => Promise<string | undefined>): Promise<Pair> {
  const measured = async (requests: number) =>
    withStored(
      { databaseUrl: await newDatabase(), requests, open },
      { mode: 'socket', script: 'bench/unlimited-app.ts' },
      measure,
    );
  return { store, few: await measured(few), many: await measured(many) };
}

async function measure(world: World): Promise<Measured> {
  const [app] = world.apps;
  await app.start();
  const status: number[] = [];
  const home: number[] = [];
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    const [statusMs, homeMs] = [await asksForStatus(world), await opensHome(world)];
    if (round < warmUpRounds) continue;
    status.push(statusMs);
    home.push(homeMs);
  }
  return { status, home, logged: troubleIn(app.log()) };
}

/** From typing until the private answer stands in the channel. Ben may approve what is open. */
async function asksForStatus({ slack }: World): Promise<number> {
  const before = slack.store.ephemerals.length;
  const from = performance.now();
  await slack.as(people.ben.id).types(channels.ops.id, '/neo-status');
  await slack.until('the answer', () => slack.store.ephemerals.length > before);
  return performance.now() - from;
}

async function opensHome({ slack }: World): Promise<number> {
  const drawn = () => slack.store.screens.home(people.ben.id);
  const before = drawn()?.view;
  const from = performance.now();
  await slack.as(people.ben.id).opensHome();
  await slack.until('the Home tab', () => drawn() !== undefined && drawn()?.view !== before);
  return performance.now() - from;
}

function report(pairs: readonly Pair[], notes: string[]): Report {
  const row = (title: string, what: keyof Waited, pair: Pair) => {
    const p99 = (measured: Measured) => percentile(measured[what], 99);
    const median = (measured: Measured) => percentile(measured[what], 50);
    return [
      `${title}, ${pair.store}`,
      ...[median(pair.few), p99(pair.few), median(pair.many), p99(pair.many)].map(ms),
      times(p99(pair.many) / p99(pair.few)),
    ];
  };
  const thousands = (count: number) => count.toLocaleString('en-US');
  return {
    tables: [
      {
        title: `${rounds} times each, with so many requests stored, ${open} of them open`,
        rows: [
          [
            '',
            ...[few, many].flatMap((count) => [`${thousands(count)}: p50`, `${thousands(count)}: p99`]),
            'ratio of p99',
          ],
          ...pairs.flatMap((pair) => [row('`/neo-status`', 'status', pair), row('Home tab', 'home', pair)]),
        ],
      },
    ],
    notes,
    missed: [],
    logged: pairs.flatMap((pair) => [...pair.few.logged, ...pair.many.logged]),
  };
}
