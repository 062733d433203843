import { bot } from '../slack/workspace.ts';
import type { AppProcess, World } from '../world.ts';
import { haloFaults, killPoints, slackFaults } from './fault-list.ts';
import type { Random } from './random.ts';

export type Counted = Map<string, number>;

export type ChaosTargets = {
  world: World;
  /** The channels that may be closed for a while. */
  channels: readonly string[];
  /** PostgreSQL, where the processes share it. */
  crashStore: (() => Promise<void>) | undefined;
  /** Only faults with this in their name; undefined: all. Processes are killed in any case. */
  only: string | undefined;
};

/** How long a call is waited for that the process is to be killed at, in milliseconds. */
const arrivalMs = 2_000;
/** Faults that pile up while little is asked would fail every call of the last requests. */
const mostWaiting = 3;
const channelClosedMs = 1_500;
/** Longer than a lease of the app in a hurry: the others take over what the frozen one was at. */
const frozenMs = 9_000;

/** Draws faults until it is told to stop; then everything is healed and every process runs. */
export function startFaults(
  targets: ChaosTargets,
  random: Random,
  counted: Counted,
): { stop: () => Promise<void> } {
  const { world, crashStore } = targets;
  const state = { going: true };
  const count = (name: string) => counted.set(name, (counted.get(name) ?? 0) + 1);
  const killing = killer(world, random, count);
  const breaking = breaker(targets, random, count);
  const again = async (what: () => void | Promise<void>, leastMs: number, mostMs: number) => {
    while (state.going) {
      await pause(random.between(leastMs, mostMs));
      await what();
    }
  };
  const seldom = async () => {
    if (crashStore === undefined || !state.going) return;
    if (random.chance(0.5)) {
      count('PostgreSQL crashed');
      await crashStore();
      return;
    }
    count('a process frozen past its lease');
    const app = random.pick(world.apps);
    app.signal('SIGSTOP');
    await pause(frozenMs);
    app.signal('SIGCONT');
  };
  // A process that is killed each second only ever starts: between two kills there is time to look for a lost agent.
  const loops = Promise.all([
    again(breaking, 20, 250),
    // A socket needs five seconds to come back.
    again(
      () => {
        breakSocket(world, random, count);
      },
      5_000,
      20_000,
    ),
    again(() => (random.chance(0.4) ? killing.anyTime() : killing.atPoint()), 1_000, 6_000),
    ...(crashStore === undefined ? [] : [again(seldom, 10_000, 20_000)]),
  ]);
  return {
    stop: async () => {
      state.going = false;
      await loops;
      world.halo.heal();
      world.slack.heal();
      Object.assign(world.halo.quirks, { lagReads: 0, ignoreOnCreate: [], ...tidyAnswers });
    },
  };
}

function killer(world: World, random: Random, count: (name: string) => void) {
  const restart = async (apps: readonly AppProcess[]) => {
    await Promise.all(apps.map((app) => app.stop('SIGKILL')));
    world.halo.heal();
    world.slack.heal();
    await Promise.all(apps.map(start));
  };
  return {
    anyTime: async () => {
      count('kill -9 at a random moment');
      await restart([random.pick(world.apps)]);
    },
    atPoint: async () => {
      const point = random.pick(killPoints);
      const hang = { kind: 'hang', after: point.after } as const;
      const { met } =
        point.at === 'halo' ? world.halo.fail(point.call, hang) : world.slack.fail(point.method, hang);
      const isMet = await Promise.race([met.then(() => true), pause(arrivalMs).then(() => false)]);
      count(`kill -9 ${isMet ? point.name : 'at a random moment'}`);
      // Which process made the call cannot be told from outside, so all of them go.
      await restart(world.apps);
    },
  };
}

/** One fault of the network, of HaloPSA or of Slack. */
function breaker(
  { world, channels, only = '' }: ChaosTargets,
  random: Random,
  count: (name: string) => void,
): () => void {
  const { halo, slack } = world;
  const ofHalo = haloFaults.filter(({ name }) => name.includes(only));
  const ofSlack = slackFaults.filter(({ name }) => name.includes(only));
  const others: [name: string, does: () => void][] = [
    [
      'tokens revoked',
      () => {
        halo.revokeTokens();
      },
    ],
    ['new agents shown late', () => (halo.quirks.lagReads = random.between(0, 3))],
    ['fields dropped on create', () => (halo.quirks.ignoreOnCreate = ['timezone', 'teams'])],
    ['no fields dropped', () => (halo.quirks.ignoreOnCreate = [])],
    ['ids as texts, flags as words', () => (halo.quirks.oddValues = true)],
    ['rows of nulls', () => (halo.quirks.nullRows = true)],
    ['counts of zero', () => (halo.quirks.countsAreZero = true)],
    ['lists in pages', () => (halo.quirks.listPages = pagesOf(random.chance(0.5)))],
    ['tidy answers', () => Object.assign(halo.quirks, tidyAnswers)],
    ['a channel closed for a while', () => void closeForAWhile(world, random.pick(channels))],
  ];
  return () => {
    const drawn = random.next();
    if (drawn < 0.25 && only === '') {
      const [name, does] = random.pick(others);
      count(name);
      does();
    } else if (drawn < 0.65) {
      if (halo.faultsWaiting >= mostWaiting || ofHalo.length === 0) return;
      const { name, call, fault } = random.pick(ofHalo);
      count(`HaloPSA: ${name}`);
      halo.fail(call, fault);
    } else {
      if (slack.faultsWaiting >= mostWaiting || ofSlack.length === 0) return;
      const { name, method, fault } = random.pick(ofSlack);
      count(`Slack: ${name}`);
      slack.fail(method, fault);
    }
  };
}

/** As the answers of the usual build are. */
const tidyAnswers = { oddValues: false, nullRows: false, countsAreZero: false, listPages: undefined };

function pagesOf(isCounted: boolean) {
  return { size: 100, isCounted, hasOthers: true };
}

function breakSocket({ slack }: World, random: Random, count: (name: string) => void): void {
  if (random.chance(0.5)) {
    count('sockets dropped');
    slack.socketMode.drop();
  } else {
    count('sockets renewed');
    slack.socketMode.disconnect('refresh_requested');
  }
}

/** Somebody removes the bot and invites it again. */
async function closeForAWhile({ slack }: World, channelId: string): Promise<void> {
  const members = () => slack.store.channels.get(channelId)?.members ?? [];
  slack.changeChannel(channelId, { members: members().filter((id) => id !== bot.userId) });
  await pause(channelClosedMs);
  slack.changeChannel(channelId, { members: [...new Set([...members(), bot.userId])] });
}

/** The port of a killed process may be taken for a moment; its file is locked until it is really gone. */
async function start(app: AppProcess): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const started = await app.start().then(
      () => true,
      () => false,
    );
    if (started) return;
    await app.stop('SIGKILL');
  }
  throw new Error(`The app does not start any more:\n${app.log().split('\n').slice(-20).join('\n')}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
