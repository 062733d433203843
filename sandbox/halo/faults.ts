import { DROP_CONNECTION } from '../serve.ts';

/** How an answer goes wrong. `…_after` and `after: true`: HaloPSA did it all the same. */
export type HaloFault =
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string>; after?: boolean }
  | { kind: 'drop'; after?: boolean }
  | { kind: 'html'; after?: boolean }
  /** Never answers, until `heal()`. */
  | { kind: 'hang'; after?: boolean };

export type FaultMatch = { method?: 'GET' | 'POST'; path: string };

type Planned = { match: FaultMatch; fault: HaloFault; times: number };

/** The faults to come. Paths compare without case; `/api/Agent/*` stands for everything below. */
export class Faults {
  private planned: Planned[] = [];
  private release: (() => void)[] = [];

  plan(match: FaultMatch, fault: HaloFault, times: number): void {
    this.planned.push({ match, fault, times });
  }

  take(method: string, path: string): HaloFault | undefined {
    const found = this.planned.find(({ match, times }) => times > 0 && matches(match, method, path));
    if (found === undefined) return undefined;
    found.times -= 1;
    return found.fault;
  }

  heal(): void {
    this.planned = [];
    for (const release of this.release) release();
    this.release = [];
  }

  /** The answer that the caller gets instead of the good one. */
  async answer(fault: HaloFault): Promise<Response> {
    switch (fault.kind) {
      case 'status':
        return new Response(fault.body ?? '', { status: fault.status, headers: fault.headers ?? {} });
      case 'html':
        return new Response('<!doctype html><title>Sign in</title>', {
          headers: { 'content-type': 'text/html' },
        });
      case 'hang':
        await new Promise<void>((resolve) => this.release.push(resolve));
        return dropped();
      case 'drop':
        return dropped();
    }
  }
}

function dropped(): Response {
  return new Response('', { status: 502, headers: { [DROP_CONNECTION]: '1' } });
}

function matches(match: FaultMatch, method: string, path: string): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  const wanted = match.path.toLowerCase();
  return wanted.endsWith('*')
    ? path.toLowerCase().startsWith(wanted.slice(0, -1))
    : path.toLowerCase() === wanted;
}
