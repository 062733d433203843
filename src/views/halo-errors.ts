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
    next: 'Fix that, then press *Try again*. To change the settings, start over with `/neo-setup`.',
  }),
  rate_limited: always({
    what: 'HaloPSA has had too many calls from all integrations together',
    next: 'Wait five minutes and try again.',
  }),
  held_back: always({
    what: 'This app has used its share of HaloPSA calls for five minutes',
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
          next: 'The proxy wants a user name and password: put them into HTTPS_PROXY (`http://user:password@host:port`), or have HaloPSA’s address allowed without.',
        }
      : {
          what: `The answer from ${at} is not HaloPSA’s${proof}`,
          next: 'It comes from something in front of HaloPSA, such as a firewall, an allow-list, a proxy or a login page; or the address is not that of HaloPSA’s API. Check the address, and have this machine’s address allowed.',
        },
  outcome_unknown: ({ proof }) => ({
    what:
      proof === ''
        ? 'HaloPSA’s answer to the create isn’t recorded'
        : `HaloPSA didn’t confirm that it created the agent${proof}`,
    next: '*Check again* looks for the agent and creates nothing. *Try again* creates it if it’s still missing: press that only if HaloPSA doesn’t show the agent under Configuration → Teams & Agents → Agents.',
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
    next: `In HaloPSA open ${applications}: the application must be active, and HALO_CLIENT_ID and HALO_CLIENT_SECRET must be its own (the Client ID may change when it is first saved). HaloPSA gives the same answer for a wrong secret and for an inactive application.`,
  },
  scope: {
    what: 'HaloPSA doesn’t grant the API application the scopes in HALO_SCOPES',
    next: `In HaloPSA open ${applications}, the application’s Permissions: allow \`all\`, or set HALO_SCOPES to what it allows.`,
  },
  method: {
    what: 'HaloPSA doesn’t let the API application sign in with Client ID and secret',
    next: `In HaloPSA open ${applications}: the authentication method must be Client ID and Secret (Services).`,
  },
  token: {
    what: 'Signed in to HaloPSA, but its API doesn’t accept the token',
    next: `In HaloPSA open ${applications}: the application needs a permission, \`all\`, and an agent to log in as. HALO_SCOPES must not be empty.`,
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

export function isHaloKind(cause: string): cause is HaloErrorKind {
  return Object.hasOwn(haloExplanations, cause);
}
