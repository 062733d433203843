import type { NetworkFault } from '../faults.ts';

export type OwnHaloFault =
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string>; after?: boolean }
  /** 200 and a page for people. */
  | { kind: 'html'; after?: boolean };

/** Done at once, answered well, but so many milliseconds later. */
export type Delay = { kind: 'delay'; ms: number };

/** How an answer of HaloPSA goes wrong. `after: true`: HaloPSA did it all the same. */
export type HaloFault = OwnHaloFault | NetworkFault | Delay;

/** Paths compare without case; `/api/Agent/*` stands for everything below. */
export type FaultMatch = { method?: 'GET' | 'POST' | 'DELETE'; path: string };

const loginPage =
  '<!doctype html><html lang="en"><head><title>Sign in</title></head><body><form action="/auth/account/login" method="post"></form></body></html>';

/** A delay has no answer of its own: the server gives the good one. */
export function haloFaultAnswer(fault: OwnHaloFault | Delay): Response {
  switch (fault.kind) {
    case 'html':
      return new Response(loginPage, { headers: { 'content-type': 'text/html; charset=utf-8' } });
    case 'status':
      return new Response(fault.body ?? null, { status: fault.status, headers: fault.headers ?? {} });
    case 'delay':
      throw new Error('A delayed call is answered by what it did');
  }
}

export function matchesCall(match: FaultMatch, method: string, path: string): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  const wanted = match.path.toLowerCase();
  return wanted.endsWith('*')
    ? path.toLowerCase().startsWith(wanted.slice(0, -1))
    : path.toLowerCase() === wanted;
}
