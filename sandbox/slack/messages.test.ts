import { describe, expect, test } from 'vitest';
import { people } from './workspace.ts';
import { buttons, codeOf, input, ops, plain, slackForEachTest } from './testing/served-slack.ts';

const stage = slackForEachTest();

describe('who may do what', () => {
  test('somebody of another workspace presses buttons, but types no commands', async () => {
    await stage.answering(undefined);
    const message = await stage.post(buttons);
    expect(await stage.as('xena').press(message, 'Press')).toEqual({ failure: undefined });
    expect(stage.sent('block_actions')).toMatchObject([
      { user: { id: people.xena.id, team_id: 'T09OTHER5CO' } },
    ]);
    await expect(stage.as('xena').types(ops, '/try')).rejects.toThrow('not a valid command');
    await expect(stage.as('xena').shortcut('try_it')).rejects.toThrow('no shortcut');
  });

  test('a guest presses buttons and finds no global shortcut', async () => {
    await stage.answering(undefined);
    expect(await stage.as('gus').press(await stage.post(buttons), 'Press')).toEqual({ failure: undefined });
    await expect(stage.as('gus').shortcut('try_it')).rejects.toThrow('no shortcut');
  });

  test('an ephemeral message is seen and pressed by one person, and cannot be updated', async () => {
    await stage.answering(undefined);
    const { message_ts: ts = '' } = await stage.client.chat.postEphemeral({
      channel: ops,
      user: people.ana.id,
      text: 'psst',
      blocks: buttons,
    });
    expect(stage.as('ben').sees(ops)).toEqual([]);
    const [whisper] = stage.as('ana').sees(ops);
    if (whisper) await stage.as('ana').press(whisper, 'Press');
    expect(stage.sent('block_actions')).toMatchObject([{ container: { is_ephemeral: true } }]);
    expect(stage.sent('block_actions')[0]).not.toHaveProperty('message');
    expect(await codeOf(stage.client.chat.update({ channel: ops, ts, text: 'x' }))).toBe('message_not_found');
  });

  test('a message that was deleted cannot be pressed any more', async () => {
    const message = await stage.post(buttons);
    await stage.client.chat.delete({ channel: ops, ts: message.ts });
    expect(() => stage.as('ana').press(message, 'Press')).toThrow('not there any more');
  });
});

describe('a response_url', () => {
  const respond = async (body: object) => {
    const url = String(stage.slack.deliveries.at(-1)?.payload['response_url']);
    return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
  };
  const seen = () =>
    stage
      .as('ben')
      .sees(ops)
      .map(({ text, threadTs }) => ({ text, threadTs }));

  test('of a command tells only the one who typed, unless it says in_channel', async () => {
    await stage.as('ana').types(ops, '/try');
    await respond({ text: 'for you' });
    await respond({ text: 'for all', response_type: 'in_channel' });
    expect(seen()).toEqual([{ text: 'for all', threadTs: undefined }]);
    expect(
      stage
        .as('ana')
        .sees(ops)
        .map(({ text }) => text),
    ).toEqual(['for you', 'for all']);
  });

  test('of a button replaces the message, answers in its thread, or deletes it', async () => {
    const { ts } = await stage.post(buttons);
    await stage.as('ana').press(stage.as('ana').sees(ops)[0] ?? (await stage.post(buttons)), 'Press');
    await respond({ text: 'reply', replace_original: false, response_type: 'in_channel', thread_ts: ts });
    await respond({ text: 'replaced' });
    expect(seen()).toEqual([
      { text: 'replaced', threadTs: undefined },
      { text: 'reply', threadTs: ts },
    ]);
    await respond({ delete_original: true });
    expect(seen()).toEqual([{ text: 'reply', threadTs: ts }]);
  });

  test('refuses bad blocks and nothing at all', async () => {
    await stage.as('ana').types(ops, '/try');
    expect(await respond({ blocks: [{ type: 'header', text: plain('x'.repeat(151)) }] })).toBe(400);
    expect(await respond({})).toBe(400);
    expect(stage.as('ana').sees(ops)).toEqual([]);
  });

  test('comes with a submission for the channel that was chosen', async () => {
    const shown = await stage.show([input('where', { type: 'channels_select', response_url_enabled: true })]);
    await shown.choose('where', 'msp-ops');
    await stage.answering(undefined);
    await shown.submit();
    expect(stage.sent('view_submission')).toMatchObject([
      { response_urls: [{ block_id: 'where', channel_id: ops }] },
    ]);
  });
});

test('an answer to a command is shown to the one who typed, or to all with in_channel', async () => {
  await stage.answering({ text: 'for you' });
  await stage.as('ana').types(ops, '/try');
  await stage.answering({ text: 'for all', response_type: 'in_channel' });
  await stage.as('ana').types(ops, '/try');
  expect(
    stage
      .as('ben')
      .sees(ops)
      .map(({ text }) => text),
  ).toEqual(['for all']);
  await stage.answering({ text: 'bad', blocks: [{ type: 'nothing' }] });
  expect(await stage.as('ana').types(ops, '/try')).toEqual({
    failure: '/try failed with the error "invalid_blocks"',
  });
});

test('an update without blocks drops the blocks; archived channels take neither posts nor updates', async () => {
  const { ts } = await stage.post(buttons);
  await stage.client.chat.update({ channel: ops, ts, text: 'plain' });
  expect(stage.as('ana').sees(ops)).toMatchObject([{ text: 'plain', buttons: [] }]);
  stage.slack.changeChannel(ops, { isArchived: true });
  expect(await codeOf(stage.client.chat.postMessage({ channel: ops, text: 'x' }))).toBe('is_archived');
  expect(await codeOf(stage.client.chat.update({ channel: ops, ts, text: 'x' }))).toBe('is_inactive');
});

test('history tells the metadata only when asked for all of it, and a parent tells of its thread', async () => {
  const metadata = { event_type: 'neo_request', event_payload: { id: 7 } };
  const { ts = '' } = await stage.client.chat.postMessage({ channel: ops, text: 'parent', metadata });
  await stage.client.chat.postMessage({ channel: ops, text: 'reply', thread_ts: ts });
  const [short] = (await stage.client.conversations.history({ channel: ops })).messages ?? [];
  expect(short).toMatchObject({ text: 'parent', reply_count: 1, metadata: { event_type: 'neo_request' } });
  expect(short?.metadata).not.toHaveProperty('event_payload');
  const all = await stage.client.conversations.history({ channel: ops, include_all_metadata: true });
  expect(all.messages?.[0]?.metadata).toEqual(metadata);
});
