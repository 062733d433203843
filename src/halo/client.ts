import axios, { isAxiosError, type AxiosInstance } from 'axios';
import { z } from 'zod';
import { HaloError, type HaloErrorKind } from './errors.ts';
import { errorOf, jsonOf, parseBody, type Call, type HaloResponse } from './responses.ts';

export type HaloConfig = {
  /** `https://acme.halopsa.com` */
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  tenant: string | undefined;
  scopes: string;
};

export type HaloClient = {
  /** Reads; may be repeated. @throws {HaloError} */
  get<T>(path: string, query: Record<string, string | number | boolean>, schema: z.ZodType<T>): Promise<T>;
  /**
   * Writes. HaloPSA takes an array and nothing else. Never repeated here. What `beforeSend` throws, after all
   * waiting and right before the request leaves, stops it. @throws {HaloError}
   */
  post<T>(
    path: string,
    body: readonly unknown[],
    schema: z.ZodType<T>,
    beforeSend?: () => Promise<void>,
  ): Promise<T>;
};

export type HaloCall = Call & { status: number | undefined; kind: HaloErrorKind | 'ok'; ms: number };

type Options = {
  /** Resolves when one more call may go out. */
  admit: () => Promise<void>;
  now?: () => number;
  timeoutMs?: number;
  onCall?: (call: HaloCall) => void;
};

type Send = Call & {
  url: string;
  headers: Record<string, string>;
  data?: string;
  beforeSend?: (() => Promise<void>) | undefined;
};

/** HaloPSA's gateway gives up after about 60 s; nobody waits that long for us. */
const defaultTimeoutMs = 15_000;
const renewBeforeEndMs = 60_000;
/** Errors of a connection that was never made: what was to be sent has provably not left. */
const neverLeft = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Talks to HaloPSA's REST API as one API application (client credentials), with one token for all calls.
 * The only user of axios: its errors carry the secret and the token, so they end here.
 */
export function createHaloClient(config: HaloConfig, options: Options): HaloClient {
  const { admit, now = Date.now, timeoutMs = defaultTimeoutMs, onCall = () => {} } = options;
  const base = config.baseUrl.replace(/\/+$/, '');
  const http = axios.create({
    responseType: 'text',
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    maxRedirects: 0,
    timeout: timeoutMs,
  });
  let token: { value: string; renewAt: number } | undefined;
  let renewal: Promise<string> | undefined;

  async function call(request: Send): Promise<HaloResponse> {
    const { method, path } = request;
    await admit();
    await request.beforeSend?.();
    const startedAt = now();
    const report = (status: number | undefined, kind: HaloErrorKind | 'ok') => {
      onCall({ method, path, status, kind, ms: now() - startedAt });
    };
    try {
      const response = await send(http, request, timeoutMs);
      const isGood = response.status >= 200 && response.status < 300;
      const error = isGood ? undefined : errorOf({ method, path }, response, now());
      report(response.status, error?.kind ?? 'ok');
      if (error !== undefined) throw error;
      return response;
    } catch (error) {
      if (error instanceof HaloError && error.status === undefined) report(undefined, error.kind);
      throw error;
    }
  }

  async function requestToken(): Promise<string> {
    const path = '/auth/token';
    const url = new URL(`${base}${path}`);
    if (config.tenant !== undefined) url.searchParams.set('tenant', config.tenant);
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: config.clientId,
      client_secret: config.clientSecret,
      scope: config.scopes,
    });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
    try {
      const response = await call({ method: 'POST', path, url: url.href, headers, data: form.toString() });
      const answer = tokenSchema.parse(jsonOf(response.body));
      token = { value: answer.access_token, renewAt: now() + answer.expires_in * 1000 - renewBeforeEndMs };
      return token.value;
    } catch (error) {
      throw signInError(error, path);
    }
  }

  /** One token request at a time, however many calls wait for it. */
  function currentToken(): Promise<string> {
    if (token !== undefined && now() < token.renewAt) return Promise.resolve(token.value);
    renewal ??= requestToken().finally(() => {
      renewal = undefined;
    });
    return renewal;
  }

  async function authorized(request: Omit<Send, 'headers'>): Promise<HaloResponse> {
    const used = await currentToken();
    try {
      return await call({ ...request, headers: apiHeaders(used) });
    } catch (error) {
      if (!(error instanceof HaloError) || error.kind !== 'unauthorized') throw error;
      // A 401 did nothing, so it is safe to repeat even a write with a new token, once.
      if (token?.value === used) token = undefined;
      return call({ ...request, headers: apiHeaders(await currentToken()) });
    }
  }

  return {
    async get(path, query, schema) {
      const words = new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
      );
      const url = `${base}${path}${words.size > 0 ? `?${words.toString()}` : ''}`;
      return parseBody({ method: 'GET', path }, await authorized({ method: 'GET', path, url }), schema);
    },
    async post(path, body, schema, beforeSend) {
      const data = JSON.stringify(body);
      const request = { method: 'POST' as const, path, url: `${base}${path}`, data, beforeSend };
      return parseBody({ method: 'POST', path }, await authorized(request), schema);
    },
  };
}

async function send(http: AxiosInstance, request: Send, timeoutMs: number): Promise<HaloResponse> {
  const { method, path, url, headers, data } = request;
  try {
    // axios' timeout does not cover a connection that never opens; the signal covers all of it.
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await http.request<unknown>({ method, url, headers, data, signal });
    const retryAfter: unknown = answer.headers['retry-after'];
    return {
      status: answer.status,
      body: typeof answer.data === 'string' ? answer.data : '',
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    };
  } catch (error) {
    const code = isAxiosError(error) ? (error.code ?? '') : '';
    const isWrite = method === 'POST' && !neverLeft.includes(code);
    throw new HaloError({ method, path, kind: isWrite ? 'outcome_unknown' : 'unavailable' });
  }
}

/** Without a token nothing was asked of the API: never an unknown outcome. */
function signInError(error: unknown, path: string): HaloError {
  const facts = { method: 'POST' as const, path };
  if (!(error instanceof HaloError)) return new HaloError({ ...facts, kind: 'unexpected_response' });
  const { kind, status, detail, retryAfterMs } = error;
  const kinds: Record<HaloErrorKind, HaloErrorKind> = {
    unauthorized: 'unauthorized',
    forbidden: 'unauthorized',
    invalid: 'unauthorized',
    not_found: 'unexpected_response',
    unexpected_response: 'unexpected_response',
    rate_limited: 'rate_limited',
    unavailable: 'unavailable',
    outcome_unknown: 'unavailable',
  };
  return new HaloError({ ...facts, kind: kinds[kind], status, detail, retryAfterMs });
}

function apiHeaders(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' };
}
