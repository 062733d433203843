import type { ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';

const readyWithinMs = 20_000;
const askEveryMs = 50;

/** Asks `/readyz` until it answers 200. @throws when the process ended or takes too long */
export async function ready(appUrl: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + readyWithinMs;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`${appUrl}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, askEveryMs));
  }
  throw new Error('The app did not become ready');
}

/** A loopback port that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
