import type { Click } from '../requests/decisions.ts';
import type { Person, Policy } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import type { ActionButton } from '../views/action-buttons.ts';
import type { FormAction, PressAction, TextAction } from './action.ts';
import { approve } from './approve.ts';
import { ask } from './ask.ts';
import { checkAgain } from './check-again.ts';
import { createAnyway } from './create-anyway.ts';
import { deny } from './deny.ts';
import { edit, type Edit } from './edit.ts';
import { stop } from './stop.ts';
import { tryAgain } from './try-again.ts';
import { withdraw } from './withdraw.ts';

type AnyAction = PressAction | TextAction | FormAction<Edit>;

/** Everything that a person can do with a request, in the order of the buttons. */
export const actions: readonly AnyAction[] = [
  stop,
  approve,
  deny,
  ask,
  edit,
  withdraw,
  checkAgain,
  tryAgain,
  createAnyway,
];

/** On a message that everybody reads: everybody sees every button; who may not press one reads why. */
export function offeredOn(request: Request): ActionButton[] {
  return actions.filter(({ helps }) => helps(request)).map((action) => buttonOf(action, request));
}

/** In a direct message to an approver. */
export function offeredDirectly(request: Request): ActionButton[] {
  return actions
    .filter(({ helps, isInDirectMessages }) => isInDirectMessages && helps(request))
    .map((action) => buttonOf(action, request));
}

/** To one person, who may do all of it now. `isAwaited`: the request waits for them. `at`: epoch milliseconds. */
export function offeredTo(
  by: Person,
  request: Request,
  policy: Policy,
  at: number,
): { offered: ActionButton[]; isAwaited: boolean } {
  const click: Click = { by, at, policy, shown: request.planHash };
  const allowed = actions.filter(({ helps, may }) => helps(request) && may(request, click) === undefined);
  return {
    offered: allowed.map((action) => buttonOf(action, request)),
    isAwaited: allowed.some(({ isAwaited }) => isAwaited),
  };
}

function buttonOf({ actionId, button }: AnyAction, request: Request): ActionButton {
  return { actionId, ...button(request) };
}

/** What the history says of each, by its word in the audit. */
export const actsInWords: ReadonlyMap<string, { did: string; tried: string }> = new Map(
  actions.map(({ audit: { what, ...sentence } }) => [what, sentence]),
);
