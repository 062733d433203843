import type { App, BlockAction } from '@slack/bolt';
import { retryRecord, retryRequest } from '../requests/deciding.ts';
import type { Retry } from '../requests/decisions.ts';
import { getRequest } from '../storage/requests.ts';
import { actionIds } from '../views/ids.ts';
import { triedAgainMessage } from '../views/outcome.ts';
import { answerPress, type ButtonArgs } from './answer-press.ts';
import { readClick, settleClick } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { respondWith } from './respond.ts';

export function registerTryAgain(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.tryAgain, (args) => tryAgain(args, deps, 'try_again'));
  app.action<BlockAction>(actionIds.checkAgain, (args) => tryAgain(args, deps, 'check_again'));
  app.action<BlockAction>(actionIds.createAnyway, (args) => tryAgain(args, deps, 'create_anyway'));
}

/**
 * An approver sends a failed request to HaloPSA again, only has it looked for, or has it created although a duplicate
 * can't be ruled out; the buttons give way to who pressed.
 */
async function tryAgain(args: ButtonArgs, deps: Dependencies, how: Retry): Promise<void> {
  const pressed = readClick(args.body);
  const { requestId, place } = pressed;
  const refusal = await settleClick(deps, { ...pressed, what: retryRecord(how) }, (click) =>
    retryRequest(deps.db, requestId, { ...click, how }),
  );
  await args.ack();
  if (refusal !== undefined || place !== 'channel')
    return answerPress(args, deps, pressed, { action: how, refusal });
  const current = await getRequest(deps.db, requestId);
  if (current?.triedAgain !== undefined)
    await respondWith(args.respond, triedAgainMessage(current, current.triedAgain), {
      replace_original: true,
    });
}
