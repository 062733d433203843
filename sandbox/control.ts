import { Hono, type Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { faultPlanSchema, planFault } from './control/fault-plans.ts';
import { demoStepSchema, type Demo } from './control/demo.ts';
import { Journal } from './control/journal.ts';
import { personNamed, screenOf, screenText, type Watched } from './control/see.ts';
import { perform, stepSchema } from './control/steps.ts';
import type { LocalHalo } from './halo/local-halo.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import type { Page } from './web/bundle.ts';

/**
 * The sandbox by hand: one API for the page in the browser, for tests, and for curl.
 * - `GET /people/ana`: what Ana sees; `POST` with a step does something as Ana and answers what came of it.
 *   JSON for those who accept JSON, text for a terminal.
 * - `GET /people/ana/events`: what Ana sees, again after every change (server-sent events). `?loaded=` says when her
 *   client was loaded, in epoch milliseconds: ephemeral messages from before are gone then.
 * - `GET /halo`, `GET /journal`: what HaloPSA holds, and every call.
 * - `POST /faults` with a plan, `DELETE /faults`, `GET /faults` for how many still wait.
 * - `POST /demo` with a step, where there is a demo: what is otherwise around the app, and time that passes.
 */
export function controlRoutes(
  slack: LocalSlack,
  halo: LocalHalo,
  { page, demo }: { page?: Page | undefined; demo?: Demo | undefined } = {},
): (request: Request) => Promise<Response | undefined> {
  const journal = new Journal(slack, halo);
  const watched: Watched = { slack, halo, journal, demo };
  const app = new Hono();
  app.use(async (context, next) => {
    const refused = refuseStrangers(context.req.raw);
    if (refused !== undefined) return refused;
    await next();
    return undefined;
  });
  if (page !== undefined) for (const [path, file] of page) app.get(path, () => file());
  app.get('/people/:who', (context) => seen(context, watched));
  app.post('/people/:who', async (context) => {
    const who = context.req.param('who');
    const answer = await perform(slack, who, stepSchema.parse(await context.req.json()));
    slack.store.changed();
    if (wantsJson(context)) return context.json(answer);
    const failed = answer.failure === undefined ? '' : `${answer.failure}\n\n`;
    return context.text(`${failed}${screenText(slack, who)}`);
  });
  app.get('/people/:who/events', (context) => events(context, watched));
  app.get('/halo', (context) => context.json(halo.agents));
  app.get('/journal', (context) => context.json(journal.lines()));
  app.get('/faults', (context) => context.json({ slack: slack.faultsWaiting, halo: halo.faultsWaiting }));
  app.post('/faults', async (context) => {
    planFault(slack, halo, faultPlanSchema.parse(await context.req.json()));
    return context.json({ slack: slack.faultsWaiting, halo: halo.faultsWaiting });
  });
  app.delete('/faults', (context) => {
    slack.heal();
    halo.heal();
    return context.json({ slack: 0, halo: 0 });
  });
  if (demo !== undefined)
    app.post('/demo', async (context) => {
      await demo.perform(demoStepSchema.parse(await context.req.json()));
      return context.json(demo.view);
    });
  app.onError((error, context) =>
    wantsJson(context)
      ? context.json({ failure: error.message }, 400)
      : context.text(`${error.message}\n`, 400),
  );
  const own = /^\/(?:$|page\/|people\/|halo$|journal$|faults$|demo$)/;
  return async (request) => (own.test(new URL(request.url).pathname) ? app.fetch(request) : undefined);
}

function seen(context: Context, watched: Watched): Response {
  const who = context.req.param('who') ?? '';
  return wantsJson(context)
    ? context.json(screenOf(watched, who))
    : context.text(screenText(watched.slack, who));
}

/** Pushes what this person sees whenever it changed; changes that come while one is being sent become one. */
function events(context: Context, watched: Watched): Response {
  const who = context.req.param('who') ?? '';
  const loadedAt = Number(context.req.query('loaded') ?? 0);
  watched.slack.store.clientLoaded(personNamed(who).id, loadedAt);
  return streamSSE(context, async (stream) => {
    let isStale = true;
    let wake = () => {};
    const stopListening = watched.slack.store.onChange(() => {
      isStale = true;
      wake();
    });
    stream.onAbort(() => {
      stopListening();
      wake();
    });
    let sent = '';
    while (!stream.aborted) {
      if (!isStale) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      isStale = false;
      const data = JSON.stringify(screenOf(watched, who));
      if (data !== sent) await stream.writeSSE({ data });
      sent = data;
    }
  });
}

function wantsJson(context: Context): boolean {
  return context.req.header('accept')?.includes('application/json') === true;
}

/** Pages of other sites, and names that only lead here, may not act in the sandbox. */
function refuseStrangers(request: Request): Response | undefined {
  const { host, hostname, origin } = new URL(request.url);
  const from = request.headers.get('origin');
  const isLocal = ['127.0.0.1', 'localhost'].includes(hostname);
  return isLocal && (from === null || from === origin)
    ? undefined
    : new Response(`${host} is not for ${from ?? 'this name'}\n`, { status: 403 });
}
