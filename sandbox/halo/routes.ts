import { Hono } from 'hono';
import type { AgentTable } from './agent-table.ts';
import { agentDetails, agentRow } from './agent-views.ts';
import type { Auth } from './auth.ts';
import { applications, control, instanceInfo, teamDetails, teamRow, workdayRow } from './lists.ts';
import type { HaloQuirks } from './quirks.ts';
import { empty, Refusal, refusalAnswer } from './refusals.ts';
import type { Seed } from './seed.ts';
import { readWireAgents } from './wire-agent.ts';

/** What the answers are made of. */
export type Instance = {
  clientId: string;
  licences: number;
  auth: Auth;
  table: AgentTable;
  lists: Seed;
  quirks: HaloQuirks;
  /** The answer to one call too many. */
  refuseByRate: () => Response | undefined;
};

const jsonTypes = /^(application|text)\/([\w.-]+\+)?json\s*(;|$)/i;

/** HaloPSA's paths, which compare without case. What is not here is a 404. */
export function routes(instance: Instance): Hono {
  const { auth, lists, licences } = instance;
  const app = new Hono({ getPath: (request) => new URL(request.url).pathname.toLowerCase() });
  app.notFound(() => empty(404));
  app.onError((error) => {
    if (error instanceof Refusal) return refusalAnswer(error);
    throw error;
  });
  app.use(async (_context, next) => instance.refuseByRate() ?? next());
  app.post('/auth/token', (context) => auth.signIn(context.req.raw));
  app.get('/api/instanceinfo', (context) =>
    Response.json(instanceInfo(new URL(context.req.url).origin, instance.table.licencesUsed, licences)),
  );
  app.use('/api/*', async (context, next) => auth.refuse(context.req.header('authorization')) ?? next());
  agentRoutes(app, instance);
  app.get('/api/team', () => Response.json(lists.teams.map(teamRow)));
  app.get('/api/team/:id', (context) => {
    const team = oneOf(lists.teams, readId(context.req.param('id')));
    const query = readQuery(context.req.url);
    return Response.json(teamDetails(team, instance.table.all, readFlag(query, 'includeagents')));
  });
  app.get('/api/roles', () => Response.json(lists.roles));
  app.get('/api/roles/:id', (context) => {
    const role = lists.roles.find(({ id }) => id.toLowerCase() === context.req.param('id'));
    return role === undefined ? empty(404) : Response.json(role);
  });
  app.get('/api/workday', () => Response.json(lists.workdays.map(workdayRow)));
  app.get('/api/workday/:id', (context) =>
    Response.json(workdayRow(oneOf(lists.workdays, readId(context.req.param('id'))))),
  );
  app.get('/api/control', () => Response.json(control(licences)));
  app.get('/api/application', () => Response.json(applications(instance.clientId)));
  return app;
}

function agentRoutes(app: Hono, { table, lists, quirks }: Instance): void {
  app.get('/api/agent', (context) => {
    const query = readQuery(context.req.url);
    const rows = table
      .list({
        includeDisabled: readFlag(query, 'includedisabled'),
        includeApiAgents: readFlag(query, 'includeapiagents'),
        search: query.get('search') ?? '',
      })
      .map(agentRow);
    const shape = readFlag(query, 'pageinate') ? 'results' : quirks.listShape;
    return Response.json(shape === 'array' ? rows : { record_count: rows.length, [shape]: rows });
  });
  app.post('/api/agent', async (context) => {
    if (!jsonTypes.test(context.req.header('content-type') ?? '')) throw new Refusal(415);
    const agents = readWireAgents(await context.req.text())
      .map((wire) => table.write(wire))
      .map((agent) => agentDetails(agent, lists));
    const isOne = agents.length === 1 && quirks.answerShape === 'object';
    return Response.json(isOne ? agents[0] : agents, { status: quirks.created });
  });
  app.get('/api/agent/me', () => {
    const claims = [{ type: 'scope', value: 'all' }];
    return Response.json({ ...agentDetails(table.read(3), lists), claims });
  });
  app.get('/api/agent/:id', (context) => {
    const wantsDetails = readFlag(readQuery(context.req.url), 'includedetails');
    const agent = table.read(readId(context.req.param('id')));
    return Response.json(wantsDetails ? agentDetails(agent, lists) : agentRow(agent));
  });
  app.delete('/api/agent/:id', (context) =>
    Response.json(agentRow(table.remove(readId(context.req.param('id'))))),
  );
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
