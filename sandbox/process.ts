import type { ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const readyWithinMs = 60_000;
const askEveryMs = 50;
const answerWithinMs = 1_000;

/** Asks `/readyz` until it answers 200. @throws when the process ended or takes too long */
export async function ready(appUrl: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + readyWithinMs;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`${appUrl}/readyz`, { signal: AbortSignal.timeout(answerWithinMs) }).catch(
      () => undefined,
    );
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  // What it wrote last may still be on its way.
  const { stdout } = child;
  if (child.exitCode !== null && stdout !== null && !stdout.readableEnded) await once(stdout, 'end');
  throw new Error('The app did not become ready');
}

/** Below the ports that Linux gives to outgoing connections: one of those could take the port of a process that restarts. */
const ports = { first: 20_000, last: 32_000 };

/** A loopback port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.first, ports.last);
    if (await canListen(port)) return port;
  }
}

function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, () =>
      server.close(() => {
        resolve(true);
      }),
    );
  });
}
