import type { ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../sandbox/serve.ts';
import { checkBlocks, checkSuggestion, checkView } from '../sandbox/slack/block-kit.ts';
import { LocalSlack } from '../sandbox/slack/local-slack.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';

const manifest = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
const plain = (length: number) => ({ type: 'plain_text', text: '漢'.repeat(length) });
const view = (change: object) => ({
  type: 'modal',
  title: plain(5),
  blocks: [{ type: 'divider' }],
  ...change,
});
const simpleView: ModalView = {
  type: 'modal',
  title: { type: 'plain_text', text: 'Simple' },
  blocks: [{ type: 'divider' }],
};
const many = (n: number, item: object) => Array.from({ length: n }, () => item);
const inputOf = (element: object, change: object = {}) => ({
  type: 'input',
  block_id: 'field',
  label: plain(5),
  element,
  ...change,
});
const button = (change: object = {}) => ({
  type: 'actions',
  elements: [{ type: 'button', action_id: 'a', text: plain(5), ...change }],
});

describe('Block Kit’s limits: the limit itself is taken, one more is refused', () => {
  test.each<[string, (n: number) => object, number]>([
    ['title of a view', (n) => view({ title: plain(n) }), 24],
    ['submit of a view', (n) => view({ submit: plain(n) }), 24],
    ['close of a view', (n) => view({ close: plain(n) }), 24],
    ['private_metadata', (n) => view({ private_metadata: 'x'.repeat(n) }), 3000],
    ['callback_id', (n) => view({ callback_id: 'x'.repeat(n) }), 255],
    ['blocks of a view', (n) => view({ blocks: many(n, { type: 'divider' }) }), 100],
    [
      'label of an input',
      (n) =>
        view({
          submit: plain(5),
          blocks: [inputOf({ type: 'email_text_input', action_id: 'a' }, { label: plain(n) })],
        }),
      2000,
    ],
    [
      'hint of an input',
      (n) =>
        view({
          submit: plain(5),
          blocks: [inputOf({ type: 'email_text_input', action_id: 'a' }, { hint: plain(n) })],
        }),
      2000,
    ],
    [
      'initial_value of a text input',
      (n) =>
        view({
          submit: plain(5),
          blocks: [inputOf({ type: 'plain_text_input', action_id: 'a', initial_value: 'x'.repeat(n) })],
        }),
      3000,
    ],
    [
      'placeholder of a select',
      (n) =>
        view({
          submit: plain(5),
          blocks: [inputOf({ type: 'external_select', action_id: 'a', placeholder: plain(n) })],
        }),
      150,
    ],
  ])('%s', (_name, build, most) => {
    expect(checkView(build(most))).toHaveProperty('value');
    expect(checkView(build(most + 1))).toHaveProperty('errors');
  });

  test.each<[string, (n: number) => object, number]>([
    ['blocks of a message', (n) => many(n, { type: 'divider' }), 50],
    ['text of a section', (n) => [{ type: 'section', text: plain(n) }], 3000],
    ['fields of a section', (n) => [{ type: 'section', fields: many(n, plain(1)) }], 10],
    ['text of a field', (n) => [{ type: 'section', fields: [plain(n)] }], 2000],
    ['text of a header', (n) => [{ type: 'header', text: plain(n) }], 150],
    ['elements of a context', (n) => [{ type: 'context', elements: many(n, plain(1)) }], 10],
    ['text of a button', (n) => [button({ text: plain(n) })], 75],
    ['value of a button', (n) => [button({ value: 'x'.repeat(n) })], 2000],
    ['accessibility_label of a button', (n) => [button({ accessibility_label: 'x'.repeat(n) })], 75],
  ])('%s', (_name, build, most) => {
    expect(checkBlocks(build(most))).toHaveProperty('value');
    expect(checkBlocks(build(most + 1))).toHaveProperty('errors');
  });

  test.each<[string, (n: number) => object, number]>([
    ['options of an answer', (n) => ({ options: many(n, { text: plain(1), value: 'v' }) }), 100],
    ['text of an option', (n) => ({ options: [{ text: plain(n), value: 'v' }] }), 75],
    ['value of an option', (n) => ({ options: [{ text: plain(1), value: 'x'.repeat(n) }] }), 150],
    [
      'description of an option',
      (n) => ({ options: [{ text: plain(1), value: 'v', description: plain(n) }] }),
      75,
    ],
  ])('%s', (_name, build, most) => {
    expect(checkSuggestion(build(most))).toHaveProperty('value');
    expect(checkSuggestion(build(most + 1))).toHaveProperty('errors');
  });

  test.each([
    ['an empty text', [{ type: 'section', text: plain(0) }]],
    ['an unknown property', [{ type: 'divider', colour: 'red' }]],
    [
      'two blocks with one block_id',
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
    ],
    ['an input in a message', [inputOf({ type: 'email_text_input', action_id: 'a' })]],
    ['NUL', [{ type: 'section', text: { type: 'mrkdwn', text: 'a\u0000b' } }]],
  ])('%s is refused, and where it stands is said', (_name, blocks) => {
    const checked = checkBlocks(blocks);
    expect('errors' in checked && checked.errors[0]).toMatch(/^\[ERROR\] .*\[json-pointer:\/blocks/);
  });

  test('an initial option that is not among the options, and inputs without a submit button, are refused', () => {
    const options = [{ text: plain(1), value: 'v' }];
    const select = {
      type: 'static_select',
      action_id: 'a',
      options,
      initial_option: { text: plain(1), value: 'other' },
    };
    expect(checkView(view({ submit: plain(5), blocks: [inputOf(select)] }))).toHaveProperty('errors');
    expect(
      checkView(view({ blocks: [inputOf({ type: 'email_text_input', action_id: 'a' })] })),
    ).toHaveProperty('errors');
  });
});

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
    const url = slack.store.newResponseUrl(served.url, channels.ops.id, people.ana.id);
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
