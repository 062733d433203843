import type { AllMiddlewareArgs, App, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { retryRequest } from '../requests/deciding.ts';
import { actionIds } from '../views/ids.ts';
import { triedAgainMessage } from '../views/outcome.ts';
import { cannotCheck, clickRefusal } from '../views/refusals.ts';
import { whoIs, readClick } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { notIdentified, recordRefused } from './refused.ts';

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
  const { config, db, log, now, wake } = deps;
  const { user, requestId } = readClick(body);
  const by = await whoIs(deps, user);
  const attempt = {
    what: looksOnly ? ('checked_again' as const) : ('tried_again' as const),
    requestId,
    by: { id: user.id, teamId: user.team_id },
  };
  const refuse = async (text: string) => {
    await ack();
    await respond({ response_type: 'ephemeral', replace_original: false, text });
  };
  if ('reference' in by) {
    await recordRefused(deps, { ...attempt, ...notIdentified(by.reference) });
    return refuse(cannotCheck(by.reference));
  }

  const click = { by, approvers: config.approvers, at: now(), looksOnly };
  const outcome = await retryRequest(db, requestId, click);
  if (!outcome.accepted) {
    await recordRefused(deps, { ...attempt, planHash: outcome.current?.planHash, refused: outcome.refused });
    return refuse(clickRefusal(outcome, config.approvers));
  }
  await ack();
  log.info({ requestId, state: outcome.current.state, by: user.id, looksOnly }, 'request tried again');
  wake();
  await respond({ replace_original: true, ...triedAgainMessage(outcome.current, user.id) });
}
