import { z } from 'zod';
import {
  HaloError,
  type HaloAddress,
  type HaloErrorKind,
  type HaloMethod,
  type RightsCause,
} from './errors.ts';
import { describeLeftOut, type LeftOut, type Reader } from './lenient.ts';
import { withoutSecrets } from './secrets.ts';

/** An answer as it came: the body is text, or nothing. */
export type HaloResponse = {
  status: number;
  body: string;
  retryAfter: string | undefined;
  /** `WWW-Authenticate`. HaloPSA's API was not seen to ask for a way to sign in. */
  asksFor: string | undefined;
};

export type Call = {
  method: HaloMethod;
  path: string;
  at: HaloAddress;
  /** Nothing is written by it, though it is a POST. */
  isSignIn: boolean;
};

/** `now`: epoch milliseconds. `secrets`: what must not appear in an error, even if HaloPSA says it. */
export type Reading = { now: number; secrets: readonly string[] };

const maxDetail = 300;

/**
 * What an answer says, and what of it had to be left out. @throws {HaloError} for every status outside 2xx, and for a body
 * of which nothing can be made
 */
export function readAnswer<T>(
  call: Call,
  response: HaloResponse,
  reader: Reader<T>,
  reading: Reading,
): { value: T; leftOut: LeftOut[] } {
  const isGood = response.status >= 200 && response.status < 300;
  if (!isGood) throw errorOf(call, response, reading);
  return readBody(call, response, reader);
}

/** The error that an answer outside 2xx stands for. A write that met a 5xx may have been done before it failed. */
function errorOf(call: Call, response: HaloResponse, { now, secrets }: Reading): HaloError {
  const { status, body, retryAfter } = response;
  const isForeign = isForeignAnswer(call, response);
  return new HaloError({
    ...call,
    kind: isForeign ? 'not_halopsa' : kindOf(call, isServerException(status, body) ? 500 : status),
    rights: isForeign ? undefined : call.isSignIn ? signInRights(status, body) : rightsOf(call, status),
    status,
    code: `HTTP ${status}`,
    detail: detailOf(body, secrets),
    retryAfterMs: status === 429 ? retryAfterMs(retryAfter, now) : undefined,
  });
}

/**
 * Is it the answer of something between us and HaloPSA: a firewall, an allow-list, a proxy, a login page? HaloPSA's own
 * 401, 403 and 404 were recorded without a body, its 400 and the errors of its sign-in as JSON; its API never redirects, and
 * never asks for a way to sign in. A 407 is a proxy's by definition. Gateways answer for a HaloPSA that is down: 5xx.
 */
function isForeignAnswer({ isSignIn }: Call, { status, body, asksFor }: HaloResponse): boolean {
  if (status === 407 || (status >= 300 && status < 400)) return true;
  if (status === 429 || status >= 500) return false;
  if (jsonOf(body) !== undefined) return false;
  if (status === 401 && /\b(ntlm|negotiate|basic|kerberos)\b/i.test(asksFor ?? '')) return true;
  if (isSignIn) return true;
  return body.trim() !== '' && ([401, 403, 404].includes(status) || /^\s*</.test(body));
}

/** A 401 of the API comes for a token without a scope; a 403 for what the application's agent may not do. */
function rightsOf({ method }: Call, status: number): RightsCause | undefined {
  if (status === 401) return 'token';
  if (status === 403) return method === 'GET' ? 'read' : 'write';
  return undefined;
}

/** The error codes of HaloPSA's sign-in server (OAuth 2). */
const oauthErrors: Record<string, RightsCause> = {
  invalid_client: 'secret',
  invalid_scope: 'scope',
  unauthorized_client: 'method',
  unsupported_grant_type: 'method',
};

/** Why the token endpoint gave no token. Undefined: it does not say. */
function signInRights(status: number, body: string): RightsCause | undefined {
  const { data } = z.object({ error: z.string() }).safeParse(jsonOf(body));
  return oauthErrors[data?.error ?? ''] ?? (status === 401 ? 'secret' : undefined);
}

/**
 * HaloPSA answers 400 for exceptions of its own too, database errors among them, as a serialised .NET exception
 * (recorded from a real tenant). Unlike a refused value it may come from halfway.
 */
function isServerException(status: number, body: string): boolean {
  const exception = z.object({ ClassName: z.string(), Message: z.string() });
  return status === 400 && exception.safeParse(jsonOf(body)).success;
}

function kindOf({ method, isSignIn }: Call, status: number): HaloErrorKind {
  const isWrite = method !== 'GET' && !isSignIn;
  // An address without a sign-in is not HaloPSA's; its sign-in says with 400 what it does not accept.
  if (isSignIn && status === 404) return 'not_halopsa';
  if (status === 401 || (isSignIn && status < 500 && status !== 429)) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return isWrite ? 'outcome_unknown' : 'unavailable';
  return isWrite ? 'invalid' : 'unexpected_response';
}

/**
 * The parsed body of a 2xx. axios would hand over a login page as a string and call it a success.
 * @throws {HaloError} `not_halopsa` for what is not JSON, else `unexpected_response`; after a write `outcome_unknown`,
 * because it may have been done.
 */
function readBody<T>(
  call: Call,
  { status, body }: HaloResponse,
  reader: Reader<T>,
): { value: T; leftOut: LeftOut[] } {
  const isWrite = call.method !== 'GET' && !call.isSignIn;
  const json = jsonOf(body);
  if (json === undefined) {
    const kind = isWrite ? 'outcome_unknown' : 'not_halopsa';
    throw new HaloError({ ...call, kind, status, code: `HTTP ${status}, not JSON` });
  }
  const read = reader.read(json);
  if (!('problem' in read)) return read;
  const kind = isWrite ? 'outcome_unknown' : 'unexpected_response';
  throw new HaloError({ ...call, kind, status, code: describeLeftOut(read.problem) });
}

/** Undefined: not JSON. */
function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Bodies of a 400 that were recorded from real tenants: a string, a ModelState map, a .NET exception, and others. */
const messageSchema = z.union([
  z.string(),
  z.object({ Message: z.string() }).transform(({ Message }) => Message),
  z.object({ errorMessage: z.string() }).transform(({ errorMessage }) => errorMessage),
  z.object({ error_description: z.string() }).transform((body) => body.error_description),
  z.object({ error: z.string() }).transform(({ error }) => error),
  z.record(z.string(), z.array(z.string())).transform((fields) =>
    Object.entries(fields)
      .map(([field, problems]) => `${field}: ${problems.join(' ')}`)
      .join('; '),
  ),
]);

/**
 * HaloPSA's own words on one line, where they are plain words. 401, 403, 404 and 500 have empty bodies; a page of HTML
 * says nothing either.
 */
function detailOf(body: string, secrets: readonly string[]): string | undefined {
  const text = messageSchema.safeParse(jsonOf(body)).data ?? (/^\s*[<{[]/.test(body) ? '' : body);
  const line = withoutSecrets(text, secrets)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line === '' ? undefined : Array.from(line).slice(0, maxDetail).join('');
}

/** HaloPSA counts over five minutes. What asks for more than twice that is a slip. */
const maxRetryAfterMs = 600_000;

/** Seconds or an HTTP date; HaloPSA was never seen to send either, its clients honour both. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(maxRetryAfterMs, Math.max(0, Math.ceil(ms))) : undefined;
}
