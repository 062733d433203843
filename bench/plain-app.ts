import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort, ready } from '../sandbox/process.ts';
import { bundle } from '../sandbox/bundle-app.ts';

export type PlainApp = {
  url: string;
  pid: number | undefined;
  /** What it wrote: JSON lines. */
  log: () => string;
  stop: () => Promise<void>;
};

/** Starts a script of ours in HTTP mode on plain Node, without a loader. Resolves when it is ready. @throws when it is not */
export async function startPlain(script: string, env: NodeJS.ProcessEnv): Promise<PlainApp> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Node 20 warns of every JSON file that is imported, which is no log line of the app.
  const args = ['--disable-warning=ExperimentalWarning', await bundle(script)];
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    await ready(url, child);
  } catch (error) {
    await stop();
    throw new Error(`${script} did not start:\n${log}`, { cause: error });
  }
  return { url, pid: child.pid, log: () => log, stop };
}
