import { people } from '../slack/workspace.ts';
import type { World } from '../world.ts';
import { cardOf, type Wish } from './people.ts';

export type Verdict = { state: string; faults: string[] };

/** How a card says that it has ended, and how many agents HaloPSA may then hold. */
const endings = [
  { state: 'done', words: 'Done: agent ID', agents: [1] },
  { state: 'incomplete', words: 'did not take every field', agents: [1] },
  { state: 'failed', words: 'Not finished: see the thread', agents: [0, 1] },
  { state: 'denied', words: 'Denied by', agents: [0] },
];

export function hasEnded(world: World, wish: Wish): boolean {
  const card = cardOf(world.slack.as(people.ben.id), wish);
  const replies = card === undefined ? 0 : repliesTo(world, wish.channel, card.ts).length;
  return replies > 0 && endings.some(({ words }) => card?.text.includes(words));
}

/** Holds what Slack shows against what HaloPSA has. */
export function judge(world: World, wish: Wish): Verdict {
  const ben = world.slack.as(people.ben.id);
  const cards = ben
    .sees(wish.channel)
    .filter(
      ({ text, threadTs, ephemeral }) =>
        !ephemeral && threadTs === undefined && text.includes(`Username: ${wish.name}\n`),
    );
  const [card] = cards;
  const ending = endings.find(({ words }) => card?.text.includes(words));
  if (card === undefined || ending === undefined)
    return {
      state: 'lost',
      faults: [`${wish.name} has not ended: ${card?.text.split('\n')[1] ?? 'no card'}`],
    };
  const replies = repliesTo(world, wish.channel, card.ts);
  const agents = world.halo.agents.filter(({ name }) => name === wish.name);
  const reply = replies[0]?.text ?? '';
  const problems = [
    cards.length > 1 && `${cards.length} cards`,
    replies.length !== 1 && `${replies.length} results in the thread`,
    agents.length > 1 && `${agents.length} agents in HaloPSA`,
    !ending.agents.includes(agents.length) && `${ending.state}, but ${agents.length} agents in HaloPSA`,
    ending.state === 'denied' && wish.decision !== 'deny' && 'denied, but it was approved',
    ending.state === 'done' &&
      !reply.includes(`Agent ID: \`${agents[0]?.id ?? ''}\``) &&
      'another Agent ID than HaloPSA’s',
    reply.includes('Nothing was changed in HaloPSA') &&
      agents.length > 0 &&
      'says that nothing was changed, but the agent is there',
    reply.includes('Agent ID') && agents.length === 0 && 'tells an Agent ID that HaloPSA does not have',
    card.buttons.length > 0 && 'the card still has buttons',
  ];
  return {
    state: ending.state,
    faults: problems.filter((one) => one !== false).map((one) => `${wish.name}: ${one}`),
  };
}

function repliesTo(world: World, channel: string, ts: string) {
  return world.slack
    .as(people.ben.id)
    .sees(channel)
    .filter(({ threadTs, ephemeral }) => threadTs === ts && !ephemeral);
}
