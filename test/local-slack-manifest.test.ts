import { describe, expect, test } from 'vitest';
import { readManifest } from '../sandbox/slack/manifest.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { buttons, codeOf, divider, manifest, ops, slackForEachTest } from './served-slack.ts';

const stage = slackForEachTest();

describe('what the manifest does not name, the app does not have', () => {
  const without = async (line: RegExp, instead = '') => {
    await stage.reopen({ manifest: manifest.replace(line, instead) });
  };

  test.each<[string, RegExp, () => Promise<unknown>]>([
    ['users:read', /users:read, /, () => stage.client.users.list({ limit: 10 })],
    ['usergroups:read', /usergroups:read, /, () => stage.client.usergroups.list()],
    ['chat:write', /chat:write, /, () => stage.client.chat.delete({ channel: ops, ts: '1.1' })],
    ['im:write', /im:write, /, () => stage.client.conversations.open({ users: people.ana.id })],
    ['channels:read', /channels:read, /, () => stage.client.conversations.members({ channel: ops })],
    [
      'groups:read',
      / groups:read,/,
      () => stage.client.conversations.info({ channel: channels.leadership.id }),
    ],
    ['channels:history', /channels:history, /, () => stage.client.conversations.history({ channel: ops })],
    [
      'im:history',
      /im:history, /,
      () =>
        stage.client.conversations.history({ channel: stage.slack.store.directMessage(people.ana.id).id }),
    ],
  ])('the scope %s', async (scope, line, call) => {
    await without(line);
    await expect(call()).rejects.toMatchObject({ data: { error: 'missing_scope', needed: scope } });
  });

  test('commands and shortcuts need their scope', () => {
    expect(() => readManifest(manifest.replace('commands, ', ''))).toThrow('without the scope commands');
  });

  test('a command, a shortcut and an event', async () => {
    await stage.answering(undefined);
    await expect(stage.as('ana').types(ops, '/other')).rejects.toThrow('not a valid command');
    await expect(stage.as('ana').shortcut('other')).rejects.toThrow('no shortcut');
    await stage.slack.emit({ type: 'reaction_added' });
    expect(stage.slack.deliveries).toEqual([]);
  });

  test('the Home tab', async () => {
    await without(/home_tab_enabled: true/, 'home_tab_enabled: false');
    const view = { type: 'home' as const, blocks: [divider] };
    expect(await codeOf(stage.client.views.publish({ user_id: people.ana.id, view }))).toBe('not_enabled');
    await expect(stage.as('ana').opensHome()).rejects.toThrow('no Home tab');
  });

  test('the Messages tab', async () => {
    await without(/home_tab_enabled: true/, 'messages_tab_enabled: false');
    const write = stage.client.chat.postMessage({ channel: people.ana.id, text: 'x' });
    expect(await codeOf(write)).toBe('messages_tab_disabled');
    await expect(stage.as('ana').opensMessages()).rejects.toThrow('no Messages tab');
  });

  test('interactivity', async () => {
    await without(/interactivity: .*/, 'interactivity: { is_enabled: false }');
    const { failure } = await stage.as('ana').press(await stage.post(buttons), 'Press');
    expect(failure).toContain('not configured');
    expect(stage.slack.deliveries).toEqual([]);
  });

  test('a public channel that the bot is not in, without chat:write.public', async () => {
    const write = () => stage.client.chat.postMessage({ channel: channels.general.id, text: 'x' });
    expect(await codeOf(write())).toBe('not_in_channel');
    await without(/chat:write, /, 'chat:write, chat:write.public, ');
    await write();
    expect(await codeOf(stage.client.chat.postMessage({ channel: channels.leadership.id, text: 'x' }))).toBe(
      'channel_not_found',
    );
  });
});

describe('Limits of a manifest: the limit itself is taken, one past it is refused', () => {
  const shortcut = (change: object) => ({
    name: 'n',
    type: 'global',
    callback_id: 'c',
    description: 'd',
    ...change,
  });
  const command = (change: object) => ({ command: '/c', description: 'd', ...change });
  /** JSON is YAML too. */
  const declaring = (change: { display?: object; features?: object; events?: string[] }) =>
    JSON.stringify({
      display_information: { name: 'n', ...change.display },
      features: change.features ?? {},
      oauth_config: { scopes: { bot: ['commands'] } },
      settings: { event_subscriptions: { bot_events: change.events ?? [] } },
    });
  const text = (n: number) => 'x'.repeat(n);

  test.each<[string, number, number, (n: number) => string]>([
    ['name', 1, 35, (n) => declaring({ display: { name: text(n) } })],
    ['description', 1, 140, (n) => declaring({ display: { description: text(n) } })],
    ['long_description', 175, 4000, (n) => declaring({ display: { long_description: text(n) } })],
    ['bot_user name', 1, 80, (n) => declaring({ features: { bot_user: { display_name: text(n) } } })],
    [
      'command',
      2,
      32,
      (n) => declaring({ features: { slash_commands: [command({ command: `/${text(n - 1)}` })] } }),
    ],
    [
      'command description',
      1,
      2000,
      (n) => declaring({ features: { slash_commands: [command({ description: text(n) })] } }),
    ],
    [
      'command usage_hint',
      0,
      1000,
      (n) => declaring({ features: { slash_commands: [command({ usage_hint: text(n) })] } }),
    ],
    ['shortcut name', 1, 24, (n) => declaring({ features: { shortcuts: [shortcut({ name: text(n) })] } })],
    [
      'shortcut description',
      1,
      150,
      (n) => declaring({ features: { shortcuts: [shortcut({ description: text(n) })] } }),
    ],
    [
      'shortcut callback_id',
      1,
      255,
      (n) => declaring({ features: { shortcuts: [shortcut({ callback_id: text(n) })] } }),
    ],
    ...['global', 'message'].map((type): [string, number, number, (n: number) => string] => [
      `${type} shortcuts`,
      0,
      5,
      (n) =>
        declaring({
          features: { shortcuts: Array.from({ length: n }, () => shortcut({ type })) },
        }),
    ]),
    ['bot_events', 0, 100, (n) => declaring({ events: Array.from({ length: n }, () => 'app_mention') })],
  ])('%s: %i to %i', (_name, least, most, build) => {
    expect(readManifest(build(most))).toHaveProperty('scopes');
    expect(readManifest(build(least))).toHaveProperty('scopes');
    expect(() => readManifest(build(most + 1))).toThrow();
    if (least > 0) expect(() => readManifest(build(least - 1))).toThrow();
  });

  test('objects are closed', () => {
    expect(() => readManifest(declaring({ display: { colour: 'red' } }))).toThrow('colour');
    const shortcuts = [shortcut({ label: 'l' })];
    expect(() => readManifest(declaring({ features: { shortcuts } }))).toThrow('label');
  });
});
