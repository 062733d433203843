import { z } from 'zod';
import { signInAddress, usableIn, type AuthInfo, type SignInAddress } from './addresses.ts';
import type { HaloConfig } from './client.ts';
import { HaloError, isPassing } from './errors.ts';
import { readerOf, type Reader } from './lenient.ts';
import { text } from './shapes.ts';

const renewBeforeEndMs = 60_000;
export const authInfoPath = '/api/AuthInfo';
/** InstanceInfo was seen to have the same two properties. */
const tellers = [authInfoPath, '/api/InstanceInfo'];

const tokenSchema = z.object({
  access_token: text.refine((token) => token !== '', { error: 'a token' }),
  expires_in: z.coerce.number().positive(),
});

type SignInRequest = SignInAddress & { headers: Record<string, string>; data: string };

type Wires = {
  now: () => number;
  /** As anybody may. @throws {HaloError} */
  ask: (path: string) => Promise<AuthInfo>;
  /** @throws {HaloError} */
  send: <T>(request: SignInRequest, reader: Reader<T>) => Promise<T>;
};

export type SignIn = {
  /** The token of now. However many calls wait for one, it is asked for once. @throws {HaloError} */
  token: () => Promise<string>;
  /** HaloPSA did not accept it. */
  forget: (token: string) => void;
  address: () => SignInAddress | undefined;
};

/** Signs in by client credentials, and keeps the token for as long as HaloPSA says. */
export function createSignIn(config: HaloConfig, { now, ask, send }: Wires): SignIn {
  let token: { value: string; renewAt: number } | undefined;
  let renewal: Promise<string> | undefined;
  let address: SignInAddress | undefined;

  async function findAddress(): Promise<SignInAddress> {
    if (config.authUrl !== undefined) return signInAddress(config, undefined);
    let known: AuthInfo | undefined;
    try {
      for (const path of tellers) {
        const info = await ask(path).catch(unlessUnreached);
        known ??= info;
        if (usableIn(info) !== undefined) return signInAddress(config, info);
      }
    } catch (error) {
      // It only helps: without it the usual place is tried, and says itself what is wrong.
      if (!(error instanceof HaloError)) throw error;
    }
    return signInAddress(config, known);
  }

  async function requestToken(): Promise<string> {
    const place = address ?? (await findAddress());
    // HaloPSA may have moved its sign-in, so a failed one has it looked for again.
    address = undefined;
    const data = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: config.clientId,
      client_secret: config.clientSecret,
      scope: config.scopes,
    }).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
    const answer = await send({ ...place, headers, data }, readerOf(tokenSchema));
    address = place;
    token = { value: answer.access_token, renewAt: now() + answer.expires_in * 1000 - renewBeforeEndMs };
    return token.value;
  }

  return {
    token: () => {
      if (token !== undefined && now() < token.renewAt) return Promise.resolve(token.value);
      renewal ??= requestToken().finally(() => {
        renewal = undefined;
      });
      return renewal;
    },
    forget: (used) => {
      if (token?.value === used) token = undefined;
    },
    address: () => address,
  };
}

/** What one of them does not say, the other may; but not while nothing answers. @throws {HaloError} */
function unlessUnreached(error: unknown): undefined {
  if (!(error instanceof HaloError) || isPassing(error.kind)) throw error;
  return undefined;
}
