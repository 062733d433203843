import { describe, expect, test } from 'vitest';
import { readManifest } from './manifest.ts';

const shortcut = (change: object) => ({
  name: 'n',
  type: 'global',
  callback_id: 'c',
  description: 'd',
  ...change,
});
const command = (change: object) => ({ command: '/c', description: 'd', ...change });
type Change = { display?: object; features?: object; oauth?: object; scopes?: object; settings?: object };
/** JSON is YAML too. */
const declaring = ({ display, features = {}, oauth, scopes, settings = {} }: Change) =>
  JSON.stringify({
    display_information: { name: 'n', ...display },
    features,
    oauth_config: { scopes: { bot: ['commands'], ...scopes }, ...oauth },
    settings,
  });

const text = (n: number) => 'x'.repeat(n);
const url = (n: number) => `https://${'x'.repeat(n)}`.slice(0, n);
const many = <T>(n: number, item: (index: number) => T) =>
  Array.from({ length: n }, (_, index) => item(index));
const names = (n: number) => many(n, (index) => `n${index}`);

const features = (change: object) => declaring({ features: change });
const oneCommand = (change: object) => features({ slash_commands: [command(change)] });
const oneShortcut = (change: object) => features({ shortcuts: [shortcut(change)] });
const events = (change: object) => declaring({ settings: { event_subscriptions: change } });
const interactivity = (change: object) =>
  declaring({ settings: { interactivity: { is_enabled: true, ...change } } });
const subscription = (change: object) => ({ app_id: 'A07QH9Z4R5T', event_type: 'e', ...change });

describe('Limits of a manifest: the limit itself is taken, one past it is refused', () => {
  test.each<[string, number, number, (n: number) => string]>([
    ['name', 1, 35, (n) => declaring({ display: { name: text(n) } })],
    ['description', 1, 140, (n) => declaring({ display: { description: text(n) } })],
    ['long_description', 175, 4000, (n) => declaring({ display: { long_description: text(n) } })],
    ['bot_user name', 1, 80, (n) => features({ bot_user: { display_name: text(n) } })],
    ['commands', 1, 50, (n) => features({ slash_commands: many(n, () => command({})) })],
    ['command', 2, 32, (n) => oneCommand({ command: `/${text(n)}`.slice(0, n) })],
    ['command description', 1, 2000, (n) => oneCommand({ description: text(n) })],
    ['command usage_hint', 1, 1000, (n) => oneCommand({ usage_hint: text(n) })],
    ['command url', 8, 3000, (n) => oneCommand({ url: url(n) })],
    ['shortcut name', 1, 24, (n) => oneShortcut({ name: text(n) })],
    ['shortcut description', 1, 150, (n) => oneShortcut({ description: text(n) })],
    ['shortcut callback_id', 1, 255, (n) => oneShortcut({ callback_id: text(n) })],
    ...['global', 'message'].map((type): [string, number, number, (n: number) => string] => [
      `${type} shortcuts`,
      0,
      5,
      (n) => features({ shortcuts: many(n, () => shortcut({ type })) }),
    ]),
    ['unfurl_domains', 1, 5, (n) => features({ unfurl_domains: names(n) })],
    ['unfurl_domain', 1, 255, (n) => features({ unfurl_domains: [text(n)] })],
    ['redirect_urls', 0, 1000, (n) => declaring({ oauth: { redirect_urls: names(n) } })],
    ['redirect_url', 0, 2500, (n) => declaring({ oauth: { redirect_urls: [text(n)] } })],
    ...['bot', 'bot_optional', 'user', 'user_optional'].flatMap(
      (kind): [string, number, number, (n: number) => string][] => [
        [`${kind} scopes`, 0, 255, (n) => declaring({ scopes: { [kind]: names(n) } })],
        [`${kind} scope`, 0, 50, (n) => declaring({ scopes: { [kind]: [text(n)] } })],
      ],
    ),
    ['bot_events', 0, 100, (n) => events({ bot_events: names(n) })],
    ['user_events', 0, 100, (n) => events({ user_events: names(n) })],
    ['event name', 0, 50, (n) => events({ bot_events: [text(n)] })],
    ['events request_url', 8, 3500, (n) => events({ request_url: url(n) })],
    [
      'metadata_subscriptions',
      1,
      20,
      (n) => events({ metadata_subscriptions: names(n).map((name) => subscription({ event_type: name })) }),
    ],
    [
      'metadata event_type',
      0,
      50,
      (n) => events({ metadata_subscriptions: [subscription({ event_type: text(n) })] }),
    ],
    ['interactivity request_url', 8, 3500, (n) => interactivity({ request_url: url(n) })],
    ['message_menu_options_url', 8, 3500, (n) => interactivity({ message_menu_options_url: url(n) })],
    [
      'allowed_ip_address_ranges',
      1,
      50,
      (n) =>
        declaring({ settings: { allowed_ip_address_ranges: many(n, (index) => `198.51.100.${index}/32`) } }),
    ],
    ['initiate_uri', 8, 3500, (n) => declaring({ settings: { siws_links: { initiate_uri: url(n) } } })],
  ])('%s: %i to %i', (_name, least, most, build) => {
    expect(readManifest(build(most))).toHaveProperty('scopes');
    expect(readManifest(build(least))).toHaveProperty('scopes');
    expect(() => readManifest(build(most + 1))).toThrow();
    if (least > 0) expect(() => readManifest(build(least - 1))).toThrow();
  });

  test.each(['#fff', '#1f2937'])('the background_color %s', (color) => {
    expect(readManifest(declaring({ display: { background_color: color } }))).toHaveProperty('scopes');
    expect(() => readManifest(declaring({ display: { background_color: color.slice(0, -1) } }))).toThrow();
    expect(() => readManifest(declaring({ display: { background_color: color.slice(1) } }))).toThrow();
  });

  test.each<[string, (names: string[]) => string]>([
    ['an event', (some) => events({ bot_events: some })],
    ['a redirect_url', (some) => declaring({ oauth: { redirect_urls: some } })],
  ])('%s is not named twice', (_name, build) => {
    expect(readManifest(build(['one', 'two']))).toHaveProperty('scopes');
    expect(() => readManifest(build(['one', 'one']))).toThrow('twice');
  });

  test.each<[string, string]>([
    ['the display', declaring({ display: { colour: 'red' } })],
    ['a shortcut', oneShortcut({ colour: 'red' })],
    ['a command', oneCommand({ colour: 'red' })],
    ['the features', features({ colour: 'red' })],
    ['the Home tab', features({ app_home: { colour: 'red' } })],
    ['the bot', features({ bot_user: { display_name: 'n', colour: 'red' } })],
    ['OAuth', declaring({ oauth: { colour: 'red' } })],
    ['the scopes', declaring({ scopes: { colour: [] } })],
    ['the settings', declaring({ settings: { colour: 'red' } })],
    ['the events', events({ colour: 'red' })],
    ['interactivity', interactivity({ colour: 'red' })],
  ])('an unknown property of %s is refused', (_name, yaml) => {
    expect(() => readManifest(yaml)).toThrow('colour');
  });
});

test('token rotation can be turned on, and never off again', () => {
  const rotating = (isOn: boolean) => declaring({ settings: { token_rotation_enabled: isOn } });
  const off = readManifest(rotating(false));
  const on = readManifest(rotating(true), off);
  expect(readManifest(rotating(true), on)).toEqual(on);
  expect(() => readManifest(rotating(false), on)).toThrow('token rotation');
});
