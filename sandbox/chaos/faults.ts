import type { HaloFault } from '../halo/faults.ts';
import type { SlackFault } from '../slack/faults.ts';
import type { AppProcess, World } from '../world.ts';
import type { Random } from './random.ts';

export type Counted = Map<string, number>;

const haloFaults: { name: string; method: 'GET' | 'POST'; path: string; fault: HaloFault }[] = [
  {
    name: 'create done, connection dropped',
    method: 'POST',
    path: '/api/Agent',
    fault: { kind: 'drop', after: true },
  },
  {
    name: 'create done, 500',
    method: 'POST',
    path: '/api/Agent',
    fault: { kind: 'status', status: 500, after: true },
  },
  { name: 'create done, HTML', method: 'POST', path: '/api/Agent', fault: { kind: 'html', after: true } },
  {
    name: 'create done, 400',
    method: 'POST',
    path: '/api/Agent',
    fault: { kind: 'status', status: 400, body: '"database error"', after: true },
  },
  { name: 'create lost', method: 'POST', path: '/api/Agent', fault: { kind: 'drop' } },
  {
    name: 'create refused 400',
    method: 'POST',
    path: '/api/Agent',
    fault: { kind: 'status', status: 400, body: '"no"' },
  },
  { name: 'create refused 403', method: 'POST', path: '/api/Agent', fault: { kind: 'status', status: 403 } },
  {
    name: 'create 429',
    method: 'POST',
    path: '/api/Agent',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  },
  { name: 'list 500', method: 'GET', path: '/api/Agent', fault: { kind: 'status', status: 500 } },
  {
    name: 'list 429',
    method: 'GET',
    path: '/api/Agent',
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  },
  { name: 'read-back 500', method: 'GET', path: '/api/Agent/*', fault: { kind: 'status', status: 500 } },
  {
    name: 'create done, never answered',
    method: 'POST',
    path: '/api/Agent',
    fault: { kind: 'hang', after: true },
  },
];

const slackFaults: { name: string; method: string; fault: SlackFault }[] = [
  { name: 'posted, connection dropped', method: 'chat.postMessage', fault: { kind: 'drop', after: true } },
  { name: 'posted, 500', method: 'chat.postMessage', fault: { kind: 'status', status: 500, after: true } },
  { name: 'post lost', method: 'chat.postMessage', fault: { kind: 'drop' } },
  { name: 'post limited', method: 'chat.postMessage', fault: { kind: 'rate_limited', retryAfter: 1 } },
  { name: 'redraw 500', method: 'chat.update', fault: { kind: 'status', status: 500 } },
  { name: 'redraw limited', method: 'chat.update', fault: { kind: 'rate_limited', retryAfter: 1 } },
  { name: 'look-up 500', method: 'users.info', fault: { kind: 'status', status: 500 } },
  { name: 'history 500', method: 'conversations.history', fault: { kind: 'status', status: 500 } },
];

/** The calls at which a process can be killed: before they were done, or after, before it got the answer. */
const killPoints = [
  { name: 'before the list', at: 'halo', method: 'GET', path: '/api/Agent', after: false },
  { name: 'before the create', at: 'halo', method: 'POST', path: '/api/Agent', after: false },
  { name: 'after the create', at: 'halo', method: 'POST', path: '/api/Agent', after: true },
  { name: 'after the read-back', at: 'halo', method: 'GET', path: '/api/Agent/*', after: true },
  { name: 'before a post', at: 'slack', method: 'chat.postMessage', path: '', after: false },
  { name: 'after a post', at: 'slack', method: 'chat.postMessage', path: '', after: true },
  { name: 'before a redraw', at: 'slack', method: 'chat.update', path: '', after: false },
] as const;

/** How long a call is waited for that the process is to be killed at, in milliseconds. */
const arrivalMs = 2_000;
/** Faults that pile up while little is asked would fail every call of the last requests. */
const mostWaiting = 3;

/** Draws faults until it is told to stop; then everything is healed and every process runs. */
export function startFaults(world: World, random: Random, counted: Counted): { stop: () => Promise<void> } {
  const state = { going: true };
  const count = (name: string) => counted.set(name, (counted.get(name) ?? 0) + 1);
  const kill = async () => {
    count('kill -9 at a random moment');
    const app = random.pick(world.apps);
    await app.stop('SIGKILL');
    await start(app);
  };
  const killAt = async () => {
    const point = random.pick(killPoints);
    const hang = { kind: 'hang', after: point.after } as const;
    const { met } =
      point.at === 'halo'
        ? world.halo.fail({ method: point.method, path: point.path }, hang)
        : world.slack.fail(point.method, hang);
    void met.then(() => {
      count(`kill -9 ${point.name}`);
    });
    await Promise.race([met, pause(arrivalMs)]);
    // Which process made the call cannot be told from outside, so all of them go.
    await Promise.all(world.apps.map((app) => app.stop('SIGKILL')));
    world.halo.heal();
    world.slack.heal();
    await Promise.all(world.apps.map(start));
  };
  const breakNetwork = () => {
    const drawn = random.next();
    if (drawn < 0.05) {
      count('tokens revoked');
      world.halo.revokeTokens();
    } else if (drawn < 0.1) {
      count('sockets dropped');
      world.slack.socketMode.drop();
    } else if (drawn < 0.15) {
      count('new agents shown late');
      world.halo.quirks.lagReads = random.between(0, 3);
    } else if (drawn < 0.6) {
      if (world.halo.faultsWaiting >= mostWaiting) return;
      const { name, method, path, fault } = random.pick(haloFaults);
      count(`HaloPSA: ${name}`);
      world.halo.fail({ method, path }, fault);
    } else {
      if (world.slack.faultsWaiting >= mostWaiting) return;
      const { name, method, fault } = random.pick(slackFaults);
      count(`Slack: ${name}`);
      world.slack.fail(method, fault);
    }
  };
  const again = async (what: () => void | Promise<void>, leastMs: number, mostMs: number) => {
    while (state.going) {
      await pause(random.between(leastMs, mostMs));
      await what();
    }
  };
  // A process that is killed each second only ever starts: between two kills there is time to get somewhere.
  const loops = Promise.all([
    again(breakNetwork, 20, 250),
    again(() => (random.chance(0.4) ? kill() : killAt()), 300, 3_000),
  ]);
  return {
    stop: async () => {
      state.going = false;
      await loops;
      world.halo.heal();
      world.slack.heal();
      world.halo.quirks.lagReads = 0;
    },
  };
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
