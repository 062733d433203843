import { DROP_CONNECTION } from '../serve.ts';

/** How a Web API call goes wrong. `after`: Slack did it all the same. */
export type SlackFault =
  | { kind: 'error'; error: string; after?: boolean }
  | { kind: 'status'; status: number; after?: boolean }
  | { kind: 'rate_limited'; retryAfter: number; after?: false }
  | { kind: 'drop'; after?: boolean }
  /** Never answers, until `heal()`. */
  | { kind: 'hang'; after?: boolean };

type Planned = { method: string; fault: SlackFault; times: number };

export class SlackFaults {
  private planned: Planned[] = [];
  private release: (() => void)[] = [];

  plan(method: string, fault: SlackFault, times: number): void {
    this.planned.push({ method, fault, times });
  }

  take(method: string): SlackFault | undefined {
    const found = this.planned.find((one) => one.method === method && one.times > 0);
    if (found !== undefined) found.times -= 1;
    return found?.fault;
  }

  heal(): void {
    this.planned = [];
    for (const release of this.release) release();
    this.release = [];
  }

  async answer(fault: SlackFault): Promise<Response> {
    switch (fault.kind) {
      case 'error':
        return Response.json({ ok: false, error: fault.error });
      case 'status':
        return new Response('', { status: fault.status });
      case 'rate_limited':
        return Response.json(
          { ok: false, error: 'ratelimited' },
          { status: 429, headers: { 'retry-after': String(fault.retryAfter) } },
        );
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
