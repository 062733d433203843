import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import type { Logger } from 'pino';

export type Route = {
  method: 'GET' | 'POST';
  /** Compared as it stands, without decoding. */
  path: string;
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>;
};

export type Server = {
  /**
   * @param host an address of this machine; undefined: all of them. @param port 0: any free one.
   * @returns the port. @throws when the address or the port can't be taken
   */
  listen: (host: string | undefined, port: number) => Promise<number>;
  /** Takes no new connection, and resolves when the open ones have ended; after `deadlineMs` it cuts them. */
  close: (deadlineMs: number) => Promise<void>;
};

/** What strangers who reach the port can use up. Times in milliseconds. */
const serverLimits = {
  connections: 500,
  headerBytes: 16_384,
  headersMs: 5_000,
  /** For a whole request, with its body. */
  requestMs: 10_000,
  idleMs: 5_000,
  checkEveryMs: 1_000,
};

/**
 * The HTTP server of the process. The path is compared as text, never parsed: `new URL('//')` throws. What a route
 * throws ends with a 500, and nothing that anybody sends ends the process.
 */
export function createServer(routes: readonly Route[], log: Logger, limits = serverLimits): Server {
  const server = createHttpServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: limits.checkEveryMs,
    },
    listenerFor(routes, log),
  );
  server.maxConnections = limits.connections;
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, ...(host !== undefined && { host }) }, () => {
          server.off('error', reject);
          server.on('error', (error) => {
            log.error({ err: error }, 'HTTP server failed to take a connection');
          });
          const address = server.address();
          resolve(typeof address === 'object' && address !== null ? address.port : port);
        });
      }),
    close: (deadlineMs) =>
      new Promise((resolve) => {
        const deadline = setTimeout(() => {
          server.closeAllConnections();
        }, deadlineMs);
        server.close(() => {
          clearTimeout(deadline);
          resolve();
        });
      }),
  };
}

function listenerFor(routes: readonly Route[], log: Logger): RequestListener {
  return (req, res) => {
    const path = req.url?.split('?', 1)[0];
    const route = routes.find((one) => one.method === req.method && one.path === path);
    // Without a listener, a failure to write to somebody who is gone would end the process.
    res.on('error', () => {});
    if (route === undefined) {
      res.writeHead(404).end();
      return;
    }
    answer(route, req, res).catch((error: unknown) => {
      log.error({ err: error, path }, 'HTTP request failed');
      if (res.headersSent) res.destroy();
      else res.writeHead(500).end();
    });
  };
}

/** Async, so that what a handler throws before its first `await` is caught like the rest. */
async function answer(route: Route, req: IncomingMessage, res: ServerResponse): Promise<void> {
  await route.handle(req, res);
}
