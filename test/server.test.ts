import { connect } from 'node:net';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { healthRoutes, type Checks } from '../src/health.ts';
import { createServer, type Route, type Server } from '../src/server.ts';
import { createLogger } from '../src/slack/logger.ts';
import { getOf, oddTargets, sendRaw } from './raw-http.ts';

const log = createLogger('silent', []);
const strict = {
  connections: 3,
  headerBytes: 2_000,
  headersMs: 50,
  requestMs: 100,
  idleMs: 50,
  checkEveryMs: 10,
};
let server: Server | undefined;
afterEach(async () => {
  await server?.close(0);
  server = undefined;
});

const open = async (routes: readonly Route[], limits?: typeof strict): Promise<number> => {
  server = createServer(routes, log, limits);
  return server.listen('127.0.0.1', 0);
};
const health = (checks: Checks = {}) => healthRoutes(checks);
const statusOf = async (port: number, path: string) =>
  (await fetch(`http://127.0.0.1:${port}${path}`)).status;

describe('whoever reaches the port', () => {
  test.each(oddTargets)('GET %j is answered 4xx, and the next probe 200', async (target) => {
    const port = await open(health());
    expect(await sendRaw(port, getOf(target))).toBeOneOf([400, 404, 431]);
    expect(await statusOf(port, '/healthz')).toBe(200);
  });

  test.each([
    ['no HTTP at all', '\u0000\u0001\u0002'],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['an empty line', '\r\n\r\n'],
    ['an unknown method', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['two lengths', 'POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    ['a negative length', 'POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
    ['a broken chunk', 'POST /healthz HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['an upgrade', 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
    ['CONNECT', 'CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`],
  ])('%s: the server goes on', async (_what, bytes) => {
    const port = await open(health());
    await sendRaw(port, bytes);
    expect(await statusOf(port, '/healthz')).toBe(200);
  });

  test('headers or a body that never come: the connection is ended', async () => {
    const port = await open(health(), strict);
    const unfinished = [
      '',
      'GET /healthz HTTP/1.1\r\n',
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n`,
    ];
    // Resolves only because the server ends them.
    await Promise.all(unfinished.map((bytes) => sendRaw(port, bytes, { hold: true })));
    expect(await statusOf(port, '/healthz')).toBe(200);
  });

  test('more connections than allowed: those above are ended, the others stay', async () => {
    const port = await open(health(), { ...strict, headersMs: 60_000, requestMs: 60_000 });
    const inside = await Promise.all(
      Array.from({ length: strict.connections }, async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      }),
    );
    expect(await sendRaw(port, getOf('/healthz'))).toBeUndefined();
    inside[0]?.end(getOf('/healthz'));
    expect(String((await once(inside[0] ?? connect(port), 'data'))[0])).toContain('200 OK');
    for (const socket of inside) socket.destroy();
  });

  test('the address is taken as it is configured: nothing answers on another one', async () => {
    const port = await open(health());
    expect(await sendRaw(port, getOf('/healthz'))).toBe(200);
    expect(await sendRaw(port, getOf('/healthz'), { host: '127.0.0.2' })).toBeUndefined();
  });
});

test.each([
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  ['rejects', () => Promise.reject(new Error('broken'))],
])('a route that %s is answered 500, and the server goes on', async (_how, handle) => {
  const port = await open([{ method: 'GET', path: '/broken', handle }, ...health()]);
  expect(await statusOf(port, '/broken')).toBe(500);
  expect(await statusOf(port, '/healthz')).toBe(200);
});

test('a port that is taken: it says so', async () => {
  const port = await open(health());
  await expect(createServer([], log).listen('127.0.0.1', port)).rejects.toThrow('EADDRINUSE');
});

describe('/readyz', () => {
  const down: [string, Checks[string]][] = [
    ['does not hold', () => false],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
    ['never answers', () => new Promise(() => {})],
  ];
  test.each(down)('is 503 when a check %s, and says which', async (_how, check) => {
    const port = await open(health({ slack: () => true, storage: check }));
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ slack: true, storage: false });
  });

  test('asked a hundred times at once, it asks the storage once or twice', async () => {
    let asked = 0;
    const storage = async () => {
      asked += 1;
      await setImmediate();
      return true;
    };
    const port = await open(health({ storage }));
    const pipelined = 'GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(99);
    expect(await sendRaw(port, pipelined + getOf('/readyz'))).toBe(200);
    expect(asked).toBeOneOf([1, 2]);
  });
});
