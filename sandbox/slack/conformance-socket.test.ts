import { LogLevel } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ops, slackForEachTest, tokens } from './testing/served-slack.ts';

const stage = slackForEachTest();

describe('@slack/socket-mode', () => {
  const clients: SocketModeClient[] = [];
  const connect = async () => {
    const client = new SocketModeClient({
      appToken: tokens.appToken,
      clientOptions: { slackApiUrl: stage.apiUrl },
      logLevel: LogLevel.ERROR,
      clientPingTimeout: 300,
    });
    clients.push(client);
    await client.start();
    return client;
  };
  type Heard = { ack: (answer?: object) => Promise<void>; envelope_id: string; retry_num?: number };
  const onEach = (client: SocketModeClient, name: string, listener: (heard: Heard) => void) => {
    client.on(name, listener);
  };
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.disconnect()));
  });

  test('an envelope goes to one of the sockets, and its answer back to the person', async () => {
    const heard: string[] = [];
    for (const name of ['first', 'second']) {
      const client = await connect();
      onEach(client, 'slash_commands', ({ ack }) => {
        heard.push(name);
        void ack({ text: `from ${name}` });
      });
    }
    const ana = stage.as('ana');
    await ana.types(ops, '/try');
    await ana.types(ops, '/try');
    expect([...heard].sort()).toEqual(['first', 'second']);
    expect(ana.sees(ops).map(({ text, ephemeral }) => ({ text, ephemeral }))).toEqual(
      heard.map((name) => ({ text: `from ${name}`, ephemeral: true })),
    );
  });

  test('the same envelope may come twice', async () => {
    const ids: string[] = [];
    onEach(await connect(), 'slash_commands', ({ ack, envelope_id: id }) => {
      ids.push(id);
      void ack();
    });
    stage.slack.socketMode.copies = 2;
    await stage.as('ana').types(ops, '/try');
    await stage.as('ana').types(ops, '/try');
    expect(ids.slice(0, 2)).toEqual([ids[0], ids[0]]);
  });

  test.each(['warning', 'refresh_requested'] as const)('a %s makes it connect again', async (reason) => {
    const client = await connect();
    stage.slack.socketMode.disconnect(reason);
    await stage.slack.until('the end of the old connection', () => stage.slack.socketMode.connected === 0);
    await stage.slack.until('the new connection', () => stage.slack.socketMode.connected === 1);
    onEach(client, 'slash_commands', ({ ack }) => void ack());
    expect(await stage.as('ana').types(ops, '/try')).toEqual({ failure: undefined });
  });

  test('TCP stays open after the close handshake, and it connects again', async () => {
    stage.slack.socketMode.leavesTcpOpen = true;
    const client = await connect();
    stage.slack.socketMode.disconnect('refresh_requested');
    await stage.slack.until('the handshake', () => stage.slack.socketMode.connected === 0);
    await stage.slack.until('the new connection', () => stage.slack.socketMode.connected === 1);
    onEach(client, 'slash_commands', ({ ack }) => void ack());
    expect(await stage.as('ana').types(ops, '/try')).toEqual({ failure: undefined });
  });

  test('an event that nobody acknowledges in time comes again as a retry', async () => {
    const retries: (number | undefined)[] = [];
    await stage.reopen({ eventRetriesAfterMs: [0] });
    const client = await connect();
    const again = new Promise<void>((resolve) => {
      onEach(client, 'app_home_opened', ({ ack, retry_num: num }) => {
        retries.push(num);
        if (num === 0) return;
        void ack().then(resolve);
      });
    });
    await stage.as('ana').opensHome();
    await again;
    expect(retries).toEqual([0, 1]);
  });

  test('the client is not started before Slack has said hello', async () => {
    let greet = () => {};
    stage.slack.socketMode.beforeHello = () => new Promise((resolve) => (greet = resolve));
    let isStarted = false;
    const starting = connect().then(() => (isStarted = true));
    await stage.slack.until('the socket', () => stage.slack.socketMode.connected === 1);
    expect(isStarted).toBe(false);
    greet();
    expect(await starting).toBe(true);
  });

  test('nobody is connected: the command fails before anybody’s eyes', async () => {
    expect(await stage.as('ana').types(ops, '/try')).toEqual({
      failure: '/try failed with the error "dispatch_failed"',
    });
  });

  test('ten sockets, not eleven', async () => {
    await Promise.all(Array.from({ length: 10 }, () => connect()));
    const url = stage.slack.socketMode.newUrl(stage.served.url);
    const told = await new Promise<unknown>((resolve) => {
      new WebSocket(url).once('message', (data: Buffer) => {
        resolve(JSON.parse(data.toString('utf8')));
      });
    });
    expect(told).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(stage.slack.socketMode.connected).toBe(10);
  });
});
