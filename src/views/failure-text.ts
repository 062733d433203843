import { isStopCause, stopOf, type StopCause } from '../fields/index.ts';
import type { Failure } from '../requests/request.ts';
import { explainHalo, isHaloKind, type Explanation } from './halo-errors.ts';
import type { HaloErrorKind } from '../halo/errors.ts';

type OwnCause = Exclude<Failure['cause'], HaloErrorKind>;

/** `again`: how somebody asks once more. */
const causes = (again: string): Record<Exclude<OwnCause, StopCause>, Explanation> => ({
  duplicate: {
    what: 'HaloPSA already has an agent with this name or email address',
    next: 'Use that agent, or start over with `/neo-setup` and another name and address.',
  },
  not_alone: {
    what: 'Another request is about to create an agent with this name or email address, or just did',
    next: 'Look at that request with `/neo-status` before you try again.',
  },
  gone: {
    what: 'HaloPSA no longer has something that the settings need',
    next: 'Start over with `/neo-setup`: the form offers what HaloPSA has now.',
  },
  list_incomplete: {
    what: 'HaloPSA may not show this app all of its agents, so one with this name or email address may be there already',
    next: 'Look in HaloPSA under Configuration → Teams & Agents → Agents, with disabled agents shown. If there is no such agent, an approver other than the requester can press *Create anyway*. To have it checked automatically, give the agent that the API application logs in as a default team and the right to see all agents (`npm run doctor` explains how), then *Try again*.',
  },
  differs_otherwise: {
    what: 'The agent changed in HaloPSA since the approver saw it',
    next: `Start over with ${again}: it shows what differs now.`,
  },
  lapsed: {
    what: 'The approval expired: it couldn’t be carried out in time',
    next: `Start over with ${again}: it needs a new approval.`,
  },
  not_approved: {
    what: 'ALARM: what is stored for this request is not what was approved',
    next: 'Nothing more was sent to HaloPSA. Whoever runs this app should run `npm run audit -- verify` and find out who changed the database.',
  },
  internal: {
    what: 'Something went wrong in this app',
    next: 'Give the reference to whoever runs this app.',
  },
});

/** At which step it failed. */
const steps: Record<Failure['step'], string> = {
  preflight: 'When checking HaloPSA',
  create: 'When creating the agent',
  find: 'When looking for the agent',
  read_back: 'When reading the agent back',
  repair: 'When repairing the agent',
};

const changes: Record<Failure['changed'], string> = {
  nothing: 'Nothing was changed in HaloPSA.',
  agent_created: 'The agent was created in HaloPSA, but I couldn’t check its settings.',
  agent_repaired: 'The repair had begun, so the agent may have changed. I couldn’t check its settings.',
  unknown: 'I can’t say whether HaloPSA created the agent. It isn’t in HaloPSA’s list yet.',
};

/** What was tried, whether anything changed, what to do next: three plain sentences. */
export function explainFailure(
  failure: Failure,
  again: string,
): { tried: string; changed: string; next: string } {
  const { what, next } = explainCause(failure, again);
  const words = failure.detail === undefined ? '' : `: ${failure.detail}`;
  return { tried: `${steps[failure.step]}: ${what}${words}.`, changed: changes[failure.changed], next };
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
