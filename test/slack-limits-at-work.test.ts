import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '../sandbox/serve.ts';
import { LocalSlack } from '../sandbox/slack/local-slack.ts';
import { channels, people } from '../sandbox/slack/workspace.ts';
import { button, chars, divider, inputOf, many, modal, options, section } from './block-kit.ts';

describe('Limits that show only at work', () => {
  let time = Date.now();
  let slack: LocalSlack;
  let app: Served | undefined;
  const manifest = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
  const ana = () => slack.as(people.ana.id);
  const ops = channels.ops.id;

  beforeEach(() => {
    slack = new LocalSlack({
      manifest,
      botToken: 'xoxb-local',
      appToken: 'xapp-local',
      signingSecret: 'local',
      webBase: () => 'https://slack.com',
      hooksBase: () => 'https://hooks.slack.com',
      now: () => time,
      eventRetriesAfterMs: [0, 0, 0],
    });
  });
  afterEach(async () => {
    slack.stop();
    await app?.stop();
    app = undefined;
  });

  /** An app that answers everything so. */
  const answering = async (answer: (path: string) => Response) => {
    app = await serve((request) => answer(request.url));
    slack.sendTo(app.url);
  };
  const call = async (method: string, args: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const form = Object.entries(args).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const request = new Request(`https://slack.com/api/${method}`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-local' },
      body: new URLSearchParams(form).toString(),
    });
    return (await (await slack.fetch(request)).json()) as Record<string, unknown>;
  };
  const trigger = () => slack.store.newTrigger(people.ana.id);
  const open = (change: object = {}, blocks: object[] = [divider]) =>
    call('views.open', { trigger_id: trigger(), view: modal(blocks, change) });
  const respond = async (url: string, body: object) =>
    (await slack.fetch(new Request(url, { method: 'POST', body: JSON.stringify(body) }))).status;
  const lastPayload = () => slack.deliveries.at(-1)?.payload ?? {};

  describe('an acknowledgement is taken after 3 s and is none after that', () => {
    const late = (ms: number) => () => {
      time += ms;
      return new Response('');
    };
    test.each([
      [3_000, undefined],
      [3_001, '/neo-setup failed with the error "operation_timeout"'],
    ])('of a command, %i ms', async (ms, failure) => {
      await answering(late(ms));
      expect(await ana().types(ops, '/neo-setup')).toEqual({ failure });
    });

    test.each([
      [3_000, 'closed'],
      [3_001, 'failed'],
    ])('of a submission, %i ms', async (ms, outcome) => {
      await open();
      await answering(late(ms));
      expect(await ana().modal()?.submit()).toMatchObject({ outcome });
    });

    test.each([
      [3_000, undefined],
      [3_001, 'operation_timeout'],
    ])('of a button, %i ms', async (ms, failure) => {
      await call('chat.postMessage', { channel: ops, text: 'x', blocks: [section(button())] });
      await answering(late(ms));
      const [message] = ana().sees(ops);
      expect(message && (await ana().press(message, chars(5)))).toEqual({ failure });
    });

    test('of a search', async () => {
      await open({}, [inputOf({ type: 'external_select' }, { label: { type: 'plain_text', text: 'Pick' } })]);
      const answer = (ms: number) => () => {
        time += ms;
        return Response.json({ options: options(1) });
      };
      await answering(answer(3_000));
      expect(await ana().modal()?.search('Pick', 'abc')).toHaveLength(1);
      await app?.stop();
      await answering(answer(3_001));
      await expect(ana().modal()?.search('Pick', 'abc')).rejects.toThrow('operation_timeout');
    });

    test('of an event: it comes four times, and says for which time', async () => {
      await answering(late(3_001));
      await slack.emit({ type: 'app_home_opened', user: people.ana.id });
      await slack.until('the last retry', () => slack.deliveries[3]?.ack);
      expect(slack.deliveries.map(({ retry }) => retry)).toEqual([
        undefined,
        { num: 1, reason: 'http_timeout' },
        { num: 2, reason: 'http_timeout' },
        { num: 3, reason: 'http_timeout' },
      ]);
      expect(new Set(slack.deliveries.map(({ payload }) => payload['event_id'])).size).toBe(1);
    });
  });

  test('a trigger works 3 s long and once', async () => {
    const [first, second] = [trigger(), trigger()];
    time += 3_000;
    const openWith = (id: string) => call('views.open', { trigger_id: id, view: modal([divider]) });
    expect(await openWith(first)).toMatchObject({ ok: true });
    expect(await openWith(first)).toMatchObject({ error: 'exchanged_trigger_id' });
    time += 1;
    expect(await openWith(second)).toMatchObject({ error: 'expired_trigger_id' });
    expect(await openWith('made-up')).toMatchObject({ error: 'invalid_trigger_id' });
  });

  describe('a response_url', () => {
    const url = async () => {
      await answering(() => new Response(''));
      await ana().types(ops, '/neo-setup');
      return String(lastPayload()['response_url']);
    };

    test('works 5 times', async () => {
      const target = await url();
      const statuses = [];
      for (let use = 0; use < 6; use += 1) statuses.push(await respond(target, { text: 'x' }));
      expect(statuses).toEqual([200, 200, 200, 200, 200, 404]);
    });

    test('works 30 minutes', async () => {
      const target = await url();
      time += 30 * 60_000;
      expect(await respond(target, { text: 'x' })).toBe(200);
      time += 1;
      expect(await respond(target, { text: 'x' })).toBe(404);
    });

    test('cannot make an ephemeral message public', async () => {
      await answering(() => new Response(''));
      await call('chat.postEphemeral', {
        channel: ops,
        user: people.ana.id,
        text: 'x',
        blocks: [section(button())],
      });
      const [whisper] = ana().sees(ops);
      if (whisper) await ana().press(whisper, chars(5));
      await respond(String(lastPayload()['response_url']), { text: 'new', response_type: 'in_channel' });
      expect(ana().sees(ops)).toMatchObject([{ text: 'new', ephemeral: true }]);
      expect(slack.messages(ops)).toEqual([]);
    });
  });

  test('three views stack, a fourth does not', async () => {
    await open();
    const push = async () => {
      const top = slack.store.topView(people.ana.id)?.id ?? '';
      const id = slack.store.newTrigger(people.ana.id, { viewId: top });
      return call('views.push', { trigger_id: id, view: modal([divider]) });
    };
    expect(await push()).toMatchObject({ ok: true });
    expect(await push()).toMatchObject({ ok: true });
    expect(await push()).toMatchObject({ error: 'push_limit_reached' });
  });

  test('an external_id is free again only when its view is closed', async () => {
    expect(await open({ external_id: 'one' })).toMatchObject({ ok: true });
    const other = (id: string) =>
      call('views.open', {
        trigger_id: slack.store.newTrigger(people.ben.id),
        view: modal([divider], { external_id: id }),
      });
    expect(await other('one')).toMatchObject({ error: 'duplicate_external_id' });
    ana().modal()?.close();
    expect(await other('one')).toMatchObject({ ok: true });
  });

  test('an update with an old hash is refused, with the present one taken', async () => {
    const { view } = (await open()) as { view: { id: string; hash: string } };
    const update = (hash: string) => call('views.update', { view_id: view.id, hash, view: modal([divider]) });
    expect(await update(view.hash)).toMatchObject({ ok: true });
    expect(await update(view.hash)).toMatchObject({ error: 'hash_conflict' });
  });

  test('what was typed stays through views.update only where block_id and action_id stay', async () => {
    const label = { type: 'plain_text', text: 'Name' };
    const field = (block_id: string, action_id: string) =>
      inputOf({ type: 'plain_text_input', action_id, initial_value: 'initial' }, { block_id, label });
    const { view } = (await open({}, [field('b', 'a')])) as { view: { id: string } };
    ana().modal()?.fill('Name', 'typed');
    const after = async (block: object) => {
      await call('views.update', { view_id: view.id, view: modal([block]) });
      return ana().modal()?.value('Name');
    };
    expect(await after(field('b', 'a'))).toBe('typed');
    expect(await after(field('b', 'other'))).toBe('initial');
    expect(await after(field('other', 'a'))).toBe('initial');
  });

  test('an external select asks the app from the third character, or from where it says', async () => {
    const named = (text: string, change: object) =>
      inputOf({ type: 'external_select', ...change }, { label: { type: 'plain_text', text } });
    await open({}, [named('Three', {}), named('One', { min_query_length: 1 })]);
    await answering(() => Response.json({ options: options(1) }));
    const found = async (label: string, query: string) => (await ana().modal()?.search(label, query))?.length;
    expect(await found('Three', 'ab')).toBe(0);
    expect(await found('Three', 'abc')).toBe(1);
    expect(await found('One', '')).toBe(0);
    expect(await found('One', 'a')).toBe(1);
  });

  test('text: 40,000 characters are posted, more is cut; an update takes 4,000', async () => {
    const post = (n: number) => call('chat.postMessage', { channel: ops, text: chars(n) });
    const { ts } = await post(40_000);
    expect(await post(40_001)).toMatchObject({ ok: true, warning: 'message_truncated' });
    expect(slack.messages(ops).map(({ text }) => Array.from(text).length)).toEqual([40_000, 40_000]);
    const update = (n: number) => call('chat.update', { channel: ops, ts: String(ts), text: chars(n) });
    expect(await update(4_001)).toMatchObject({ error: 'msg_too_long' });
    expect(await update(4_000)).toMatchObject({ ok: true });
  });

  test('100 attachments are taken, one more is not', async () => {
    const post = (n: number) =>
      call('chat.postMessage', { channel: ops, text: 'x', attachments: many(n, { text: 'a' }) });
    expect(await post(100)).toMatchObject({ ok: true });
    expect(await post(101)).toMatchObject({ error: 'too_many_attachments' });
  });

  test('metadata has its form, its snake_case keys and an end', async () => {
    const post = (metadata: unknown) => call('chat.postMessage', { channel: ops, text: 'x', metadata });
    const payload = (n: number) => ({ event_type: 'neo_request', event_payload: { id: 'x'.repeat(n) } });
    expect(await post(payload(1))).toMatchObject({ ok: true });
    expect(await post({ ...payload(1), event_type: 'NeoRequest' })).toMatchObject({
      error: 'invalid_metadata_format',
    });
    expect(await post(payload(8_000))).toMatchObject({ error: 'metadata_too_large' });
  });

  test.each<[string, object, string, string | undefined, string]>([
    ['max_length', { type: 'plain_text_input', max_length: 3 }, 'abcd', undefined, 'takes 3 characters'],
    ['min_length', { type: 'plain_text_input', min_length: 3 }, 'ab', 'abc', 'at least 3'],
    ['min_value', { type: 'number_input', is_decimal_allowed: false, min_value: '2' }, '1', '2', '2 or more'],
    ['max_value', { type: 'number_input', is_decimal_allowed: false, max_value: '2' }, '3', '2', '2 or less'],
    ['is_decimal_allowed', { type: 'number_input', is_decimal_allowed: false }, '1.5', '1', 'whole number'],
    ['an email address', { type: 'email_text_input' }, 'nobody', 'a@b.example', 'valid email'],
    ['a URL', { type: 'url_text_input' }, 'nowhere', 'https://a.example', 'valid URL'],
    ['a date', { type: 'datepicker' }, '2026-02-31x', '2026-02-28', 'does not take'],
    ['a time', { type: 'timepicker' }, '24:00', '23:59', 'does not take'],
  ])('Slack’s client holds %s', async (_name, element, wrong, right, words) => {
    await open({}, [inputOf(element, { label: { type: 'plain_text', text: 'Field' } })]);
    await answering(() => new Response(''));
    const attempt = async (value: string) => {
      const form = ana().modal();
      form?.fill('Field', value);
      return (await form?.submit())?.errors['Field'];
    };
    expect(await attempt(wrong).catch((error: unknown) => String(error))).toContain(words);
    if (right !== undefined) expect(await attempt(right)).toBeUndefined();
  });

  test('max_selected_items and max_files are as many as somebody can choose', async () => {
    const label = (text: string) => ({ label: { type: 'plain_text', text } });
    slack.stop();
    slack = new LocalSlack({
      manifest: manifest.replace('- commands', '- files:read\n      - commands'),
      botToken: 'xoxb-local',
      appToken: 'xapp-local',
      signingSecret: 'local',
      webBase: () => 'https://slack.com',
      hooksBase: () => 'https://hooks.slack.com',
      now: () => time,
    });
    await open({}, [
      inputOf({ type: 'multi_users_select', max_selected_items: 2 }, label('People')),
      inputOf({ type: 'file_input', max_files: 1, filetypes: ['csv'] }, label('File')),
    ]);
    const form = ana().modal();
    await expect(form?.choose('People', 'Ana', 'Ben', 'Cleo')).rejects.toThrow('takes 2');
    await form?.choose('People', 'Ana', 'Ben');
    expect(form?.value('People')).toBe('Ana, Ben');
    expect(() => form?.upload('File', 'a.csv', 'b.csv')).toThrow('takes 1');
    expect(() => form?.upload('File', 'a.txt')).toThrow('does not take');
    form?.upload('File', 'a.csv');
    expect(form?.value('File')).toBe('a.csv');
  });
});
