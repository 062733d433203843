import { describe, expect, test } from 'vitest';
import { readManifest } from './manifest.ts';
import { channels, people } from './workspace.ts';
import { buttons, codeOf, divider, manifest, ops, slackForEachTest } from './testing/served-slack.ts';

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
