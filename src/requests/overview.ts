import { isPerson, type Person } from './policy.ts';
import type { Request } from './request.ts';
import { isOpen } from './states.ts';

/** Why a request stands on somebody's page, in the order of the page. */
const overviewGroups = ['waits_for_you', 'asked_by_you', 'other_open', 'latest'] as const;
export type OverviewGroup = (typeof overviewGroups)[number];

export type OverviewItem = { group: OverviewGroup; request: Request; isOpen: boolean };

/**
 * What one person finds on their page: each request once, in the group that concerns them most; what waits for them by
 * when it expires, the rest as it came.
 */
export function overviewFor<Offer extends { isAwaited: boolean }>(
  requests: readonly Request[],
  reader: Person,
  offeredTo: (request: Request) => Offer,
): (OverviewItem & Offer)[] {
  const items = requests.map((request) => {
    const offer = offeredTo(request);
    const group = groupOf(request, reader, offer);
    return { ...offer, group, request, isOpen: isOpen(request.state) };
  });
  const waiting = items.filter(({ group }) => group === 'waits_for_you');
  waiting.sort((one, other) => one.request.expiresAt - other.request.expiresAt);
  const rest = overviewGroups.filter((group) => group !== 'waits_for_you');
  return [...waiting, ...rest.flatMap((group) => items.filter((item) => item.group === group))];
}

function groupOf(request: Request, reader: Person, { isAwaited }: { isAwaited: boolean }): OverviewGroup {
  if (isAwaited) return 'waits_for_you';
  if (isPerson(reader, request.requester)) return 'asked_by_you';
  return isOpen(request.state) ? 'other_open' : 'latest';
}
