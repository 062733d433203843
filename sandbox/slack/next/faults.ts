import { DROP_CONNECTION } from '../../serve.ts';

/** How a Web API call goes wrong. `…_after`: Slack did it all the same. Hangs last until `heal()`. */
export type SlackFault =
  | { kind: 'error'; error: string }
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'status_after'; status: number }
  | { kind: 'drop' | 'drop_after' | 'hang' | 'hang_after' };

/** The faults that were planned, and the calls that hang because of them. */
export class SlackFaults {
  private planned: { method: string; fault: SlackFault; times: number }[] = [];
  private hanging: (() => void)[] = [];

  plan(method: string, fault: SlackFault, times: number): void {
    this.planned.push({ method, fault, times });
  }

  take(method: string): SlackFault | undefined {
    const found = this.planned.find((one) => one.method === method && one.times > 0);
    if (found !== undefined) found.times -= 1;
    return found?.fault;
  }

  /** Plans nothing any more; whatever hangs loses its connection. */
  heal(): void {
    this.planned = [];
    for (const release of this.hanging.splice(0)) release();
  }

  async answer(fault: SlackFault): Promise<Response> {
    switch (fault.kind) {
      case 'error':
        return Response.json({ ok: false, error: fault.error });
      case 'rate_limited':
        return rateLimited(fault.retryAfter);
      case 'status':
        return new Response('', { status: fault.status, headers: fault.headers ?? {} });
      case 'status_after':
        return new Response('', { status: fault.status });
      case 'hang':
      case 'hang_after':
        await new Promise<void>((resolve) => this.hanging.push(resolve));
        return dropped();
      case 'drop':
      case 'drop_after':
        return dropped();
    }
  }
}

export function isDoneAllTheSame(fault: SlackFault): boolean {
  return fault.kind.endsWith('_after');
}

export function rateLimited(retryAfter: number): Response {
  return Response.json(
    { ok: false, error: 'ratelimited' },
    { status: 429, headers: { 'retry-after': String(retryAfter) } },
  );
}

function dropped(): Response {
  return new Response('', { status: 502, headers: { [DROP_CONNECTION]: '1' } });
}
