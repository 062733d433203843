import type { FormAction } from '../actions/action.ts';
import { answerPress, type ButtonArgs } from '../actions/answer.ts';
import { readClick } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { openOrRefuse } from '../actions/open-views.ts';
import { refusalNow } from '../actions/settle.ts';
import { getRequest } from '../requests/store.ts';
import { unknownRequest } from '../views/refusals.ts';
import { setupModal } from '../views/setup-modal.ts';
import { setupNotices } from '../views/setup-notices.ts';
import { completeModal, haloFacts } from './complete-modal.ts';

/**
 * The form opens filled in with the request as it is, then it is completed by what Slack and HaloPSA know now; who may
 * not change it reads so instead.
 */
export async function openEditForm<Given>(
  args: ButtonArgs,
  deps: Dependencies,
  { audit, may, said }: FormAction<Given>,
): Promise<void> {
  const pressed = readClick(args.body);
  const request = await getRequest(deps.db, pressed.requestId);
  if (request === undefined) {
    await args.ack();
    return answerPress(args, deps, pressed, { said, refusal: unknownRequest });
  }
  const facts = {
    channel: request.channel,
    requester: undefined,
    requesterCameLate: false,
    notices: setupNotices(haloFacts(deps), undefined),
    filled: { settings: request.plan, note: request.note },
    edited: { request, place: pressed.place },
  };
  const openedAt = deps.now();
  const viewId = await openOrRefuse(args, deps, pressed, setupModal(facts), () =>
    refusalNow(
      deps,
      { ...pressed, what: audit.what },
      (current, click) => may(current, { ...click, shown: pressed.shown }) ?? { request: current },
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
