import { afterEach, beforeEach, expect, test } from 'vitest';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld({ mode: 'socket' });
  world.slack.socketMode.leavesTcpOpen = true;
  await world.apps[0].start();
});
afterEach(() => world.stop());

test('Slack leaves TCP open after the close handshake: the app connects again, and it still ends', async () => {
  const { slack, apps } = world;
  const { socketMode } = slack;
  const ana = slack.as(people.ana.id);

  socketMode.disconnect('refresh_requested');
  await slack.until('the handshake', () => socketMode.connected === 0);
  await slack.until('the new connection', () => socketMode.connected === 1, 60_000);
  expect(await ana.types(channels.ops.id, '/neo-setup help')).toEqual({ failure: undefined });
  await slack.until('the help', () => ana.sees(channels.ops.id).some(({ ephemeral }) => ephemeral));

  expect(await apps[0].stop('SIGTERM')).toBe(0);
});
