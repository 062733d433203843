import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answeringOptions, postingClient } from '../src/slack/connection.ts';
import { createLogger, toSlackLogger } from '../src/slack/logger.ts';
import { maxSlackAnswerBytes } from '../src/slack/limited-fetch.ts';
import { createGroups } from '../src/slack/groups.ts';
import { createPeople } from '../src/slack/people.ts';
import { postOnce } from '../src/slack/posting.ts';
import { createRoster } from '../src/slack/roster.ts';
import { serve, type Fetch, type Served } from '../sandbox/serve.ts';
import { tokens } from '../sandbox/slack/testing/served-slack.ts';
import { Stage } from './stage.ts';

let served: Served;
let answer: Fetch;
let called: string[];
let logged: string[];

/** A Slack that answers as the test says. */
beforeEach(async () => {
  called = [];
  logged = [];
  served = await serve((request) => {
    called.push(new URL(request.url).pathname.slice('/api/'.length));
    return answer(request);
  });
});
afterEach(() => served.stop());

const client = () => {
  const apiUrl = `${served.url}/api/`;
  const logger = toSlackLogger(createLogger('silent', []));
  return postingClient({ botToken: tokens.botToken, apiUrl }, logger);
};
const identity = { teamId: 'T1', enterpriseId: undefined, botUserId: 'U0', botId: 'B0' };
const readers = (by = client()) => {
  const groups = createGroups({ client: by, now: Date.now });
  const people = createPeople({
    client: by,
    identity,
    groups,
    groupsThatLetIn: [],
    named: [],
    now: Date.now,
  });
  const roster = createRoster({
    client: by,
    identity,
    people,
    groups,
    approvers: { users: [], groups: [] },
    otherGroups: [],
    enough: 2,
    log: createLogger('warn', [], { write: (line: string) => logged.push(line) }),
    now: Date.now,
  });
  return { people, roster };
};
const page = (more: object, cursor = 'more') =>
  Response.json({ ok: true, ...more, response_metadata: { next_cursor: cursor } });
const calls = (method: string) => called.filter((name) => name === method).length;

describe('pages without end', () => {
  test.each([
    ['with admins on each', { members: [{ id: 'U1', is_admin: true }] }],
    ['with nobody on any', { members: [] }],
  ])('of members, %s: who may approve is not known, instead of never', async (_what, members) => {
    answer = () => page(members);
    const { roster } = readers();
    await roster.refresh();
    expect(roster.current().isWhole).toBe(false);
    expect(logged.join()).toContain('name people in NEO_APPROVERS');
    expect(calls('users.list')).toBeLessThan(100);
  });

  test.each(['conversations.history', 'conversations.replies'])(
    'of %s, where a post may be: it is not posted again',
    async (method) => {
      answer = () => page({ messages: [{ ts: '1.0', text: 'something else' }] });
      const place = { channel: 'C1', threadTs: method === 'conversations.replies' ? '1.0' : undefined };
      const posting = postOnce(
        {
          client: client(),
          admit: () => Promise.resolve(),
          assertInternal: () => Promise.resolve(),
          directWith: () => Promise.resolve('D1'),
        },
        place,
        { text: 'x', blocks: [] },
        { key: 'k', mayBeThere: true, since: Date.now(), assertMaySend: () => Promise.resolve() },
      );
      await expect(posting).rejects.toMatchObject({ name: 'SlackRefused', code: 'too_many_messages' });
      expect(calls(method)).toBeLessThan(50);
      expect(calls('chat.postMessage')).toBe(0);
    },
  );
});

describe('an answer of Slack without end is cut off', () => {
  const flood = (text: string) => {
    const chunk = new TextEncoder().encode(text.repeat(65_536 / text.length));
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += chunk.length;
        controller.enqueue(chunk);
      },
    });
    return { body, sent: () => sent };
  };
  test.each([200, 404, 500])('after status %i', async (status) => {
    for (const by of [client(), new WebClient('xoxb-1', answeringOptions(`${served.url}/api/`))]) {
      const { body, sent } = flood('{}, ');
      answer = () => new Response(body, { status });
      await expect(readers(by).people.lookUp('U1')).rejects.toThrow();
      expect(sent()).toBeGreaterThan(maxSlackAnswerBytes / 2);
      expect(sent()).toBeLessThan(maxSlackAnswerBytes * 3);
    }
  });
});

test('a card whose post was not confirmed, and 4,100 newer messages: the requester is told, and it stands there once', async () => {
  const stage = await Stage.open();
  const { store } = stage.slack;
  const stopListening = store.onChange(() => {
    const [posted] = store.messages;
    if (posted === undefined) return;
    stopListening();
    for (let count = 0; count < 4_100; count += 1)
      store.messages.push({ ...posted, ts: store.nextTs(), metadata: undefined, blocks: [], text: 'alert' });
  });
  stage.slack.fail('chat.postMessage', { kind: 'drop', after: true });
  await (await stage.filledForm('ana')).submit();
  const told = await stage.slack.until('the message', () => stage.as('ana').directMessages()[0]);
  expect(told.text).toContain('too many newer messages to check');
  expect(stage.cards().filter(({ text }) => text.includes('NEO-1'))).toHaveLength(1);
  await stage.close();
});
