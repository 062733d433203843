import { afterEach, expect, test } from 'vitest';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type AppProcess, type World } from '../../sandbox/world.ts';
import { getOf, oddTargets, sendRaw } from '../raw-http.ts';

let world: World | undefined;
afterEach(() => world?.stop());

/** Lets a promise reject with nobody to handle it whenever the process gets SIGUSR2. */
const strayRejection =
  "--import data:text/javascript,process.on('SIGUSR2',()=>void%20Promise.reject(new%20Error('stray')))";

const statusOf = async ({ url }: AppProcess, path: string) =>
  (await fetch(`${url}${path}`).catch(() => undefined))?.status;
const portOf = ({ url }: AppProcess) => Number(new URL(url).port);
const start = async (mode: 'socket' | 'http', env: Record<string, string> = {}) => {
  world = await startWorld({ mode, env });
  const { slack, apps } = world;
  await apps[0].start();
  const answers = async () => {
    expect(await slack.as(people.ana.id).types(channels.ops.id, '/neo-setup help')).toEqual({
      failure: undefined,
    });
  };
  return { slack, app: apps[0], answers };
};

test.each([
  { mode: 'socket', elsewhere: undefined },
  { mode: 'http', elsewhere: 200 },
] as const)(
  '$mode mode: odd targets end nothing, and only HTTP mode listens on every address',
  async (how) => {
    const { app, answers } = await start(how.mode);
    expect(await sendRaw(portOf(app), getOf('/healthz'), { host: '127.0.0.2' })).toBe(how.elsewhere);
    for (const target of oddTargets) await sendRaw(portOf(app), getOf(target));
    expect(await statusOf(app, '/readyz')).toBe(200);
    await answers();
  },
);

test('Slack refuses the reconnect for a while: not ready, alive, and back without a restart', async () => {
  const { slack, app, answers } = await start('socket');
  const pid = app.pid();
  slack.fail('apps.connections.open', { kind: 'error', error: 'invalid_auth' }, Infinity);
  slack.socketMode.drop();
  await slack.until('what the log says', () => app.log().includes('No connection to Slack, trying again'));
  expect(await statusOf(app, '/readyz')).toBe(503);
  expect(await statusOf(app, '/healthz')).toBe(200);
  slack.heal();
  await slack.until('the new connection', () => slack.socketMode.connected === 1, 40_000);
  await answers();
  expect(app.pid()).toBe(pid);
});

test('a rejection that nobody handles: logged as fatal, and the connection is made again', async () => {
  const { slack, app, answers } = await start('socket', { NODE_OPTIONS: strayRejection });
  const opened = () => slack.journal.filter(({ method }) => method === 'apps.connections.open').length;
  app.signal('SIGUSR2');
  await slack.until('the new connection', () => opened() === 2 && slack.socketMode.connected === 1, 30_000);
  expect(app.log()).toContain('unhandled rejection');
  expect(app.log()).toContain('"level":60');
  await answers();
});
