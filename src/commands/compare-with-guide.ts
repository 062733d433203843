import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import { actionIds } from '../views/ids.ts';
import type { ButtonArgs } from '../actions/answer.ts';
import { privately, userSchema } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { respondWith } from '../actions/respond.ts';
import { readerOf } from '../actions/status-pages.ts';
import { agentPageFor } from './agent-page.ts';

const pressSchema = z.object({
  user: userSchema,
  actions: z.tuple([z.object({ value: z.coerce.number<string>().int().positive() })]),
});

export function registerCompareWithGuide(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.compareWithGuide, (args) => compareWithGuide(args, deps));
}

/** Somebody wants to know whether Neo could work with an agent that this app did not set up. Told to them alone. */
async function compareWithGuide({ ack, body, respond }: ButtonArgs, deps: Dependencies): Promise<void> {
  const { user, actions } = pressSchema.parse(body);
  const [{ value: agentId }] = actions;
  await ack();
  const who = await readerOf(deps, user);
  if ('refusal' in who) {
    await respond(privately(who.refusal));
    return;
  }
  const told = await agentPageFor(deps, who.reader, agentId, true);
  await respondWith(respond, told, { replace_original: true });
}
