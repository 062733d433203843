import type { AllMiddlewareArgs, App, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { decideRequest, type ClickOutcome } from '../requests/deciding.ts';
import type { Decision } from '../requests/states.ts';
import { decide } from '../requests/states.ts';
import { getRequest } from '../storage/requests.ts';
import { denyModal, noticeModal, readDenyModal } from '../views/deny-modal.ts';
import { triggerExpired } from '../views/help.ts';
import { actionIds, callbackIds } from '../views/ids.ts';
import { cannotCheck, clickRefusal } from '../views/refusals.ts';
import { whoIs, readClick, userSchema, type Clicker } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { isExpiredTrigger, openView, redrawView } from './open-views.ts';
import { notIdentified, recordRefused } from './refused.ts';

type ButtonArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;
type SubmitArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

export function registerDecide(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.approve, (args) => approve(args, deps));
  app.action<BlockAction>(actionIds.deny, (args) => askForReason(args, deps));
  app.view<ViewSubmitAction>(callbackIds.deny, (args) => deny(args, deps));
}

/** Somebody presses Approve: stored before Slack is answered, or refused in private. */
async function approve({ ack, body, respond }: ButtonArgs, deps: Dependencies): Promise<void> {
  const { user, requestId } = readClick(body);
  const answer = await settle(deps, user, requestId, { kind: 'approved' });
  await ack();
  if (answer !== undefined)
    await respond({ response_type: 'ephemeral', replace_original: false, text: answer });
}

/** Somebody presses Deny: the reason is asked for at once; who may not deny reads so instead of the form. */
async function askForReason({ ack, body, client, respond }: ButtonArgs, deps: Dependencies): Promise<void> {
  const { user, requestId, triggerId } = readClick(body);
  try {
    const [viewId] = await Promise.all([openView(client, triggerId, denyModal(requestId)), ack()]);
    const refusal = await refusalNow(deps, user, requestId);
    if (refusal !== undefined) await redrawView(client, viewId, noticeModal('Deny the request', refusal));
  } catch (error) {
    if (!isExpiredTrigger(error)) throw error;
    await respond({ response_type: 'ephemeral', replace_original: false, text: triggerExpired });
  }
}

/** Somebody submits the reason. */
async function deny({ ack, body, view }: SubmitArgs, deps: Dependencies): Promise<void> {
  const { user } = z.object({ user: userSchema }).parse(body);
  const { requestId, reason } = readDenyModal(view);
  const answer = await settle(deps, user, requestId, { kind: 'denied', reason });
  if (answer === undefined) return ack();
  await ack({ response_action: 'update', view: noticeModal('Deny the request', answer) });
}

/** Decides. Undefined: it is done. Else why not, for the one who clicked. */
async function settle(
  deps: Dependencies,
  user: Clicker,
  requestId: string,
  decision: Decision,
): Promise<string | undefined> {
  const { config, db, log, now, wake } = deps;
  const by = await whoIs(deps, user);
  const attempt = { what: decision.kind, requestId, by: { id: user.id, teamId: user.team_id } };
  if ('reference' in by) {
    await recordRefused(deps, { ...attempt, ...notIdentified(by.reference) });
    return cannotCheck(by.reference);
  }
  const click = { by, approvers: config.approvers, at: now(), decision };
  const outcome: ClickOutcome = await decideRequest(db, requestId, click);
  if (outcome.accepted) {
    log.info({ requestId, state: outcome.current.state, by: user.id }, 'request decided');
    wake();
    return undefined;
  }
  log.info({ requestId, refused: outcome.refused, by: user.id }, 'click refused');
  await recordRefused(deps, { ...attempt, planHash: outcome.current?.planHash, refused: outcome.refused });
  return clickRefusal(outcome, config.approvers);
}

async function refusalNow(deps: Dependencies, user: Clicker, requestId: string): Promise<string | undefined> {
  const { config, db, now } = deps;
  const by = await whoIs(deps, user);
  const attempt = { what: 'denied' as const, requestId, by: { id: user.id, teamId: user.team_id } };
  if ('reference' in by) {
    await recordRefused(deps, { ...attempt, ...notIdentified(by.reference) });
    return cannotCheck(by.reference);
  }
  const current = await getRequest(db, requestId);
  if (current === undefined) {
    await recordRefused(deps, { ...attempt, refused: 'unknown_request' });
    return clickRefusal({ refused: 'unknown_request', current }, config.approvers);
  }
  const decision: Decision = { kind: 'denied', reason: '' };
  const decided = decide(current, { by, approvers: config.approvers, decision, at: now() });
  if (!('refused' in decided)) return undefined;
  await recordRefused(deps, { ...attempt, planHash: current.planHash, refused: decided.refused });
  return clickRefusal({ ...decided, current }, config.approvers);
}
