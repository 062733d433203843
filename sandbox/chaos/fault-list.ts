import type { HaloFault } from '../halo/faults.ts';
import { knownFaults } from '../halo/known-faults.ts';
import type { SlackFault } from '../slack/faults.ts';
import { refusalCodes } from '../slack/refusal-codes.ts';

const create = { method: 'POST', path: '/api/Agent' } as const;
const list = { method: 'GET', path: '/api/Agent' } as const;
const readBack = { method: 'GET', path: '/api/Agent/*' } as const;
const signIn = { method: 'POST', path: '/auth/token' } as const;
const exception = '{"ClassName":"System.Exception","Message":"A database error occurred (515)","Data":null}';

type HaloCall = { method: 'GET' | 'POST'; path: string };

/** How HaloPSA goes wrong. `done`: it did what it was asked all the same. */
export const haloFaults: { name: string; call: HaloCall; fault: HaloFault }[] = [
  { name: 'create done, connection dropped', call: create, fault: { kind: 'drop', after: true } },
  { name: 'create done, 500', call: create, fault: { kind: 'status', status: 500, after: true } },
  { name: 'create done, HTML', call: create, fault: { kind: 'html', after: true } },
  {
    name: 'create done, 400 with an exception',
    call: create,
    fault: { kind: 'status', status: 400, body: exception, after: true },
  },
  {
    name: 'create done, 400 in plain words',
    call: create,
    fault: { kind: 'status', status: 400, body: '"Something went wrong"', after: true },
  },
  { name: 'create done, never answered', call: create, fault: { kind: 'hang', after: true } },
  { name: 'create lost', call: create, fault: { kind: 'drop' } },
  { name: 'create refused 400', call: create, fault: { kind: 'status', status: 400, body: '"no"' } },
  { name: 'create refused 403', call: create, fault: { kind: 'status', status: 403 } },
  {
    name: 'create blocked by a page',
    call: create,
    fault: knownFaults.pageInFront,
  },
  {
    name: 'create done, and a page instead of the answer',
    call: create,
    fault: { ...knownFaults.pageInFront, after: true },
  },
  { name: 'create not let through by a proxy', call: create, fault: { kind: 'status', status: 407 } },
  { name: 'create 401', call: create, fault: { kind: 'status', status: 401 } },
  {
    name: 'create 429',
    call: create,
    fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
  },
  { name: 'list 500', call: list, fault: { kind: 'status', status: 500 } },
  { name: 'list a page', call: list, fault: knownFaults.pageInFront },
  { name: 'list slow', call: list, fault: { kind: 'delay', ms: 1_000 } },
  { name: 'list dropped', call: list, fault: { kind: 'drop' } },
  { name: 'list 429', call: list, fault: { kind: 'status', status: 429, headers: { 'retry-after': '1' } } },
  { name: 'read-back 500', call: readBack, fault: { kind: 'status', status: 500 } },
  { name: 'read-back 404', call: readBack, fault: { kind: 'status', status: 404 } },
  { name: 'read-back never answered', call: readBack, fault: { kind: 'hang' } },
  { name: 'sign-in a page', call: signIn, fault: knownFaults.pageInFront },
  {
    name: 'AuthInfo 500',
    call: { method: 'GET', path: '/api/AuthInfo' },
    fault: { kind: 'status', status: 500 },
  },
  { name: 'sign-in 500', call: signIn, fault: { kind: 'status', status: 500 } },
  { name: 'sign-in dropped', call: signIn, fault: { kind: 'drop' } },
];

/** All that the app calls. */
const slackMethods = [
  'auth.test',
  'apps.connections.open',
  'chat.delete',
  'chat.getPermalink',
  'chat.postMessage',
  'chat.update',
  'conversations.history',
  'conversations.info',
  'conversations.members',
  'conversations.open',
  'conversations.replies',
  'usergroups.users.list',
  'users.info',
  'users.list',
  'views.open',
  'views.publish',
  'views.update',
] as const;

/** Slack says that a message isn't there only where it isn't: that has a fault of its own. */
function isSaidOfAnything(code: string): boolean {
  return code !== 'message_not_found' && code !== 'thread_not_found';
}

/** How Slack goes wrong. */
export const slackFaults: { name: string; method: string; fault: SlackFault }[] = [
  ...slackMethods.map((method) => ({
    name: `429 to ${method}`,
    method,
    fault: { kind: 'rate_limited', retryAfter: 1 } as const,
  })),
  ...(['chat.postMessage', 'chat.update'] as const).flatMap((method) =>
    refusalCodes[method].filter(isSaidOfAnything).map((error) => ({
      name: `${error} to ${method}`,
      method,
      fault: { kind: 'error', error } as const,
    })),
  ),
  { name: 'posted, connection dropped', method: 'chat.postMessage', fault: { kind: 'drop', after: true } },
  { name: 'posted, 500', method: 'chat.postMessage', fault: { kind: 'status', status: 500, after: true } },
  {
    name: 'posted, internal_error',
    method: 'chat.postMessage',
    fault: { kind: 'error', error: 'internal_error', after: true },
  },
  { name: 'post lost', method: 'chat.postMessage', fault: { kind: 'drop' } },
  { name: 'redraw 500', method: 'chat.update', fault: { kind: 'status', status: 500 } },
  { name: 'person not told 500', method: 'users.info', fault: { kind: 'status', status: 500 } },
  { name: 'look-up of a post 500', method: 'conversations.history', fault: { kind: 'status', status: 500 } },
  { name: 'look-up of a reply lost', method: 'conversations.replies', fault: { kind: 'drop' } },
  { name: 'form opened, answer lost', method: 'views.open', fault: { kind: 'drop', after: true } },
  { name: 'direct message not opened', method: 'conversations.open', fault: { kind: 'status', status: 500 } },
];

/** The calls at which processes are killed: before they were done, or after, before the answer got through. */
export const killPoints = [
  { name: 'before the sign-in', at: 'halo', call: signIn, after: false },
  { name: 'before the list', at: 'halo', call: list, after: false },
  { name: 'after the list', at: 'halo', call: list, after: true },
  { name: 'before a write', at: 'halo', call: create, after: false },
  { name: 'after a write', at: 'halo', call: create, after: true },
  { name: 'before the read-back', at: 'halo', call: readBack, after: false },
  { name: 'after the read-back', at: 'halo', call: readBack, after: true },
  { name: 'while the form opens', at: 'slack', method: 'views.open', after: true },
  {
    name: 'while somebody who submits or clicks is looked up',
    at: 'slack',
    method: 'users.info',
    after: false,
  },
  { name: 'before a post', at: 'slack', method: 'chat.postMessage', after: false },
  { name: 'after a post', at: 'slack', method: 'chat.postMessage', after: true },
  { name: 'before a redraw', at: 'slack', method: 'chat.update', after: false },
  { name: 'after a redraw', at: 'slack', method: 'chat.update', after: true },
  { name: 'while a card is looked for', at: 'slack', method: 'conversations.history', after: false },
  { name: 'while a reply is looked for', at: 'slack', method: 'conversations.replies', after: false },
] as const;
