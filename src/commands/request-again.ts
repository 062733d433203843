import type { App, BlockAction } from '@slack/bolt';
import { z } from 'zod';
import { respondToPress, placeOf, containerSchema, readClick, userSchema } from '../actions/clicks.ts';
import type { ButtonArgs } from '../actions/answer.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { openView, redrawView, unlessTooLate } from '../actions/open-views.ts';
import { readerOf } from '../actions/status-pages.ts';
import { getAgent } from '../halo/agents.ts';
import { HaloError } from '../halo/errors.ts';
import { getRequest } from '../requests/store.ts';
import { refreshedPlan } from '../requests/plan.ts';
import { reportedSettings } from '../requests/reported-settings.ts';
import { actionIds } from '../views/ids.ts';
import { noticeModal, waitingModal } from '../views/notice-modal.ts';
import { tooManyLookUps, unknownRequest } from '../views/refusals.ts';
import { setupTitle } from '../views/setup-modal.ts';
import { haloDidNotAnswer } from '../views/status.ts';
import { completeModal } from './complete-modal.ts';
import { openSetupForm, setupFormFacts } from './open-setup-form.ts';

export function registerRequestAgain(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.requestAgain, (args) => requestAgain(args, deps));
  app.action<BlockAction>(actionIds.requestLike, (args) => requestLike(args, deps));
}

/** Somebody presses Request again on a request that ended without an agent: the form opens with what it asked for. */
async function requestAgain(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const { ack, body, client } = args;
  const pressed = readClick(body);
  const { user, triggerId, requestId } = pressed;
  const request = await getRequest(deps.db, requestId);
  if (request === undefined) {
    await ack();
    return respondToPress(args, deps, pressed, unknownRequest);
  }
  const { plan, note, channel } = request;
  const opening = {
    triggerId,
    userId: user.id,
    channel: deps.config.approvalsChannel ?? channel,
    filled: { settings: refreshedPlan(plan, deps.directory.current()), note },
  };
  await unlessTooLate(args, deps, pressed, () => Promise.all([ack(), openSetupForm(deps, client, opening)]));
}

const likeSchema = z.object({
  user: userSchema,
  trigger_id: z.string(),
  container: containerSchema,
  actions: z.tuple([z.object({ value: z.coerce.number<string>().int().positive() })]),
});

/**
 * Somebody wants an agent like this one: once HaloPSA has said how it is set up now, the form stands there with it. Its name
 * and its address are left out.
 */
async function requestLike(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const { ack, body, client } = args;
  const { user, trigger_id: triggerId, container, actions } = likeSchema.parse(body);
  const [{ value: agentId }] = actions;
  const pressed = { user, place: placeOf(container) };
  await unlessTooLate(args, deps, pressed, async () => {
    const waiting = openView(client, triggerId, waitingModal(setupTitle));
    const [viewId] = await Promise.all([waiting, ack()]);
    if (viewId === undefined) return;
    const say = (text: string) => redrawView(client, viewId, noticeModal(setupTitle, text));
    const who = await readerOf(deps, user);
    if ('refusal' in who) return say(who.refusal);
    const waitMs = deps.countLookUp(user.id);
    if (waitMs > 0) return say(tooManyLookUps(waitMs));
    const channel = deps.config.approvalsChannel;
    try {
      const agent = await getAgent(deps.halo, agentId);
      const filled = { settings: reportedSettings(agent, deps.directory.current()), note: '' };
      const facts = setupFormFacts(deps, { channel, requester: who.reader, filled });
      await completeModal(deps, client, {
        viewId,
        userId: user.id,
        openedAt: deps.now(),
        facts,
        isDrawn: false,
      });
    } catch (error) {
      if (!(error instanceof HaloError)) throw error;
      const reference = deps.newReference();
      deps.log.warn({ err: error, reference, agentId }, 'agent could not be read for a form');
      await say(haloDidNotAnswer(error, reference).text);
    }
  });
}
