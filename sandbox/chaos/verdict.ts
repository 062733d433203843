import type { Request } from '../../src/requests/request.ts';
import { isOpen } from '../../src/requests/states.ts';
import type { RequestsVerdict } from '../../src/requests/verify-requests.ts';
import type { AuditVerdict } from '../../src/storage/audit/verify.ts';
import type { SeenMessage } from '../slack/person.ts';
import type { StoredMessage } from '../slack/store.ts';
import { people } from '../slack/workspace.ts';
import type { World } from '../world.ts';
import { keyOf, kindOf, type Board, type Shown } from './board.ts';
import { falseClaims, type Truth } from './claims.ts';
import type { Wish } from './people.ts';

/** Holds what is stored against what people wanted, what HaloPSA has, and every message in Slack. */
export function judge(
  world: World,
  board: Board,
  wishes: readonly Wish[],
  stored: readonly Request[],
): string[] {
  return [
    ...wishes.flatMap((wish) => judgeWish(world, wish, stored)),
    ...stored.flatMap((request) => judgeRequest(world, board, request, wishOf(request, wishes))),
    ...toldTwice(world),
  ];
}

function wishOf({ plan }: Request, wishes: readonly Wish[]): Wish | undefined {
  return wishes.find(({ name }) => name === plan.name);
}

/** What somebody wanted came to pass once, or not at all. */
function judgeWish(world: World, wish: Wish, stored: readonly Request[]): string[] {
  const asked = stored.filter(({ plan, repairs }) => plan.name === wish.name && repairs === undefined);
  const agents = world.halo.agents.filter(({ name }) => name === wish.name);
  const [request] = asked;
  const problems = [
    asked.length !== 1 && `is asked for by ${asked.length} requests`,
    agents.length > 1 && `${agents.length} agents in HaloPSA`,
    request?.state === 'denied' && !['deny', 'stop'].includes(wish.decision) && 'denied by nobody',
    request?.state === 'withdrawn' && wish.decision !== 'withdraw' && 'withdrawn by nobody',
    request?.state === 'expired' && !wish.mayExpire && 'expired, though its time was not over',
    agents.some(({ email }) => email !== wish.email) && 'another email address than was approved',
  ];
  return named(wish.name, problems);
}

/** How many agents HaloPSA may hold. */
const agentsOf: Partial<Record<Request['state'], readonly number[]>> = {
  done: [1],
  incomplete: [1],
  failed: [0, 1],
  denied: [0],
  withdrawn: [0],
  expired: [0],
};

function judgeRequest(world: World, board: Board, request: Request, wish: Wish | undefined): string[] {
  const { state, repairs, plan, number } = request;
  const name = `NEO-${number} (${plan.name})`;
  const agents = world.halo.agents.filter((agent) => agent.name === plan.name);
  const shown = board.byId(request.id);
  const allowed = repairs === undefined ? agentsOf[state] : [1];
  if (isOpen(state)) return named(name, [`has not ended: ${state}`]);
  if (shown === undefined) return named(name, [`${state}, and nobody was told anything of it`]);
  const { card, results } = shown;
  const truth: Truth = { request, agents: agents.map(({ id }) => id), cardStands: card !== undefined };
  const pressed = wish?.pressed ?? 0;
  const problems = [
    allowed?.includes(agents.length) !== true && `${state}, but ${agents.length} agents in HaloPSA`,
    state === 'done' &&
      agents.some(({ id }) => id !== request.agentId) &&
      'has another Agent ID than HaloPSA’s',
    repairs !== undefined &&
      state === 'done' &&
      agents.some(({ isdisabled }) => isdisabled) &&
      'repaired, but disabled',
    results.length === 0 && 'no result',
    places(results).some((count) => count > 1 + pressed) &&
      `${results.length} results, and ${pressed} tries more:\n${results.map(firstLine).join('\n')}`,
    cardsOf(shown).length > 1 + (request.edit === undefined ? 0 : 1) && `${cardsOf(shown).length} cards`,
    ...shown.messages.flatMap((message) => judgeMessage(world, message, truth)),
  ];
  return named(name, problems);
}

function judgeMessage(world: World, message: StoredMessage, truth: Truth): string[] {
  const reader = world.slack.as(readerOf(world, message));
  const [seen] = reader.sees(message.channel, (one) => one === message);
  if (seen === undefined) return [];
  const texts = [...new Set([seen.text, seen.spoken])];
  return [...texts.flatMap((text) => falseClaims(text, truth)), ...deadButtons(seen, truth.request)];
}

function readerOf(world: World, { channel }: StoredMessage): string {
  const found = world.slack.store.channels.get(channel);
  return found?.isIm === true ? (found.members[0] ?? '') : people.ben.id;
}

const decisive = ['Approve', 'Deny', 'Ask a question', 'Edit', 'Withdraw', 'Stop'];
const retrying = ['Try again', 'Check again', 'Create anyway'];

/** Buttons for what can't be done any more. */
function deadButtons({ buttons, text }: SeenMessage, { state }: Request): string[] {
  const dead = buttons.filter(
    (one) =>
      (decisive.includes(one) && state !== 'pending') || (retrying.includes(one) && state !== 'failed'),
  );
  return dead.length === 0
    ? []
    : [`${state}, but has buttons (${dead.join(', ')}): ${text.split('\n')[0] ?? ''}`];
}

function cardsOf({ messages }: Shown): StoredMessage[] {
  return messages.filter((message) => kindOf(message) === 'card');
}

function firstLine({ channel, text }: StoredMessage): string {
  return `    in ${channel}: ${text.split('\n')[0] ?? ''}`;
}

/** How many of them stand in each channel. */
function places(messages: readonly StoredMessage[]): number[] {
  const channels = messages.map(({ channel }) => channel);
  return [...new Set(channels)].map((one) => channels.filter((channel) => channel === one).length);
}

/**
 * Messages that stand in one place twice: each carries the key of what it tells. A result whose answer got lost
 * right before its channel was closed may come once more, as a direct message: nobody can look any more.
 */
function toldTwice(world: World): string[] {
  const keys = world.slack.store.messages.flatMap((message) => {
    const key = keyOf(message);
    return key === undefined ? [] : `${key} in ${message.channel}`;
  });
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size).map((key) => `told twice: ${key}`);
}

/** However the processes died, each record follows the one before. */
export function auditFaults(chain: AuditVerdict, requests: RequestsVerdict): string[] {
  return [
    ...(chain.ok ? [] : [`the audit does not hold at ${chain.seq}: ${chain.fault}`]),
    ...(requests.ok ? [] : [`the audit does not hold beside the requests: ${JSON.stringify(requests)}`]),
  ];
}

function named(name: string, problems: readonly (string | false)[]): string[] {
  return problems.filter((one) => one !== false).map((one) => `${name}: ${one}`);
}
