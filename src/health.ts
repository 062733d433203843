import type { IncomingMessage, ServerResponse } from 'node:http';

export type Checks = Record<string, () => boolean | Promise<boolean>>;

/** `/healthz`: the process answers. `/readyz`: 200 when every check holds, else 503 with which one does not. */
export function healthRoutes(checks: Checks) {
  return [
    {
      path: '/healthz',
      method: 'GET',
      handler: (_req: IncomingMessage, res: ServerResponse) => {
        answer(res, 200, { ok: true });
      },
    },
    {
      path: '/readyz',
      method: 'GET',
      handler: (_req: IncomingMessage, res: ServerResponse) => {
        void report(checks).then((results) => {
          answer(res, Object.values(results).every(Boolean) ? 200 : 503, results);
        });
      },
    },
  ];
}

/** A check that throws does not hold. */
async function report(checks: Checks): Promise<Record<string, boolean>> {
  const results = Object.entries(checks).map(async ([name, check]) => {
    const holds = await Promise.resolve()
      .then(check)
      .catch(() => false);
    return [name, holds] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

function answer(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}
