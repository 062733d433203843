import { z } from 'zod';
import type { RequestsVerdict } from '../../src/requests/verify-requests.ts';
import type { AuditVerdict } from '../../src/storage/verify-audit.ts';
import type { PersonAtSlack, SeenMessage } from '../slack/person.ts';
import { people } from '../slack/workspace.ts';
import type { World } from '../world.ts';
import type { Wish } from './people.ts';

export type Verdict = { state: string; faults: string[] };

/** How a card says that it has ended, and how many agents HaloPSA may then hold. */
const endings = [
  { state: 'done', words: 'Done: agent ID', agents: [1] },
  { state: 'incomplete', words: 'did not take every field', agents: [1] },
  { state: 'failed', words: 'Not finished: see the thread', agents: [0, 1] },
  { state: 'denied', words: 'Denied by', agents: [0] },
  { state: 'withdrawn', words: 'Withdrawn by', agents: [0] },
];

export function cardOf(reader: PersonAtSlack, wish: Wish): SeenMessage | undefined {
  return cardsOf(reader, wish)[0];
}

function cardsOf(reader: PersonAtSlack, wish: Wish): SeenMessage[] {
  return reader
    .sees(
      wish.channel,
      ({ text, threadTs }) => threadTs === undefined && text.includes(`Username: ${wish.name}\n`),
    )
    .filter(({ ephemeral }) => !ephemeral);
}

/** What the thread says of how it ended; or, where the thread was out of reach, what the requester was told directly. */
export function resultsOf(world: World, wish: Wish): SeenMessage[] {
  const card = cardOf(world.slack.as(people.ben.id), wish);
  const inThread = world.slack
    .as(people.ben.id)
    .sees(wish.channel, ({ threadTs }) => threadTs !== undefined && threadTs === card?.ts)
    .filter(({ ephemeral, text }) => !ephemeral && !text.startsWith('*Changed*'));
  const direct = world.slack.store.people.has(wish.requester)
    ? world.slack.as(wish.requester).directMessages()
    : [];
  const told = direct.filter(({ text }) => !notResults.some((words) => text.includes(words)));
  return [...inThread, ...told].sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** Direct messages that tell how a request waits, or that a form could not be opened. */
const notResults = ['I cannot post it in', 'I can’t update the card', 'The card of', 'Something went wrong.'];

export function hasEnded(world: World, wish: Wish): boolean {
  const card = cardOf(world.slack.as(people.ben.id), wish);
  return (
    endings.some(({ words }) => card?.text.includes(words)) &&
    resultsOf(world, wish).some(({ text }) => !text.includes('did not finish.'))
  );
}

/** Holds what Slack shows against what HaloPSA has. */
export function judge(world: World, wish: Wish): Verdict {
  const cards = cardsOf(world.slack.as(people.ben.id), wish);
  const [card] = cards;
  const ending = endings.find(({ words }) => card?.text.includes(words));
  if (card === undefined || ending === undefined)
    return {
      state: 'lost',
      faults: [`${wish.name} has not ended: ${card?.text.split('\n')[1] ?? 'no card'}`],
    };
  const results = resultsOf(world, wish);
  const agents = world.halo.agents.filter(({ name }) => name === wish.name);
  const last = results.at(-1)?.text ?? '';
  const problems = [
    cards.length > 1 && `${cards.length} cards`,
    results.length === 0 && 'no result',
    places(results).some((count) => count > 1 + wish.pressed) &&
      `${results.length} results, and ${wish.pressed} tries more:\n${results.map(firstLine).join('\n')}`,
    agents.length > 1 && `${agents.length} agents in HaloPSA`,
    !ending.agents.includes(agents.length) && `${ending.state}, but ${agents.length} agents in HaloPSA`,
    ending.state === 'denied' && wish.decision !== 'deny' && 'denied by nobody',
    ending.state === 'withdrawn' && wish.decision !== 'withdraw' && 'withdrawn by nobody',
    agents.some(({ email }) => email !== wish.email) && 'another email address than was approved',
    ending.state === 'done' &&
      !results.some(({ text }) => text.includes(`Agent ID: \`${agents[0]?.id ?? ''}\``)) &&
      'another Agent ID than HaloPSA’s',
    last.includes('Nothing was changed in HaloPSA') &&
      agents.length > 0 &&
      'says that nothing was changed, but the agent is there',
    last.includes('Agent ID') && agents.length === 0 && 'tells an Agent ID that HaloPSA does not have',
    card.buttons.length > 0 && 'the card still has buttons',
    stillAsking(world, wish).length > 0 &&
      `messages still ask for a decision:\n${stillAsking(world, wish).join('\n')}`,
  ];
  return {
    state: ending.state,
    faults: problems.filter((one) => one !== false).map((one) => `${wish.name}: ${one}`),
  };
}

/** What shows its settings and asks somebody to decide, though it has ended. Where messages can't be redrawn is healed by then. */
function stillAsking({ slack: { store } }: World, wish: Wish): string[] {
  return store.messages
    .filter(({ text }) => text.includes(`Username: ${wish.name}\n`))
    .filter(({ text }) => /waits for your decision|still waits for approvers/.test(text))
    .map(({ channel, text }) => `    in ${channel}: ${text.split('\n')[0] ?? ''}`);
}

function firstLine({ channel, text }: SeenMessage): string {
  return `    in ${channel}: ${text.split('\n')[0] ?? ''}`;
}

/** How many of them stand in each channel. */
function places(messages: readonly SeenMessage[]): number[] {
  const channels = messages.map(({ channel }) => channel);
  return [...new Set(channels)].map((one) => channels.filter((channel) => channel === one).length);
}

const keyed = z.object({ event_payload: z.object({ key: z.string() }) });

/**
 * Messages that stand in one place twice: each carries the key of what it tells. A result whose answer got lost
 * right before its channel was closed may come once more, as a direct message: nobody can look any more.
 */
export function toldTwice(world: World): string[] {
  const keys = world.slack.store.messages.flatMap(({ metadata, channel }) => {
    const { data } = keyed.safeParse(metadata);
    return data === undefined ? [] : `${data.event_payload.key} in ${channel}`;
  });
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `told twice: ${key}`);
}

/** However the processes died, each record follows the one before. */
export function auditFaults(chain: AuditVerdict, requests: RequestsVerdict): string[] {
  return [
    ...(chain.ok ? [] : [`the audit does not hold at ${chain.seq}: ${chain.fault}`]),
    ...(requests.ok ? [] : [`the audit does not hold beside the requests: ${JSON.stringify(requests)}`]),
  ];
}
