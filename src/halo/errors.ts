export const haloErrorKinds = [
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid',
  'rate_limited',
  'held_back',
  'unavailable',
  'outcome_unknown',
  'unexpected_response',
] as const;

/** Kinds after which nothing was done and that end without anybody's doing: the same call may be sent again later. */
export const passingKinds = ['rate_limited', 'held_back', 'unavailable'] as const;
export type PassingKind = (typeof passingKinds)[number];

/**
 * What can go wrong at HaloPSA. `held_back` is a call that our own budget has no room for: HaloPSA was not asked.
 * `outcome_unknown` is a write whose complete answer did not arrive: it may or
 * may not have been done. After every other kind a write was not done.
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

export type HaloErrorFacts = {
  kind: HaloErrorKind;
  rights?: RightsCause | undefined;
  method: HaloMethod;
  path: string;
  status?: number | undefined;
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
  readonly status: number | undefined;
  /** HaloPSA's own words, one line. */
  readonly detail: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(facts: HaloErrorFacts) {
    super(`HaloPSA ${facts.method} ${facts.path}: ${facts.kind}${facts.status ? ` (${facts.status})` : ''}`);
    this.kind = facts.kind;
    this.rights = facts.rights;
    this.method = facts.method;
    this.path = facts.path;
    this.status = facts.status;
    this.detail = facts.detail;
    this.retryAfterMs = facts.retryAfterMs;
  }
}
