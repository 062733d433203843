import { setTimeout as pause } from 'node:timers/promises';
import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { isPerson, type Person } from '../requests/policy.ts';
import { fillIn } from '../fields/entered.ts';
import { getRequest } from '../requests/store.ts';
import { blockIds } from '../views/ids.ts';
import { readTextModal, textModal } from '../views/text-modal.ts';
import type { FormAction, PressAction, TextAction } from './action.ts';
import { afterSubmission, answerPress, type ButtonArgs, type SubmitArgs } from './answer.ts';
import { readClick, userSchema } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import type { Edit } from './edit.ts';
import { actions } from './index.ts';
import { openOrRefuse } from './open-views.ts';
import { respondWith } from './respond.ts';
import { noteRequesterLeft, refusalNow, settleAction, settleClick } from './settle.ts';

/** Opens the form of `/neo-setup` with the request that somebody wants to change. */
type OpenForm = (args: ButtonArgs, deps: Dependencies, action: FormAction<Edit>) => Promise<void>;

/** Every button that does something with a request, and every form that one of them opens. */
export function registerActions(app: App, deps: Dependencies, openForm: OpenForm): void {
  for (const action of actions) {
    if ('form' in action) {
      app.action<BlockAction>(action.actionId, (args) => askForText(args, deps, action));
      app.view<ViewSubmitAction>(action.form.callbackId, (args) => submitText(args, deps, action));
    } else if ('opensForm' in action)
      app.action<BlockAction>(action.actionId, (args) => openForm(args, deps, action));
    else app.action<BlockAction>(action.actionId, (args) => press(args, deps, action));
  }
}

/** Somebody presses a button: what it does is stored before Slack is answered, or refused in private. */
async function press(args: ButtonArgs, deps: Dependencies, action: PressAction): Promise<void> {
  const pressed = readClick(args.body);
  const { requestId, shown, place } = pressed;
  const { db, wake } = deps;
  // Meanwhile Slack is asked who presses.
  const asked = action.asksForRequester ? requesterNow(deps, requestId) : undefined;
  const attempt = { ...pressed, what: action.audit.what };
  const refusal = await settleClick(deps, attempt, async (click) => {
    const requester = await asked;
    const by = requester?.isSame(click.by) === true ? withId(click.by, requester.id) : click.by;
    const outcome = await settleAction(db, requestId, action, { ...click, by, shown }, requester);
    if (!outcome.accepted && outcome.refused === 'requester_left') {
      await noteRequesterLeft(db, requestId, click);
      wake();
    }
    return outcome;
  });
  await args.ack();
  if (refusal !== undefined || place !== 'channel' || action.instead === undefined)
    return answerPress(args, deps, pressed, { said: action.said, refusal });
  const current = await getRequest(db, requestId);
  const instead = current && action.instead(current);
  if (instead !== undefined) await respondWith(args.respond, instead, { replace_original: true });
}

/** The form opens at once; who may not do it reads so instead. */
async function askForText(args: ButtonArgs, deps: Dependencies, action: TextAction): Promise<void> {
  const pressed = readClick(args.body);
  const { shown } = pressed;
  const refusal = () =>
    refusalNow(
      deps,
      { ...pressed, what: action.audit.what },
      (request, click) => action.may(request, { ...click, shown }) ?? { request },
    );
  await openOrRefuse(args, deps, pressed, textModal(action.form, pressed), refusal);
}

async function submitText(
  { ack, body, view }: SubmitArgs,
  deps: Dependencies,
  action: TextAction,
): Promise<void> {
  const { user } = z.object({ user: userSchema }).parse(body);
  const { requestId, shown, place, text } = readTextModal(view);
  // Slack takes blanks for a text.
  if (text === '') return ack({ response_action: 'errors', errors: { [blockIds.text]: fillIn } });
  const submitted = { viewId: view.id, text };
  const refusal = await settleClick(deps, { user, requestId, what: action.audit.what }, (click) =>
    settleAction(deps.db, requestId, action, { ...click, shown }, submitted),
  );
  const outcome = { said: action.said, refusal };
  const next = await afterSubmission(deps, action.form.title, { requestId, place }, outcome);
  await (next === undefined ? ack() : ack(next));
}

/** So long an action waits to know whether its requester is still here, in milliseconds. */
const requesterWithinMs = 1_200;

type RequesterNow = {
  id: string;
  /** No longer a full member. */
  hasLeft: boolean;
  /** Is it this person, under whichever id? */
  isSame: (person: Person) => boolean;
};

/** Undefined: Slack doesn't say it in time. Then the click counts: it is the word of whoever presses that matters. */
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
