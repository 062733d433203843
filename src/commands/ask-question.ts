import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { askRequester } from '../requests/deciding.ts';
import { ask } from '../requests/decisions.ts';
import { actionIds, callbackIds } from '../views/ids.ts';
import { questionForm, readTextModal, textModal } from '../views/text-modal.ts';
import { afterSubmission, type ButtonArgs, type SubmitArgs } from './answer-press.ts';
import { readClick, refusalNow, settleClick, userSchema } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { openOrRefuse } from './open-views.ts';

export function registerAskQuestion(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.question, (args) => askForQuestion(args, deps));
  app.view<ViewSubmitAction>(callbackIds.question, (args) => askQuestion(args, deps));
}

/** An approver presses Ask a question: the form opens at once; who may not decide reads so instead. */
async function askForQuestion(args: ButtonArgs, deps: Dependencies): Promise<void> {
  const pressed = readClick(args.body);
  const { shown } = pressed;
  const refusal = () =>
    refusalNow(deps, { ...pressed, what: 'asked' }, (request, click) =>
      ask(request, { ...click, shown, asked: { viewId: '', text: '' } }),
    );
  await openOrRefuse(args, deps, pressed, textModal(questionForm, pressed), refusal);
}

/** An approver submits the question: it is stored, and put to the requester in the thread. */
async function askQuestion({ ack, body, view }: SubmitArgs, deps: Dependencies): Promise<void> {
  const { user } = z.object({ user: userSchema }).parse(body);
  const { requestId, shown, place, text } = readTextModal(view);
  const refusal = await settleClick(deps, { user, requestId, what: 'asked' }, (click) =>
    askRequester(deps.db, requestId, { ...click, shown, asked: { viewId: view.id, text } }),
  );
  const outcome = { action: 'ask' as const, refusal };
  const next = await afterSubmission(deps, questionForm.title, { requestId, place }, outcome);
  await (next === undefined ? ack() : ack(next));
}
