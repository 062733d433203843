import { fork, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalHalo } from '../sandbox/halo/local-halo.ts';
import { serve } from '../sandbox/serve.ts';
import { freePort, ready } from '../sandbox/process.ts';

/**
 * How long 50 people who type /neo-setup at the same moment wait for the acknowledgement, beside a bare Bolt
 * app that only acknowledges and opens a view, in the same run. Over HTTP, where the acknowledgement is the
 * response.
 */
const peopleAtOnce = 50;
const warmUpRounds = 10;
const rounds = 40;
const mostRatio = 2;
const signingSecret = 'bench';

const root = fileURLToPath(new URL('..', import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'neo-setup-bench-'));
const halo = new LocalHalo({ clientId: 'bench', clientSecret: 'bench' });
const haloServer = await serve(halo.fetch);
const slack = start('bench/stub-slack.ts', {});
const [slackPort] = (await once(slack, 'message')) as [number];
const slackEnv = {
  SLACK_API_URL: `http://127.0.0.1:${slackPort}/api/`,
  SLACK_BOT_TOKEN: 'xoxb-bench',
  SLACK_SIGNING_SECRET: signingSecret,
};

const barePort = await freePort();
const bare = start('bench/bare-app.ts', { PORT: String(barePort), ...slackEnv });
await once(bare, 'message');

const appPort = await freePort();
const app = start('src/index.ts', {
  PORT: String(appPort),
  ...slackEnv,
  HALO_BASE_URL: haloServer.url,
  HALO_CLIENT_ID: 'bench',
  HALO_CLIENT_SECRET: 'bench',
  DATA_DIR: dataDir,
  LOG_LEVEL: 'warn',
});
await ready(`http://127.0.0.1:${appPort}`, app);

const times = { bare: [] as number[], 'neo-setup': [] as number[] };
for (let round = 0; round < warmUpRounds + rounds; round += 1)
  for (const [name, port] of [
    ['bare', barePort],
    ['neo-setup', appPort],
  ] as const) {
    const taken = await Promise.all(
      Array.from({ length: peopleAtOnce }, (_unused, index) =>
        acknowledged(port, round * peopleAtOnce + index),
      ),
    );
    if (round >= warmUpRounds) times[name].push(...taken);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

for (const child of [app, bare, slack]) child.kill('SIGTERM');
await haloServer.stop();
rmSync(dataDir, { recursive: true, force: true });

for (const [name, list] of Object.entries(times))
  console.log(
    `${name.padEnd(10)} ${list.length} acks  p50 ${percentile(list, 50)} ms  p99 ${percentile(list, 99)} ms`,
  );
const ratio = percentile(times['neo-setup'], 99) / percentile(times.bare, 99);
console.log(`p99 is ${ratio.toFixed(2)} × that of the bare app (at most ${mostRatio})`);
process.exitCode = ratio <= mostRatio ? 0 : 1;

function start(script: string, env: Record<string, string>): ChildProcess {
  return fork(join(root, script), {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Milliseconds from the request to its whole response. */
async function acknowledged(port: number, person: number): Promise<number> {
  const body = new URLSearchParams({
    command: '/neo-setup',
    text: '',
    team_id: 'T07QH4M2K1A',
    user_id: `U07BENCH${String(person).padStart(6, '0')}`,
    channel_id: 'C07MSPOPS11',
    channel_name: 'msp-ops',
    trigger_id: `1.${person}`,
    response_url: `http://127.0.0.1:${slackPort}/response`,
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  const from = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  });
  await response.text();
  if (response.status !== 200) throw new Error(`Not acknowledged: ${response.status}`);
  return performance.now() - from;
}

function percentile(list: readonly number[], percent: number): number {
  const sorted = [...list].sort((a, b) => a - b);
  return Number((sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? 0).toFixed(1));
}
