import type { AllMiddlewareArgs, App, BlockAction, SlackActionMiddlewareArgs } from '@slack/bolt';
import { vetoRequest, withdrawRequest } from '../requests/deciding.ts';
import { actionIds } from '../views/ids.ts';
import { privately, readClick, settleClick } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';

type ButtonArgs = SlackActionMiddlewareArgs<BlockAction> & AllMiddlewareArgs;

export function registerStopRequest(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.withdraw, (args) => stop(args, deps, 'withdrawn', withdrawRequest));
  app.action<BlockAction>(actionIds.veto, (args) => stop(args, deps, 'vetoed', vetoRequest));
}

/** The requester takes a request back, or anybody stops what nobody else has to approve. */
async function stop(
  { ack, body, respond }: ButtonArgs,
  deps: Dependencies,
  what: 'withdrawn' | 'vetoed',
  change: typeof withdrawRequest,
): Promise<void> {
  const pressed = readClick(body);
  const refusal = await settleClick(deps, { ...pressed, what }, (click) =>
    change(deps.db, pressed.requestId, click),
  );
  await ack();
  if (refusal !== undefined) await respond(privately(refusal));
}
