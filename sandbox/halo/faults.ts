import type { NetworkFault } from '../faults.ts';

export type OwnHaloFault =
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string>; after?: boolean }
  | { kind: 'html'; after?: boolean };

/** How an answer of HaloPSA goes wrong. `after: true`: HaloPSA did it all the same. */
export type HaloFault = OwnHaloFault | NetworkFault;

/** Paths compare without case; `/api/Agent/*` stands for everything below. */
export type FaultMatch = { method?: 'GET' | 'POST'; path: string };

export function haloFaultAnswer(fault: OwnHaloFault): Response {
  return fault.kind === 'html'
    ? new Response('<!doctype html><title>Sign in</title>', { headers: { 'content-type': 'text/html' } })
    : new Response(fault.body ?? '', { status: fault.status, headers: fault.headers ?? {} });
}

export function matchesCall(match: FaultMatch, method: string, path: string): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  const wanted = match.path.toLowerCase();
  return wanted.endsWith('*')
    ? path.toLowerCase().startsWith(wanted.slice(0, -1))
    : path.toLowerCase() === wanted;
}
