import { z } from 'zod';
import type { AddressSource } from './errors.ts';
import { readerOf } from './lenient.ts';
import { optionalText } from './shapes.ts';

const loopback = ['localhost', '127.0.0.1', '[::1]'];

/** https, or plain http for this machine; without user, query and fragment. */
export function isSafeAddress(url: URL): boolean {
  const isEncrypted = url.protocol === 'https:';
  const isHere = url.protocol === 'http:' && loopback.includes(url.hostname);
  return (isEncrypted || isHere) && `${url.username}${url.password}${url.search}${url.hash}` === '';
}

/** What the paths of the API are added to. People copy the address with `/api` from HaloPSA's own "API Details". */
export function baseOf(address: string): string {
  return address
    .replace(/\/+$/, '')
    .replace(/\/api$/i, '')
    .replace(/\/+$/, '');
}

const authInfoSchema = z.object({ auth_url: optionalText, tenant_id: optionalText });
export const readAuthInfo = readerOf(authInfoSchema);

/** What HaloPSA tells anybody who asks: where to sign in, and as a client of which tenant. */
export type AuthInfo = z.infer<typeof authInfoSchema>;

export type SignInAddress = { url: string; from: AddressSource };

type Known = { baseUrl: string; authUrl?: string | undefined; tenant: string | undefined };

/** Its address, if the secret may go there. */
export function usableIn(info: AuthInfo | undefined): string | undefined {
  const named = info?.auth_url;
  return named !== undefined && URL.canParse(named) && isSafeAddress(new URL(named)) ? named : undefined;
}

/**
 * Where to sign in: at HALO_AUTH_URL, else where `/api/AuthInfo` says, else at the usual place below HALO_BASE_URL.
 * `info`: undefined when it said nothing. An address that anybody on the way could read or change is not used: the secret
 * goes there. HaloPSA's own clients put `/token` behind the address, and the tenant into the query.
 */
export function signInAddress(
  { baseUrl, authUrl, tenant }: Known,
  info: AuthInfo | undefined,
): SignInAddress {
  const named = usableIn(info);
  const from = authUrl !== undefined ? 'HALO_AUTH_URL' : named !== undefined ? 'AuthInfo' : 'HALO_BASE_URL';
  const place = authUrl ?? named ?? `${baseOf(baseUrl)}/auth`;
  const url = new URL(`${place.replace(/\/+$/, '').replace(/\/token$/i, '')}/token`);
  const tenantName = tenant ?? (info?.tenant_id === '' ? undefined : info?.tenant_id);
  if (tenantName !== undefined) url.searchParams.set('tenant', tenantName);
  return { url: url.href, from };
}
