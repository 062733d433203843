import axios, { isAxiosError, type AxiosInstance } from 'axios';
import { addAbortSignal, Readable } from 'node:stream';
import { z } from 'zod';
import { bodyLimits, BodyTooLarge, createBodyReader } from './body.ts';
import { HaloError, type HaloErrorKind } from './errors.ts';
import { readAnswer, tokenPath, type Call, type HaloResponse } from './responses.ts';

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
  /** Deletes. Never repeated here. @throws {HaloError} */
  delete<T>(path: string, schema: z.ZodType<T>): Promise<T>;
};

/** Whom a call is for: work that was approved, somebody who asks and waits, or nobody in particular. */
export type HaloShare = 'work' | 'people' | 'background';

export type WatchableHaloClient = HaloClient & {
  /** The same client, with the same token, whose calls are for somebody else. This one's are for approved work. */
  withShare: (share: HaloShare) => HaloClient;
  /** The same client, with the same token, that tells `onCall` too of each call that is made through it; not of the sign-in. */
  watchedBy: (onCall: (call: HaloCall) => void) => HaloClient;
};

export type HaloCall = Call & { status: number | undefined; kind: HaloErrorKind | 'ok'; ms: number };

type Options = {
  /** 0: one more call may go out. Else how many milliseconds until it may be asked again: nothing is sent then. */
  admit: (share: HaloShare) => Promise<number>;
  now?: () => number;
  timeoutMs?: number;
  onCall?: (call: HaloCall) => void;
};

type Send = Call & {
  share: HaloShare;
  url: string;
  headers: Record<string, string>;
  data?: string;
  /** What of it HaloPSA may echo in an error, and nobody may read. */
  secrets: readonly string[];
  beforeSend?: (() => Promise<void>) | undefined;
  onCall: (call: HaloCall) => void;
};

/** HaloPSA's gateway gives up after about 60 s; nobody waits that long for us. */
const defaultTimeoutMs = 15_000;
const renewBeforeEndMs = 60_000;
/**
 * Errors of a connection that was never made: what was to be sent has provably not left. EHOSTUNREACH and
 * ENETUNREACH prove nothing: Linux reports them for an open connection too, when the route is lost after sending.
 */
const neverLeft = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/** Bytes. The longest plan is far below it. */
const maxRequestBytes = 1_000_000;
/** What axios says of a request above that, before anything leaves. */
const requestTooLarge = 'ERR_BAD_REQUEST';

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Talks to HaloPSA's REST API as one API application (client credentials), with one token for all calls.
 * The only user of axios: its errors carry the secret and the token, so they end here.
 */
export function createHaloClient(config: HaloConfig, options: Options): WatchableHaloClient {
  const { admit, now = Date.now, timeoutMs = defaultTimeoutMs, onCall = () => {} } = options;
  const base = config.baseUrl.replace(/\/+$/, '');
  const http = axios.create({
    responseType: 'stream',
    maxBodyLength: maxRequestBytes,
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    maxRedirects: 0,
    timeout: timeoutMs,
  });
  const readBody = createBodyReader();
  let token: { value: string; renewAt: number } | undefined;
  let renewal: Promise<string> | undefined;

  async function call<T>(request: Send, schema: z.ZodType<T>): Promise<T> {
    const { method, path, share } = request;
    const waitMs = await admit(share);
    if (waitMs > 0) throw new HaloError({ method, path, kind: 'held_back', retryAfterMs: waitMs });
    await request.beforeSend?.();
    const startedAt = now();
    const report = (status: number | undefined, kind: HaloErrorKind | 'ok') => {
      request.onCall({ method, path, status, kind, ms: now() - startedAt });
    };
    try {
      const response = await send(http, request, { timeoutMs, readBody });
      const secrets = [config.clientSecret, ...request.secrets];
      const answer = readAnswer({ method, path }, response, schema, { now: now(), secrets });
      report(response.status, 'ok');
      return answer;
    } catch (error) {
      if (error instanceof HaloError) report(error.status, error.kind);
      throw error;
    }
  }

  async function requestToken(): Promise<string> {
    const path = tokenPath;
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
      const request = { method: 'POST' as const, path, url: url.href, headers, data: form.toString() };
      // All wait for the one token, so nobody's share may keep it from the others.
      const answer = await call({ ...request, share: 'work', secrets: [], onCall }, tokenSchema);
      token = { value: answer.access_token, renewAt: now() + answer.expires_in * 1000 - renewBeforeEndMs };
      return token.value;
    } catch (error) {
      throw error instanceof HaloError ? signInError(error) : error;
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

  async function authorized<T>(request: Omit<Send, 'headers'>, schema: z.ZodType<T>): Promise<T> {
    const callWith = (token: string) =>
      call({ ...request, headers: apiHeaders(token), secrets: [token, ...request.secrets] }, schema);
    const used = await currentToken();
    try {
      return await callWith(used);
    } catch (error) {
      if (!(error instanceof HaloError) || error.kind !== 'unauthorized') throw error;
      // A 401 did nothing, so it is safe to repeat even a write with a new token, once.
      if (token?.value === used) token = undefined;
      return callWith(await currentToken());
    }
  }

  const clientFor = (share: HaloShare, report: (call: HaloCall) => void): HaloClient => ({
    async get(path, query, schema) {
      const words = new URLSearchParams(
        Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
      );
      const url = `${base}${path}${words.size > 0 ? `?${words.toString()}` : ''}`;
      return authorized({ method: 'GET', path, url, share, secrets: [], onCall: report }, schema);
    },
    async post(path, body, schema, beforeSend) {
      const data = JSON.stringify(body);
      const request = { method: 'POST' as const, path, url: `${base}${path}`, share, data, beforeSend };
      return authorized({ ...request, secrets: passwordsIn(body), onCall: report }, schema);
    },
    async delete(path, schema) {
      const request = { method: 'DELETE' as const, path, url: `${base}${path}`, share };
      return authorized({ ...request, secrets: [], onCall: report }, schema);
    },
  });
  const watchedBy = (watch: (call: HaloCall) => void) =>
    clientFor('work', (call) => {
      onCall(call);
      watch(call);
    });
  const withShare = (share: HaloShare) => clientFor(share, onCall);
  return { ...clientFor('work', onCall), watchedBy, withShare };
}

async function send(
  http: AxiosInstance,
  request: Send,
  { timeoutMs, readBody }: { timeoutMs: number; readBody: (body: Readable) => Promise<string> },
): Promise<HaloResponse> {
  const { method, url, headers, data } = request;
  let status: number | undefined;
  try {
    // axios' timeout does not cover a connection that never opens; the signal covers all of it.
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await http.request<unknown>({ method, url, headers, data, signal });
    status = answer.status;
    const retryAfter: unknown = answer.headers['retry-after'];
    return {
      status,
      body: answer.data instanceof Readable ? await readBody(addAbortSignal(signal, answer.data)) : '',
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    };
  } catch (error) {
    throw sendError(request, status, error);
  }
}

/** `status`: of an answer that began, and could not be read to its end. */
function sendError({ method, path }: Send, status: number | undefined, error: unknown): HaloError {
  const code = isAxiosError(error) ? (error.code ?? '') : '';
  if (code === requestTooLarge) return new HaloError({ method, path, kind: 'invalid', detail: tooLong });
  const isWrite = method !== 'GET' && !neverLeft.includes(code);
  const isTooLarge = error instanceof BodyTooLarge && error.limit === 'alone';
  const kind = isTooLarge ? 'unexpected_response' : 'unavailable';
  const facts = isTooLarge ? { status, detail: tooLargeAnswer } : {};
  return new HaloError({ method, path, kind: isWrite ? 'outcome_unknown' : kind, ...facts });
}

const tooLong = `The request is longer than ${maxRequestBytes} bytes`;
const tooLargeAnswer = `its answer is longer than ${bodyLimits.bytes / 1_000_000} MB, or holds more than ${bodyLimits.nodes} objects`;

/** Without a token nothing was asked of the API: never an unknown outcome. */
function signInError({ kind, rights, method, path, status, detail, retryAfterMs }: HaloError): HaloError {
  const isAnswered = status !== undefined && status < 300;
  const kinds: Record<HaloErrorKind, HaloErrorKind> = {
    unauthorized: 'unauthorized',
    forbidden: 'unauthorized',
    invalid: 'unauthorized',
    not_found: 'unexpected_response',
    unexpected_response: 'unexpected_response',
    rate_limited: 'rate_limited',
    held_back: 'held_back',
    unavailable: 'unavailable',
    outcome_unknown: isAnswered ? 'unexpected_response' : 'unavailable',
  };
  return new HaloError({ method, path, kind: kinds[kind], rights, status, detail, retryAfterMs });
}

function apiHeaders(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' };
}

/** The values of `password` in what is sent: HaloPSA echoes wrong values in its errors. */
function passwordsIn(body: readonly unknown[]): string[] {
  const withPassword = z.object({ password: z.string() });
  return body.flatMap((element) => withPassword.safeParse(element).data?.password ?? []);
}
