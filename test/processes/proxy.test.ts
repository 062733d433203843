import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { play } from '../../sandbox/play.ts';
import { credentials, startWorld, type World } from '../../sandbox/world.ts';
import { spawned } from './spawned.ts';

const folder = fileURLToPath(new URL('../fixtures/tls/', import.meta.url));
const pem = (name: string) => readFileSync(join(folder, name));
const root = join(folder, 'root.pem');
const [slackHost, haloHost] = ['slack.example', 'acme.halopsa.example'];

let opened: { close: () => void }[] = [];
let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
  for (const server of opened) server.close();
  opened = [];
});

const listening = async (server: Server | ReturnType<typeof createTlsServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  return (server.address() as AddressInfo).port;
};

/** https before a server that speaks http. */
const encrypted = (url: string, chain: string, key: string) =>
  listening(
    createTlsServer({ cert: pem(chain), key: pem(key) }, (socket) => {
      const plain = connect(Number(new URL(url).port), '127.0.0.1');
      socket.pipe(plain).pipe(socket);
      socket.on('error', () => plain.destroy());
      plain.on('error', () => socket.destroy());
    }),
  );

/** `credentials`: as they were shown, for each time that it was asked. */
type Proxy = { url: string; asked: string[]; credentials: string[] };

/** A proxy that alone knows where these hosts are. `refuse`: the status that it answers instead. */
const proxyTo = async (hosts: Record<string, number>, refuse?: number): Promise<Proxy> => {
  const asked: string[] = [];
  const credentials: string[] = [];
  const server = createServer((_req, res) => void res.writeHead(400).end());
  server.on('connect', (req, socket) => {
    asked.push(req.url ?? '');
    const { 'proxy-authorization': given = '' } = req.headers;
    credentials.push(Buffer.from(given.replace(/^Basic /, ''), 'base64').toString('utf8'));
    const port = hosts[req.url ?? ''];
    if (refuse !== undefined || port === undefined) {
      socket.end(`HTTP/1.1 ${refuse ?? 502} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const to = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(to).pipe(socket);
    });
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, asked, credentials };
};

/** The world behind https, under names that only the proxy knows. */
const behindProxy = async (mode: 'socket' | 'http', env: (proxy: Proxy) => Record<string, string>) => {
  world = await startWorld({ mode, slackAddress: `https://${slackHost}` });
  const proxy = await proxyTo({
    [`${slackHost}:443`]: await encrypted(world.slackUrl, 'chain.pem', 'servers.key'),
    [`${haloHost}:443`]: await encrypted(world.haloUrl, 'chain.pem', 'servers.key'),
  });
  const changes = {
    SLACK_API_URL: `https://${slackHost}/api/`,
    HALO_BASE_URL: `https://${haloHost}`,
    NODE_EXTRA_CA_CERTS: root,
    ...env(proxy),
  };
  return { proxy, world, changes };
};

describe('behind a proxy that alone knows the hosts', () => {
  test('the whole job: Web API, Socket Mode, response_url and HaloPSA go through it, and nothing else', async () => {
    const { proxy, world, changes } = await behindProxy('socket', ({ url }) => ({ HTTPS_PROXY: url }));
    await world.apps[0].start(changes);
    expect(await play(world, () => {})).toBe(9);
    expect(new Set(proxy.asked)).toEqual(new Set([`${slackHost}:443`, `${haloHost}:443`]));
  });

  test('https_proxy in small letters, and a user and password, which no log shows', async () => {
    const { proxy, world, changes } = await behindProxy('http', ({ url }) => ({
      https_proxy: url.replace('//', '//svc:pass%2Fw0rd-of-the-proxy@'),
    }));
    await world.apps[0].start(changes);
    expect(await play(world, () => {})).toBe(9);
    expect(proxy.asked.length).toBeGreaterThan(1);
    expect(new Set(proxy.credentials)).toEqual(new Set(['svc:pass/w0rd-of-the-proxy']));
    expect(world.apps[0].log()).not.toMatch(/pass(%2F|\/)w0rd/);
  });

  test('ALL_PROXY counts for Slack as for HaloPSA', async () => {
    const { proxy, world, changes } = await behindProxy('socket', ({ url }) => ({ ALL_PROXY: url }));
    await world.apps[0].start(changes);
    expect(await play(world, () => {})).toBe(9);
    expect(new Set(proxy.asked)).toEqual(new Set([`${slackHost}:443`, `${haloHost}:443`]));
  });

  test('HTTP_PROXY alone is for http: neither Slack nor HaloPSA is asked through it by https', async () => {
    const { proxy, world, changes } = await behindProxy('socket', ({ url }) => ({ HTTP_PROXY: url }));
    const { output } = await spawned('doctor', [], { ...world.env, ...changes }).ended;
    expect(output).toMatch(/FAILED +Slack token/);
    expect(output).toMatch(/FAILED +HaloPSA sign-in +The host of HALO_BASE_URL/);
    expect(proxy.asked).toEqual([]);
  });

  test('NO_PROXY takes a host out: it is not asked of the proxy', async () => {
    const { proxy, world, changes } = await behindProxy('socket', ({ url }) => ({
      HTTPS_PROXY: url,
      NO_PROXY: haloHost,
    }));
    const { output } = await spawned('doctor', [], { ...world.env, ...changes }).ended;
    expect(output).toMatch(/Proxy +Slack http:\/\/127\.0\.0\.1:\d+; HaloPSA directly/);
    expect(output).toMatch(/ok +Slack token/);
    expect(output).toMatch(
      /FAILED +HaloPSA sign-in +The host of HALO_BASE_URL \(acme\.halopsa\.example\) was not found/,
    );
    expect(new Set(proxy.asked)).toEqual(new Set([`${slackHost}:443`]));
  });

  test('the doctor looks through it too, and names it', async () => {
    const { world, changes } = await behindProxy('socket', ({ url }) => ({ HTTPS_PROXY: url }));
    const { output, code } = await spawned('doctor', [], { ...world.env, ...changes }).ended;
    expect(output).toMatch(/ok +Proxy +Slack http:\/\/127\.0\.0\.1:\d+; HaloPSA http:\/\/127\.0\.0\.1:\d+\n/);
    expect(output).toMatch(/ok +Clock against Slack/);
    expect(output).toMatch(/ok +Clock against HaloPSA/);
    expect(output).not.toContain('FAILED');
    expect(code).toBe(0);
  });
});

describe('the doctor names what is wrong on the way', () => {
  const doctor = async (env: Record<string, string>) => {
    world ??= await startWorld({ mode: 'socket' });
    return (await spawned('doctor', [], { ...world.env, ...env }).ended).output;
  };

  test('the proxy wants a password', async () => {
    const { url } = await proxyTo({}, 407);
    const output = await doctor({ HTTPS_PROXY: url, HALO_BASE_URL: `https://${haloHost}` });
    expect(output).toMatch(
      /FAILED +HaloPSA sign-in +A proxy on the way to HaloPSA blocked the call \(HTTP 407\)/,
    );
  });

  test('the proxy lets nobody through to there', async () => {
    const { url } = await proxyTo({}, 403);
    const output = await doctor({ HTTPS_PROXY: url, HALO_BASE_URL: `https://${haloHost}` });
    expect(output).toMatch(/FAILED +HaloPSA sign-in +.*\(HTTP 403\)/);
    expect(output).not.toMatch(/Client ID/);
  });

  test('nobody is at the proxy’s address', async () => {
    const output = await doctor({ HTTPS_PROXY: 'http://127.0.0.1:9', HALO_BASE_URL: `https://${haloHost}` });
    expect(output).toMatch(/FAILED +HaloPSA sign-in +.*\(ECONNREFUSED\)/);
    expect(output).toContain('HTTPS_PROXY');
  });

  test.each([
    ['no address', 'proxy.acme.example:3128'],
    ['another protocol', 'socks5://proxy.example:1080'],
    ['one whose password is not encoded', 'http://svc:100%sure@proxy.example:3128'],
  ])('HTTPS_PROXY is %s', async (_what, value) => {
    const output = await doctor({ HTTPS_PROXY: value });
    expect(output).toMatch(/FAILED +HTTPS_PROXY +must be an address like http:\/\/proxy\.example:3128/);
    expect(output).not.toContain(value);
  });

  test.each([
    [
      'only the server’s own certificate is sent',
      'servers.pem',
      'servers.key',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      /chain/,
    ],
    [
      'the certificate is signed by itself',
      'alone.pem',
      'alone.key',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      /NODE_EXTRA_CA_CERTS/,
    ],
  ])('%s', async (_what, cert, key, code, advice) => {
    world = await startWorld({ mode: 'socket' });
    const port = await encrypted(world.haloUrl, cert, key);
    const { url } = await proxyTo({ [`${haloHost}:443`]: port });
    const output = await doctor({
      HTTPS_PROXY: url,
      HALO_BASE_URL: `https://${haloHost}`,
      NODE_EXTRA_CA_CERTS: root,
    });
    expect(output).toMatch(
      new RegExp(`FAILED +HaloPSA sign-in +The certificate of .* couldn’t be verified \\(${code}\\)`),
    );
    expect(output).toMatch(advice);
  });

  test('the certificate is for another name', async () => {
    world = await startWorld({ mode: 'socket' });
    const port = await encrypted(world.haloUrl, 'chain.pem', 'servers.key');
    const { url } = await proxyTo({ 'halo.other.example:443': port });
    const output = await doctor({
      HTTPS_PROXY: url,
      HALO_BASE_URL: 'https://halo.other.example',
      NODE_EXTRA_CA_CERTS: root,
    });
    expect(output).toMatch(/is for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)/);
    expect(output).not.toContain(credentials.clientSecret);
  });
});
