import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalHalo } from './halo/local-halo.ts';
import { freePort, ready } from './process.ts';
import { serve } from './serve.ts';
import { LocalSlack } from './slack/local-slack.ts';
import { people, userGroups } from './slack/workspace.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Invented; they open nothing but this sandbox. */
const credentials = {
  botToken: 'xoxb-7120045511-8890012245-SandboxSandboxSandbox',
  appToken: 'xapp-1-A07QH9Z4R5T-7120045511-sandbox',
  signingSecret: 'a9d1c4b27e6035f8d2b1960c7e54af38',
  clientId: '6e0b52d8-1c9f-4a37-8e24-b7d3905f1ac6',
  clientSecret: 'd27c81f5-40be-49a3-96d1-5f8e03b7c2a4-1b96e0d3-7f52-48ca-a1e9-c4063fd58b27',
};

export type World = {
  slack: LocalSlack;
  halo: LocalHalo;
  slackUrl: string;
  haloUrl: string;
  appUrl: string;
  /** What the app wrote: JSON lines. */
  log: () => string;
  /** Starts the app as a process of its own; resolves when it is ready. */
  startApp: () => Promise<void>;
  /** Sends the signal and resolves with the exit code. */
  stopApp: (signal: NodeJS.Signals) => Promise<number | null>;
  stop: () => Promise<void>;
};

/** A local Slack, a local HaloPSA and the app between them, each on a free loopback port. */
export async function startWorld(
  mode: 'socket' | 'http',
  fetchBeforeSlack?: (
    slack: LocalSlack,
    halo: LocalHalo,
  ) => (request: Request) => Promise<Response | undefined>,
): Promise<World> {
  const manifest = readFileSync(join(root, 'manifest.yml'), 'utf8');
  let slackUrl = '';
  const base = () => slackUrl;
  const slack = new LocalSlack({ ...credentials, manifest, webBase: base, hooksBase: base });
  const halo = new LocalHalo(credentials);
  const before = fetchBeforeSlack?.(slack, halo);
  const slackServer = await serve(async (request) => (await before?.(request)) ?? slack.fetch(request));
  const haloServer = await serve(halo.fetch);
  slackUrl = slackServer.url;
  slack.attachSockets(slackServer.server);
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  if (mode === 'http') slack.sendTo(`${appUrl}/slack/events`);
  const dataDir = mkdtempSync(join(tmpdir(), 'neo-setup-'));

  let log = '';
  let child: ChildProcess | undefined;
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    SLACK_BOT_TOKEN: credentials.botToken,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: credentials.appToken }
      : { SLACK_SIGNING_SECRET: credentials.signingSecret }),
    SLACK_API_URL: `${slackServer.url}/api/`,
    PORT: String(port),
    HALO_BASE_URL: haloServer.url,
    HALO_CLIENT_ID: credentials.clientId,
    HALO_CLIENT_SECRET: credentials.clientSecret,
    NEO_APPROVERS: [people.ana.id, people.ben.id, ...userGroups.map(({ id }) => id)].join(','),
    DATA_DIR: dataDir,
  };

  const stopApp = async (signal: NodeJS.Signals) => {
    const running = child;
    if (running?.exitCode !== null) return running?.exitCode ?? null;
    const exited = new Promise<number | null>((resolve) => running.once('exit', resolve));
    running.kill(signal);
    return exited;
  };
  return {
    slack,
    halo,
    slackUrl: slackServer.url,
    haloUrl: haloServer.url,
    appUrl,
    log: () => log,
    startApp: async () => {
      const started = spawn(process.execPath, ['--import', 'tsx', 'src/index.ts'], { cwd: root, env });
      child = started;
      for (const output of [started.stdout, started.stderr])
        output.on('data', (chunk: Buffer) => {
          log += chunk.toString('utf8');
        });
      await ready(appUrl, started);
    },
    stopApp,
    stop: async () => {
      await stopApp('SIGTERM');
      slack.stop();
      halo.heal();
      await Promise.all([slackServer.stop(), haloServer.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
