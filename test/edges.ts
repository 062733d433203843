import nock from 'nock';
import { DROP_CONNECTION, type Fetch } from '../sandbox/serve.ts';

/** Everything that goes to `origin` is answered by `answer`; what it drops dies as a reset connection. */
export function routeTo(origin: string, answer: Fetch): void {
  for (const method of ['GET', 'POST'] as const)
    nock(origin)
      .persist()
      .intercept(/.*/, method)
      .reply(async function (uri, body) {
        const response = await answer(
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

/**
 * The same for what is called with `fetch`, from the call itself: a third of the time of a test was spent on the way
 * through `routeTo`. @returns ends it
 */
export function routeFetchTo(origins: readonly string[], answer: Fetch): () => void {
  const before = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!origins.includes(new URL(request.url).origin)) return before(input, init);
    const response = await Promise.race([answer(request), aborted(request.signal)]);
    const code = response.headers.get(DROP_CONNECTION);
    if (code === null) return response;
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code }) });
  };
  return () => {
    globalThis.fetch = before;
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
