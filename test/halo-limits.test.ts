import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PassThrough, Readable, pipeline, type Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAgent, listAgents, updateAgent } from '../src/halo/agents.ts';
import { bodyLimits, createBodyReader } from '../src/halo/body.ts';
import { createHaloClient } from '../src/halo/client.ts';
import { listTeams } from '../src/halo/teams.ts';

type Answer = (req: IncomingMessage, res: ServerResponse) => void;
let server: Server;
let answer: Answer;
let written = 0;

/** A HaloPSA that signs in well, and answers everything else as the test says. */
beforeEach(async () => {
  written = 0;
  server = createServer((req, res) => {
    if (req.url === '/auth/token') res.end(JSON.stringify({ access_token: 't', expires_in: 3600 }));
    else if (/^\/api\/(AuthInfo|InstanceInfo)$/.test(req.url ?? '')) res.writeHead(404).end();
    else answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(
  () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
);

const client = (timeoutMs = 20_000) => {
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const credentials = { clientId: 'c', clientSecret: 's', tenant: undefined, scopes: 'all' };
  const admit = () => Promise.resolve(0);
  return createHaloClient({ baseUrl: `http://127.0.0.1:${port}`, ...credentials }, { admit, timeoutMs });
};

/** `bytes` of this text over and over. */
const flood = (text: string, bytes = Infinity): Readable => {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  let left = bytes;
  return new Readable({
    read() {
      left -= chunk.length;
      written += chunk.length;
      this.push(left < 0 ? null : chunk);
    },
  });
};
const stream =
  (body: Readable): Answer =>
  (_req, res) =>
    void pipeline(body, res, () => {});
const zipped =
  (encoding: string, zip: Transform): Answer =>
  (_req, res) => {
    res.writeHead(200, { 'content-encoding': encoding });
    pipeline(flood(' '), zip, res, () => {});
  };
const fastest = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } };

describe('an answer without end is cut off, and is an error like others', () => {
  test.each<[string, () => Answer]>([
    ['200 MB of JSON', () => stream(flood('{"id":1,"name":"x"},', 200_000_000))],
    ['a stream without end', () => stream(flood(' '))],
    ['20 MB of empty objects', () => stream(flood('{},', 20_000_000))],
    ['a gzip bomb without end', () => zipped('gzip', createGzip({ level: 1 }))],
    ['a brotli bomb without end', () => zipped('br', createBrotliCompress(fastest))],
  ])('%s', async (_what, how) => {
    answer = how();
    await expect(listAgents(client())).rejects.toMatchObject({
      name: 'HaloError',
      kind: 'unexpected_response',
      code: expect.stringContaining('longer than 55 MB') as string,
    });
  });

  test('the sender is cut off too: no more than the limit gets out of it, and what was on its way', async () => {
    answer = stream(flood(' '));
    await expect(listAgents(client())).rejects.toThrow();
    expect(written).toBeLessThan(bodyLimits.bytes + 30_000_000);
  });

  test('after a write nobody knows whether it was done', async () => {
    answer = stream(flood(' '));
    await expect(createAgent(client(), { name: 'Neo Agent' })).rejects.toMatchObject({
      kind: 'outcome_unknown',
    });
  });

  test('several at once: what they hold together is limited, and a short answer always passes', async () => {
    const read = createBodyReader({ bytes: 1_000, nodes: 10, bytesTogether: 1_500, freeBytes: 100 });
    const slow = () => new PassThrough();
    const [first, second, short] = [slow(), slow(), slow()];
    const reading = [read(first), read(second), read(short)].map((text) =>
      text.catch((error: unknown) => error),
    );
    first.write(Buffer.alloc(900));
    await setImmediate();
    second.write(Buffer.alloc(900));
    short.end(Buffer.from('[{}]'));
    expect(await reading[2]).toBe('[{}]');
    expect(await reading[1]).toMatchObject({ limit: 'together' });
    first.end();
    expect(await reading[0]).toHaveLength(900);
    // What is held is given back.
    const again = slow();
    again.end(Buffer.alloc(900));
    expect(await read(again)).toHaveLength(900);
  });
});

test('a list ten times as long as the longest that was measured is read', async () => {
  const team = { id: 1, name: 'x'.repeat(400), department_id: 1, department_name: 'y'.repeat(60) };
  answer = (_req, res) => void res.end(JSON.stringify(Array.from({ length: 100_000 }, () => team)));
  expect((await listTeams(client())).rows).toHaveLength(100_000);
});

test('a list of which no row fits is refused in no time', async () => {
  answer = (_req, res) => void res.end(`[${'{},'.repeat(200_000)}{}]`);
  const before = performance.now();
  await expect(listTeams(client())).rejects.toMatchObject({ kind: 'unexpected_response' });
  expect(performance.now() - before).toBeLessThan(3_000);
});

test('a request above the limit is refused before it leaves', async () => {
  let asked = 0;
  answer = (req, res) => {
    if (req.method === 'POST') asked += 1;
    res.end('{}');
  };
  const tooLong = { id: 9, name: 'x'.repeat(1_100_000) };
  await expect(updateAgent(client(), tooLong)).rejects.toMatchObject({ kind: 'invalid' });
  expect(asked).toBe(0);
});

test('an answer that stays away in the middle of its body is given up in time', async () => {
  answer = (_req, res) => void res.write('[{"id":1');
  await expect(listAgents(client(300))).rejects.toMatchObject({ kind: 'too_slow' });
});
