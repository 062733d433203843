import type { AllMiddlewareArgs, App, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { retryRequest } from '../requests/deciding.ts';
import { getRequest } from '../storage/requests.ts';
import { actionIds } from '../views/ids.ts';
import { triedAgainMessage } from '../views/outcome.ts';
import { privately, readClick, settleClick } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';

type ButtonArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

export function registerTryAgain(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.tryAgain, (args) => tryAgain(args, deps, false));
  app.action<BlockAction>(actionIds.checkAgain, (args) => tryAgain(args, deps, true));
}

/** An approver sends a failed request to HaloPSA again, or only has it looked for; the buttons give way to who pressed. */
async function tryAgain(
  { ack, body, respond }: ButtonArgs,
  deps: Dependencies,
  looksOnly: boolean,
): Promise<void> {
  const pressed = readClick(body);
  const { user, requestId } = pressed;
  const refusal = await settleClick(
    deps,
    { ...pressed, what: looksOnly ? 'checked_again' : 'tried_again' },
    (click) => retryRequest(deps.db, requestId, { ...click, looksOnly }),
  );
  await ack();
  if (refusal !== undefined) {
    await respond(privately(refusal));
    return;
  }
  const current = await getRequest(deps.db, requestId);
  if (current !== undefined)
    await respond({ replace_original: true, ...triedAgainMessage(current, user.id, looksOnly) });
}
