import type { ActionsBlock, Button, ConfirmationDialog } from '@slack/types';
import type { Request } from '../requests/request.ts';
import { endedWithoutAgent } from '../requests/states.ts';
import { actionIds, decisionBlockId } from './ids.ts';
import { plain, requestName } from './text.ts';

/** What can be pressed on a request. `label`: for screen readers, with the request's name. `confirm`: asks once more. */
export type ActionButton = {
  actionId: string;
  text: string;
  label: (name: string) => string;
  style?: 'primary' | 'danger';
  confirm?: { title: string; text: string; confirm: string };
};

/** Undefined: nothing can be pressed. `link`: to the request's thread. `isDirect`: it stands in a direct message. */
export function actionButtons(
  request: Request,
  offered: readonly ActionButton[],
  { link, isDirect }: { link?: string | undefined; isDirect?: true } = {},
): ActionsBlock | undefined {
  const elements = [
    ...offered.map((one) => drawn(request, one)),
    ...(link === undefined ? [] : [{ ...drawn(request, isDirect ? card : thread), url: link }]),
  ];
  return elements.length === 0
    ? undefined
    : { type: 'actions', block_id: decisionBlockId(request, isDirect), elements };
}

const card: ActionButton = {
  actionId: actionIds.openThread,
  text: 'Open',
  label: (name) => `Open the card of ${name}`,
};

const thread: ActionButton = {
  actionId: actionIds.openThread,
  text: 'Open the thread',
  label: (name) => `Open the thread of ${name}`,
};

/** On the card of a request that has ended. */
export function endedButtons(request: Request): ActionsBlock {
  return { type: 'actions', elements: [details, ...againOn(request)].map((one) => drawn(request, one)) };
}

/** *Request again*, where that makes sense. */
export function againOn(request: Request): ActionButton[] {
  return endedWithoutAgent(request) ? [again] : [];
}

/** Opens the form filled with what this request asked for. */
const again: ActionButton = {
  actionId: actionIds.requestAgain,
  text: 'Request again',
  label: (name) => `Request again, from ${name}`,
};

/** Shows whoever presses it all about the request. */

const details: ActionButton = {
  actionId: actionIds.details,
  text: 'Details',
  label: (name) => `Details of ${name}, for you alone`,
};

function drawn(request: Request, { actionId, text, label, style, confirm }: ActionButton): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(text, 75),
    accessibility_label: label(requestName(request)),
    value: request.id,
    ...(style && { style }),
    ...(confirm && { confirm: confirmation(confirm) }),
  };
}

function confirmation({ title, text, confirm }: NonNullable<ActionButton['confirm']>): ConfirmationDialog {
  return {
    title: plain(title, 100),
    text: plain(text, 300),
    confirm: plain(confirm, 30),
    deny: plain('Cancel', 30),
  };
}
