import type { App, BlockAction } from '@slack/bolt';
import { findTimeZone } from '../halo/time-zones.ts';
import { mayNotEdit } from '../requests/decisions.ts';
import { getRequest } from '../storage/requests.ts';
import { actionIds } from '../views/ids.ts';
import { clickRefusal } from '../views/refusals.ts';
import { setupModal } from '../views/setup-modal.ts';
import { answerPress, type ButtonArgs } from './answer-press.ts';
import { readClick, refusalNow } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { openOrRefuse } from './open-views.ts';

export function registerEditRequest(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.edit, (args) => editRequest(args, deps));
}

/** Somebody presses Edit: the form opens filled in with the request as it is; who may not edit it reads so instead. */
async function editRequest(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const pressed = readClick(args.body);
  const request = await getRequest(deps.db, pressed.requestId);
  if (request === undefined) {
    await args.ack();
    const refusal = clickRefusal({ refused: 'unknown_request', current: undefined }, deps.config.policy);
    return answerPress(args, deps, pressed, { action: 'edit', refusal });
  }
  const form = setupModal({
    channel: request.channel,
    timeZone: findTimeZone(request.plan.timeZone.iana),
    timeZoneCameLate: false,
    notices: [],
    edited: { request, place: pressed.place },
  });
  await openOrRefuse(args, deps, pressed, form, () =>
    refusalNow(
      deps,
      { ...pressed, what: 'edited' },
      (current, click) => mayNotEdit(current, click) ?? { request: current },
    ),
  );
}
