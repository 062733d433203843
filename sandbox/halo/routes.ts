import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { z } from 'zod';
import type { AgentTable } from './agent-table.ts';
import { agentRow, agentView } from './agent-views.ts';
import type { Auth } from './auth.ts';
import {
  applicationRow,
  authInfo,
  control,
  instanceInfo,
  roleDetails,
  roleRow,
  teamDetails,
  teamRow,
  workdayRow,
} from './lists.ts';
import { asSloppy } from './odd-values.ts';
import type { HaloQuirks } from './quirks.ts';
import { empty, Refusal, refusalAnswer } from './refusals.ts';
import type { Seed } from './seed.ts';
import { readWireAgents } from './wire-agent.ts';

/** What the answers are made of. */
export type Instance = {
  tenant: string | undefined;
  /** Before `/api` and `/auth`: on-premise ones live anywhere. Empty, or `/halo`. */
  basePath: string;
  auth: Auth;
  table: AgentTable;
  lists: Seed;
  quirks: HaloQuirks;
  /** The answer to one call too many. */
  refuseByRate: () => Response | undefined;
};

const jsonSchema = z.json();
const jsonTypes = /^(application|text)\/([\w.-]+\+)?json\s*(;|$)/i;

/** A path as this instance's base path leaves it. Undefined: outside of it. */
export function pathWithin(basePath: string, path: string): string | undefined {
  return path.toLowerCase().startsWith(`${basePath.toLowerCase()}/`)
    ? path.slice(basePath.length)
    : undefined;
}

/** HaloPSA's paths, which compare without case. What is not here is a 404. */
export function routes(instance: Instance): Hono {
  const { auth, lists, table, quirks, tenant, basePath } = instance;
  const baseOf = (url: string) => `${new URL(url).origin}${basePath}`;
  const app = new Hono({
    getPath: ({ url }) =>
      pathWithin(basePath, new URL(url).pathname)?.toLowerCase().replace(/\/+$/, '') ?? '/outside',
  });
  app.notFound(() => empty(404));
  app.onError((error) => {
    if (error instanceof Refusal) return refusalAnswer(error);
    throw error;
  });
  app.use(async (_context, next) => instance.refuseByRate() ?? next());
  app.use(async ({ req }, next) =>
    req.method === 'POST' && req.path === signInPath(quirks) ? auth.signIn(req.raw) : next(),
  );
  app.use('/api/*', async (context, next) => {
    await next();
    if (!(quirks.oddValues || quirks.nullRows) || !context.res.ok) return;
    const { status } = context.res;
    context.res = Response.json(asSloppy(jsonSchema.parse(await context.res.json()), quirks), { status });
  });
  app.get('/api/instanceinfo', (context) => {
    const licences = { used: table.licencesUsed, all: lists.settings.licences };
    return Response.json(instanceInfo(baseOf(context.req.url), licences, quirks));
  });
  app.get('/api/authinfo', (context) => Response.json(authInfo(baseOf(context.req.url), tenant, quirks)));
  app.use('/api/*', async ({ req }, next) => auth.refuse(req.header('authorization'), req.method) ?? next());
  // Clients try whether they may come in with a lookup.
  app.get('/api/lookup', () => Response.json([{ id: 1, name: 'Open' }]));
  agentRoutes(app, instance);
  app.get('/api/team', ({ req }) => Response.json(listed(lists.teams.map(teamRow), req.url, quirks)));
  app.get('/api/team/:id', (context) => {
    const team = oneOf(lists.teams, readId(context.req.param('id')));
    const query = readQuery(context.req.url);
    return Response.json(teamDetails(team, table.all, readFlag(query, 'includeagents')));
  });
  app.get('/api/roles', ({ req }) => Response.json(listed(lists.roles.map(roleRow), req.url, quirks)));
  app.get('/api/roles/:id', (context) => {
    const role = lists.roles.find(({ id }) => id.toLowerCase() === context.req.param('id'));
    if (role === undefined) return empty(404);
    const wantsDetails = readFlag(readQuery(context.req.url), 'includedetails');
    return Response.json(wantsDetails ? roleDetails(role, lists, quirks) : roleRow(role));
  });
  app.get('/api/workday', ({ req }) =>
    Response.json(
      listed(
        lists.workdays.map((workday) => workdayRow(workday, quirks)),
        req.url,
        quirks,
      ),
    ),
  );
  app.get('/api/workday/:id', (context) =>
    Response.json(workdayRow(oneOf(lists.workdays, readId(context.req.param('id'))), quirks)),
  );
  app.get('/api/control', () => Response.json(control(lists, quirks)));
  app.get('/api/application', ({ req }) =>
    Response.json(
      listed(
        lists.applications.map((application) => applicationRow(application, table.all)),
        req.url,
        quirks,
      ),
    ),
  );
  return app;
}

/** Within this instance, or of the other address that comes here too. */
function signInPath({ signInAt }: HaloQuirks): string {
  const path = signInAt.startsWith('/') ? signInAt : new URL(signInAt).pathname;
  return `${path.replace(/\/+$/, '')}/token`;
}

function agentRoutes(app: Hono, { auth, table, lists, quirks }: Instance): void {
  app.get('/api/agent', async (context) => {
    if (quirks.agentListMs > 0) await pause(quirks.agentListMs);
    const query = readQuery(context.req.url);
    const rows = table
      .list({
        includeDisabled: readFlag(query, 'includedisabled'),
        includeApiAgents: readFlag(query, 'includeapiagents'),
        search: query.get('search') ?? '',
        isFurther: Number(query.get('page_no') ?? 1) > 1,
      })
      .filter(({ id }) => !quirks.listsOnlyItself || id === auth.application?.loginas_agent_id)
      .map((agent) => agentRow(agent, quirks));
    if (quirks.listPages !== undefined) return Response.json(pageOf(rows, query, quirks.listPages));
    const shape = readFlag(query, 'pageinate') ? 'results' : quirks.listShape;
    return Response.json(shape === 'array' ? rows : { record_count: rows.length, [shape]: rows });
  });
  app.post('/api/agent', async (context) => {
    if (!jsonTypes.test(context.req.header('content-type') ?? '')) throw new Refusal(415);
    const agents = readWireAgents(await context.req.text())
      .map((wire) => table.write(wire))
      .map((agent) => agentView(agent, lists, quirks));
    const isOne = agents.length === 1 && quirks.answerShape === 'object';
    return Response.json(isOne ? agents[0] : agents, { status: quirks.created });
  });
  app.get('/api/agent/me', () => {
    const claims = [{ type: 'scope', value: 'all' }];
    const me = table.read(auth.application?.loginas_agent_id ?? 0);
    return Response.json({ ...agentView(me, lists, quirks), claims });
  });
  app.get('/api/agent/:id', (context) => {
    const wantsDetails = readFlag(readQuery(context.req.url), 'includedetails');
    const agent = table.read(readId(context.req.param('id')));
    return Response.json(agentView(agent, lists, quirks, wantsDetails));
  });
  app.delete('/api/agent/:id', (context) =>
    Response.json(agentView(table.remove(readId(context.req.param('id'))), lists, quirks, false)),
  );
}

/** All rows, as most builds answer, or a page of them. */
function listed(rows: readonly object[], url: string, { listPages }: HaloQuirks): object {
  return listPages === undefined ? rows : pageOf(rows, readQuery(url), listPages);
}

/** What a build answers that cuts its lists. */
function pageOf(
  rows: readonly object[],
  query: ReadonlyMap<string, string>,
  { size, isCounted, hasOthers }: NonNullable<HaloQuirks['listPages']>,
): object {
  const asked = Number(query.get('page_size') ?? size);
  const length = Math.min(size, asked);
  const from = hasOthers ? (Number(query.get('page_no') ?? 1) - 1) * length : 0;
  const page = rows.slice(from, from + length);
  return isCounted ? { record_count: rows.length, results: page } : page;
}

/** Names of parameters compare without case. */
function readQuery(url: string): Map<string, string> {
  return new Map([...new URL(url).searchParams].map(([key, value]) => [key.toLowerCase(), value]));
}

/** `true` and `false`, in any case, and nothing else. @throws {Refusal} */
function readFlag(query: ReadonlyMap<string, string>, name: string): boolean {
  const value = query.get(name) ?? 'false';
  if (!/^(true|false)$/i.test(value)) throw Refusal.modelState(name, `The value '${value}' is not valid.`);
  return value.toLowerCase() === 'true';
}

/** @throws {Refusal} */
function readId(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw Refusal.modelState('id', `The value '${text}' is not valid.`);
  return Number(text);
}

/** @throws {Refusal} 404 */
function oneOf<T extends { id: number }>(list: readonly T[], id: number): T {
  const found = list.find((one) => one.id === id);
  if (found === undefined) throw new Refusal(404);
  return found;
}
