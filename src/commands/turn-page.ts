import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import { actionIds } from '../views/ids.ts';
import type { ButtonArgs } from '../actions/answer.ts';
import { containerSchema, placeOf, privately, userSchema } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { respondWith } from '../actions/respond.ts';
import { readerOf, overviewPage } from '../actions/status-pages.ts';

const turnSchema = z.object({
  user: userSchema,
  container: containerSchema,
  actions: z.tuple([z.object({ value: z.coerce.number<string>().int().nonnegative() })]),
});

export function registerTurnPage(app: App, deps: Dependencies): void {
  for (const actionId of [actionIds.newerPage, actionIds.olderPage, actionIds.allRequests])
    app.action<BlockAction>(actionId, (args) => turnPage(args, deps));
  // Slack opens the address itself, and still wants to hear that the app knows of it.
  app.action<BlockAction>(actionIds.openThread, ({ ack }) => ack());
}

/** The same message shows another page, with everything as it is now. */
async function turnPage({ ack, body, respond }: ButtonArgs, deps: Dependencies): Promise<void> {
  const { user, actions, container } = turnSchema.parse(body);
  const [{ value: page }] = actions;
  await ack();
  if (placeOf(container) === 'home') return deps.homes.show(user.id, { page });
  const who = await readerOf(deps, user);
  if ('refusal' in who) await respond(privately(who.refusal));
  else await respondWith(respond, await overviewPage(deps, who.reader, page), { replace_original: true });
}
