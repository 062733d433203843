import axios, { isAxiosError, type AxiosInstance } from 'axios';
import { axiosProxyFor } from '../proxy.ts';
import { addAbortSignal, Readable } from 'node:stream';
import { z } from 'zod';
import { baseOf, readAuthInfo, type AuthInfo, type SignInAddress } from './addresses.ts';
import { bodyLimits, BodyTooLarge, createBodyReader } from './body.ts';
import { HaloError, type HaloErrorKind } from './errors.ts';
import { describeLeftOut, type LeftOut, type Reader } from './lenient.ts';
import { readAnswer, type Call, type HaloResponse } from './responses.ts';
import { authInfoPath, createSignIn } from './sign-in.ts';

export type HaloConfig = {
  /** `https://acme.halopsa.com` */
  baseUrl: string;
  /** `https://auth.halopsa.com`. Undefined: HaloPSA is asked. */
  authUrl?: string | undefined;
  clientId: string;
  clientSecret: string;
  tenant: string | undefined;
  scopes: string;
};

export type HaloClient = {
  /** Reads; may be repeated. @throws {HaloError} */
  get<T>(path: string, query: Record<string, string | number | boolean>, reader: Reader<T>): Promise<T>;
  /**
   * Writes. HaloPSA takes an array and nothing else. Never repeated here. What `beforeSend` throws, after all
   * waiting and right before the request leaves, stops it. @throws {HaloError}
   */
  post<T>(
    path: string,
    body: readonly unknown[],
    reader: Reader<T>,
    beforeSend?: () => Promise<void>,
  ): Promise<T>;
  /** Deletes. Never repeated here. @throws {HaloError} */
  delete<T>(path: string, reader: Reader<T>): Promise<T>;
};

/** Whom a call is for: work that was approved, somebody who asks and waits, or nobody in particular. */
export type HaloShare = 'work' | 'people' | 'background';

export type WatchableHaloClient = HaloClient & {
  /** The same client, with the same token, whose calls are for somebody else. This one's are for approved work. */
  withShare: (share: HaloShare) => HaloClient;
  /** The same client, with the same token, that tells `onCall` too of each call that is made through it; not of the sign-in. */
  watchedBy: (onCall: (call: HaloCall) => void) => HaloClient;
  /** Where to sign in, as HaloPSA tells anybody. May be repeated. @throws {HaloError} */
  authInfo: () => Promise<AuthInfo>;
  /** Where the last sign-in went. Undefined: there was none. */
  signedInAt: () => SignInAddress | undefined;
};

export type HaloCall = {
  method: Call['method'];
  path: string;
  host: string;
  status: number | undefined;
  kind: HaloErrorKind | 'ok';
  code: string | undefined;
  ms: number;
  /** What of the answer could not be read: the first few, `teams[2].department_id: string, expected number`. */
  leftOut: readonly string[];
  leftOutCount: number;
};

type Options = {
  /** 0: one more call may go out. Else how many milliseconds until it may be asked again: nothing is sent then. */
  admit: (share: HaloShare) => Promise<number>;
  now?: () => number;
  /** No call takes longer. Undefined: each as long as it is worth. */
  timeoutMs?: number;
  onCall?: (call: HaloCall) => void;
};

type Send = Call & {
  share: HaloShare;
  url: string;
  patienceMs: number;
  headers: Record<string, string>;
  data?: string;
  /** What of it HaloPSA may echo in an error, and nobody may read. */
  secrets: readonly string[];
  beforeSend?: (() => Promise<void>) | undefined;
  onCall: (call: HaloCall) => void;
};

/**
 * Milliseconds that an answer is waited for. A read in the background holds nobody up. The answer to a write is worth all
 * the time that HaloPSA may take: its gateway gives up after about 60 s.
 */
const readPatienceMs: Record<HaloShare, number> = { people: 30_000, work: 30_000, background: 60_000 };
const writePatienceMs = 75_000;
/** Nobody can do anything before the sign-in. */
const signInPatienceMs = 15_000;
const authInfoPatienceMs = 5_000;

/**
 * Errors of a connection that was never made: what was to be sent has provably not left. EHOSTUNREACH and
 * ENETUNREACH prove nothing: Linux reports them for an open connection too, when the route is lost after sending.
 */
const neverLeft = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/** Bytes. The longest plan is far below it. */
const maxRequestBytes = 1_000_000;
/** What axios says of a request above that, before anything leaves. */
const requestTooLarge = 'ERR_BAD_REQUEST';
const maxLeftOutNamed = 5;

/**
 * Talks to HaloPSA's REST API as one API application (client credentials), with one token for all calls.
 * The only user of axios: its errors carry the secret and the token, so they end here.
 */
export function createHaloClient(config: HaloConfig, options: Options): WatchableHaloClient {
  const { admit, now = Date.now, timeoutMs = Infinity, onCall = () => {} } = options;
  const base = baseOf(config.baseUrl);
  const http = axios.create({
    responseType: 'stream',
    maxBodyLength: maxRequestBytes,
    transformResponse: (body: unknown) => body,
    validateStatus: () => true,
    maxRedirects: 0,
  });
  const readBody = createBodyReader();

  async function call<T>(request: Send, reader: Reader<T>): Promise<T> {
    const { method, path, at, share } = request;
    const waitMs = await admit(share);
    if (waitMs > 0) throw new HaloError({ method, path, kind: 'held_back', retryAfterMs: waitMs });
    await request.beforeSend?.();
    const startedAt = now();
    const report = (outcome: Pick<HaloCall, 'status' | 'kind' | 'code'>, leftOut: LeftOut[] = []) => {
      request.onCall({
        method,
        path,
        host: at.host,
        ...outcome,
        ms: now() - startedAt,
        leftOut: leftOut.slice(0, maxLeftOutNamed).map((one) => describeLeftOut(one)),
        leftOutCount: leftOut.length,
      });
    };
    try {
      const patienceMs = Math.min(request.patienceMs, timeoutMs);
      const response = await send(http, { ...request, patienceMs }, readBody);
      const secrets = [config.clientSecret, ...request.secrets];
      const { value, leftOut } = readAnswer(request, response, reader, { now: now(), secrets });
      report({ status: response.status, kind: 'ok', code: undefined }, leftOut);
      return value;
    } catch (error) {
      if (error instanceof HaloError) report(error);
      throw error;
    }
  }

  const atBase = { host: hostOf(base), from: 'HALO_BASE_URL' as const };
  const askAnybody = (path: string) => {
    const headers = { Accept: 'application/json' };
    const request = {
      method: 'GET' as const,
      path,
      at: atBase,
      isSignIn: false,
      url: `${base}${path}`,
      headers,
    };
    return call(
      { ...request, share: 'work', patienceMs: authInfoPatienceMs, secrets: [], onCall },
      readAuthInfo,
    );
  };
  const signIn = createSignIn(config, {
    now,
    ask: askAnybody,
    // All wait for the one token, so nobody's share may keep it from the others.
    send: (request, reader) =>
      call(
        {
          ...request,
          at: { host: hostOf(request.url), from: request.from },
          method: 'POST',
          path: new URL(request.url).pathname,
          isSignIn: true,
          share: 'work',
          patienceMs: signInPatienceMs,
          secrets: [],
          onCall,
        },
        reader,
      ),
  });

  async function authorized<T>(request: Omit<Send, 'headers'>, reader: Reader<T>): Promise<T> {
    const callWith = (token: string) =>
      call({ ...request, headers: apiHeaders(token), secrets: [token, ...request.secrets] }, reader);
    const used = await signIn.token();
    try {
      return await callWith(used);
    } catch (error) {
      if (!(error instanceof HaloError) || error.kind !== 'unauthorized') throw error;
      // A 401 did nothing, so it is safe to repeat even a write with a new token, once.
      signIn.forget(used);
      return callWith(await signIn.token());
    }
  }

  const clientFor = (share: HaloShare, report: (call: HaloCall) => void): HaloClient => {
    const common = { share, at: atBase, isSignIn: false, onCall: report };
    return {
      async get(path, query, reader) {
        const words = new URLSearchParams(
          Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
        );
        const url = `${base}${path}${words.size > 0 ? `?${words.toString()}` : ''}`;
        const patienceMs = readPatienceMs[share];
        return authorized({ ...common, method: 'GET', path, url, patienceMs, secrets: [] }, reader);
      },
      async post(path, body, reader, beforeSend) {
        const data = JSON.stringify(body);
        const write = { ...common, method: 'POST' as const, patienceMs: writePatienceMs };
        const request = { ...write, path, url: `${base}${path}`, data, beforeSend };
        return authorized({ ...request, secrets: passwordsIn(body) }, reader);
      },
      async delete(path, reader) {
        const write = { ...common, method: 'DELETE' as const, patienceMs: writePatienceMs };
        return authorized({ ...write, path, url: `${base}${path}`, secrets: [] }, reader);
      },
    };
  };
  const watchedBy = (watch: (call: HaloCall) => void) =>
    clientFor('work', (call) => {
      onCall(call);
      watch(call);
    });
  const withShare = (share: HaloShare) => clientFor(share, onCall);
  return {
    ...clientFor('work', onCall),
    watchedBy,
    withShare,
    authInfo: () => askAnybody(authInfoPath),
    signedInAt: signIn.address,
  };
}

async function send(
  http: AxiosInstance,
  request: Send,
  readBody: (body: Readable) => Promise<string>,
): Promise<HaloResponse> {
  const { method, url, headers, data, patienceMs } = request;
  // axios' own timeout does not cover a connection that never opens; the signal covers all of it.
  const signal = AbortSignal.timeout(patienceMs);
  let status: number | undefined;
  try {
    const proxy = axiosProxyFor(url);
    const answer = await http.request<unknown>({ method, url, headers, data, signal, proxy });
    status = answer.status;
    return {
      status,
      body: answer.data instanceof Readable ? await readBody(addAbortSignal(signal, answer.data)) : '',
      retryAfter: header(answer.headers['retry-after']),
      asksFor: header(answer.headers['www-authenticate']),
    };
  } catch (error) {
    throw sendError(request, { status, error, isLate: signal.aborted });
  }
}

function header(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** `status`: of an answer that began, and could not be read to its end. `isLate`: the time was up. */
function sendError(
  { method, path, at, isSignIn, patienceMs }: Send,
  { status, error, isLate }: { status: number | undefined; error: unknown; isLate: boolean },
): HaloError {
  const facts = { method, path, at, isSignIn };
  const code = safeCodeOf(error);
  if (code === requestTooLarge) return new HaloError({ ...facts, kind: 'invalid', detail: tooLong });
  const isWrite = method !== 'GET' && !isSignIn;
  const isTooLarge = error instanceof BodyTooLarge && error.limit === 'alone';
  const outcome: Pick<HaloError, 'kind' | 'code'> = isTooLarge
    ? { kind: 'unexpected_response', code: tooLargeAnswer }
    : isLate
      ? { kind: 'too_slow', code: `no answer within ${Math.ceil(patienceMs / 1000)} s` }
      : { kind: 'unavailable', code };
  const mayBeDone = isWrite && !neverLeft.includes(code ?? '');
  return new HaloError({ ...facts, status, ...outcome, ...(mayBeDone && { kind: 'outcome_unknown' }) });
}

const tooLong = `The request is longer than ${maxRequestBytes} bytes`;
const tooLargeAnswer = `its answer is longer than ${bodyLimits.bytes / 1_000_000} MB, or holds more than ${bodyLimits.nodes} objects`;

/** `ENOTFOUND`, `CERT_HAS_EXPIRED`: words of the system, never an address or a value. */
function safeCodeOf(error: unknown): string | undefined {
  const code = isAxiosError(error) ? error.code : undefined;
  return code !== undefined && /^[A-Z][A-Z0-9_]{2,79}$/.test(code) ? code : undefined;
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function apiHeaders(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}`, Accept: 'application/json', 'Content-Type': 'application/json' };
}

/** The values of `password` in what is sent: HaloPSA echoes wrong values in its errors. */
function passwordsIn(body: readonly unknown[]): string[] {
  const withPassword = z.object({ password: z.string() });
  return body.flatMap((element) => withPassword.safeParse(element).data?.password ?? []);
}
