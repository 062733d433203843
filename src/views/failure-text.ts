import { isStopCause, stopOf, type StopCause } from '../fields/index.ts';
import type { Failure } from '../requests/request.ts';
import { explainHalo, explainInSlack, isHaloKind, type Explanation } from './halo-errors.ts';
import type { HaloErrorKind } from '../halo/errors.ts';

type OwnCause = Exclude<Failure['cause'], HaloErrorKind>;

/** `again`: how somebody asks once more. */
const causes = (again: string): Record<Exclude<OwnCause, StopCause>, Explanation> => ({
  duplicate: {
    what: 'HaloPSA already has an agent with this name or email address',
    next: 'Use that agent, or press *Request again* and choose another name and address.',
  },
  not_alone: {
    what: 'Another request uses the same name or email address',
    next: 'Check it with `/neo-status` before you try again.',
  },
  gone: {
    what: 'Something that the settings need is no longer in HaloPSA',
    next: 'Press *Request again*: the form offers what HaloPSA has now.',
  },
  list_incomplete: {
    what: 'HaloPSA may not list all of its agents, so one with this name or email address may already exist',
    next: 'Look in HaloPSA under Configuration → Teams & Agents → Agents, with disabled agents shown. If it isn’t there, an approver other than the requester can press *Create anyway*. To avoid this next time, whoever runs this app can run `npm run doctor`.',
  },
  differs_otherwise: {
    what: 'The agent changed in HaloPSA since the approver saw it',
    next: `Start over with ${again}: it shows what differs now.`,
  },
  lapsed: {
    what: 'The approval expired before I could carry it out',
    next: `Start over with ${again}: it needs a new approval.`,
  },
  not_approved: {
    what: 'Security alert: the stored settings aren’t the ones that were approved, so I stopped',
    next: 'Tell whoever runs this app now: they need to run `npm run audit -- verify` and find out who changed the database.',
  },
  internal: {
    what: 'Something went wrong in this app',
    next: 'Give the reference to whoever runs this app.',
  },
});

/** At which step it failed. */
const steps: Record<Failure['step'], string> = {
  preflight: 'while checking HaloPSA',
  create: 'while creating the agent',
  find: 'while looking for the agent',
  read_back: 'while checking the agent’s settings',
  repair: 'while repairing the agent',
};

const changes: Record<Failure['changed'], string> = {
  nothing: 'Nothing was changed in HaloPSA.',
  agent_created:
    'The agent was created in HaloPSA, but I couldn’t check its settings. *Try again* goes on from there and creates no second agent.',
  agent_repaired: 'The repair had begun, so the agent may have changed. I couldn’t check its settings.',
  unknown: 'I can’t say whether HaloPSA created the agent. It isn’t in HaloPSA’s list yet.',
};

/** At which step, what was tried, whether anything changed, what to do next. `step` follows "failed". */
export function explainFailure(
  failure: Failure,
  again: string,
): { step: string; tried: string; changed: string; next: string } {
  const { what, next } = explainCause(failure, again);
  return {
    step: steps[failure.step],
    tried: `${what}${detailText(failure)}.`,
    changed: changes[failure.changed],
    next,
  };
}

/** HaloPSA's own words are quoted. */
function detailText({ cause, detail }: Failure): string {
  if (detail === undefined) return '';
  return cause === 'invalid' ? `: “${detail.replace(/[.\s]+$/, '')}”` : `: ${detail}`;
}

function explainCause(failure: Failure, again: string): Explanation {
  const { cause } = failure;
  if (cause === 'invalid' && failure.rights === undefined)
    return {
      ...explainHalo({ kind: cause }),
      next:
        failure.detail === undefined
          ? `HaloPSA gave no reason. Change the settings with ${again}, or give the reference to whoever runs this app.`
          : `If you can fix this in HaloPSA, do that and press *Try again*. To change the settings, use ${again}.`,
    };
  if (isHaloKind(cause)) return explainInSlack({ ...failure, kind: cause });
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
