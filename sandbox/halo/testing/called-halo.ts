import { z } from 'zod';
import { LocalHalo, type LocalHaloOptions } from '../local-halo.ts';

const origin = 'https://brightwater.halopsa.com';
export const credentials = {
  clientId: '0c7be1a4-93d2-4f58-b6a0-2e81d5f7c349',
  clientSecret: '8fd3a216-5b07-4c9e-91ea-7d60b2c4f185-e1940b7d-6a2c-43f8-8c5e-b09d27f6a3e1',
};
export const firstLine = 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22';
export const secondLine = 'c47b2f6e-91d8-4a03-b7c2-6e1f8d0a5b33';
export const agentSchema = z.looseObject({ id: z.int(), name: z.string() });

/** A local HaloPSA, called without a network by a client that holds a token of its. */
export class CalledHalo {
  token = '';
  time = Date.UTC(2026, 10, 24);
  readonly halo: LocalHalo;

  constructor(options: Partial<LocalHaloOptions> = {}) {
    this.halo = new LocalHalo({ ...credentials, now: () => this.time, ...options });
    // What is slow is slow enough for a test.
    this.halo.quirks.agentListMs = Math.min(this.halo.quirks.agentListMs, 100);
  }

  static async open(options: Partial<LocalHaloOptions> = {}): Promise<CalledHalo> {
    const local = new CalledHalo(options);
    local.token = await local.signedIn();
    return local;
  }

  signIn(
    change: Record<string, string> = {},
    path = `${this.halo.quirks.signInAt}/token`,
  ): Promise<Response> {
    const form = {
      grant_type: 'client_credentials',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      scope: 'all',
      ...change,
    };
    return this.halo.fetch(
      new Request(`${origin}${path}`, { method: 'POST', body: new URLSearchParams(form) }),
    );
  }

  async signedIn(scope = 'all'): Promise<string> {
    const answer = z.object({ access_token: z.string() }).parse(await (await this.signIn({ scope })).json());
    return answer.access_token;
  }

  send(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Response> {
    const own = { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' };
    return this.halo.fetch(
      new Request(`${origin}${path}`, {
        method,
        headers: { ...own, ...headers },
        ...(body !== undefined && { body }),
      }),
    );
  }

  get(path: string): Promise<Response> {
    return this.send('GET', path);
  }

  async json(path: string): Promise<unknown> {
    return (await this.get(path)).json();
  }

  post(...elements: unknown[]): Promise<Response> {
    return this.send('POST', '/api/Agent', JSON.stringify(elements));
  }

  async created(fields: Record<string, unknown> = {}) {
    const answer = await this.post({ name: 'Neo Agent', email: 'neo@brightwater.example', ...fields });
    return agentSchema.parse(await answer.json());
  }

  details(id: number): Promise<unknown> {
    return this.json(`/api/Agent/${id}?includedetails=true`);
  }

  async names(query = ''): Promise<string[]> {
    const agents = z.array(agentSchema).parse(await this.json(`/api/Agent${query}`));
    return agents.map(({ name }) => name);
  }
}

/** Status and body of an answer; the body is '' when there is none. */
export async function said(answer: Response | Promise<Response>): Promise<{ status: number; body: unknown }> {
  const response = await answer;
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : JSON.parse(text) };
}

export function keysOf(row: unknown): string[] {
  return Object.keys(z.record(z.string(), z.unknown()).parse(row)).sort();
}
