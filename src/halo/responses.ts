import { z } from 'zod';
import { withoutSecrets } from './secrets.ts';
import { HaloError, type HaloErrorKind, type HaloMethod, type RightsCause } from './errors.ts';

/** An answer of HaloPSA as it came: the body is text, or nothing. */
export type HaloResponse = { status: number; body: string; retryAfter: string | undefined };

export type Call = { method: HaloMethod; path: string };

/** `now`: epoch milliseconds. `secrets`: what must not appear in an error, even if HaloPSA says it. */
export type Reading = { now: number; secrets: readonly string[] };

export const tokenPath = '/auth/token';

const maxDetail = 300;

/**
 * What an answer says, by the schema. @throws {HaloError} for every status outside 2xx, and for a body that
 * does not fit the schema
 */
export function readAnswer<T>(call: Call, response: HaloResponse, schema: z.ZodType<T>, reading: Reading): T {
  const isGood = response.status >= 200 && response.status < 300;
  if (!isGood) throw errorOf(call, response, reading);
  return parseBody(call, response, schema);
}

/** The error that an answer outside 2xx stands for. A write that met a 5xx may have been done before it failed. */
function errorOf(
  call: Call,
  { status, body, retryAfter }: HaloResponse,
  { now, secrets }: Reading,
): HaloError {
  return new HaloError({
    ...call,
    kind: isServerException(status, body) ? kindOf(call, 500) : kindOf(call, status),
    rights: call.path === tokenPath ? signInRights(status, body) : rightsOf(call, status),
    status,
    detail: detailOf(body, secrets),
    retryAfterMs: status === 429 ? retryAfterMs(retryAfter, now) : undefined,
  });
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

function kindOf({ method }: Call, status: number): HaloErrorKind {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return method === 'GET' ? 'unavailable' : 'outcome_unknown';
  return status >= 400 ? 'invalid' : 'unexpected_response';
}

/**
 * The parsed body of a 2xx. axios would hand over a login page as a string and call it a success.
 * @throws {HaloError} `unexpected_response`; after a write `outcome_unknown`, because it may have been done.
 */
function parseBody<T>(call: Call, response: HaloResponse, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(response.body));
  if (parsed.success) return parsed.data;
  const kind = call.method === 'GET' ? 'unexpected_response' : 'outcome_unknown';
  throw new HaloError({ ...call, kind, status: response.status });
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
