import { isStopCause, stopOf, type StopCause } from '../fields/index.ts';
import type { Failure } from '../requests/request.ts';
import { explainHalo, isHaloKind, type Explanation } from './halo-errors.ts';
import type { HaloErrorKind } from '../halo/errors.ts';

type OwnCause = Exclude<Failure['cause'], HaloErrorKind>;

/** `again`: how somebody asks once more. */
const causes = (again: string): Record<Exclude<OwnCause, StopCause>, Explanation> => ({
  duplicate: {
    what: 'HaloPSA already has an agent with this name or email address',
    next: 'Use that agent, or ask again with `/neo-setup` with another name and address.',
  },
  not_alone: {
    what: 'Another request is about to create an agent with this name or email address, or just did',
    next: 'Look at that request with `/neo-status` before you try again.',
  },
  gone: {
    what: 'HaloPSA no longer has what the plan needs',
    next: 'Ask again with `/neo-setup`: the form offers what HaloPSA has now.',
  },
  list_incomplete: {
    what: 'HaloPSA may not show this app all of its agents, so one with this name or email address may be there already',
    next: 'Look in HaloPSA under Configuration → Teams & Agents → Agents, with disabled agents shown. If there is no such agent, an approver other than the requester can press *Create anyway*. To have it checked by itself, give the agent that the API application logs in as a default team and the right to see all agents (`npm run doctor` says more), then *Try again*.',
  },
  differs_otherwise: {
    what: 'The agent was changed in HaloPSA again, and now differs otherwise than the approver was shown',
    next: `Ask again with ${again}: it shows what differs now.`,
  },
  lapsed: {
    what: 'The approval has lapsed: it could not be carried out in time',
    next: `Ask again with ${again}: it needs a new approval.`,
  },
  not_approved: {
    what: 'ALARM: what is stored for this request is not what was approved',
    next: 'Nothing more was sent to HaloPSA. Whoever runs this app should run `npm run audit -- verify` and find out who changed the database.',
  },
  internal: {
    what: 'Something broke in this bot',
    next: 'Give the reference to whoever runs this bot; it stands in its log.',
  },
});

const steps: Record<Failure['step'], string> = {
  preflight: 'looking at HaloPSA before creating the agent',
  create: 'creating the agent',
  find: 'looking for the agent in HaloPSA',
  read_back: 'reading the agent back',
  repair: 'repairing the agent',
};

const changes: Record<Failure['changed'], string> = {
  nothing: 'Nothing was changed in HaloPSA.',
  agent_created: 'The agent was created in HaloPSA, but we cannot say which of its fields are as planned.',
  agent_repaired:
    'The repair was begun, so the agent may have been changed; we cannot say which of its fields are as planned.',
  unknown: 'We cannot say whether HaloPSA created the agent: it is not in HaloPSA’s list so far.',
};

/** What was tried, whether anything changed, what to do next: three plain sentences. */
export function explainFailure(
  failure: Failure,
  again: string,
): { tried: string; changed: string; next: string } {
  const { what, next } = explainCause(failure, again);
  const words = failure.detail === undefined ? '' : `: ${failure.detail}`;
  return { tried: `While ${steps[failure.step]}: ${what}${words}.`, changed: changes[failure.changed], next };
}

function explainCause(failure: Failure, again: string): Explanation {
  const { cause } = failure;
  if (isHaloKind(cause)) return explainHalo({ ...failure, kind: cause });
  if (!isStopCause(cause)) return causes(again)[cause];
  const { what, next } = stopOf(cause);
  return { what, next: next(again) };
}

/** Trying again helps unless the plan itself is the trouble. */
export function mayTryAgain(failure: Failure): boolean {
  if (failure.cause === 'not_approved') return false;
  return (
    failure.changed !== 'nothing' ||
    !['duplicate', 'gone', 'lapsed', 'differs_otherwise'].includes(failure.cause)
  );
}
