import type { ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../sandbox/serve.ts';
import { LocalSlack } from '../sandbox/slack/local-slack.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';

const manifest = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
const simpleView: ModalView = {
  type: 'modal',
  title: { type: 'plain_text', text: 'Simple' },
  blocks: [{ type: 'divider' }],
};
describe('the Web API, through Slack’s own client', () => {
  let slack: LocalSlack;
  let served: Served;
  let client: WebClient;
  let time = Date.now();
  const open = async (text = manifest) => {
    slack = new LocalSlack({
      manifest: text,
      botToken: 'xoxb-local',
      appToken: 'xapp-local',
      signingSecret: 'local',
      webBase: () => served.url,
      hooksBase: () => served.url,
      now: () => time,
    });
    served = await serve((request) => slack.fetch(request));
    client = new WebClient('xoxb-local', { slackApiUrl: `${served.url}/api/`, retryConfig: { retries: 0 } });
  };
  beforeEach(() => open());
  afterEach(async () => {
    slack.stop();
    await served.stop();
  });
  const refused = async (call: Promise<unknown>) => {
    const error: unknown = await call.catch((thrown: unknown) => thrown);
    return (error as { data?: { error?: string } }).data?.error;
  };

  /** The one that came with a command. Nobody is connected, so nobody else uses it. */
  const responseUrl = async () => {
    await slack.as(people.ana.id).types(channels.ops.id, '/neo-setup');
    return String(slack.deliveries.at(-1)?.payload['response_url']);
  };

  test('a trigger works once and for three seconds', async () => {
    const first = slack.store.newTrigger(people.ana.id);
    await client.views.open({ trigger_id: first, view: simpleView });
    expect(await refused(client.views.open({ trigger_id: first, view: simpleView }))).toBe(
      'exchanged_trigger_id',
    );
    const second = slack.store.newTrigger(people.ana.id);
    time += 3_001;
    expect(await refused(client.views.open({ trigger_id: second, view: simpleView }))).toBe(
      'expired_trigger_id',
    );
  });

  test('a view that was closed cannot be updated, nor one with another hash', async () => {
    const trigger = slack.store.newTrigger(people.ana.id);
    const { view: opened } = await client.views.open({ trigger_id: trigger, view: simpleView });
    const update = (hash?: string) =>
      client.views.update({ view_id: opened?.id ?? '', view: simpleView, ...(hash && { hash }) });
    expect(await refused(update('0.other'))).toBe('hash_conflict');
    slack.as(people.ana.id).modal()?.close();
    expect(await refused(update())).toBe('not_found');
  });

  test('where the bot is not, it cannot post; a private channel does not even exist for it', async () => {
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    expect(await refused(post(channels.general.id))).toBe('not_in_channel');
    expect(await refused(post(channels.leadership.id))).toBe('channel_not_found');
    slack.changeChannel(channels.ops.id, { isArchived: true });
    expect(await refused(post(channels.ops.id))).toBe('is_archived');
  });

  test('an update takes 4,000 characters, and one without blocks drops the blocks', async () => {
    const blocks = [{ type: 'divider' as const }];
    const { ts = '' } = await client.chat.postMessage({ channel: channels.ops.id, text: 'x', blocks });
    const update = (text: string) => client.chat.update({ channel: channels.ops.id, ts, text });
    expect(await refused(update('x'.repeat(4_001)))).toBe('msg_too_long');
    await update('x'.repeat(4_000));
    expect(slack.messages(channels.ops.id)[0]?.blocks).toEqual([]);
  });

  test('a scope that the manifest does not name is missing here too', async () => {
    await served.stop();
    await open(manifest.replace(/^ {6}- users:read.*$/m, ''));
    expect(await refused(client.users.info({ user: people.ana.id }))).toBe('missing_scope');
  });

  test('a command that the manifest does not name cannot be typed', async () => {
    await expect(slack.as(people.ana.id).types(channels.ops.id, '/neo-other')).rejects.toThrow(
      'not a valid command',
    );
  });

  test('a response_url works five times', async () => {
    const url = await responseUrl();
    const answer = () => fetch(url, { method: 'POST', body: JSON.stringify({ text: 'x' }) });
    const statuses = [];
    for (let use = 0; use < 6; use += 1) statuses.push((await answer()).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
  });

  test('a post whose answer is lost is there all the same', async () => {
    slack.fail('chat.postMessage', { kind: 'drop', after: true });
    await expect(client.chat.postMessage({ channel: channels.ops.id, text: 'x' })).rejects.toThrow();
    expect(slack.messages(channels.ops.id)).toHaveLength(1);
  });
});
