import { setTimeout as pause } from 'node:timers/promises';
import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { decideRequest, noteRequesterLeft } from '../requests/deciding.ts';
import { decide } from '../requests/decisions.ts';
import { isPerson, type Person } from '../requests/policy.ts';
import { getRequest } from '../storage/requests.ts';
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
  // Meanwhile Slack is asked who presses.
  const asked = requesterNow(deps, requestId);
  const refusal = await settleClick(deps, { ...pressed, what: 'approved' }, async (click) => {
    const requester = await asked;
    const decided = {
      ...click,
      by: requester?.isSame(click.by) === true ? withId(click.by, requester.id) : click.by,
      shown,
      decision: { kind: 'approved' } as const,
      requesterLeft: requester?.hasLeft === true,
    };
    const outcome = await decideRequest(deps.db, requestId, decided);
    if (!outcome.accepted && outcome.refused === 'requester_left') {
      await noteRequesterLeft(deps.db, requestId, click);
      deps.wake();
    }
    return outcome;
  });
  await args.ack();
  await answerPress(args, deps, pressed, { action: 'approve', refusal });
}

/** So long an approval waits to know whether its requester is still here, in milliseconds. */
const requesterWithinMs = 1_200;

type RequesterNow = {
  id: string;
  /** No full member any more. */
  hasLeft: boolean;
  /** Is it this person, under whichever id? */
  isSame: (person: Person) => boolean;
};

/** Undefined: Slack doesn't say it in time. Then the approval counts: it is the approver's word that matters. */
async function requesterNow(
  { db, people, log }: Dependencies,
  requestId: string,
): Promise<RequesterNow | undefined> {
  try {
    const request = await getRequest(db, requestId);
    if (request === undefined) return undefined;
    const { requester: id } = request;
    const late = pause(requesterWithinMs, 'late' as const, { ref: false });
    const found = await Promise.race([people.find(id), late]);
    if (found === 'late') return undefined;
    const isSame = (person: Person) => found !== undefined && isPerson(found, person.id);
    return { id, hasLeft: found?.standing !== 'member', isSame };
  } catch (error) {
    log.warn({ err: error, requestId }, 'requester could not be looked up');
    return undefined;
  }
}

function withId(person: Person, id: string): Person {
  return { ...person, alsoKnownAs: [...(person.alsoKnownAs ?? []), id] };
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
