import { fieldOf } from '../fields/index.ts';
import type { ReadBack } from '../requests/request.ts';
import type { SetUp } from '../requests/states.ts';
import { escape } from './text.ts';

/** How a person finishes what HaloPSA did not take. One line of mrkdwn each, the way to the agent first. */
export function fixByHand(request: SetUp, wrong: readonly ReadBack[]): string[] {
  return [
    `To finish by hand, open *Configuration → Teams & Agents → Agents* in HaloPSA, then ${escape(request.plan.name)} (ID ${request.agentId}):`,
    ...wrong.map(({ field, planned, outcome }) => {
      const unsure = outcome === 'not_reported' ? 'HaloPSA doesn’t report this, so check it: ' : '';
      return `• ${unsure}${fieldOf(field).byHand(escape(planned))}`;
    }),
    `Then *Save*. \`/neo-status ${request.agentId}\` checks the agent again.`,
  ];
}
