/** One call that reached HaloPSA. */
export type HaloCall = {
  method: string;
  path: string;
  query: Record<string, string>;
  /** As it came, JSON or a form, without passwords and secrets. Undefined: it was neither. */
  body: unknown;
  /** Undefined: not answered so far, or never. */
  status: number | undefined;
  /** The connection died instead of an answer. */
  dropped: boolean;
};

const secretProperties = new Set(['password', 'client_secret']);

/** The call as the journal keeps it, before it is answered. */
export async function recordOf(request: Request): Promise<HaloCall> {
  const { pathname, searchParams } = new URL(request.url);
  const text = await request.clone().text();
  const isForm = request.headers.get('content-type')?.includes('form-urlencoded') === true;
  const sent = isForm ? Object.fromEntries(new URLSearchParams(text)) : jsonOf(text);
  return {
    method: request.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    body: withoutSecrets(sent),
    status: undefined,
    dropped: false,
  };
}

/** Undefined: not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      secretProperties.has(key.toLowerCase()) ? '[set]' : withoutSecrets(inner),
    ]),
  );
}
