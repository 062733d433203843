import { createHmac } from 'node:crypto';
import type { HaloQuirks } from './quirks.ts';
import { empty } from './refusals.ts';
import type { Seed, StoredApplication } from './seed.ts';

const areas =
  'tickets calendar customers crm timesheets contracts suppliers items projects sales quotes sos pos invoices reporting software softwarelicensing kb assets';
/** No list of scopes has one for agents: those need one of these. */
const wideScopes = ['all', 'all:standard', 'admin'];
const knownScopes = new Set([
  ...wideScopes,
  ...areas.split(' ').flatMap((area) => [`read:${area}`, `edit:${area}`]),
  'editMine:timesheets',
  'access:chat',
  'access:adpasswordreset',
  'all:teams',
  'admin:webhooks',
]);

export type AuthOptions = {
  clientId: string;
  clientSecret: string;
  tenant?: string | undefined;
  now: () => number;
  lists: Seed;
  quirks: HaloQuirks;
};

/** HaloPSA's token endpoint, and the check of the tokens that it gave out. */
export class Auth {
  readonly issued: string[] = [];
  private readonly valid = new Map<string, { until: number; scopes: readonly string[] }>();
  private readonly options: AuthOptions;

  constructor(options: AuthOptions) {
    this.options = options;
  }

  /** The application that signs in here. Undefined: somebody deleted it. */
  get application(): StoredApplication | undefined {
    return this.options.lists.applications.find(({ clientId }) => clientId === this.options.clientId);
  }

  /**
   * The token endpoint. A wrong tenant is a 500 without a word, as everything wrong with it is. Clients put the tenant
   * into the query or into the form.
   */
  async signIn(request: Request): Promise<Response> {
    const { clientId, clientSecret, tenant, quirks } = this.options;
    const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
    if (type !== 'application/x-www-form-urlencoded') return refuse(400, 'invalid_request');
    const form = new URLSearchParams(await request.text());
    const named = new URL(request.url).searchParams.get('tenant') ?? form.get('tenant');
    if (tenant !== undefined && named !== tenant) return empty(500);
    if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'unsupported_grant_type');
    const { application } = this;
    const isRight = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
    if (!isRight || application === undefined || application.inactive) return refuse(401, 'invalid_client');
    const asked = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    if (asked.some((scope) => !isGranted(scope, application))) return refuse(400, 'invalid_scope');
    const scopes = quirks.tokenScopes === 'as_asked' ? asked : quirks.tokenScopes;
    return Response.json({
      scope: scopes.join(' '),
      token_type: 'Bearer',
      access_token: this.issue(scopes),
      expires_in: quirks.tokenLifeSeconds,
    });
  }

  /**
   * Undefined: the call may go on. A token without a scope is given out, and opens nothing. What a call may do
   * is what the scopes and the permissions of the application's agent both allow.
   */
  refuse(authorization: string | undefined, method: string): Response | undefined {
    const { now, quirks } = this.options;
    const token = this.valid.get(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '');
    if (token === undefined || token.until <= now() || token.scopes.length === 0) return empty(401);
    const isInScope = token.scopes.some((scope) => wideScopes.includes(scope));
    const { loginAgentMay } = quirks;
    const isPermitted = loginAgentMay === 'edit' || (loginAgentMay === 'read' && method === 'GET');
    return isInScope && isPermitted ? undefined : empty(403);
  }

  revokeAll(): void {
    this.valid.clear();
  }

  /** Opaque to the client, long, and with the look of the encrypted tokens of HaloPSA's sign-in server. */
  private issue(scopes: readonly string[]): string {
    const now = this.options.now();
    const count = this.issued.length;
    const part = (name: string) =>
      createHmac('sha512', this.options.clientSecret).update(`${name} ${count} ${now}`).digest('base64url');
    const header = { alg: 'RSA-OAEP', enc: 'A256CBC-HS512', typ: 'at+jwt', cty: 'JWT' };
    const head = Buffer.from(JSON.stringify(header)).toString('base64url');
    const token = [head, part('key'), part('vector').slice(0, 22), part('text'), part('tag')].join('.');
    this.issued.push(token);
    this.valid.set(token, { until: now + this.options.quirks.tokenLifeSeconds * 1000, scopes });
    return token;
  }
}

/** `all` grants every scope, `edit:tickets` grants `read:tickets`. */
function isGranted(scope: string, { scopes }: StoredApplication): boolean {
  const granted = ['all', scope, scope.replace(/^read:/, 'edit:')];
  return knownScopes.has(scope) && scopes.some((one) => granted.includes(one));
}

/** Nothing tells HaloPSA's own words; the form is that of its sign-in server. */
function refuse(status: 400 | 401, error: string): Response {
  return Response.json({ error, error_description: `The ${error} check failed.` }, { status });
}
