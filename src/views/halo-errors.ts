import type { HaloErrorKind, RightsCause } from '../halo/errors.ts';
import type { Failure } from '../requests/request.ts';

type Explanation = { what: string; next: string };

/** What each kind of answer of HaloPSA means to a person, and where to mend it. */
const haloExplanations: Record<HaloErrorKind, Explanation> = {
  unauthorized: {
    what: 'HaloPSA did not accept our sign-in',
    next: 'In HaloPSA open Configuration → Integrations → HaloPSA API → View Applications: the application must be active, with the Client ID, secret and scopes that this bot was given.',
  },
  forbidden: {
    what: 'HaloPSA says that our API application may not do this',
    next: 'In HaloPSA check the role of the agent that the API application logs in as: it must be allowed to edit agents.',
  },
  not_found: {
    what: 'HaloPSA says that there is no such thing',
    next: 'Check in HaloPSA that the agent, team and role are still there.',
  },
  invalid: {
    what: 'HaloPSA refused the values',
    next: 'Ask again with `/neo-setup` with other values, or mend what HaloPSA names.',
  },
  rate_limited: {
    what: 'HaloPSA has had too many calls from all integrations together',
    next: 'Wait five minutes and try again.',
  },
  held_back: {
    what: 'HaloPSA was not asked: this app has used up the calls that it allows itself in five minutes',
    next: 'Wait a few minutes and try again.',
  },
  unavailable: {
    what: 'HaloPSA could not be reached',
    next: 'Check that HaloPSA is up, then try again.',
  },
  outcome_unknown: {
    what: 'HaloPSA did not confirm that it created the agent',
    next: '*Check again* looks for the agent in HaloPSA and creates nothing. *Try again* looks too, and creates the agent if it is still missing: press it only when Configuration → Teams & Agents → Agents in HaloPSA does not show the agent.',
  },
  unexpected_response: {
    what: 'HaloPSA’s address answered something that is not HaloPSA’s API',
    next: 'Check HALO_BASE_URL: it must be the address of HaloPSA itself.',
  },
};

const applications = 'Configuration → Integrations → HaloPSA API → View Applications';

/** Where in HaloPSA's configuration to look, as far as HaloPSA lets the causes be told apart. */
const rightsExplanations: Record<RightsCause, Explanation> = {
  secret: {
    what: 'HaloPSA did not accept our Client ID and secret',
    next: `In HaloPSA open ${applications}: the application must be active, and HALO_CLIENT_ID and HALO_CLIENT_SECRET must be its own (the Client ID may change when it is first saved). HaloPSA gives the same answer for a wrong secret and for an inactive application.`,
  },
  scope: {
    what: 'HaloPSA does not grant our API application the scopes that HALO_SCOPES asks for',
    next: `In HaloPSA open ${applications}, the application’s Permissions: allow \`all\`, or set HALO_SCOPES to what it allows.`,
  },
  method: {
    what: 'HaloPSA does not let our API application sign in by Client ID and secret',
    next: `In HaloPSA open ${applications}: the authentication method must be Client ID and Secret (Services).`,
  },
  token: {
    what: 'HaloPSA let us sign in, but its API does not accept the token',
    next: `In HaloPSA open ${applications}: the application needs a permission, \`all\`, and an agent to log in as. HALO_SCOPES must not be empty.`,
  },
  read: {
    what: 'HaloPSA let us sign in, but we may not read this',
    next: `In HaloPSA check the permissions of the application (${applications}), and the role of the agent that it logs in as: Configuration → Teams & Agents → Roles.`,
  },
  write: {
    what: 'HaloPSA let us sign in, but we may not change agents',
    next: `In HaloPSA check the role of the agent that the application logs in as (${applications}): its permissions must allow it to edit agents. What the bot may do is the application’s permissions and that agent’s together.`,
  },
};

/** What an answer of HaloPSA means, as exactly as it tells. */
export function explainHalo({
  kind,
  rights,
}: {
  kind: HaloErrorKind;
  rights?: RightsCause | undefined;
}): Explanation {
  return rights === undefined ? haloExplanations[kind] : rightsExplanations[rights];
}

type OwnCause = Exclude<Failure['cause'], HaloErrorKind>;

/** `again`: how somebody asks once more. */
const causes = (again: string): Record<OwnCause, Explanation> => ({
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
  role_grown: {
    what: 'A role gives full rights in HaloPSA, which it did not when this was approved',
    next: `Ask again with ${again}: the approvers must see it. Or change the role in HaloPSA and try again.`,
  },
  role_unreadable: {
    what: 'HaloPSA no longer says what a role allows',
    next: `In HaloPSA check that the agent that the API application logs in as may read roles, then try again. Or ask again with ${again}: the card then says that the rights are unknown.`,
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
  const { cause } = failure;
  const { what, next } = isOurs(cause) ? causes(again)[cause] : explainHalo({ ...failure, kind: cause });
  const words = failure.detail === undefined ? '' : `: ${failure.detail}`;
  return { tried: `While ${steps[failure.step]}: ${what}${words}.`, changed: changes[failure.changed], next };
}

function isOurs(cause: Failure['cause']): cause is OwnCause {
  return !Object.hasOwn(haloExplanations, cause);
}

/** Trying again helps unless the plan itself is the trouble. */
export function mayTryAgain(failure: Failure): boolean {
  if (failure.cause === 'not_approved') return false;
  return (
    failure.changed !== 'nothing' ||
    !['duplicate', 'gone', 'invalid', 'lapsed', 'differs_otherwise'].includes(failure.cause)
  );
}
