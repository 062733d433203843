import type { Args } from './methods/method.ts';

const nested = ['view', 'blocks', 'metadata'];

/** SDKs send forms whose nested values are JSON text; Slack takes JSON bodies and query strings too. */
export async function readArguments(request: Request): Promise<Args> {
  const query = new URL(request.url).searchParams;
  const type = request.headers.get('content-type') ?? '';
  const body = await request.text();
  if (type.startsWith('application/json')) return objectIn(body);
  const pairs = [...query, ...new URLSearchParams(body)];
  return Object.fromEntries(pairs.map(([key, value]) => [key, nested.includes(key) ? jsonOr(value) : value]));
}

/** @returns nothing of a body that is no JSON object */
function objectIn(body: string): Args {
  const value = jsonOr(body);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** What is no JSON stays text, and the method refuses it. */
function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
