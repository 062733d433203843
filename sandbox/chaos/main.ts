import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { requestSchema } from '../../src/requests/request.ts';
import { verifyRequests } from '../../src/requests/verify-requests.ts';
import { lookAtStore } from '../../src/storage/look.ts';
import { verifyAudit } from '../../src/storage/audit/verify.ts';
import { bundle } from '../bundle-app.ts';
import { cuttable } from '../cuttable.ts';
import { startPostgres } from '../postgres.ts';
import { people, userGroups } from '../slack/workspace.ts';
import { startWorld } from '../world.ts';
import { Board, hasEnded } from './board.ts';
import { breakNames, breaks } from './breaks.ts';
import { pause, startFaults, type Counted } from './faults.ts';
import { enterNamespace, findFakeTime, mountSmallDisk, newClock } from './machine.ts';
import { addApprovers, addChannels, live, patiently, wander, type Wish } from './people.ts';
import { randomFrom } from './random.ts';
import { auditFaults, judge } from './verdict.ts';

/**
 * npm run chaos -- --runs 50 --seed 7 --store file|postgres --mode socket|http --approvers several|one --break repeat-create|repeat-post|forget-tasks
 *
 * The app as processes between the local Slack and the local HaloPSA, while both go wrong, the machine does, and the
 * processes are killed, as the seed draws it. At the end what Slack shows must agree with what is stored and with what
 * HaloPSA holds. Without --mode the seed draws it too. With --break the app is broken on purpose, and this must end with 1.
 */
const { mayMount } = await enterNamespace();
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '50' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    store: { type: 'string', default: 'file' },
    mode: { type: 'string' },
    approvers: { type: 'string', default: 'several' },
    break: { type: 'string' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
/** Enough that some are at every step when a process is killed. */
const atOnce = 64;

/**
 * While things go wrong nothing is promised but an end: of a thousand people on two busy cores one in seventy waited longer
 * than five minutes, and all came to it. An app that is broken on purpose is not waited for long.
 */
const patienceMs = values.break === undefined ? 900_000 : 15_000;
const diskMegabytes = { file: 256, postgres: 1_024 };

const startedAt = Date.now();
const seconds = () => Math.round((Date.now() - startedAt) / 1000);
const random = randomFrom(seed);
const store = z.enum(['file', 'postgres']).parse(values.store);
const mode = z.enum(['socket', 'http']).parse(values.mode ?? random.pick(['socket', 'http']));
/** One: the requester of all of them, who nobody else can approve for. Each is carried out unless somebody stops it. */
const isAlone = z.enum(['several', 'one']).parse(values.approvers) === 'one';
const processes = store === 'postgres' ? 3 : 1;
const skipped: string[] = [];

const folder = mkdtempSync(join(tmpdir(), 'neo-setup-chaos-'));
const dataDir = mkdtempSync(join(folder, 'data-'));
const postgresFolder = mkdtempSync(join(folder, 'postgres-'));
// Others must be able to go through it, for PostgreSQL runs as somebody else.
chmodSync(folder, 0o755);
const onDisk = store === 'file' ? dataDir : postgresFolder;
const disk = mayMount ? mountSmallDisk(onDisk, diskMegabytes[store]) : undefined;
if (disk === undefined) skipped.push('a full disk: this machine lets nobody mount one (unshare --mount)');
const library = findFakeTime();
if (library === undefined)
  skipped.push('clocks set wrong: libfaketime is not installed (apt-get install faketime)');
if (isAlone) skipped.push('clocks set wrong: what nobody stops is carried out by them, hours later');
for (const fault of skipped) console.error(`SKIPPED: ${fault}`);

const clocks =
  library === undefined || isAlone
    ? []
    : Array.from({ length: processes }, (_unused, index) =>
        newClock(library, join(folder, 'clocks'), `${index}`),
      );
const postgres = store === 'file' ? undefined : await startPostgres(postgresFolder);
const databaseUrl = await postgres?.newDatabase();
const ways =
  postgres === undefined
    ? []
    : await Promise.all(Array.from({ length: processes }, () => cuttable(postgres.port)));
const world = await startWorld({
  mode,
  // A process that is killed every few seconds would only ever compile.
  script: await bundle('sandbox/chaos-app.ts'),
  licences: 1_000_000,
  instances: processes,
  env: {
    LOG_LEVEL: 'warn',
    DATA_DIR: dataDir,
    ...(values.break !== undefined && { CHAOS_BREAK: values.break }),
    NEO_APPROVERS: isAlone ? people.ana.id : [people.ben.id, ...userGroups.map(({ id }) => id)].join(','),
    ...(isAlone && { NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '20s' }),
    NEO_ESCALATION: people.cleo.id,
  },
  envOf: (index) => {
    const way = ways[index];
    return {
      ...clocks[index]?.env,
      ...(databaseUrl !== undefined &&
        way !== undefined && { DATABASE_URL: databaseUrl.replace(/:\d+\//, `:${way.port}/`) }),
    };
  },
});
world.halo.quirks.rateLimit = { calls: Infinity, windowMs: 1 };
await Promise.all(world.apps.map((app) => app.start()));

function drawDecision(): Wish['decision'] {
  if (isAlone) return random.pick(['let', 'let', 'let', 'stop', 'withdraw']);
  if (random.chance(0.8)) return 'approve';
  return random.chance(0.5) ? 'deny' : 'withdraw';
}

function drawQuestion(): Wish['question'] {
  if (isAlone || random.chance(0.8)) return 'none';
  return random.chance(0.7) ? 'answered' : 'asked';
}

const channels = addChannels(world, 40);
addApprovers(world);
const wishes: Wish[] = Array.from({ length: runs }, (_unused, index) => ({
  // No name is a part of another one.
  name: `Agent ${String(index + 1).padStart(5, '0')}`,
  channel: channels[index % channels.length] ?? '',
  requester: isAlone ? people.ana.id : `U07REQ${String(index + 1).padStart(5, '0')}`,
  email: `agent${index + 1}@brightwater.example`,
  edits: random.chance(0.2),
  decision: drawDecision(),
  place: random.pick(isAlone ? ['card', 'status'] : ['card', 'card', 'card', 'direct', 'status']),
  question: drawQuestion(),
  retries: random.chance(0.5) ? 2 : 0,
  pressed: 0,
  repairs: !isAlone && random.chance(0.1),
  patienceMs,
  mayExpire: false,
}));
const board = new Board(world);
const counted: Counted = new Map();
const faults = startFaults(
  {
    world,
    board,
    channels,
    postgres,
    ways,
    disk,
    clocks,
    only: values.break && breaks[z.enum(breakNames).parse(values.break)],
  },
  randomFrom(seed + 1),
  counted,
);

const waiting = [...wishes];
const stuck: string[] = [];
const endedNow = (wish: Wish) => {
  const shown = board.find(wish.name);
  return shown !== undefined && hasEnded(shown);
};
const progress = setInterval(() => {
  console.error(`${seconds()} s: ${wishes.filter(endedNow).length} of ${runs} ended`);
}, 10_000);
const scene = { world, board, random };
let isOver = false;
const wandering = wander(scene, () => isOver);
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    for (let wish = waiting.shift(); wish !== undefined; wish = waiting.shift()) {
      const { name } = wish;
      await live(scene, wish).catch((error: unknown) => {
        const { card, name: number = 'no request' } = board.find(name) ?? {};
        stuck.push(`${name}: ${String(error)}: ${number}, ${card?.text.split('\n')[1] ?? 'no card'}`);
      });
    }
  }),
);
isOver = true;
await Promise.all([wandering, faults.stop()]);
await patiently('all requests to end', patienceMs, () => board.all().every(hasEnded)).catch(() => undefined);

await quiet(postgres === undefined ? 5_000 : 25_000);
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
// One look for all: the process that looked at a file keeps it locked.
const { stored, audit } = await lookAtStore({ databaseUrl, dataDir }, async (db) => {
  const rows = await db.selectFrom('request').select('data').execute();
  const isUntold = (id: string) => board.byId(id)?.results.length === 0;
  // What is still to be done, and what Slack said last, tell why something was not told.
  const tasks = await db
    .selectFrom('task')
    .select(['request_id', 'kind', 'attempts', 'last_error'])
    .execute();
  const messages = await db.selectFrom('message').selectAll().where('problem', 'is not', null).execute();
  for (const { request_id: id, ...facts } of [...tasks, ...messages])
    if (isUntold(id)) console.error(`${board.byId(id)?.name ?? id}: ${JSON.stringify(facts)}`);
  return {
    stored: rows.map(({ data }) => requestSchema.parse(JSON.parse(data))),
    audit: auditFaults(await verifyAudit(db), await verifyRequests(db)),
  };
});
await Promise.all(ways.map((way) => way.stop()));
await postgres?.stop();

if (faults.expiredSome()) for (const wish of wishes) wish.mayExpire = true;
const wrong = [...stuck, ...judge(world, board, wishes, stored), ...audit];
const tally = (items: readonly string[]) =>
  [...new Set(items)].sort().map((item) => `${item} ${items.filter((one) => one === item).length}`);

console.log(
  `chaos: ${runs} requests, seed ${seed}, store ${store}, ${processes} process(es), ${mode} mode, ${values.approvers} approver(s), ${seconds()} s`,
);
console.log(
  `${stored.length} requests ended as: ${tally(stored.map(({ state }) => state)).join(', ')}; ${world.slack.store.messages.length} messages read`,
);
console.log(
  `faults: ${[...counted]
    .sort()
    .map(([name, count]) => `\n  ${count} × ${name}`)
    .join('')}`,
);
for (const fault of skipped) console.log(`SKIPPED: ${fault}`);
console.log(
  wrong.length === 0
    ? 'nothing twice, nothing lost, nothing told twice, nothing claimed that is not so'
    : `WRONG:\n${wrong.slice(0, 40).join('\n')}`,
);
if (wrong.length > 0 && process.env['CHAOS_LOG'] !== undefined) console.log(log);
disk?.unmount();
rmSync(folder, { recursive: true, force: true });
process.exit(wrong.length === 0 ? 0 : 1);
