import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { controlRoutes } from '../sandbox/control.ts';
import { secrets, Stage } from './stage.ts';

const origin = 'http://127.0.0.1:4000';
const json = { accept: 'application/json' };

const screenSchema = z.object({
  me: z.string(),
  conversations: z.array(z.object({ name: z.string(), messages: z.array(z.object({ spoken: z.string() })) })),
  modals: z.array(z.object({ title: z.string(), errors: z.record(z.string(), z.string()) })),
  halo: z.object({
    agents: z.array(z.object({ name: z.string() })),
    licences: z.object({ used: z.number() }),
  }),
  journal: z.array(z.object({ to: z.string(), path: z.string(), status: z.string() })),
});

describe('the control API', () => {
  let stage: Stage;
  let routes: ReturnType<typeof controlRoutes>;
  beforeEach(async () => {
    stage = await Stage.open();
    routes = controlRoutes(stage.slack, stage.halo);
  });
  afterEach(() => stage.close());

  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await routes(new Request(`${origin}${path}`, init));
    if (answer === undefined) throw new Error(`${path} is not of the control API`);
    return answer;
  };
  const screen = async (who: string) =>
    screenSchema.parse(await (await ask(`/people/${who}`, { headers: json })).json());
  const does = (who: string, step: object, headers: Record<string, string> = {}) =>
    ask(`/people/${who}`, { method: 'POST', body: JSON.stringify(step), headers });
  test('two people do the whole job by curl, and read it in plain text', async () => {
    await does('ana', { do: 'type', line: '/neo-setup' });
    await stage.slack.until('the timezone', () => stage.as('ana').modal()?.value('Timezone'));
    await does('ana', { do: 'choose', label: 'Roles', options: ['1st Line Support'] });
    await does('ana', { do: 'choose', label: 'Teams', options: ['1st Line'] });
    await does('ana', { do: 'choose', label: 'Working Hours', options: ['Sydney desk'] });
    await does('ana', { do: 'submit' });
    await stage.slack.until('the card', () => stage.cards()[0]);
    await does('ben', { do: 'press', label: 'Approve' });
    await stage.reply();
    const text = await (await ask('/people/dan')).text();
    expect(text).toMatch(/↳ .*Agent ID: `9`/s);
    expect((await screen('dan')).halo.agents.map(({ name }) => name)).toContain('Neo Agent');
  });

  test('a shortcut and a tab of the app are told to the app; what its menus do not offer is refused', async () => {
    await does('ana', { do: 'shortcut', callbackId: 'neo_setup_shortcut' });
    await does('ana', { do: 'open', tab: 'messages' });
    const told = stage.slack.deliveries.map(({ payload: { type, callback_id: id, event } }) => [
      type,
      id ?? event,
    ]);
    expect(told).toContainEqual(['shortcut', 'neo_setup_shortcut']);
    const opened = expect.objectContaining({ type: 'app_home_opened', tab: 'messages' }) as unknown;
    expect(told).toContainEqual(['event_callback', opened]);
    expect((await does('gus', { do: 'shortcut', callbackId: 'neo_setup_shortcut' })).status).toBe(400);
    const { ts, channel } = await stage.requestFrom('ana');
    const message = { on: 'message', ts, channel };
    const none = await does('ana', { do: 'shortcut', callbackId: 'neo_setup_shortcut', message });
    expect(await none.text()).toBe('There is no shortcut neo_setup_shortcut\n');
  });

  test('what only one person may see, only they see', async () => {
    await does('ana', { do: 'type', line: '/neo-setup help' });
    const helped = (who: string) => screen(who).then(({ conversations }) => JSON.stringify(conversations));
    expect(await helped('ana')).toContain('/neo-status');
    expect(await helped('ben')).not.toContain('/neo-status');
  });

  test('what Slack’s client would not let somebody do is said, in the form that was asked for', async () => {
    const plain = await does('xena', { do: 'type', line: '/neo-setup' });
    expect([plain.status, await plain.text()]).toEqual([400, '/neo-setup is not a valid command.\n']);
    const wrong = await does('ana', { do: 'submit' }, json);
    expect([wrong.status, await wrong.json()]).toEqual([400, { failure: 'This form is not open any more' }]);
    expect((await does('ana', { do: 'dance' })).status).toBe(400);
    expect((await does('nobody', { do: 'open', tab: 'home' })).status).toBe(400);
  });

  test('every change is pushed to those who follow', async () => {
    const { body } = await ask('/people/ben/events');
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    const next = async () => (await reader?.read())?.value ?? '';
    expect(await next()).not.toContain('good morning');
    await does('ana', { do: 'type', line: 'good morning' });
    let pushed = '';
    while (!pushed.includes('good morning')) pushed = await next();
    expect(pushed).toMatch(/^data: /);
    await reader?.cancel();
  });

  test('a planned fault meets its call, the journal says so, and healing forgets the rest', async () => {
    const plan = (body: object) => ask('/faults', { method: 'POST', body: JSON.stringify(body) });
    await plan({
      to: 'slack',
      method: 'views.open',
      fault: { kind: 'error', error: 'internal_error' },
      times: 2,
    });
    await plan({ to: 'halo', match: { path: '/api/Agent' }, fault: { kind: 'status', status: 503 } });
    await does('ana', { do: 'type', line: '/neo-setup' });
    await stage.app.boundary.idle();
    expect(await (await ask('/faults', { method: 'DELETE' })).json()).toEqual({ slack: 0, halo: 0 });
    expect((await screen('ana')).journal).toContainEqual({
      to: 'Slack',
      path: '/api/views.open',
      status: 'refused or dropped',
    });
    await does('ana', { do: 'type', line: '/neo-setup' });
    await stage.form('ana');
  });

  test('no answer of the API holds a secret or a token', async () => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    const answers = await Promise.all(
      ['/people/ben', '/people/ana', '/journal', '/halo'].map(async (path) =>
        (await ask(path, { headers: json })).text(),
      ),
    );
    for (const secret of [...Object.values(secrets), ...stage.halo.issuedTokens])
      expect(answers.join()).not.toContain(secret);
  });

  test('pages of other sites, and other names for this machine, may not act here', async () => {
    const from = (headers: Record<string, string>) =>
      ask('/people/ana', { method: 'POST', headers, body: JSON.stringify({ do: 'open', tab: 'home' }) });
    expect((await from({ origin: 'https://evil.example' })).status).toBe(403);
    const renamed = await routes(new Request('http://evil.example/people/ana'));
    expect(renamed?.status).toBe(403);
  });
});
