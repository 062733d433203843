import { HaloError } from '../../src/halo/errors.ts';
import type { Policy } from '../../src/requests/policy.ts';
import type { Failure, Request } from '../../src/requests/request.ts';
import type { Posted } from '../../src/storage/messages.ts';
import type { Drawn } from './read-surface.ts';
import { channels, people } from '../slack/workspace.ts';
import { requests } from './requests.ts';

export type Surface = { name: string; drawn: Drawn };
export type Chapter = { title: string; surfaces: Surface[] };
export const { ana, ben, cleo, dan } = people;
export const permalink = `https://brightwater.slack.com/archives/${channels.ops.id}/p1764079500000100`;
export const toCard = { link: permalink };
export const posted: Posted = {
  cardStands: true,
  link: permalink,
  cardProblem: undefined,
  outcomeProblem: undefined,
};
export const nobody = { users: [], groups: [] };
export const policy: Policy = {
  approvers: nobody,
  requesters: nobody,
  approvalsRequired: 1,
  approvalTtlMs: 72 * 3_600_000,
  executionTtlMs: 24 * 3_600_000,
  soloDelayMs: undefined,
};
const all = Object.entries(requests);
export const of = (draw: (request: Request) => Drawn | undefined): Surface[] =>
  all.flatMap(([name, request]) => {
    const drawn = draw(request);
    return drawn === undefined ? [] : [{ name, drawn }];
  });
export const named = (entries: Record<string, Drawn>): Surface[] =>
  Object.entries(entries).map(([name, drawn]) => ({ name, drawn }));
export const haloError = (facts: Pick<Failure, 'rights' | 'code'> & { kind: HaloError['kind'] }) =>
  new HaloError({
    ...facts,
    method: 'GET',
    path: '/api/Agent',
    at: { host: 'acme.halopsa.com', from: 'HALO_BASE_URL' },
  });
