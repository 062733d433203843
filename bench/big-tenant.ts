import { bigTenant } from '../sandbox/halo/big-tenant.ts';
import { people, channels } from '../sandbox/slack/workspace.ts';
import type { Seed } from '../sandbox/halo/seed.ts';
import { startWorld } from '../sandbox/world.ts';

/**
 * How long somebody waits for the form, and for what a field offers after three letters: on a small HaloPSA, and on
 * one with 10,000 teams, 5,000 agents and 300 working hours, in the same run.
 */
const rounds = 40;
const mostRatio = 2;
const letters = ['ser', 'onb', 'net', 'wes', 'fre'];

type Times = { opens: number; finds: number };

async function measure(seed: Partial<Seed>): Promise<Times> {
  const world = await startWorld({ mode: 'http', seed, env: { LOG_LEVEL: 'error' } });
  try {
    await world.apps[0].start();
    const ana = world.slack.as(people.ana.id);
    const opens: number[] = [];
    const finds: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const typedAt = performance.now();
      const typed = ana.types(channels.ops.id, '/neo-setup');
      const form = await world.slack.until('the form', () => ana.modal());
      opens.push(performance.now() - typedAt);
      await typed;
      const searchedAt = performance.now();
      await form.search('Teams', letters[round % letters.length] ?? '');
      finds.push(performance.now() - searchedAt);
      form.close();
    }
    return { opens: median(opens), finds: median(finds) };
  } finally {
    await world.stop();
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

const small = await measure({});
const big = await measure(bigTenant(1));
const ratio = big.opens / small.opens;
const show = ({ opens, finds }: Times) =>
  `the form opens after ${opens.toFixed(1)} ms, three letters are answered after ${finds.toFixed(1)} ms`;
console.log(`small HaloPSA: ${show(small)}`);
console.log(`10,000 teams, 5,000 agents, 300 working hours: ${show(big)}`);
console.log(`the form takes ${ratio.toFixed(2)} times as long; at most ${mostRatio} is good`);
if (ratio > mostRatio) process.exitCode = 1;
