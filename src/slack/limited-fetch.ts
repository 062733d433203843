import type { FetchFunction } from '@slack/web-api';

/** Bytes. A thousand members or two hundred messages, which is what we ask for at most, take some three million. */
export const maxSlackAnswerBytes = 10_000_000;

/** `fetch` for Slack's clients: an answer that is too large fails while it comes, so that it's never held. */
export const limitedFetch: FetchFunction = async (url, init) => {
  const response = await fetch(url, init);
  const { body, status, statusText, headers } = response;
  return body === null ? response : new Response(body.pipeThrough(limit()), { status, statusText, headers });
};

function limit(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > maxSlackAnswerBytes) controller.error(new Error('Slack’s answer is too large'));
      else controller.enqueue(chunk);
    },
  });
}
