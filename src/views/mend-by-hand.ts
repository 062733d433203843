import type { ReadBack } from '../requests/request.ts';
import type { SetUp } from '../requests/states.ts';
import { escape } from './text.ts';

/** The clicks that set a field by hand, in the words of HaloPSA's screens as Neo's guide gives them. */
const clicks: Record<ReadBack['field'], (planned: string) => string> = {
  name: (planned) => `set *Username* to ${planned}`,
  email: (planned) => `set *Email Address* to ${planned}`,
  roles: (planned) => `under *Roles* choose ${planned} and no others`,
  isActive: (planned) => `${planned === 'Yes' ? 'check' : 'uncheck'} *Account Active*`,
  isApiOnly: () => 'uncheck *Is an API-only Agent*',
  teams: (planned) => `on the tab *Departments & Teams* keep these teams and no others: ${planned}`,
  defaultTeam: (planned) => `on the tab *Departments & Teams* make ${planned} the default team`,
  workday: (planned) => `on the tab *Preferences* set *Working Hours* to ${planned}`,
  timeZone: (planned) => `on the tab *Preferences* set *Timezone* to ${planned}`,
};

/** How a person finishes what HaloPSA did not take. One line of mrkdwn each, the way to the agent first. */
export function mendByHand(request: SetUp, wrong: readonly ReadBack[]): string[] {
  return [
    `To finish by hand, open *Configuration → Teams & Agents → Agents* in HaloPSA, and there ${escape(request.plan.name)} (ID ${request.agentId}):`,
    ...wrong.map(({ field, planned, outcome }) => {
      const unsure = outcome === 'not_reported' ? 'HaloPSA does not report this, so look, and ' : '';
      return `• ${unsure}${clicks[field](escape(planned))}`;
    }),
    `Then *Save*. \`/neo-status ${request.agentId}\` reads the agent again.`,
  ];
}
