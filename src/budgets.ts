import type { HaloShare } from './halo/client.ts';
import type { WindowLimits } from './storage/window.ts';

/** So many in so many milliseconds. */
export type Cap = { count: number; inMs: number };

/**
 * What HaloPSA may be called, and what one person may cost. All of these numbers stand here; docs/security.md lists them
 * for people.
 */
export type Budgets = {
  /** Of all processes on one store together. */
  halo: WindowLimits & { maxOf: Record<Exclude<HaloShare, 'work'>, number> };
  /** Of one person. What Slack sends of them above that is answered from memory, or not at all. */
  person: {
    /** Commands, buttons, shortcuts and openings of the Home tab. */
    presses: Cap;
    /** Forms sent in, also those with a mistake in them. */
    submissions: Cap;
    /** Letters typed in a field of the form that searches. */
    searches: Cap;
    /** Questions that HaloPSA must be asked for: agents by `/neo-status`, and comparisons with the plan. */
    lookUps: Cap;
    openRequests: number;
  };
};

const minute = 60_000;

export const budgets: Budgets = {
  // HaloPSA's fair use is 700 calls in any five minutes, for all integrations of a tenant together. Approved work may
  // use all of it, and 350 of it are left to it by the others.
  halo: { inMs: 5 * minute, slotMs: 5_000, max: 700, maxOf: { people: 150, background: 200 } },
  person: {
    presses: { count: 100, inMs: minute },
    submissions: { count: 30, inMs: 10 * minute },
    searches: { count: 300, inMs: minute },
    lookUps: { count: 10, inMs: minute },
    openRequests: 10,
  },
};
