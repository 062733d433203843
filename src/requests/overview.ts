import { actionsFor, type RequestAction } from './actions.ts';
import { isPerson, type Person, type Policy } from './policy.ts';
import type { Request } from './request.ts';
import { isOpen } from './states.ts';

/** Why a request stands on somebody's page, in the order of the page. */
const overviewGroups = ['waits_for_you', 'asked_by_you', 'other_open', 'latest'] as const;
export type OverviewGroup = (typeof overviewGroups)[number];

export type OverviewItem = {
  group: OverviewGroup;
  request: Request;
  isOpen: boolean;
  actions: RequestAction[];
};

/**
 * What one person finds on their page: each request once, in the group that concerns them most; what waits for them by
 * when it expires, the rest as it came.
 */
export function overviewFor(
  requests: readonly Request[],
  reader: Person,
  policy: Policy,
  at: number,
): OverviewItem[] {
  const items = requests.map((request) => {
    const actions = actionsFor(request, reader, policy, at);
    return { group: groupOf(request, reader, actions), request, isOpen: isOpen(request.state), actions };
  });
  const waiting = items.filter(({ group }) => group === 'waits_for_you');
  waiting.sort((one, other) => one.request.expiresAt - other.request.expiresAt);
  const rest = overviewGroups.filter((group) => group !== 'waits_for_you');
  return [...waiting, ...rest.flatMap((group) => items.filter((item) => item.group === group))];
}

function groupOf(request: Request, reader: Person, actions: readonly RequestAction[]): OverviewGroup {
  if (actions.includes('approve')) return 'waits_for_you';
  if (isPerson(reader, request.requester)) return 'asked_by_you';
  return isOpen(request.state) ? 'other_open' : 'latest';
}
