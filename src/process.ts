import { randomBytes } from 'node:crypto';
import { createApp, type NeoSetup } from './app.ts';
import { budgets, type Budgets } from './budgets.ts';
import type { Config } from './config.ts';
import { createHaloClient } from './halo/client.ts';
import type { Directory } from './halo/directory.ts';
import { healthRoutes } from './health.ts';
import { instanceOf, settleClaims } from './provisioning/claiming.ts';
import { canBeMet, isEmpty, type Policy } from './requests/policy.ts';
import { createServer, type Server } from './server.ts';
import type { RosterReader } from './slack/roster.ts';
import {
  connect,
  createTokenCheck,
  identifyPatiently,
  postingClient,
  type Connection,
} from './slack/connection.ts';
import { CannotStart, lastLine, startProblem } from './start-problem.ts';
import { createLogger, logHaloCall, toSlackLogger } from './slack/logger.ts';
import { offerBackups } from './storage/backup/socket.ts';
import { openStore, probeWrite, type Store } from './storage/database.ts';
import { createWindow, type Rate } from './storage/limiter.ts';
import type { TaskRetry } from './storage/worker.ts';
import type { Logger } from 'pino';

/** How long a stop waits for work in hand, in milliseconds. What is left goes on at the next start. */
const drainMs = 8_000;
const closeMs = 2_000;
/** How long a start waits to know who may approve. */
const rosterMs = 2_000;

/** What is measured and may be tuned: pauses in milliseconds, and how storage, Slack and HaloPSA are opened. */
export type Tuning = {
  budgets: Budgets;
  /** Pauses between looks at HaloPSA, which may show a new agent late. */
  lookAgainAfterMs: readonly number[];
  /** Pauses before HaloPSA is asked again while it is out of reach; some seven minutes in all. */
  waitForHaloMs: readonly number[];
  taskRetry: TaskRetry;
  /** For what Slack refuses until somebody changes something there. */
  refusedRetry: TaskRetry;
  /** Another process takes a task over after this. Far above the timeout of any single call, because a lease is renewed meanwhile. */
  leaseMs: number;
  /** Slack takes one post a second in a channel, and short bursts above it. */
  postRate: Rate;
  redrawRate: Rate;
  openHalo: typeof createHaloClient;
  openPosting: typeof postingClient;
  openStore: typeof openStore;
};

const defaults: Tuning = {
  budgets,
  lookAgainAfterMs: [1_000, 2_000, 4_000, 8_000, 15_000],
  waitForHaloMs: [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000],
  taskRetry: { firstMs: 1_000, longestMs: 60_000 },
  refusedRetry: { firstMs: 30_000, longestMs: 3_600_000 },
  leaseMs: 20_000,
  // Slack takes one a second in each channel, and as the network has it two may come closer than they were sent.
  postRate: { burst: 1, everyMs: 1_050 },
  // Fifty a minute.
  redrawRate: { burst: 10, everyMs: 1_500 },
  openHalo: createHaloClient,
  openPosting: postingClient,
  openStore,
};

/** Runs the app until a signal ends it. What keeps it from starting is logged, and ends the process with 1. */
export async function runProcess(config: Config, tuning: Partial<Tuning> = {}): Promise<void> {
  const log = createLogger(config.logLevel, secretsOf(config));
  let connection: Connection | undefined;
  process.on('unhandledRejection', (error) => {
    log.fatal({ err: error }, 'unhandled rejection, the connection to Slack is made again');
    recover(connection, log);
  });
  try {
    await run(config, { ...defaults, ...tuning }, log, (made) => {
      connection = made;
    });
  } catch (error) {
    const problem = startProblem(error);
    // What the operator can fix is said in one line; the rest needs its stack.
    if (problem === undefined) log.fatal({ err: error }, 'could not start');
    else log.fatal({ problem }, 'could not start');
    process.stderr.write(lastLine(problem));
    process.exit(1);
  }
}

/**
 * A rejection that nobody handled says that something is wrong, but not what. Everything stored is safe from it; the
 * connection may not be. Ending the process would let whoever can cause one keep the app down.
 */
function recover(connection: Connection | undefined, log: Logger): void {
  try {
    if (connection === undefined) throw new Error('There is no connection yet');
    connection.renew();
  } catch (error) {
    log.fatal({ err: error }, 'could not recover');
    process.exit(1);
  }
}

async function run(
  config: Config,
  tuning: Tuning,
  log: Logger,
  onConnection: (connection: Connection) => void,
): Promise<void> {
  const slackLog = toSlackLogger(log);
  const store = await offerBackups(await tuning.openStore(config), config.dataDir, log);
  const posting = tuning.openPosting(config.slack, slackLog);
  const connection = connect(config.slack, slackLog);
  onConnection(connection);
  const halopsa: { directory?: Directory } = {};
  let isStarted = false;
  const isTokenTaken = createTokenCheck({ client: posting, log, now: store.now });
  const checks = {
    slack: async () => isStarted && connection.isConnected() && (await isTokenTaken()),
    storage: () => probeWrite(store.db).then(() => true),
  };
  const facts = { halopsa: () => halopsa.directory !== undefined && isHaloReached(halopsa.directory) };
  const server = createServer([...healthRoutes(checks, facts), ...connection.routes], log);
  const port = await server.listen(config.host, config.port);
  const identity = await identifyPatiently(posting, log);
  const halo = tuning.openHalo(config.halo, {
    admit: createWindow(store, 'halo', tuning.budgets.halo),
    now: store.now,
    onCall: (call) => {
      logHaloCall(log, call);
    },
  });
  const app = createApp({
    config,
    log,
    slackLog,
    receiver: connection.receiver,
    quiet: connection.quiet,
    identity,
    posting,
    halo,
    store,
    newReference: () => randomBytes(4).toString('hex'),
    lookAgainAfterMs: tuning.lookAgainAfterMs,
    waitForHaloMs: tuning.waitForHaloMs,
    taskRetry: tuning.taskRetry,
    refusedRetry: tuning.refusedRetry,
    leaseMs: tuning.leaseMs,
    postRate: tuning.postRate,
    redrawRate: tuning.redrawRate,
    budgets: tuning.budgets,
  });
  halopsa.directory = app.directory;
  if (identity.enterpriseId !== undefined && isEmpty(config.policy.approvers))
    log.warn(
      { team: identity.teamId },
      'NEO_APPROVERS is empty on Enterprise Grid: the admins of this workspace approve; better name people',
    );
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => void stop(signal, app, server, store, log));
  await app.bolt.init();
  app.roster.start();
  await assertQuorum(app.roster, config.policy, log);
  await settleClaims({ db: store.db, instance: instanceOf(config.halo.baseUrl), log });
  app.directory.start();
  app.worker.start();
  await app.bolt.start();
  isStarted = true;
  log.info(
    { mode: config.slack.mode, port, host: config.host, team: identity.teamId },
    'neo-setup is running',
  );
}

/** Did HaloPSA answer when it was asked last? */
function isHaloReached(directory: Directory): boolean {
  return Object.values(directory.current()).every(({ failure }) => failure === undefined);
}

/**
 * A rule that nobody can meet would take requests and never carry one out. The start waits a little for Slack to say who
 * may approve; what it says later is logged.
 */
async function assertQuorum(roster: RosterReader, policy: Policy, log: Logger): Promise<void> {
  const problem = () => {
    const { ids, isWhole } = roster.current();
    return isWhole && !canBeMet(policy, ids.length)
      ? `NEO_APPROVALS_REQUIRED is ${policy.approvalsRequired}, but Slack finds only ${ids.length} full ${ids.length === 1 ? 'member' : 'members'} who can approve. ` +
          'Add people to NEO_APPROVERS, or lower NEO_APPROVALS_REQUIRED.'
      : undefined;
  };
  await roster.currentSoon(rosterMs);
  const found = problem();
  if (found !== undefined) throw new CannotStart(found);
  void roster.refresh().then(() => {
    if (problem() !== undefined) log.error({ problem: problem() }, 'no request can be approved');
  });
}

/** Bolt's stop doesn't wait for listeners, so this does, with a deadline. */
async function stop(signal: string, app: NeoSetup, server: Server, store: Store, log: Logger): Promise<void> {
  log.info({ signal }, 'stopping: finishing what is in hand');
  app.directory.stop();
  app.roster.stop();
  await within(drainMs, Promise.all([app.boundary.idle(), app.worker.stop()]));
  await Promise.all([within(closeMs, app.bolt.stop()), server.close(closeMs)]);
  await within(closeMs, store.close());
  log.info('stopped');
  process.exit(0);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  await Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);
}

function secretsOf({ slack, halo, databaseUrl, proxyPasswords }: Config): string[] {
  const password = databaseUrl === undefined ? '' : decodeURIComponent(new URL(databaseUrl).password);
  return [
    ...(password === '' ? [] : [password]),
    ...proxyPasswords,
    slack.botToken,
    halo.clientSecret,
    slack.mode === 'socket' ? slack.appToken : slack.signingSecret,
  ];
}
