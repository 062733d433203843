import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import {
  agentDetails,
  agentRow,
  applyFields,
  BadRequest,
  hash,
  newAgent,
  readWireAgent,
  takesLicence,
  type FieldNames,
  type StoredAgent,
} from './agents.ts';
import { Faults } from '../faults.ts';
import {
  haloFaultAnswer,
  matchesCall,
  type FaultMatch,
  type HaloFault,
  type OwnHaloFault,
} from './faults.ts';
import { seed as defaultSeed, type Seed } from './seed.ts';

export type HaloCall = {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  /** Undefined: not answered so far. */
  status: number | undefined;
};

export type LocalHaloOptions = {
  clientId: string;
  clientSecret: string;
  tenant?: string;
  licences?: number;
  now?: () => number;
  seed?: Partial<Seed>;
};

/** What this build of HaloPSA does differently. May be changed at any time. */
export type HaloQuirks = FieldNames & {
  /** Fields that vanish on create and are kept by an update. */
  ignoreOnCreate: string[];
  /** Fields that always vanish. */
  ignoreAlways: string[];
  /** A new agent is missing from so many reads. */
  lagReads: number;
  listShape: 'array' | 'results' | 'agents';
  answerShape: 'object' | 'array';
  /** Calls in a rolling window. */
  rateLimit: { calls: number; windowMs: number };
};

const tokenLifeSeconds = 3600;
const knownScopes = ['all', 'all:standard', 'admin', 'edit:tickets', 'read:tickets'];
const empty = (status: 401 | 403 | 404 | 500) => new Response(null, { status });
const json = (body: unknown, status = 200) => Response.json(body, { status });

/** A HaloPSA on this machine: keeps agents, drops what HaloPSA drops, refuses what it refuses. Works under any host name. */
export class LocalHalo {
  readonly quirks: HaloQuirks = {
    roles: 'roles',
    teams: 'teams',
    ignoreOnCreate: [],
    ignoreAlways: [],
    lagReads: 0,
    listShape: 'array',
    answerShape: 'object',
    rateLimit: { calls: 700, windowMs: 300_000 },
  };
  readonly journal: HaloCall[] = [];
  readonly issuedTokens: string[] = [];
  agents: StoredAgent[];
  readonly lists: Seed;
  private readonly options: LocalHaloOptions;
  private readonly faults = new Faults<FaultMatch, OwnHaloFault>(haloFaultAnswer);
  private readonly tokens = new Map<string, { until: number; hasScope: boolean }>();
  private readonly hidden = new Map<number, number>();
  private readonly listeners = new Set<() => void>();
  private callTimes: number[] = [];
  private readonly app = this.routes();

  constructor(options: LocalHaloOptions) {
    this.options = options;
    this.lists = { ...defaultSeed, ...options.seed };
    this.agents = this.lists.agents.map((agent) => ({ ...newAgent(agent.id), ...agent }));
  }

  /** Answers a request to HaloPSA. */
  fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const text = await request.clone().text();
    const call: HaloCall = {
      method: request.method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: recordedBody(text),
      status: undefined,
    };
    this.journal.push(call);
    const fault = this.faults.take((match) => matchesCall(match, request.method, url.pathname));
    const done = fault === undefined || fault.after === true;
    const good = done ? await this.app.fetch(request) : undefined;
    this.changed();
    const response = fault === undefined && good !== undefined ? good : await this.answerFault(fault);
    call.status = response.status;
    this.changed();
    return response;
  };

  /** The next matching calls go wrong. */
  fail(match: FaultMatch, fault: HaloFault, times = 1): void {
    this.faults.plan(match, fault, times);
  }

  heal(): void {
    this.faults.heal();
  }

  revokeTokens(): void {
    this.tokens.clear();
  }

  /** As if somebody clicked. */
  addAgent(fields: Partial<StoredAgent> & { name: string }): StoredAgent {
    const agent = { ...newAgent(this.nextId()), ...fields };
    this.agents.push(agent);
    this.changed();
    return agent;
  }

  passwordMatches(agentId: number, text: string): boolean {
    return this.agents.find(({ id }) => id === agentId)?.passwordHash === hash(text);
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private answerFault(fault: HaloFault | undefined): Promise<Response> {
    return fault === undefined ? Promise.resolve(empty(500)) : this.faults.answer(fault);
  }

  private nextId(): number {
    return Math.max(0, ...this.agents.map(({ id }) => id)) + 1;
  }

  private now(): number {
    return (this.options.now ?? Date.now)();
  }

  private routes(): Hono {
    const app = new Hono({ getPath: (request) => new URL(request.url).pathname.toLowerCase() });
    app.notFound(() => empty(404));
    app.onError((error) => (error instanceof BadRequest ? json(error.body, 400) : empty(500)));
    app.use(async (_context, next) => (this.overLimit() ? this.tooMany() : next()));
    app.post('/auth/token', async (context) => this.signIn(context.req.raw));
    app.get('/api/instanceinfo', () => json(this.instanceInfo()));
    app.use('/api/*', async (context, next) => {
      const token = this.tokens.get(context.req.header('authorization')?.replace(/^Bearer /, '') ?? '');
      return token === undefined || token.until <= this.now() || !token.hasScope ? empty(401) : next();
    });
    app.get('/api/agent', (context) => this.listAgents(context.req.query()));
    app.post('/api/agent', async (context) => this.writeAgents(context.req.raw));
    app.get('/api/agent/:id{[0-9]+}', (context) =>
      this.agent(Number(context.req.param('id')), context.req.query()),
    );
    app.get('/api/team', () =>
      json(this.lists.teams.map((team) => ({ ...team, use: 'team', sequence: team.id }))),
    );
    app.get('/api/roles', () => json(this.lists.roles));
    app.get('/api/workday', () => json(this.lists.workdays));
    return app;
  }

  private overLimit(): boolean {
    const { calls, windowMs } = this.quirks.rateLimit;
    this.callTimes = this.callTimes.filter((at) => at > this.now() - windowMs);
    if (this.callTimes.length >= calls) return true;
    this.callTimes.push(this.now());
    return false;
  }

  private tooMany(): Response {
    const { calls } = this.quirks.rateLimit;
    return new Response(`Rate Limit Reached - ${calls} Requests per rolling 5 minute window`, {
      status: 429,
    });
  }

  private async signIn(request: Request): Promise<Response> {
    const { clientId, clientSecret, tenant } = this.options;
    if (request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') !== true)
      return empty(500);
    if (tenant !== undefined && new URL(request.url).searchParams.get('tenant') !== tenant) return empty(500);
    const form = new URLSearchParams(await request.text());
    const refuse = (error: string, status: number) =>
      json({ error, error_description: `The ${error} check failed.` }, status);
    if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type', 400);
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
      return refuse('invalid_client', 401);
    const scopes = (form.get('scope') ?? '').split(' ').filter(Boolean);
    if (scopes.some((scope) => !knownScopes.includes(scope))) return refuse('invalid_scope', 400);
    const token = `eyJ${randomUUID()}.${randomUUID()}`;
    this.issuedTokens.push(token);
    this.tokens.set(token, { until: this.now() + tokenLifeSeconds * 1000, hasScope: scopes.length > 0 });
    return json({
      scope: scopes.join(' '),
      token_type: 'Bearer',
      access_token: token,
      expires_in: tokenLifeSeconds,
    });
  }

  private instanceInfo() {
    return {
      app_name: 'HaloPSA',
      app_version: '2.250.32',
      agent_count: this.agents.filter(takesLicence).length,
      licensed_agent_count: this.options.licences ?? 10,
    };
  }

  /** Disabled and API-only agents are left out, each unless asked for; unknown parameters are ignored. */
  private listAgents(query: Record<string, string>): Response {
    const rows = this.agents
      .filter((agent) => !agent.isdisabled || query['includedisabled'] === 'true')
      .filter((agent) => !agent.isapiagent || query['includeapiagents'] === 'true')
      .filter((agent) => this.isShown(agent.id))
      .map(agentRow);
    const { listShape } = this.quirks;
    return json(listShape === 'array' ? rows : { record_count: rows.length, [listShape]: rows });
  }

  private agent(id: number, query: Record<string, string>): Response {
    const agent = this.agents.find((one) => one.id === id);
    if (agent === undefined || !this.isShown(id)) return empty(404);
    return json(query['includedetails'] === 'true' ? agentDetails(agent, this.lists) : agentRow(agent));
  }

  private isShown(id: number): boolean {
    const readsLeft = this.hidden.get(id) ?? 0;
    if (readsLeft > 0) this.hidden.set(id, readsLeft - 1);
    return readsLeft === 0;
  }

  private async writeAgents(request: Request): Promise<Response> {
    if (!(request.headers.get('content-type') ?? '').includes('json'))
      return new Response('', { status: 415 });
    const elements = z.array(z.unknown()).safeParse(await request.json());
    if (!elements.success)
      throw new BadRequest({ '': ['Cannot deserialize the current JSON object into an array.'] });
    const written = elements.data.map((element, index) => this.writeAgent(element, index));
    if (written.includes(undefined)) return empty(404);
    const answers = written.map((agent) => agent && agentDetails(agent, this.lists));
    return json(answers.length === 1 && this.quirks.answerShape === 'object' ? answers[0] : answers, 201);
  }

  private writeAgent(element: unknown, index: number): StoredAgent | undefined {
    const { ignoreAlways, ignoreOnCreate, lagReads } = this.quirks;
    const sent = readWireAgent(element, index);
    const isNew = sent.id === undefined;
    const ignored = isNew ? [...ignoreAlways, ...ignoreOnCreate] : ignoreAlways;
    const wire = readWireAgent(
      Object.fromEntries(Object.entries(sent).filter(([key]) => !ignored.includes(key))),
      index,
    );
    const before = isNew ? newAgent(this.nextId()) : this.agents.find(({ id }) => id === sent.id);
    if (before === undefined) return undefined;
    const after = applyFields(before, wire, this.lists, this.quirks);
    const used = this.agents.filter(takesLicence).length;
    if (isNew && takesLicence(after) && used >= (this.options.licences ?? 10))
      throw new BadRequest('There are no licences available to create this agent');
    if (isNew && lagReads > 0) this.hidden.set(after.id, lagReads);
    this.agents = [...this.agents.filter(({ id }) => id !== after.id), after];
    return after;
  }
}

/** As it came, without the password. */
function recordedBody(text: string): unknown {
  const elements = z.array(z.record(z.string(), z.unknown())).safeParse(safeJson(text));
  if (!elements.success) return undefined;
  return elements.data.map((element) =>
    'password' in element ? { ...element, password: '[set]' } : element,
  );
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
