import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { LocalHalo } from '../sandbox/halo/local-halo.ts';
import { serve } from '../sandbox/serve.ts';
import { LocalSlack } from '../sandbox/slack/local-slack.ts';
import { channels } from '../sandbox/slack/workspace.ts';
import { clock, credentials, personId, responsePath, type Opened } from './outside.ts';

/**
 * The local Slack and the local HaloPSA in a process of their own, so that what they cost is not on the event loop of
 * the one who measures. The only argument: how many people there are beside those of the sandbox.
 */
const quietForMs = 150;
const lookEveryMs = 20;
const patienceMs = 30_000;

const manifest = readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8');
let url = '';
const base = () => url;
// Without Slack's rate limits: 50 people at once would soon be more than a minute allows, and the app would wait.
const slack = new LocalSlack({ ...credentials, manifest, rateLimits: false, webBase: base, hooksBase: base });
const halo = new LocalHalo(credentials);
addPeople(Number(process.argv[2]));

/** When `views.open` arrived, by trigger_id. */
const openedAt = new Map<string, number>();
let underWay = 0;
let lastCallAt = clock();

const idsSchema = z.array(z.string());
const slackServer = await serve(async (request) => {
  const at = clock();
  const { pathname } = new URL(request.url);
  if (pathname === '/bench/triggers')
    return Response.json(newTriggers(idsSchema.parse(await request.json())));
  if (pathname === '/bench/opened')
    return Response.json(await whenOpened(idsSchema.parse(await request.json())));
  if (pathname === responsePath) return new Response('ok');
  underWay += 1;
  try {
    return await slack.fetch(pathname === '/api/views.open' ? await noted(request, at) : request);
  } finally {
    underWay -= 1;
    lastCallAt = clock();
  }
});
url = slackServer.url;
const haloServer = await serve(halo.fetch);
process.once('disconnect', () => process.exit(0));
process.send?.({ slackUrl: slackServer.url, haloUrl: haloServer.url });

function addPeople(count: number): void {
  const ids = Array.from({ length: count }, (_unused, index) => personId(index));
  for (const id of ids) slack.store.people.set(id, { id, name: id, tz: 'Australia/Sydney' });
  const { ops } = channels;
  slack.changeChannel(ops.id, { members: [...ops.members, ...ids] });
}

function newTriggers(userIds: readonly string[]): string[] {
  return userIds.map((id) => slack.store.newTrigger(id, { conversation: channels.ops.id }));
}

async function noted(request: Request, at: number): Promise<Request> {
  const { method, headers } = request;
  const body = await request.text();
  openedAt.set(new URLSearchParams(body).get('trigger_id') ?? '', at);
  return new Request(request.url, { method, headers, body });
}

/** Waits until all have come and nothing was called for a while: what goes on behind a form would slow the next round. */
async function whenOpened(triggers: readonly string[]): Promise<Opened> {
  const isQuiet = () => underWay === 0 && clock() - lastCallAt > quietForMs;
  const until = clock() + patienceMs;
  while (!isQuiet() || !triggers.every((trigger) => openedAt.has(trigger))) {
    if (clock() > until) throw new Error('Some forms did not come, or the app does not come to rest');
    await pause(lookEveryMs);
  }
  const at = triggers.map((trigger) => openedAt.get(trigger) ?? NaN);
  const refused = slack.journal.flatMap(({ method, answer }) =>
    method === 'views.open' && answer?.error !== undefined ? [answer.error] : [],
  );
  // The last round must cost Slack what the first one did.
  openedAt.clear();
  slack.journal.length = 0;
  slack.store.screens.modals.length = 0;
  return { at, refused };
}
