import { createHmac } from 'node:crypto';
import type { Random } from '../../sandbox/chaos/random.ts';
import { oddTargets } from '../raw-http.ts';

/** Garbage from a seed: requests that no client of ours sends, and frames that Slack doesn't. */

const letters = '/\\:[]%?#@*. \t"\'{}<>aZ09\u0000\u007f\u00e9\u202e';
const text = (random: Random, max: number) =>
  Array.from({ length: random.between(0, max) }, () => random.pick(Array.from(letters))).join('');
const bytes = (random: Random, max: number) =>
  Buffer.from(Array.from({ length: random.between(0, max) }, () => random.between(0, 256)));

/** Any JSON value, small, with the names that Slack's payloads have. */
function anyJson(random: Random, depth = 3): unknown {
  const leaves = [null, true, 0, -1, 1e308, '', 'null', [], {}, text(random, 12)];
  if (depth === 0 || random.chance(0.4)) return random.pick(leaves);
  const inside = () => anyJson(random, depth - 1);
  if (random.chance(0.3)) return Array.from({ length: random.between(0, 4) }, inside);
  return Object.fromEntries(
    Array.from({ length: random.between(0, 6) }, () => [
      random.pick(names),
      random.chance(0.5) ? random.pick(types) : inside(),
    ]),
  );
}
const types = [
  'hello',
  'disconnect?',
  'slash_commands',
  'interactive',
  'events_api',
  'event_callback',
  'block_actions',
  'view_submission',
  'block_suggestion',
  'shortcut',
  'close',
  'error',
  'slack_event',
  'ws_message',
];
const names = [
  'type',
  'event',
  'payload',
  'envelope_id',
  'command',
  'actions',
  'view',
  'user',
  'team',
  'team_id',
  'user_id',
  'channel',
  'trigger_id',
  'id',
  'state',
  'blocks',
  '__proto__',
  'constructor',
  'item',
  'ssl_check',
];

/** The same value with one thing in it left out or exchanged. */
function spoiled(random: Random, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return anyJson(random, 1);
  if (Array.isArray(value)) {
    const at = random.between(0, value.length);
    return value.map((item: unknown, index) => (index === at ? spoiled(random, item) : item));
  }
  const entries = Object.entries(value);
  const at = random.between(0, entries.length);
  if (random.chance(0.3)) return Object.fromEntries(entries.filter((_entry, index) => index !== at));
  return Object.fromEntries(
    entries.map(([key, item]: [string, unknown], index) => [
      key,
      index === at ? spoiled(random, item) : item,
    ]),
  );
}

const request = (line: string, headers: string[], body: string | Buffer = '') =>
  Buffer.concat([
    Buffer.from(`${line}\r\nhost: x\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n`, 'latin1'),
    Buffer.from(body),
  ]);

/** A POST as Slack sends it; its signature is good if the secret is Slack's. */
function signed(body: string, type: string, secret: string): Buffer {
  const time = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex');
  return request(
    'POST /slack/events HTTP/1.1',
    [
      `content-type: ${type}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-slack-request-timestamp: ${time}`,
      `x-slack-signature: v0=${signature}`,
      'connection: close',
    ],
    body,
  );
}

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';

/** One request that is malformed in some way. `secret`: Slack's, with which some of them are signed. */
export function anyRequest(random: Random, secret: string): Buffer {
  const target = random.pick(['/', '/healthz', '/readyz', '/slack/events']);
  const kinds: (() => Buffer)[] = [
    () => request(`GET ${random.pick(oddTargets)} HTTP/1.1`, ['connection: close']),
    () => request(`GET /${text(random, 60)} HTTP/1.1`, ['connection: close']),
    () => request(`${text(random, 8)} ${target} HTTP/${random.pick(['1.1', '1.0', '2.0', '9', ''])}`, []),
    () => bytes(random, 400),
    () => Buffer.concat([request(`GET ${target} HTTP/1.1`, []), bytes(random, 100)]),
    () =>
      request(
        `POST ${target} HTTP/1.1`,
        [`content-length: ${random.pick(['-1', '1e9', '99999999999999999999', 'x', '5, 6', '0x10'])}`],
        'null',
      ),
    () =>
      request(
        `POST ${target} HTTP/1.1`,
        ['content-length: 4', 'transfer-encoding: chunked'],
        '4\r\nnull\r\n0\r\n\r\n',
      ),
    () =>
      request(
        `POST ${target} HTTP/1.1`,
        ['transfer-encoding: chunked'],
        `${text(random, 8)}\r\n${text(random, 40)}`,
      ),
    () => request(`GET ${target} HTTP/1.1`, [`${text(random, 20)}: ${text(random, 200)}`]),
    () => request(`GET ${target} HTTP/1.1`, [`x: ${'a'.repeat(random.between(0, 40_000))}`]),
    () =>
      request(`GET ${target} HTTP/1.1`, [
        'connection: upgrade',
        'upgrade: websocket',
        `expect: ${text(random, 20)}`,
      ]),
    () =>
      Buffer.concat(
        Array.from({ length: random.between(2, 20) }, () => request(`GET ${target} HTTP/1.1`, [])),
      ),
    () => request(`GET ${target} HTTP/1.1`, ['connection: close']).subarray(0, random.between(0, 40)),
    () =>
      request(
        'POST /slack/events HTTP/1.1',
        ['content-length: 300000'],
        'x'.repeat(random.between(0, 300_000)),
      ),
    () => signed(JSON.stringify(anyJson(random)), json, random.pick([secret, 'guessed'])),
    () => signed(new URLSearchParams({ payload: JSON.stringify(anyJson(random)) }).toString(), form, secret),
    () => signed(text(random, 80), random.pick([json, form, 'text/plain']), secret),
    () => signed(JSON.stringify(spoiled(random, press)), json, secret),
  ];
  return random.pick(kinds)();
}

/** One frame that is malformed in some way: text, or bytes for a binary one. */
export function anyFrame(random: Random): string | Buffer {
  const kinds: (() => string | Buffer)[] = [
    () => JSON.stringify(anyJson(random)),
    () =>
      JSON.stringify(
        spoiled(random, {
          envelope_id: 'e',
          type: 'interactive',
          payload: press,
          accepts_response_payload: true,
        }),
      ),
    () => JSON.stringify(spoiled(random, { envelope_id: 'e', type: 'events_api', payload: opened })),
    () =>
      JSON.stringify({
        envelope_id: 'e',
        type: 'events_api',
        payload: { ...opened, event: { type: random.pick(types) } },
      }),
    () => JSON.stringify(anyJson(random)).slice(0, -1),
    () => text(random, 200),
    () => bytes(random, 200),
  ];
  return random.pick(kinds)();
}

const who = { user: { id: 'U07QNOBODY0', team_id: 'T07QH4M2K1A' }, team: { id: 'T07QH4M2K1A' } };
/** A press of somebody who is nobody. */
const press = {
  type: 'block_actions',
  ...who,
  trigger_id: '1.2.3',
  container: { type: 'message', message_ts: '1.0' },
  actions: [
    { type: 'button', action_id: 'approve', block_id: 'b', value: '6f9619ff-8b86-4d01-b42d-00cf4fc964ff' },
  ],
};
const opened = {
  type: 'event_callback',
  team_id: 'T07QH4M2K1A',
  event: { type: 'app_home_opened', user: 'U07QNOBODY0', tab: 'messages' },
};
