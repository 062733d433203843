import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';

/** A response with this header stands for a connection that dies without an answer, with this error code. */
export const DROP_CONNECTION = 'x-sandbox-drop-connection';

export type Fetch = (request: Request) => Response | Promise<Response>;

export type Served = { url: string; server: Server; stop: () => Promise<void> };

/** Serves `fetch` on a loopback port (0: a free one). `stop` closes every open connection. */
export async function serve(fetch: Fetch, port = 0): Promise<Served> {
  const listener = getRequestListener(async (request, env) => {
    const response = await fetch(request);
    if (response.headers.has(DROP_CONNECTION)) (env as HttpBindings).incoming.socket.destroy();
    return response;
  });
  const server = createServer((req, res) => void listener(req, res));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    server,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
