import type { App, BlockAction } from '@slack/bolt';
import type { ButtonArgs } from '../actions/answer.ts';
import { privately, readClick } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { respondWith } from '../actions/respond.ts';
import { readerOf, requestPage } from '../actions/status-pages.ts';
import { getRequest } from '../requests/store.ts';
import { actionIds } from '../views/ids.ts';
import { unknownRequest } from '../views/refusals.ts';

export function registerDetails(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.details, (args) => showDetails(args, deps));
}

/** Somebody presses Details on the card of a request that has ended: they alone see its page. */
async function showDetails({ ack, body, client, respond }: ButtonArgs, deps: Dependencies): Promise<void> {
  const { user, requestId } = readClick(body);
  await ack();
  const who = await readerOf(deps, user);
  if ('refusal' in who) {
    await respond(privately(who.refusal));
    return;
  }
  const request = await getRequest(deps.db, requestId);
  if (request === undefined) {
    await respond(privately(unknownRequest));
    return;
  }
  const page = await requestPage(deps, client, { request, reader: who.reader });
  await respondWith(respond, page, { response_type: 'ephemeral', replace_original: false });
}
