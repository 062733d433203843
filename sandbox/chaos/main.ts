import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { lookAtStore } from '../../src/storage/look.ts';
import { verifyRequests } from '../../src/requests/verify-requests.ts';
import { verifyAudit } from '../../src/storage/verify-audit.ts';
import { startPostgres } from '../postgres.ts';
import { people, userGroups } from '../slack/workspace.ts';
import { startWorld } from '../world.ts';
import { breakNames, breaks } from './breaks.ts';
import { pause, startFaults, type Counted } from './faults.ts';
import { addChannels, addDeniers, live, patiently, type Wish } from './people.ts';
import { randomFrom } from './random.ts';
import { auditFaults, hasEnded, judge, toldTwice } from './verdict.ts';

/**
 * npm run chaos -- --runs 50 --seed 7 --store file|postgres --break repeat-create|repeat-post|forget-tasks
 *
 * The app as processes between the local Slack and the local HaloPSA, while both go wrong and the processes
 * are killed, as the seed draws it. At the end what Slack shows must agree with what HaloPSA holds. With
 * --break the app is broken on purpose, and this must end with 1.
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    store: { type: 'string', default: 'file' },
    break: { type: 'string' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
/** Enough that some are at every step when a process is killed. */
const atOnce = 64;

/** An app that is broken on purpose is not waited for long. */
const patienceMs = values.break === undefined ? 300_000 : 15_000;

const startedAt = Date.now();
const seconds = () => Math.round((Date.now() - startedAt) / 1000);
const random = randomFrom(seed);
const postgres = values.store === 'postgres' ? await startPostgres() : undefined;
const where = {
  databaseUrl: await postgres?.newDatabase(),
  dataDir: mkdtempSync(join(tmpdir(), 'neo-setup-chaos-')),
};
const world = await startWorld({
  mode: 'socket',
  script: 'sandbox/chaos-app.ts',
  licences: 1_000_000,
  env: {
    LOG_LEVEL: 'warn',
    DATA_DIR: where.dataDir,
    ...(values.break !== undefined && { CHAOS_BREAK: values.break }),
    NEO_APPROVERS: [people.ben.id, ...userGroups.map(({ id }) => id)].join(','),
  },
  ...(where.databaseUrl !== undefined && { databaseUrl: where.databaseUrl, instances: 2 }),
});
world.halo.quirks.rateLimit = { calls: Infinity, windowMs: 1 };
await Promise.all(world.apps.map((app) => app.start()));

function drawDecision(): Wish['decision'] {
  if (random.chance(0.8)) return 'approve';
  return random.chance(0.5) ? 'deny' : 'withdraw';
}

const channels = addChannels(world, 40);
addDeniers(world);
const wishes: Wish[] = Array.from({ length: runs }, (_unused, index) => ({
  name: `Agent ${index + 1}`,
  channel: channels[index % channels.length] ?? '',
  requester: `U07REQ${String(index + 1).padStart(5, '0')}`,
  email: `agent${index + 1}@brightwater.example`,
  edits: random.chance(0.2),
  decision: drawDecision(),
  retries: random.chance(0.5) ? 2 : 0,
  pressed: 0,
  patienceMs,
}));
const counted: Counted = new Map();
const faults = startFaults(
  {
    world,
    channels,
    crashStore: postgres?.crash,
    only: values.break && breaks[z.enum(breakNames).parse(values.break)],
  },
  randomFrom(seed + 1),
  counted,
);

const waiting = [...wishes];
const stuck: string[] = [];
const progress = setInterval(() => {
  console.error(`${seconds()} s: ${wishes.filter((wish) => hasEnded(world, wish)).length} of ${runs} ended`);
}, 10_000);
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let wish = waiting.shift(); wish !== undefined; wish = waiting.shift()) {
      const { name } = wish;
      await live(world, random, wish).catch((error: unknown) => stuck.push(`${name}: ${String(error)}`));
    }
  }),
);
await faults.stop();
await patiently('all requests to end', patienceMs, () => wishes.every((wish) => hasEnded(world, wish))).catch(
  () => undefined,
);

await quiet(postgres === undefined ? 3_000 : 25_000);
clearInterval(progress);

/** Resolves when nobody called HaloPSA or Slack for so long: longer than anything that was put off waits. */
async function quiet(ms: number): Promise<void> {
  const calls = () => world.halo.journal.length + world.slack.journal.length;
  let before = -1;
  while (before !== calls()) {
    before = calls();
    await pause(ms);
  }
}

const log = world.apps.map((app) => app.log()).join('');
await world.stop();
// One look for both: the process that looked at a file keeps it locked.
const audit = await lookAtStore(where, async (db) =>
  auditFaults(await verifyAudit(db), await verifyRequests(db)),
);
await postgres?.stop();
rmSync(where.dataDir, { recursive: true, force: true });

const verdicts = wishes.map((wish) => judge(world, wish));
const wrong = [...stuck, ...verdicts.flatMap((verdict) => verdict.faults), ...toldTwice(world), ...audit];
const tally = (items: readonly string[]) =>
  [...new Set(items)].sort().map((item) => `${item} ${items.filter((one) => one === item).length}`);

console.log(
  `chaos: ${runs} requests, seed ${seed}, store ${values.store}, ${world.apps.length} process(es), ${seconds()} s`,
);
console.log(`ended as: ${tally(verdicts.map(({ state }) => state)).join(', ')}`);
console.log(
  `faults: ${[...counted]
    .sort()
    .map(([name, count]) => `\n  ${count} × ${name}`)
    .join('')}`,
);
console.log(
  wrong.length === 0
    ? 'nothing twice, nothing lost, nothing told twice'
    : `WRONG:\n${wrong.slice(0, 40).join('\n')}`,
);
if (wrong.length > 0 && process.env['CHAOS_LOG'] !== undefined) console.log(log);
process.exit(wrong.length === 0 ? 0 : 1);
