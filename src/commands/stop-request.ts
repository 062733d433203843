import type { App, BlockAction } from '@slack/bolt';
import { vetoRequest, withdrawRequest } from '../requests/deciding.ts';
import { actionIds } from '../views/ids.ts';
import { answerPress, type ButtonArgs } from './answer-press.ts';
import { readClick, settleClick } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';

const changes = { withdraw: withdrawRequest, stop: vetoRequest } as const;
const recorded = { withdraw: 'withdrawn', stop: 'vetoed' } as const;

export function registerStopRequest(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.withdraw, (args) => stop(args, deps, 'withdraw'));
  app.action<BlockAction>(actionIds.veto, (args) => stop(args, deps, 'stop'));
}

/** The requester takes a request back, or anybody stops what nobody else has to approve. */
async function stop(args: ButtonArgs, deps: Dependencies, action: keyof typeof changes): Promise<void> {
  const pressed = readClick(args.body);
  const refusal = await settleClick(deps, { ...pressed, what: recorded[action] }, (click) =>
    changes[action](deps.db, pressed.requestId, click),
  );
  await args.ack();
  await answerPress(args, deps, pressed, { action, refusal });
}
