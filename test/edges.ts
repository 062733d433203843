import nock from 'nock';
import { DROP_CONNECTION, type Fetch } from '../sandbox/serve.ts';

/** Everything that goes to `origin` is answered by `fetch`; what it drops dies as a reset connection. */
export function routeTo(origin: string, fetch: Fetch): void {
  for (const method of ['GET', 'POST'] as const)
    nock(origin)
      .persist()
      .intercept(/.*/, method)
      .reply(async function (uri, body) {
        const response = await fetch(
          new Request(`${origin}${uri}`, {
            method,
            headers: Object.entries(this.req.headers),
            ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          }),
        );
        const code = response.headers.get(DROP_CONNECTION);
        if (code !== null) throw Object.assign(new Error('socket hang up'), { code });
        return [response.status, await response.text(), Object.fromEntries(response.headers)];
      });
}
