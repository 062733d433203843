import { Hono } from 'hono';
import { z } from 'zod';
import type { LocalHalo } from './halo/local-halo.ts';
import type { LocalSlack } from './slack/local-slack.ts';
import { channels, people } from './slack/workspace.ts';

const stepSchema = z.discriminatedUnion('do', [
  z.object({ do: z.literal('type'), line: z.string() }),
  z.object({ do: z.literal('fill'), label: z.string(), value: z.string() }),
  z.object({ do: z.literal('choose'), label: z.string(), options: z.array(z.string()) }),
  z.object({ do: z.literal('check'), label: z.string(), on: z.boolean() }),
  z.object({ do: z.literal('submit') }),
  z.object({ do: z.literal('press'), button: z.string() }),
]);

/**
 * The sandbox by hand, without a browser: `GET /as/ana` shows what Ana sees in #msp-ops, `POST /as/ana` does
 * one thing as Ana and answers the same. `GET /halo/agents` shows what HaloPSA holds.
 */
export function controlRoutes(
  slack: LocalSlack,
  halo: LocalHalo,
): (request: Request) => Promise<Response | undefined> {
  const app = new Hono();
  app.get('/halo/agents', (context) => context.json(halo.agents));
  app.get('/as/:who', (context) => context.text(screen(slack, context.req.param('who'))));
  app.post('/as/:who', async (context) => {
    const who = context.req.param('who');
    await act(slack, who, stepSchema.parse(await context.req.json()));
    return context.text(screen(slack, who));
  });
  app.onError((error, context) => context.text(`${error.message}\n`, 400));
  return async (request) => {
    const { pathname } = new URL(request.url);
    return pathname.startsWith('/as/') || pathname.startsWith('/halo/') ? app.fetch(request) : undefined;
  };
}

async function act(slack: LocalSlack, who: string, step: z.infer<typeof stepSchema>): Promise<void> {
  const person = slack.as(idOf(who));
  const modal = () => {
    const open = person.modal();
    if (open === undefined) throw new Error('No form is open');
    return open;
  };
  switch (step.do) {
    case 'type':
      await person.types(channels.ops.id, step.line);
      return;
    case 'fill':
      modal().fill(step.label, step.value);
      return;
    case 'choose':
      await modal().choose(step.label, ...step.options);
      return;
    case 'check':
      modal().check(step.label, step.on);
      return;
    case 'submit':
      await modal().submit();
      return;
    case 'press': {
      const message = person.sees(channels.ops.id).findLast(({ buttons }) => buttons.includes(step.button));
      if (message === undefined) throw new Error(`There is no button ${step.button}`);
      await person.press(message, step.button);
    }
  }
}

function screen(slack: LocalSlack, who: string): string {
  const person = slack.as(idOf(who));
  const messages = person.sees(channels.ops.id).map(({ text, threadTs, ephemeral }) => {
    const mark = ephemeral ? '(only you) ' : threadTs === undefined ? '' : '  ↳ ';
    return `${mark}${text}`;
  });
  const form = person.modal()?.text();
  return `${['#msp-ops', ...messages, ...(form === undefined ? [] : [form])].join('\n\n')}\n`;
}

function idOf(who: string): string {
  const person = Object.entries(people).find(([name]) => name === who)?.[1];
  if (person === undefined)
    throw new Error(`There is no ${who}; there are ${Object.keys(people).join(', ')}`);
  return person.id;
}
