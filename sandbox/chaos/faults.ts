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

/** Draws faults from the seed until it is told to stop; then everything is healed and every process runs. */
export function startFaults(world: World, random: Random, counted: Counted): { stop: () => Promise<void> } {
  const state = { going: true };
  const count = (name: string) => counted.set(name, (counted.get(name) ?? 0) + 1);
  const restart = async (app: AppProcess) => {
    await app.stop('SIGKILL');
    await start(app);
  };
  const kill = async () => {
    count('kill -9 at a random moment');
    await restart(random.pick(world.apps));
  };
  const killAt = async () => {
    const point = random.pick(killPoints);
    count(`kill -9 ${point.name}`);
    const hang = { kind: 'hang', after: point.after } as const;
    if (point.at === 'halo') world.halo.fail({ method: point.method, path: point.path }, hang);
    else world.slack.fail(point.method, hang);
    await callArrives(world, point.at, point.method, point.path);
    // Which process made the call cannot be told from outside, so all of them go.
    await Promise.all(world.apps.map((app) => app.stop('SIGKILL')));
    world.halo.heal();
    world.slack.heal();
    await Promise.all(world.apps.map(start));
  };
  const oneFault = async () => {
    const drawn = random.next();
    if (drawn < 0.06) return kill();
    if (drawn < 0.12) return killAt();
    if (drawn < 0.16) {
      count('tokens revoked');
      world.halo.revokeTokens();
    } else if (drawn < 0.2) {
      count('sockets dropped');
      world.slack.socketMode.drop();
    } else if (drawn < 0.24) {
      count('new agents shown late');
      world.halo.quirks.lagReads = random.between(0, 3);
    } else if (drawn < 0.62) {
      const { name, method, path, fault } = random.pick(haloFaults);
      count(`HaloPSA: ${name}`);
      world.halo.fail({ method, path }, fault);
    } else {
      const { name, method, fault } = random.pick(slackFaults);
      count(`Slack: ${name}`);
      world.slack.fail(method, fault);
    }
  };
  const loop = (async () => {
    while (state.going) {
      await oneFault();
      await pause(random.between(20, 250));
    }
    world.halo.heal();
    world.slack.heal();
    world.halo.quirks.lagReads = 0;
  })();
  return {
    stop: async () => {
      state.going = false;
      await loop;
    },
  };
}

const arrivalMs = 1_500;

/** Resolves when such a call arrives, or after a while without one. */
async function callArrives(world: World, at: 'halo' | 'slack', method: string, path: string): Promise<void> {
  const seen = () =>
    at === 'halo'
      ? world.halo.journal.filter(
          (call) => call.method === method && call.path.startsWith(path.replace('*', '')),
        ).length
      : world.slack.journal.filter((call) => call.method === method).length;
  const before = seen();
  await world.slack.until('the call', () => seen() > before, arrivalMs).catch(() => undefined);
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
