import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { decideRequest } from '../requests/deciding.ts';
import { decide } from '../requests/decisions.ts';
import { actionIds, callbackIds } from '../views/ids.ts';
import { denyForm, readTextModal, textModal } from '../views/text-modal.ts';
import { afterSubmission, answerPress, type ButtonArgs, type SubmitArgs } from './answer-press.ts';
import { readClick, refusalNow, settleClick, userSchema } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { openOrRefuse } from './open-views.ts';

export function registerDecide(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.approve, (args) => approve(args, deps));
  app.action<BlockAction>(actionIds.deny, (args) => askForReason(args, deps));
  app.view<ViewSubmitAction>(callbackIds.deny, (args) => deny(args, deps));
}

/** Somebody presses Approve: stored before Slack is answered, or refused in private. */
async function approve(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const pressed = readClick(args.body);
  const { requestId, shown } = pressed;
  const refusal = await settleClick(deps, { ...pressed, what: 'approved' }, (click) =>
    decideRequest(deps.db, requestId, { ...click, shown, decision: { kind: 'approved' } }),
  );
  await args.ack();
  await answerPress(args, deps, pressed, { action: 'approve', refusal });
}

/** Somebody presses Deny: the reason is asked for at once; who may not deny reads so instead of the form. */
async function askForReason(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const pressed = readClick(args.body);
  const { shown } = pressed;
  const refusal = () =>
    refusalNow(deps, { ...pressed, what: 'denied' }, (request, click) =>
      decide(request, { ...click, shown, decision: { kind: 'denied', reason: '' } }),
    );
  await openOrRefuse(args, deps, pressed, textModal(denyForm, pressed), refusal);
}

/** Somebody submits the reason. */
async function deny({ ack, body, view }: SubmitArgs, deps: Dependencies): Promise<void> {
  const { user } = z.object({ user: userSchema }).parse(body);
  const { requestId, shown, place, text: reason } = readTextModal(view);
  const refusal = await settleClick(deps, { user, requestId, what: 'denied' }, (click) =>
    decideRequest(deps.db, requestId, { ...click, shown, decision: { kind: 'denied', reason } }),
  );
  const outcome = { action: 'deny' as const, refusal };
  const next = await afterSubmission(deps, denyForm.title, { requestId, place }, outcome);
  await (next === undefined ? ack() : ack(next));
}
