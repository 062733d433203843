export const haloErrorKinds = [
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid',
  'rate_limited',
  'held_back',
  'unavailable',
  'too_slow',
  'not_halopsa',
  'outcome_unknown',
  'unexpected_response',
] as const;

/** Kinds after which nothing was done and that end without anybody's doing: the same call may be sent again later. */
export const passingKinds = ['rate_limited', 'held_back', 'unavailable', 'too_slow'] as const;
export type PassingKind = (typeof passingKinds)[number];

/**
 * What can go wrong at HaloPSA. `held_back` is a call that our own budget has no room for: HaloPSA was not asked.
 * `too_slow` is a read whose answer did not come in time. `not_halopsa` is an answer that is none of HaloPSA's: a page of
 * a firewall, or a proxy's refusal. `unexpected_response` is JSON, and not what the call answers. `outcome_unknown` is a
 * write whose complete answer did not arrive: it may or may not have been done, as after `not_halopsa`. After every other
 * kind a write was not done.
 */
export type HaloErrorKind = (typeof haloErrorKinds)[number];

/**
 * Why HaloPSA lets us not do something, as far as it tells: the sign-in was refused, because of the client id and
 * secret (or an inactive application: it says the same), the scope, or the method of sign-in; a new token was
 * refused by the API, which happens to one without a scope; or the agent that the application logs in as may not
 * read, or not write.
 */
export const rightsCauses = ['secret', 'scope', 'method', 'token', 'read', 'write'] as const;
export type RightsCause = (typeof rightsCauses)[number];

export type HaloMethod = 'GET' | 'POST' | 'DELETE';

/** What named the address that was called: a variable, or HaloPSA's own `/api/AuthInfo`. */
export const addressSources = ['HALO_BASE_URL', 'HALO_AUTH_URL', 'AuthInfo'] as const;
export type AddressSource = (typeof addressSources)[number];

/** Where a call went. `host`: with its port, if that is not the usual one. */
export type HaloAddress = { host: string; from: AddressSource };

export type HaloErrorFacts = {
  kind: HaloErrorKind;
  rights?: RightsCause | undefined;
  method: HaloMethod;
  path: string;
  /** Undefined: the call was not sent. */
  at?: HaloAddress | undefined;
  /** It was the sign-in that failed, so nothing was asked of the API. */
  isSignIn?: boolean | undefined;
  status?: number | undefined;
  code?: string | undefined;
  detail?: string | undefined;
  retryAfterMs?: number | undefined;
};

export function isPassing(kind: HaloErrorKind): kind is PassingKind {
  return passingKinds.some((one) => one === kind);
}

/** The only error that leaves src/halo. It carries no header, no body that was sent, and no cause. */
export class HaloError extends Error {
  override readonly name = 'HaloError';
  readonly kind: HaloErrorKind;
  /** Of `unauthorized` and `forbidden`, when HaloPSA tells. */
  readonly rights: RightsCause | undefined;
  readonly method: HaloMethod;
  readonly path: string;
  readonly at: HaloAddress | undefined;
  readonly isSignIn: boolean;
  readonly status: number | undefined;
  /** The cause, safe to show: `ENOTFOUND`, `CERT_HAS_EXPIRED`, `HTTP 407`, `teams[2].id: string, expected number`. */
  readonly code: string | undefined;
  /** HaloPSA's own words, one line. */
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(facts: HaloErrorFacts) {
    const why = [facts.kind, facts.code ?? facts.status].filter((part) => part !== undefined).join(', ');
    super(`HaloPSA ${facts.method} ${facts.path}: ${why}`);
    this.kind = facts.kind;
    this.rights = facts.rights;
    this.method = facts.method;
    this.path = facts.path;
    this.at = facts.at;
    this.isSignIn = facts.isSignIn === true;
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
