import type { App, BlockAction } from '@slack/bolt';
import { retryRequest } from '../requests/deciding.ts';
import { getRequest } from '../storage/requests.ts';
import { actionIds } from '../views/ids.ts';
import { triedAgainMessage } from '../views/outcome.ts';
import { answerPress, type ButtonArgs } from './answer-press.ts';
import { readClick, settleClick } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';

export function registerTryAgain(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.tryAgain, (args) => tryAgain(args, deps, false));
  app.action<BlockAction>(actionIds.checkAgain, (args) => tryAgain(args, deps, true));
}

/** An approver sends a failed request to HaloPSA again, or only has it looked for; the buttons give way to who pressed. */
async function tryAgain(args: ButtonArgs, deps: Dependencies, looksOnly: boolean): Promise<void> {
  const pressed = readClick(args.body);
  const { user, requestId, place } = pressed;
  const refusal = await settleClick(
    deps,
    { ...pressed, what: looksOnly ? 'checked_again' : 'tried_again' },
    (click) => retryRequest(deps.db, requestId, { ...click, looksOnly }),
  );
  await args.ack();
  if (refusal !== undefined || place !== 'channel') {
    const action = looksOnly ? 'check_again' : 'try_again';
    return answerPress(args, deps, pressed, { action, refusal });
  }
  const current = await getRequest(deps.db, requestId);
  if (current !== undefined)
    await args.respond({ replace_original: true, ...triedAgainMessage(current, user.id, looksOnly) });
}
