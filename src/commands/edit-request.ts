import type { App, BlockAction } from '@slack/bolt';
import { mayNotEdit } from '../requests/decisions.ts';
import { getRequest } from '../storage/requests.ts';
import { actionIds } from '../views/ids.ts';
import { clickRefusal } from '../views/refusals.ts';
import { setupModal } from '../views/setup-modal.ts';
import { setupNotices } from '../views/setup-notices.ts';
import { answerPress, type ButtonArgs } from './answer-press.ts';
import { readClick, refusalNow } from './clicks.ts';
import { completeModal, haloFacts } from './complete-modal.ts';
import type { Dependencies } from './dependencies.ts';
import { openOrRefuse } from './open-views.ts';

export function registerEditRequest(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.edit, (args) => editRequest(args, deps));
}

/**
 * Somebody presses Edit: the form opens filled in with the request as it is, then it is completed by what Slack and
 * HaloPSA know now; who may not edit it reads so instead.
 */
async function editRequest(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const pressed = readClick(args.body);
  const request = await getRequest(deps.db, pressed.requestId);
  if (request === undefined) {
    await args.ack();
    const refusal = clickRefusal({ refused: 'unknown_request', current: undefined }, deps.config.policy);
    return answerPress(args, deps, pressed, { action: 'edit', refusal });
  }
  const facts = {
    channel: request.channel,
    requester: undefined,
    requesterCameLate: false,
    notices: setupNotices(haloFacts(deps), undefined),
    edited: { request, place: pressed.place },
  };
  const openedAt = deps.now();
  const viewId = await openOrRefuse(args, deps, pressed, setupModal(facts), () =>
    refusalNow(
      deps,
      { ...pressed, what: 'edited' },
      (current, click) => mayNotEdit(current, click) ?? { request: current },
    ),
  );
  if (viewId !== undefined)
    await completeModal(deps, args.client, {
      viewId,
      userId: pressed.user.id,
      openedAt,
      facts,
      isDrawn: true,
    });
}
