import type { Budgets } from '../src/budgets.ts';

const everything = { count: 1_000_000, inMs: 1_000 };

/** For runs in which a few people do in a minute what many do in a month. */
export const unlimited: Budgets = {
  halo: { inMs: 1_000, slotMs: 100, max: 5_000, maxOf: { people: 5_000, background: 5_000 } },
  person: {
    presses: everything,
    submissions: everything,
    searches: everything,
    lookUps: everything,
    openRequests: 1_000_000,
  },
};
