import { LogLevel } from '@slack/bolt';
import type { HomeView } from '@slack/types';
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  WebClientEvent,
} from '@slack/web-api';
import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { channels, people } from './workspace.ts';
import { buttons, divider, modal, ops, plain, slackForEachTest, tokens } from './testing/served-slack.ts';

const historySchema = z.object({ messages: z.array(z.object({ text: z.string() })) });
const membersSchema = z.object({ members: z.array(z.string()) });

const stage = slackForEachTest();

describe('@slack/web-api', () => {
  const clientFor = (token: string) =>
    new WebClient(token, {
      slackApiUrl: stage.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logLevel: LogLevel.ERROR,
    });
  const thrown = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => undefined,
      (error: unknown) => error,
    );
  const codeOf = async (call: Promise<unknown>) => {
    const error = await thrown(call);
    return error instanceof WebAPIPlatformError ? error.data.error : error;
  };
  const trigger = () => stage.slack.store.newTrigger(people.ana.id);

  test('every method is called and answered', async () => {
    const client = clientFor(tokens.botToken);
    const { ts = '' } = await client.chat.postMessage({ channel: ops, text: 'one', blocks: buttons });
    const { view } = await client.views.open({ trigger_id: trigger(), view: modal([divider]) });
    const inside = stage.slack.store.newTrigger(people.ana.id, { viewId: view?.id ?? '' });
    const home: HomeView = { type: 'home', blocks: [divider] };
    const answers = [
      await client.auth.test(),
      await client.chat.postMessage({ channel: ops, text: 'two', thread_ts: ts }),
      await client.chat.postEphemeral({ channel: ops, user: people.ana.id, text: 'psst' }),
      await client.chat.update({ channel: ops, ts, text: 'changed' }),
      await client.chat.getPermalink({ channel: ops, message_ts: ts }),
      await client.views.push({ trigger_id: inside, view: modal([divider]) }),
      await client.views.update({ view_id: view?.id ?? '', view: modal([divider]) }),
      await client.views.publish({ user_id: people.ana.id, view: home }),
      await client.users.info({ user: people.ana.id }),
      await client.users.list({ limit: 100 }),
      await client.usergroups.list({ include_users: true }),
      await client.usergroups.users.list({ usergroup: 'S07PSAADM55' }),
      await client.conversations.info({ channel: ops }),
      await client.conversations.members({ channel: ops }),
      await client.conversations.open({ users: people.ana.id }),
      await client.conversations.history({ channel: ops }),
      await client.conversations.replies({ channel: ops, ts }),
      await client.chat.delete({ channel: ops, ts }),
    ];
    expect(answers.every(({ ok }) => ok)).toBe(true);
  });

  test('what is refused comes as WebAPIPlatformError with Slack’s code', async () => {
    const client = clientFor(tokens.botToken);
    const { ts = '' } = await client.chat.postMessage({ channel: ops, text: 'x' });
    const said = await stage.slack.as(people.ana.id).says(ops, 'mine');
    await client.chat.delete({ channel: ops, ts });
    const calls: [string, Promise<unknown>][] = [
      ['invalid_auth', clientFor('xoxb-other').auth.test()],
      ['not_allowed_token_type', clientFor(tokens.botToken).apps.connections.open()],
      ['not_allowed_token_type', clientFor(tokens.appToken).auth.test()],
      ['unknown_method', client.apiCall('no.such')],
      ['channel_not_found', client.chat.postMessage({ channel: 'C404', text: 'x' })],
      ['not_in_channel', client.chat.postMessage({ channel: channels.general.id, text: 'x' })],
      ['no_text', client.chat.postMessage({ channel: ops, text: '' })],
      ['invalid_blocks_format', client.apiCall('chat.postMessage', { channel: ops, blocks: '{' })],
      ['user_not_in_channel', client.chat.postEphemeral({ channel: ops, user: 'U404', text: 'x' })],
      ['message_not_found', client.chat.update({ channel: ops, ts, text: 'x' })],
      ['message_not_found', client.chat.delete({ channel: ops, ts })],
      ['message_not_found', client.chat.getPermalink({ channel: ops, message_ts: ts })],
      ['thread_not_found', client.conversations.replies({ channel: ops, ts })],
      ['thread_not_found', client.chat.postMessage({ channel: ops, thread_ts: ts, text: 'x' })],
      ['cant_update_message', client.chat.update({ channel: ops, ts: said.ts, text: 'x' })],
      ['cant_delete_message', client.chat.delete({ channel: ops, ts: said.ts })],
      ['invalid_cursor', client.users.list({ limit: 1, cursor: 'nonsense' })],
      ['user_not_found', client.users.info({ user: 'U404' })],
      ['no_such_subteam', client.usergroups.users.list({ usergroup: 'S404' })],
      ['invalid_trigger_id', client.views.push({ trigger_id: trigger(), view: modal([divider]) })],
    ];
    expect(await Promise.all(calls.map(([, call]) => codeOf(call)))).toEqual(calls.map(([code]) => code));
  });

  test('a bad view is refused with the places in response_metadata.messages', async () => {
    const title = plain('much longer than 24 characters');
    const error = await thrown(
      clientFor(tokens.botToken).views.open({ trigger_id: trigger(), view: modal([divider], { title }) }),
    );
    expect(error).toBeInstanceOf(WebAPIPlatformError);
    expect(error).toMatchObject({
      data: {
        error: 'invalid_arguments',
        response_metadata: {
          messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
        },
      },
    });
  });

  test('pages follow their cursors to the end', async () => {
    const client = clientFor(tokens.botToken);
    for (let n = 0; n < 5; n += 1) await client.chat.postMessage({ channel: ops, text: String(n) });
    const texts: string[] = [];
    for await (const page of client.paginate('conversations.history', { channel: ops, limit: 2 }))
      for (const message of historySchema.parse(page).messages) texts.push(message.text);
    expect(texts).toEqual(['4', '3', '2', '1', '0']);
    const members: string[] = [];
    for await (const page of client.paginate('conversations.members', { channel: ops, limit: 3 }))
      members.push(...membersSchema.parse(page).members);
    expect(members).toEqual(channels.ops.members);
  });

  describe('with rate limits', () => {
    let time = Date.now();
    beforeEach(() => stage.reopen({ rateLimits: true, now: () => time }));

    test('one post a second in each channel, and Retry-After says when', async () => {
      const client = clientFor(tokens.botToken);
      const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
      await post(ops);
      const error = await thrown(post(ops));
      expect(error).toBeInstanceOf(WebAPIRateLimitedError);
      expect(error).toMatchObject({ retryAfter: 1 });
      await post(channels.shared.id);
      time += 1_000;
      await post(ops);
      expect(stage.slack.messages(ops)).toHaveLength(2);
    });

    test.each<[string, number, (client: WebClient) => Promise<unknown>]>([
      ['tier 2', 20, (client) => client.users.list({ limit: 1 })],
      ['tier 3', 50, (client) => client.conversations.info({ channel: ops })],
      ['tier 4', 100, (client) => client.users.info({ user: people.ana.id })],
    ])('%s: %i calls a minute', async (_tier, most, call) => {
      const client = clientFor(tokens.botToken);
      for (let n = 0; n < most; n += 1) await call(client);
      expect(await thrown(call(client))).toMatchObject({ retryAfter: 60 });
      time += 60_000;
      await call(client);
    });

    test('a client that waits gets its call through', async () => {
      const patient = new WebClient(tokens.botToken, {
        slackApiUrl: stage.apiUrl,
        retryConfig: { retries: 1, minTimeout: 1 },
        logLevel: LogLevel.ERROR,
      });
      patient.on(WebClientEvent.RATE_LIMITED, () => (time += 1_000));
      await patient.chat.postMessage({ channel: ops, text: 'one' });
      await patient.chat.postMessage({ channel: ops, text: 'two' });
      expect(stage.slack.messages(ops).map(({ text }) => text)).toEqual(['one', 'two']);
    });
  });

  test('faults come as the SDK’s errors', async () => {
    const client = clientFor(tokens.botToken);
    const post = () => client.chat.postMessage({ channel: ops, text: 'x' });
    stage.slack.fail('chat.postMessage', { kind: 'status', status: 500, after: true });
    expect(await thrown(post())).toBeInstanceOf(WebAPIHTTPError);
    stage.slack.fail('chat.postMessage', { kind: 'drop', after: true });
    expect(await thrown(post())).toBeInstanceOf(WebAPIRequestError);
    stage.slack.fail('chat.postMessage', { kind: 'error', error: 'internal_error' });
    expect(await codeOf(post())).toBe('internal_error');
    expect(stage.slack.messages(ops)).toHaveLength(2);
    expect(stage.slack.journal.map(({ answer }) => answer?.ok)).toEqual([true, true, undefined]);
  });
});
