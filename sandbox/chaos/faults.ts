import { bot, people } from '../slack/workspace.ts';
import type { AppProcess, World } from '../world.ts';
import type { Cuttable } from '../cuttable.ts';
import type { LocalPostgres } from '../postgres.ts';
import { hasEnded, type Board } from './board.ts';
import { haloFaults, killPoints, slackFaults } from './fault-list.ts';
import type { Clock, SmallDisk } from './machine.ts';
import type { Random } from './random.ts';

export type Counted = Map<string, number>;

export type ChaosTargets = {
  world: World;
  board: Board;
  /** The channels that may be closed for a while. */
  channels: readonly string[];
  /** PostgreSQL, where the processes share it. */
  postgres: LocalPostgres | undefined;
  /** The way of each process to PostgreSQL. */
  ways: readonly Cuttable[];
  /** What is stored is on it. Undefined: the machine has none. */
  disk: SmallDisk | undefined;
  /** One for each process. None: the machine has none. */
  clocks: readonly Clock[];
  /** Only faults with this in their name; undefined: all. Processes are killed in any case. */
  only: string | undefined;
};

/** How long a call is waited for that the process is to be killed at, in milliseconds. */
const arrivalMs = 2_000;
/** Faults that pile up while little is asked would fail every call of the last requests. */
const maxWaiting = 3;
const channelChangedMs = 1_500;
/** Longer than a lease of the app in a hurry: the others take over what the frozen one was at. */
const frozenMs = 9_000;
/** Longer than the app waits for PostgreSQL, or not. */
const cutMs = { from: 1_000, to: 9_000 };
const fullMs = { from: 1_000, to: 4_000 };
const clockMs = { from: 3_000, to: 8_000 };
/** In seconds. Four days: everything that waits for a decision has expired, and every agent is compared with its plan. */
const clockSteps = [-7_200, -20, -5, -1, 1, 5, 20, 7_200] as const;
const fourDays = 345_600;

type Act = { name: string; does: () => Promise<void> };

/** Draws faults until it is told to stop; then everything is healed and every process runs. */
export function startFaults(
  targets: ChaosTargets,
  random: Random,
  counted: Counted,
): { stop: () => Promise<void>; expiredSome: () => boolean } {
  const { world, only } = targets;
  const state = { going: true, expiredSome: false };
  const count = (name: string) => counted.set(name, (counted.get(name) ?? 0) + 1);
  const killing = killer(world, random, count);
  const breaking = breaker(targets, random, count);
  const again = async (what: () => void | Promise<void>, minMs: number, maxMs: number) => {
    for (;;) {
      await pause(random.between(minMs, maxMs));
      if (!state.going) return;
      await what();
    }
  };
  const ofMachine = only === undefined ? machineFaults(targets, random) : [];
  const jump = async () => {
    if (only !== undefined || targets.clocks.length === 0) return;
    count('the clock of a process four days ahead, and right again');
    state.expiredSome = true;
    await step(random.pick(targets.clocks), fourDays, random);
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
    // Each process that starts takes its time of the machine.
    again(
      () => (random.chance(0.4) ? killing.anyTime() : killing.atPoint()),
      1_000 * world.apps.length,
      6_000 * world.apps.length,
    ),
    again(
      async () => {
        if (ofMachine.length === 0) return;
        const { name, does } = random.pick(ofMachine);
        count(name);
        await does();
      },
      // Each lasts for seconds, and nothing that is shared goes on meanwhile.
      4_000 * world.apps.length,
      10_000 * world.apps.length,
    ),
    again(jump, 40_000, 90_000),
  ]);
  return {
    expiredSome: () => state.expiredSome,
    stop: async () => {
      state.going = false;
      await loops;
      world.halo.heal();
      world.slack.heal();
      Object.assign(world.halo.quirks, { lagReads: 0, ignoreOnCreate: [], ...tidyAnswers });
    },
  };
}

/** What goes wrong below the app: its clock, its disk, its database and the way to it, and its own time. */
function machineFaults({ world, postgres, ways, disk, clocks }: ChaosTargets, random: Random): Act[] {
  const full = async (filled: SmallDisk) => {
    filled.fill();
    await pause(random.between(fullMs.from, fullMs.to));
    filled.free();
    // PostgreSQL gives up where it can't write; whoever runs it starts it again.
    await postgres?.crash();
  };
  const cut = async (how: 'dead' | 'silent') => {
    const way = random.pick(ways);
    way.cut(how);
    await pause(random.between(cutMs.from, cutMs.to));
    way.mend();
  };
  return [
    ...(clocks.length === 0
      ? []
      : [
          {
            name: 'the clock of a process set wrong, and right again',
            does: () => step(random.pick(clocks), random.pick(clockSteps), random),
          },
        ]),
    ...(disk === undefined ? [] : [{ name: 'the disk full for a while', does: () => full(disk) }]),
    ...(postgres === undefined
      ? []
      : [
          { name: 'PostgreSQL crashed', does: () => postgres.crash() },
          { name: 'a way to PostgreSQL cut', does: () => cut('dead') },
          { name: 'a way to PostgreSQL silent', does: () => cut('silent') },
          {
            name: 'a process frozen past its lease',
            does: async () => {
              const app = random.pick(world.apps);
              app.signal('SIGSTOP');
              await pause(frozenMs);
              app.signal('SIGCONT');
            },
          },
        ]),
  ];
}

async function step(clock: Clock, seconds: number, random: Random): Promise<void> {
  clock.step(seconds);
  await pause(random.between(clockMs.from, clockMs.to));
  clock.step(0);
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
  { world, board, channels, only = '' }: ChaosTargets,
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
    ['a channel archived for a while', () => void archiveForAWhile(world, random.pick(channels))],
    ['a channel shared for a while', () => void shareForAWhile(world, random.pick(channels))],
    [
      'a card deleted',
      () => {
        deleteCard(world, board, random);
      },
    ],
    [
      'replies to what was deleted go to the channel, or nowhere',
      () => (slack.store.lostReplies = random.pick(['refused', 'in_channel'])),
    ],
  ];
  return () => {
    const drawn = random.next();
    if (drawn < 0.25 && only === '') {
      const [name, does] = random.pick(others);
      count(name);
      does();
    } else if (drawn < 0.65) {
      if (halo.faultsWaiting >= maxWaiting || ofHalo.length === 0) return;
      const { name, call, fault } = random.pick(ofHalo);
      count(`HaloPSA: ${name}`);
      halo.fail(call, fault);
    } else {
      if (slack.faultsWaiting >= maxWaiting || ofSlack.length === 0) return;
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
  await pause(channelChangedMs);
  slack.changeChannel(channelId, { members: [...new Set([...members(), bot.userId])] });
}

async function archiveForAWhile({ slack }: World, channelId: string): Promise<void> {
  slack.changeChannel(channelId, { isArchived: true });
  await pause(channelChangedMs);
  slack.changeChannel(channelId, { isArchived: false });
}

/** Another company joins, and leaves again. */
async function shareForAWhile({ slack }: World, channelId: string): Promise<void> {
  const members = () => slack.store.channels.get(channelId)?.members ?? [];
  slack.changeChannel(channelId, { isExtShared: true, members: [...members(), people.xena.id] });
  await pause(channelChangedMs);
  const ownMembers = members().filter((id) => id !== people.xena.id);
  slack.changeChannel(channelId, { isExtShared: false, members: ownMembers });
}

/** An admin deletes the card of something that goes on. */
function deleteCard({ slack }: World, board: Board, random: Random): void {
  const open = board.all().flatMap((shown) => (hasEnded(shown) ? [] : (shown.card ?? [])));
  if (open.length === 0) return;
  slack.store.remove(random.pick(open));
  slack.store.changed();
}

/** The port of a killed process may be taken for a moment; its file is locked until it is really gone; its disk may be full. */
async function start(app: AppProcess): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const started = await app.start().then(
      () => true,
      () => false,
    );
    if (started) return;
    await app.stop('SIGKILL');
    await pause(500);
  }
  throw new Error(`The app does not start any more:\n${app.log().split('\n').slice(-20).join('\n')}`);
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
