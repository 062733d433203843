import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { LocalHalo } from '../../sandbox/halo/local-halo.ts';
import { askAndApprove, play } from '../../sandbox/play.ts';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let world: World | undefined;
afterEach(() => world?.stop());

const run = async (args: string[]) => {
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'] },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
};

/** Resolves when HaloPSA has created the agent, whatever it answers. */
const agentIn = (halo: LocalHalo) =>
  new Promise<void>((resolve) => {
    const stopListening = halo.onChange(() => {
      if (!halo.agents.some(({ name }) => name === 'Neo Agent')) return;
      stopListening();
      resolve();
    });
  });

test('npm run demo -- --play ends with an Agent ID in the thread and exit code 0', async () => {
  const { code, output } = await run(['sandbox/demo.ts', '--play']);
  expect(output).toContain('Agent ID 9 is in the thread');
  expect(code).toBe(0);
});

test('npm start without variables names them all, points to the demo, and shows no stack', async () => {
  const { code, output } = await run(['src/index.ts']);
  expect(code).toBe(1);
  for (const name of [
    'SLACK_BOT_TOKEN',
    'SLACK_APP_TOKEN',
    'HALO_BASE_URL',
    'HALO_CLIENT_ID',
    'HALO_CLIENT_SECRET',
  ])
    expect(output).toContain(name);
  expect(output).toContain('npm run demo -- --play');
  expect(output).not.toMatch(/\n\s+at /);
});

test('it does not start with approvers of whom none belongs here', async () => {
  world = await startWorld({ mode: 'socket', env: { NEO_APPROVERS: 'U07GUS8H5V3' } });
  const [app] = world.apps;
  await expect(app.start()).rejects.toThrow();
  expect(app.log()).toContain(
    'NEO_APPROVALS_REQUIRED is 1, but Slack finds only 0 full members who can approve',
  );
});

test('the same job over signed HTTP', async () => {
  world = await startWorld({ mode: 'http' });
  await world.apps[0].start();
  expect(await play(world, () => {})).toBe(9);
});

test('Slack renews the connection in the middle of the day: the next command is answered', async () => {
  world = await startWorld({ mode: 'socket' });
  await world.apps[0].start();
  const { slack } = world;
  slack.socketMode.disconnect('refresh_requested');
  await slack.until('the end of the old connection', () => slack.socketMode.connected === 0);
  await slack.until('the new connection', () => slack.socketMode.connected === 1);
  await slack.as(people.ana.id).types(channels.ops.id, '/neo-setup');
  await slack.until('the form', () => slack.as(people.ana.id).form());
});

test('SIGTERM lets the work in hand end, then the process goes with code 0', async () => {
  world = await startWorld({ mode: 'socket' });
  await world.apps[0].start();
  const { slack, halo } = world;
  halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'hang', after: true });
  await askAndApprove(world);
  await agentIn(halo);
  const stopped = world.apps[0].stop('SIGTERM');
  halo.heal();
  expect(await stopped).toBe(0);
  await world.apps[0].start();
  const reply = await slack.until('the result', () =>
    slack
      .as(people.ana.id)
      .sees(channels.ops.id)
      .find(({ threadTs }) => threadTs !== undefined),
  );
  expect(reply.text).toContain('Agent ID: `9`');
  expect(halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
});

test('killed in the middle of the create: the next process finds the agent', async () => {
  world = await startWorld({ mode: 'socket' });
  await world.apps[0].start();
  const { halo, apps } = world;
  halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'hang', after: true });
  const killed = agentIn(halo).then(() => apps[0].stop('SIGKILL'));
  const job = play(world, () => {});
  await killed;
  halo.heal();
  await apps[0].start();
  expect(await job).toBe(9);
  expect(halo.journal.filter(({ method, path }) => method === 'POST' && path === '/api/Agent')).toHaveLength(
    1,
  );
});

describe('npm start that fails ends in one plain sentence that names the doctor, and shows no stack', () => {
  const lastLineOf = async (env: Record<string, string>, plant: (world: World) => void = () => {}) => {
    world = await startWorld({ mode: 'socket', env });
    plant(world);
    const [app] = world.apps;
    await expect(app.start()).rejects.toThrow();
    expect(app.log()).not.toMatch(/\n\s+at /);
    return sentence(world);
  };
  /** It comes on another stream than the log. */
  const sentence = ({ slack, apps: [app] }: World) =>
    slack.until('the sentence', () =>
      app
        .log()
        .split('\n')
        .find((line) => line.startsWith('neo-setup could not start')),
    );
  const names = /^neo-setup could not start: .* To find out what to fix, run npm run doctor\.$/;

  test.each(['invalid_auth', 'token_revoked', 'account_inactive'])('the bot token: %s', async (code) => {
    const line = await lastLineOf({}, ({ slack }) => {
      slack.fail('auth.test', { kind: 'error', error: code }, Infinity);
    });
    expect(line).toMatch(names);
    expect(line).toContain(`Slack rejected the app’s token (${code})`);
  });

  test('the app token', async () => {
    const line = await lastLineOf({ SLACK_APP_TOKEN: 'xapp-1-another' });
    expect(line).toMatch(names);
    expect(line).toContain('(invalid_auth)');
  });

  test('the token is of a whole organization', async () => {
    const line = await lastLineOf({}, ({ slack }) => {
      slack.store.isOrgWide = true;
    });
    expect(line).toMatch(names);
    expect(line).toContain('belongs to an organization-wide installation');
  });

  test('the port is taken', async () => {
    world = await startWorld({ mode: 'socket' });
    const [app] = world.apps;
    await expect(app.start({ PORT: new URL(world.slackUrl).port })).rejects.toThrow();
    const line = await sentence(world);
    expect(line).toMatch(names);
    expect(line).toMatch(/Port \d+ is already in use/);
  });

  test('the database is out of reach', async () => {
    const line = await lastLineOf({ DATABASE_URL: 'postgres://me:x@127.0.0.1:9/none' });
    expect(line).toMatch(names);
    expect(line).not.toContain('me:x');
  });

  test('nobody can approve', async () => {
    const line = await lastLineOf({ NEO_APPROVERS: 'U07GUS8H5V3' });
    expect(line).toMatch(names);
    expect(line).toContain('Slack finds only 0 full members who can approve');
  });
});
