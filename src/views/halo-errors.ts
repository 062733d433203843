import type { AddressSource, HaloAddress, HaloErrorKind, RightsCause } from '../halo/errors.ts';
import { explainConnection } from './connection-errors.ts';

export type Explanation = { what: string; next: string };

/** What is known of an error of HaloPSA: of the error itself, or as it is stored with a request that failed. */
export type HaloTrouble = {
  kind: HaloErrorKind;
  rights?: RightsCause | undefined;
  /** The safe code of its cause. */
  code?: string | undefined;
  at?: HaloAddress | undefined;
};

type Explain = (trouble: { code: string | undefined; at: string; proof: string }) => Explanation;

const always = (explanation: Explanation) => () => explanation;

/** What each kind of answer means to a person, and where to fix it. `proof`: the code in brackets, if there is one. */
const haloExplanations: Record<HaloErrorKind, Explain> = {
  unauthorized: always({
    what: 'HaloPSA didn’t accept the sign-in',
    next: 'In HaloPSA open Configuration → Integrations → HaloPSA API → View Applications: the application must be active and have the Client ID, secret and scopes that this app was given.',
  }),
  forbidden: always({
    what: 'HaloPSA says that this app’s API application isn’t allowed to do this',
    next: 'In HaloPSA check the role of the agent that the API application logs in as: it must be allowed to edit agents.',
  }),
  not_found: always({
    what: 'HaloPSA can’t find it',
    next: 'Check in HaloPSA that the agent, team and role are still there.',
  }),
  invalid: always({
    what: 'HaloPSA rejected the request',
    next: 'Check the settings, then try again.',
  }),
  rate_limited: always({
    what: 'HaloPSA’s rate limit was reached by all integrations together',
    next: 'Wait five minutes and try again.',
  }),
  held_back: always({
    what: 'I’ve reached my own limit for HaloPSA calls',
    next: 'Wait a few minutes and try again.',
  }),
  unavailable: ({ code, at }) => explainConnection(code, at),
  too_slow: ({ proof }) => ({
    what: `HaloPSA didn’t answer in time${proof}`,
    next: 'Try again in a few minutes. If this keeps happening, whoever runs this app can run `npm run doctor`.',
  }),
  not_halopsa: ({ code, at, proof }) =>
    code === 'HTTP 407'
      ? {
          what: `A proxy on the way to HaloPSA blocked the call${proof}`,
          next: 'The proxy needs a user name and password. Add them to HTTPS_PROXY (`http://user:password@host:port`), or let HaloPSA’s address bypass the proxy.',
        }
      : {
          what: `Something other than HaloPSA answered at ${at}${proof}`,
          next: 'It may be a firewall, a proxy or a login page, or the address isn’t that of HaloPSA’s API. Check the address, and allow the IP address of the app’s server.',
        },
  outcome_unknown: ({ proof }) => ({
    what:
      proof === ''
        ? 'I have no record of HaloPSA’s answer'
        : `HaloPSA didn’t confirm that it created the agent${proof}`,
    next: '*Check again* looks for the agent and creates nothing. Press *Try again* only if you’ve looked in HaloPSA under Configuration → Teams & Agents → Agents and it isn’t there.',
  }),
  unexpected_response: ({ proof }) => ({
    what: `HaloPSA gave an answer that this app doesn’t understand${proof}`,
    next: 'Ask whoever runs this app to run `npm run doctor`. HaloPSA may have changed.',
  }),
};

const applications = 'Configuration → Integrations → HaloPSA API → View Applications';

/** Where in HaloPSA's configuration to look, as far as HaloPSA lets the causes be told apart. */
const rightsExplanations: Record<RightsCause, Explanation> = {
  secret: {
    what: 'HaloPSA didn’t accept the Client ID and secret',
    next: `In HaloPSA open ${applications}: this app’s own API application must be active, and its Client ID and secret must match HALO_CLIENT_ID and HALO_CLIENT_SECRET (the Client ID can change when it’s first saved). HaloPSA gives the same answer for a wrong secret and for an inactive application.`,
  },
  scope: {
    what: 'HaloPSA doesn’t grant the API application the scopes in HALO_SCOPES',
    next: `In HaloPSA open ${applications}, then the Permissions of this app’s own API application: allow \`all\`, or set HALO_SCOPES to the scopes it has.`,
  },
  method: {
    what: 'HaloPSA doesn’t let the API application sign in with Client ID and secret',
    next: `In HaloPSA open ${applications}: the authentication method must be Client ID and Secret (Services).`,
  },
  token: {
    what: 'Signed in to HaloPSA, but its API doesn’t accept the token',
    next: `In HaloPSA open ${applications}: this app’s own API application needs the permission \`all\` and an agent to log in as. HALO_SCOPES must not be empty.`,
  },
  read: {
    what: 'Signed in to HaloPSA, but this app isn’t allowed to read this',
    next: `In HaloPSA check the permissions of the application (${applications}), and the role of the agent that it logs in as: Configuration → Teams & Agents → Roles.`,
  },
  write: {
    what: 'Signed in to HaloPSA, but this app isn’t allowed to change agents',
    next: `In HaloPSA check the role of the agent that the application logs in as (${applications}): its permissions must allow it to edit agents. This app may do only what both the application and that agent are allowed to do.`,
  },
};

const sources: Record<AddressSource, string> = {
  HALO_BASE_URL: 'HALO_BASE_URL',
  HALO_AUTH_URL: 'HALO_AUTH_URL',
  AuthInfo: 'the sign-in address that HaloPSA gives',
};

/** What an answer of HaloPSA means, as exactly as it tells. */
export function explainHalo({ kind, rights, code, at }: HaloTrouble): Explanation {
  if (rights !== undefined) return rightsExplanations[rights];
  const place = at === undefined ? 'HALO_BASE_URL' : `${sources[at.from]} (${at.host})`;
  return haloExplanations[kind]({ code, at: place, proof: code === undefined ? '' : ` (${code})` });
}

/** Only whoever runs the app can fix these. */
const forOperator: readonly HaloErrorKind[] = ['unauthorized', 'forbidden', 'unavailable', 'not_halopsa'];

/** The same for people in Slack: it says which advice is for whoever runs the app. */
export function explainInSlack(trouble: HaloTrouble): Explanation {
  const { what, next } = explainHalo(trouble);
  const isForOperator = trouble.rights !== undefined || forOperator.includes(trouble.kind);
  return { what, next: isForOperator ? `For whoever runs this app: ${next}` : next };
}

export function isHaloKind(cause: string): cause is HaloErrorKind {
  return Object.hasOwn(haloExplanations, cause);
}
