import { LogLevel } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { LocalSlack, LocalSlackOptions } from '../sandbox/slack/local-slack.ts';
import { people } from '../sandbox/slack/workspace.ts';
import { ops, ServedSlack, tokens } from './served-slack.ts';

let slack: LocalSlack;
let stage: ServedSlack;
const open = async (change: Partial<LocalSlackOptions> = {}) => {
  stage = await ServedSlack.open(change);
  slack = stage.slack;
};
beforeEach(() => open());
afterEach(() => stage.close());

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
    const ana = slack.as(people.ana.id);
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
    slack.socketMode.copies = 2;
    await slack.as(people.ana.id).types(ops, '/try');
    await slack.as(people.ana.id).types(ops, '/try');
    expect(ids.slice(0, 2)).toEqual([ids[0], ids[0]]);
  });

  test.each(['warning', 'refresh_requested'] as const)('a %s makes it connect again', async (reason) => {
    const client = await connect();
    slack.socketMode.disconnect(reason);
    await slack.until('the end of the old connection', () => slack.socketMode.connected === 0);
    await slack.until('the new connection', () => slack.socketMode.connected === 1);
    onEach(client, 'slash_commands', ({ ack }) => void ack());
    expect(await slack.as(people.ana.id).types(ops, '/try')).toEqual({ failure: undefined });
  });

  test('an event that nobody acknowledges in time comes again as a retry', async () => {
    const retries: (number | undefined)[] = [];
    await stage.close();
    await open({ eventRetriesAfterMs: [0] });
    const client = await connect();
    const again = new Promise<void>((resolve) => {
      onEach(client, 'app_home_opened', ({ ack, retry_num: num }) => {
        retries.push(num);
        if (num === 0) return;
        void ack().then(resolve);
      });
    });
    await slack.as(people.ana.id).opensHome();
    await again;
    expect(retries).toEqual([0, 1]);
  });

  test('the client is not started before Slack has said hello', async () => {
    let greet = () => {};
    slack.socketMode.beforeHello = () => new Promise((resolve) => (greet = resolve));
    let isStarted = false;
    const starting = connect().then(() => (isStarted = true));
    await slack.until('the socket', () => slack.socketMode.connected === 1);
    expect(isStarted).toBe(false);
    greet();
    expect(await starting).toBe(true);
  });

  test('nobody is connected: the command fails before anybody’s eyes', async () => {
    expect(await slack.as(people.ana.id).types(ops, '/try')).toEqual({
      failure: '/try failed with the error "dispatch_failed"',
    });
  });

  test('ten sockets, not eleven', async () => {
    await Promise.all(Array.from({ length: 10 }, () => connect()));
    const url = slack.socketMode.newUrl(stage.served.url);
    const told = await new Promise<unknown>((resolve) => {
      new WebSocket(url).once('message', (data: Buffer) => {
        resolve(JSON.parse(data.toString('utf8')));
      });
    });
    expect(told).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(slack.socketMode.connected).toBe(10);
  });
});
