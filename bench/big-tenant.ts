import { bigTenant as seedOfBigTenant } from '../sandbox/halo/big-tenant.ts';
import { people, channels } from '../sandbox/slack/workspace.ts';
import type { Seed } from '../sandbox/halo/seed.ts';
import { startWorld } from '../sandbox/world.ts';
import { troubleIn, type Trouble } from './log.ts';
import { median, ms, percentile, times, type Report } from './report.ts';

const rounds = 40;
/** Of the letters in Timezone: what runs for the first time is not what one of a hundred meets. */
const warmUpRounds = 5;
const maxRatio = 2;
const letters = ['ser', 'onb', 'net', 'wes', 'fre'];

const maxZonesMs = 20;

type Measured = { opens: number; finds: number; zones: number; logged: Trouble[] };

/**
 * How long somebody waits for the form, and for what a field offers after three letters, or after one in Timezone: on a
 * small HaloPSA, and on one with 10,000 teams, 5,000 agents and 300 working hours, each in a timezone of its own, in the
 * same run.
 */
export async function bigTenant(): Promise<Report> {
  const small = await measure({});
  const big = await measure(inTheirOwnZones(seedOfBigTenant(1)));
  const row = (title: string, { opens, finds, zones }: Measured) => [title, ms(opens), ms(finds), ms(zones)];
  const ratio = big.opens / small.opens;
  return {
    tables: [
      {
        title: `Medians of ${rounds}, and for Timezone the p99`,
        rows: [
          ['', 'the form opens after', 'three letters are answered after', 'one letter in Timezone, p99'],
          row('small HaloPSA', small),
          row('10,000 teams, 5,000 agents, 300 working hours', big),
          ['ratio', times(ratio), times(big.finds / small.finds), times(big.zones / small.zones)],
        ],
      },
    ],
    notes: [],
    missed: [
      ...(ratio <= maxRatio
        ? []
        : [`on the big HaloPSA the form takes ${times(ratio)} as long, and ${maxRatio} is the limit`]),
      ...(big.zones <= maxZonesMs
        ? []
        : [`a letter in Timezone takes ${ms(big.zones)}, and ${maxZonesMs} ms is the limit`]),
    ],
    logged: [...small.logged, ...big.logged],
  };
}

/** Names that HaloPSA may write: every second of them is an alias. */
function inTheirOwnZones(seed: Partial<Seed>): Partial<Seed> {
  const zones = Intl.supportedValuesOf('timeZone');
  const workdays = seed.workdays?.map((workday, index) => ({
    ...workday,
    timezone: index % 2 === 0 ? (zones[index] ?? '') : (zones[index] ?? '').toUpperCase(),
  }));
  return { ...seed, ...(workdays && { workdays }) };
}

async function measure(seed: Partial<Seed>): Promise<Measured> {
  const world = await startWorld({ mode: 'http', seed });
  const [app] = world.apps;
  try {
    await app.start();
    const ana = world.slack.as(people.ana.id);
    const opens: number[] = [];
    const finds: number[] = [];
    const zones: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const typedAt = performance.now();
      const typed = ana.types(channels.ops.id, '/neo-setup');
      const form = await world.slack.until('the form', () => ana.form());
      opens.push(performance.now() - typedAt);
      await typed;
      const searchedAt = performance.now();
      await form.search('Teams', letters[round % letters.length] ?? '');
      finds.push(performance.now() - searchedAt);
      for (const letter of ['a', 'e', 'n']) {
        const zoneAt = performance.now();
        await form.search('Timezone', letter);
        if (round >= warmUpRounds) zones.push(performance.now() - zoneAt);
      }
      form.close();
    }
    return {
      opens: median(opens),
      finds: median(finds),
      zones: percentile(zones, 99),
      logged: troubleIn(app.log()),
    };
  } finally {
    await world.stop();
  }
}
