import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { Readable, pipeline } from 'node:stream';
import { createGzip } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { sendRaw } from '../raw-http.ts';
import { peakMb } from './peak-memory.ts';

const maxMb = 400;
let world: World | undefined;
let halo: Server | undefined;
afterEach(async () => {
  await world?.stop();
  halo?.close();
  halo?.closeAllConnections();
});

const answers = async ({ slack }: World) => {
  const { failure } = await slack.as(people.ana.id).types(channels.ops.id, '/neo-setup help');
  expect(failure).toBeUndefined();
};

test(
  'bodies of strangers, many at once, large or slow: the memory stays, and Slack is served',
  { timeout: 120_000 },
  async () => {
    world = await startWorld({ mode: 'http' });
    const { apps } = world;
    await apps[0].start();
    const port = Number(new URL(apps[0].url).port);
    const head = (length: number) =>
      `POST /slack/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n` +
      `x-slack-signature: v0=00\r\nx-slack-request-timestamp: ${Math.floor(Date.now() / 1000)}\r\n\r\n`;
    const large = Buffer.concat([Buffer.from(head(3_900_000)), Buffer.alloc(3_900_000, 'x')]);
    const chunked = `${head(0).replace('content-length: 0', 'transfer-encoding: chunked')}ffffff\r\n${'x'.repeat(3_900_000)}`;
    // Just below the limit, and never complete.
    const slow = Array.from({ length: 150 }, () =>
      sendRaw(port, head(262_144) + 'x'.repeat(262_000), { hold: true }),
    );
    await answers(world);
    for (let sent = 0; sent < 200; sent += 20) {
      const bodies = Array.from({ length: 20 }, (_unused, index) =>
        sendRaw(port, index % 2 ? large : chunked),
      );
      // Undefined: cut off before the answer was read.
      for (const status of await Promise.all(bodies)) expect(status).toBeOneOf([413, undefined]);
    }
    await Promise.all(slow);
    await answers(world);
    expect(peakMb(apps[0].pid())).toBeLessThan(maxMb);
  },
);

/** Text without end. */
const flood = (text: string) => {
  const chunk = Buffer.from(text.repeat(Math.ceil(65_536 / text.length)));
  return new Readable({
    read() {
      this.push(chunk);
    },
  });
};
const endless: RequestListener[] = [
  (_req, res) =>
    void pipeline(
      flood('{"id":1,"name":"x","email":"x@example.com","padding":"xxxxxxxxxxxx"},'),
      res,
      () => {},
    ),
  (_req, res) => void pipeline(flood(' '), res, () => {}),
  (_req, res) => {
    res.writeHead(200, { 'content-encoding': 'gzip' });
    pipeline(flood(' '), createGzip({ level: 1 }), res, () => {});
  },
  (_req, res) => void pipeline(flood('{},'), res, () => {}),
];

test(
  'HaloPSA answers without end, to every call: the memory stays, and Slack is served',
  { timeout: 120_000 },
  async () => {
    let asked = 0;
    halo = createServer((req, res) => {
      if (req.url === '/auth/token') res.end(JSON.stringify({ access_token: 't', expires_in: 3600 }));
      else endless[asked++ % endless.length]?.(req, res);
      world?.slack.store.changed();
    });
    halo.listen(0, '127.0.0.1');
    await once(halo, 'listening');
    const address = halo.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    world = await startWorld({ mode: 'http', env: { HALO_BASE_URL: `http://127.0.0.1:${port}` } });
    const { slack, apps } = world;
    await apps[0].start();
    await slack.until('the first look at each list', () => asked >= 6, 60_000);
    const failed = () => apps[0].log().split('could not be read').length - 1;
    await slack.until('the end of all', () => failed() >= 6, 60_000);
    await answers(world);
    expect(apps[0].log()).toContain('longer than 55 MB');
    expect(peakMb(apps[0].pid())).toBeLessThan(maxMb);
  },
);
