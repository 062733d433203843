import type { ServerResponse } from 'node:http';
import type { Route } from './server.ts';

export type Checks = Record<string, () => boolean | Promise<boolean>>;

/** Milliseconds. Whoever probes waits no longer, and a check that hangs tells enough. */
const checkTimeoutMs = 2_000;

/**
 * `/healthz`: the process answers. `/readyz`: 200 when every check holds, else 503 with which one does not. `facts` are
 * told with it and change nothing: nobody should cut Slack off because something else is out of reach.
 */
export function healthRoutes(checks: Checks, facts: Record<string, () => boolean> = {}): Route[] {
  let asking: Promise<Record<string, boolean>> | undefined;
  /** Everybody who asks at the same moment gets the same answer: strangers who reach the port can't flood the database. */
  const report = () => {
    asking ??= ask(checks).finally(() => {
      asking = undefined;
    });
    return asking;
  };
  return [
    {
      method: 'GET',
      path: '/healthz',
      handle: (_req, res) => {
        answer(res, 200, { ok: true });
        return Promise.resolve();
      },
    },
    {
      method: 'GET',
      path: '/readyz',
      handle: async (_req, res) => {
        const results = await report();
        const told = Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, fact()]));
        answer(res, Object.values(results).every(Boolean) ? 200 : 503, { ...results, ...told });
      },
    },
  ];
}

/** A check that throws, or takes too long, does not hold. */
async function ask(checks: Checks): Promise<Record<string, boolean>> {
  const results = Object.entries(checks).map(async ([name, check]) => [name, await holds(check)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function holds(check: Checks[string]): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, false);
  });
  try {
    return await Promise.race([check(), tooLate]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
