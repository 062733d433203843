import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalHalo } from './halo/local-halo.ts';
import type { PresetName } from './halo/presets.ts';
import type { Seed } from './halo/seed.ts';
import { freePort, ready } from './process.ts';
import { serve } from './serve.ts';
import { LocalSlack } from './slack/local-slack.ts';
import { people, userGroups } from './slack/workspace.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Invented; they open nothing but this sandbox. */
export const credentials = {
  botToken: 'xoxb-7120045511-8890012245-SandboxSandboxSandbox',
  appToken: 'xapp-1-A07QH9Z4R5T-7120045511-sandbox',
  signingSecret: 'a9d1c4b27e6035f8d2b1960c7e54af38',
  clientId: '6e0b52d8-1c9f-4a37-8e24-b7d3905f1ac6',
  clientSecret: 'd27c81f5-40be-49a3-96d1-5f8e03b7c2a4-1b96e0d3-7f52-48ca-a1e9-c4063fd58b27',
};

/** Ana too, so that one can see that nobody approves what they asked for themselves. */
const approvers = [people.ana, people.ben, people.cleo, ...userGroups].map(({ id }) => id);

/** One process of the app. */
export type AppProcess = {
  url: string;
  /** Undefined before the first start. */
  pid: () => number | undefined;
  /** It was ready, and has not ended since. */
  isReady: () => boolean;
  /** Resolves when it is ready. `changes` to the environment are for this start alone. */
  start: (changes?: Record<string, string>) => Promise<void>;
  /** Sends the signal and resolves with the exit code when the process has ended. */
  stop: (signal: NodeJS.Signals) => Promise<number | null>;
  /** Sends a signal that ends nothing: SIGSTOP, SIGCONT. */
  signal: (signal: NodeJS.Signals) => void;
  /** What it wrote: JSON lines. */
  log: () => string;
};

export type World = {
  slack: LocalSlack;
  halo: LocalHalo;
  slackUrl: string;
  haloUrl: string;
  /** What a process of the app is given. */
  env: Readonly<Record<string, string>>;
  /** The first of them is the only one unless more were asked for. */
  apps: [AppProcess, ...AppProcess[]];
  stop: () => Promise<void>;
};

type Before = (slack: LocalSlack, halo: LocalHalo) => (request: Request) => Promise<Response | undefined>;
export type WorldOptions = {
  mode: 'socket' | 'http';
  /** More than one needs a database that they can share. */
  instances?: number;
  databaseUrl?: string;
  /** More for the environment of each process, by its index. */
  envOf?: (index: number) => Record<string, string>;
  /** The file that each process runs: TypeScript, or JavaScript that was made of it. */
  script?: string;
  env?: Record<string, string>;
  licences?: number;
  /** A build of HaloPSA. */
  preset?: PresetName;
  /** What HaloPSA holds. */
  seed?: Partial<Seed>;
  /** Whether Slack limits calls as it does: one post a second in each channel, and so on. */
  rateLimits?: boolean;
  /** Where the app reaches Slack, if that is not the address it is served at. */
  slackAddress?: string;
  /** Looks at requests to the local Slack first. */
  before?: Before;
};

/** A local Slack, a local HaloPSA and the app between them, each on a free loopback port. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { mode, instances = 1, databaseUrl, script = 'src/index.ts', rateLimits = false } = options;
  const manifest = readFileSync(join(root, 'manifest.yml'), 'utf8');
  let slackUrl = '';
  const base = () => options.slackAddress ?? slackUrl;
  const slack = new LocalSlack({ ...credentials, manifest, rateLimits, webBase: base, hooksBase: base });
  const halo = new LocalHalo({
    ...credentials,
    ...(options.licences && { licences: options.licences }),
    ...(options.preset && { preset: options.preset }),
    ...(options.seed && { seed: options.seed }),
  });
  const before = options.before?.(slack, halo);
  halo.onChange(() => {
    slack.store.changed();
  });
  const slackServer = await serve(async (request) => (await before?.(request)) ?? slack.fetch(request));
  const haloServer = await serve((request) => halo.fetch(request));
  slackUrl = slackServer.url;
  slack.attachSockets(slackServer.server);
  const dataDir = mkdtempSync(join(tmpdir(), 'neo-setup-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    SLACK_BOT_TOKEN: credentials.botToken,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: credentials.appToken }
      : { SLACK_SIGNING_SECRET: credentials.signingSecret }),
    SLACK_API_URL: `${slackServer.url}/api/`,
    HALO_BASE_URL: haloServer.url,
    HALO_CLIENT_ID: credentials.clientId,
    HALO_CLIENT_SECRET: credentials.clientSecret,
    NEO_APPROVERS: approvers.join(','),
    DATA_DIR: dataDir,
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...options.env,
  };
  const changed = () => {
    slack.store.changed();
  };
  const more = (index: number) => ({ ...env, ...options.envOf?.(index) });
  const first = await appProcess(script, more(0), changed);
  const others = await Promise.all(
    Array.from({ length: instances - 1 }, (_unused, index) => appProcess(script, more(index + 1), changed)),
  );
  const apps: World['apps'] = [first, ...others];
  if (mode === 'http') slack.sendTo(balance(apps));
  return {
    slack,
    halo,
    slackUrl: slackServer.url,
    haloUrl: haloServer.url,
    env,
    apps,
    stop: async () => {
      await Promise.all(apps.map((app) => app.stop('SIGTERM')));
      slack.stop();
      halo.heal();
      await Promise.all([slackServer.stop(), haloServer.stop()]);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A load balancer: each payload goes to the next process that takes some. */
function balance(apps: World['apps']): () => string {
  let turn = 0;
  return () => {
    const running = apps.filter((app) => app.isReady());
    const next = running[turn % Math.max(1, running.length)] ?? apps[0];
    turn += 1;
    return `${next.url}/slack/events`;
  };
}

async function appProcess(
  script: string,
  env: Record<string, string>,
  changed: () => void,
): Promise<AppProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let log = '';
  let child: ChildProcess | undefined;
  let wasReady = false;
  const isRunning = () => child?.exitCode === null && child.signalCode === null;
  return {
    url,
    pid: () => child?.pid,
    isReady: () => wasReady && isRunning(),
    log: () => log,
    start: async (changes = {}) => {
      const started = spawn(
        process.execPath,
        [...(script.endsWith('.ts') ? ['--import', 'tsx'] : []), script],
        {
          cwd: root,
          env: { ...env, PORT: String(port), ...changes },
        },
      );
      child = started;
      wasReady = false;
      for (const output of [started.stdout, started.stderr])
        output.on('data', (chunk: Buffer) => {
          log += chunk.toString('utf8');
          changed();
        });
      await ready(url, started);
      wasReady = true;
    },
    stop: async (signal) => {
      const running = child;
      if (running === undefined) return null;
      if (!isRunning()) return running.exitCode;
      const exited = new Promise<number | null>((resolve) => running.once('exit', resolve));
      running.kill(signal);
      return exited;
    },
    signal: (signal) => child?.kill(signal),
  };
}
