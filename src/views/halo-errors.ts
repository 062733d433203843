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
    what: 'HaloPSA did not accept our sign-in',
    next: 'In HaloPSA open Configuration → Integrations → HaloPSA API → View Applications: the application must be active, with the Client ID, secret and scopes that this bot was given.',
  }),
  forbidden: always({
    what: 'HaloPSA says that our API application may not do this',
    next: 'In HaloPSA check the role of the agent that the API application logs in as: it must be allowed to edit agents.',
  }),
  not_found: always({
    what: 'HaloPSA says that there is no such thing',
    next: 'Check in HaloPSA that the agent, team and role are still there.',
  }),
  invalid: always({
    what: 'HaloPSA rejected the request',
    next: 'Fix what HaloPSA names, then try again. For other values, start over with `/neo-setup`.',
  }),
  rate_limited: always({
    what: 'HaloPSA has had too many calls from all integrations together',
    next: 'Wait five minutes and try again.',
  }),
  held_back: always({
    what: 'HaloPSA was not asked: this app has used up the calls that it allows itself in five minutes',
    next: 'Wait a few minutes and try again.',
  }),
  unavailable: ({ code, at }) => explainConnection(code, at),
  too_slow: ({ proof }) => ({
    what: `HaloPSA did not answer in time${proof}`,
    next: 'Try again in a few minutes. If it stays so, whoever runs this app can run `npm run doctor`.',
  }),
  not_halopsa: ({ code, at, proof }) =>
    code === 'HTTP 407'
      ? {
          what: `A proxy on the way to HaloPSA did not let us through${proof}`,
          next: 'The proxy wants a user name and password: put them into HTTPS_PROXY (`http://user:password@host:port`), or have HaloPSA’s address allowed without.',
        }
      : {
          what: `The answer from ${at} is not HaloPSA’s${proof}`,
          next: 'It comes from something in front of HaloPSA, such as a firewall, an allow-list, a proxy or a login page; or the address is not that of HaloPSA’s API. Check the address, and have this machine’s address allowed.',
        },
  outcome_unknown: ({ proof }) => ({
    what:
      proof === ''
        ? 'This app has no answer of HaloPSA to the create on record'
        : `HaloPSA did not confirm that it created the agent${proof}`,
    next: '*Check again* looks for the agent in HaloPSA and creates nothing. *Try again* looks too, and creates the agent if it is still missing: press it only when Configuration → Teams & Agents → Agents in HaloPSA does not show the agent.',
  }),
  unexpected_response: ({ proof }) => ({
    what: `HaloPSA’s answer was not as this app expects it${proof}`,
    next: 'Give this line to whoever runs this app: `npm run doctor` says more. HaloPSA may have changed.',
  }),
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
