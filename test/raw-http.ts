import { connect } from 'node:net';

/**
 * Sends these bytes on a connection of their own. Resolves when it ends, with the status of the first answer:
 * undefined when there was none. `hold`: leaves the request open, for servers that should end it.
 */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  { host = '127.0.0.1', hold = false }: { host?: string; hold?: boolean } = {},
): Promise<number | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ port, host, allowHalfOpen: true }, () => {
      if (hold) socket.write(bytes);
      else socket.end(bytes);
    });
    socket.on('data', (chunk) => {
      if (answer.length < 100) answer += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      resolve(status === undefined ? undefined : Number(status));
    });
  });
}

/** A GET of this target, as it stands. */
export const getOf = (target: string) => `GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`;

/** Targets that `new URL` throws at, and others that no route is named. */
export const oddTargets = [
  '//',
  '///',
  '/\\',
  '//:',
  'http://[',
  'http://[::1',
  '//[',
  '\\\\',
  '//%',
  '/%',
  '/%zz',
  '/%c0%ae',
  '*',
  '/?//',
  '//healthz',
  '/healthz/',
  '/healthz%00',
  'http://x:99999/',
  `/${'a'.repeat(10_000)}`,
];
