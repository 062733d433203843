import { openStates } from '../requests/states.ts';
import { listClaimants, listRequests } from '../requests/store.ts';
import type { Plan } from '../requests/plan.ts';
import type { Request } from '../requests/request.ts';
import type { Dependencies } from '../actions/dependencies.ts';

/** Look-alikes are searched for among the newest open requests, so many of them. An equal name is always found. */
const maxLookalikes = 500;

/** Requests that may already use this name or address. `except`: the id of the request being edited. */
export async function otherRequests(
  { db, identity, instance }: Pick<Dependencies, 'db' | 'identity' | 'instance'>,
  { name, email }: Pick<Plan, 'name' | 'email'>,
  except: string | undefined,
): Promise<Request[]> {
  const [claimants, recent] = await Promise.all([
    listClaimants(db, { instance, open: openStates, name, email }),
    listRequests(db, identity.teamId, openStates, maxLookalikes),
  ]);
  const known = new Map([...recent.requests, ...claimants].map((request) => [request.id, request]));
  return [...known.values()].filter(({ id }) => id !== except);
}
