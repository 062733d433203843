import type { ActionsBlock, Button, ConfirmationDialog } from '@slack/types';
import type { RequestAction } from '../requests/actions.ts';
import type { Retry } from '../requests/decisions.ts';
import type { Request } from '../requests/request.ts';
import { mayTryAgain } from './failure-text.ts';
import { actionIds, decisionBlockId } from './ids.ts';
import { plain, requestName } from './text.ts';
import { workWords } from './work-words.ts';

const buttons: Record<RequestAction, (request: Request) => Button> = {
  stop: (request) => ({
    ...button(request, actionIds.veto, 'Stop', (name) => `Stop ${name}: it is not carried out`),
    style: 'danger',
    confirm: confirmation(
      `Stop ${requestName(request)}?`,
      'It is not carried out. Nothing is changed in HaloPSA.',
      'Stop',
    ),
  }),
  approve: (request) => ({
    ...button(request, actionIds.approve, 'Approve', (name) => `Approve ${name}`),
    style: 'primary',
    confirm: confirmation(`Approve ${requestName(request)}?`, whatApprovingDoes(request), 'Approve'),
  }),
  deny: (request) => button(request, actionIds.deny, 'Deny', (name) => `Deny ${name}`),
  ask: (request) =>
    button(request, actionIds.question, 'Ask a question', (name) => `Ask a question about ${name}`),
  edit: (request) => button(request, actionIds.edit, 'Edit', (name) => `Edit ${name}: for who asked`),
  withdraw: (request) => ({
    ...button(request, actionIds.withdraw, 'Withdraw', (name) => `Withdraw ${name}: for who asked`),
    confirm: confirmation(`Withdraw ${requestName(request)}?`, 'Nothing is changed in HaloPSA.', 'Withdraw'),
  }),
  check_again: (request) => ({
    ...button(
      request,
      actionIds.checkAgain,
      'Check again',
      (name) => `Check again whether HaloPSA has the agent of ${name}`,
    ),
    style: 'primary',
  }),
  try_again: (request) => ({
    ...button(request, actionIds.tryAgain, 'Try again', (name) => `Try again: ${name}`),
    ...(isInDoubt(request) && {
      confirm: confirmation(
        'Create the agent if it is missing?',
        `HaloPSA may have created ${request.plan.name} already. Look at its Agents page first: two agents take two licences.`,
        'Try again',
      ),
    }),
  }),
  create_anyway: (request) => ({
    ...button(
      request,
      actionIds.createAnyway,
      'Create anyway',
      (name) => `Create the agent of ${name} anyway`,
    ),
    confirm: confirmation(
      'Create the agent anyway?',
      `Look at HaloPSA’s Agents page first, with disabled agents shown: is there none named ${request.plan.name}, and none with ${request.plan.email}? Two agents take two licences.`,
      'Create anyway',
    ),
  }),
};

/** What can be done with a pending request. Everybody sees every button; who may not press one reads why. */
export function decisionButtons(request: Request): ActionsBlock {
  // A repair has the plan of the request that set the agent up.
  const edit: RequestAction[] = request.repairs === undefined ? ['edit'] : [];
  const all: RequestAction[] = ['approve', 'deny', 'ask', ...edit, 'withdraw'];
  return buttonBlock(request, request.solo === undefined ? all : ['stop', ...all]);
}

/** What an approver can do with a pending request, in a direct message to them. */
export function directButtons(request: Request): ActionsBlock {
  return { ...buttonBlock(request, ['approve', 'deny', 'ask']), block_id: decisionBlockId(request, true) };
}

/** What one person may do, and what helps. Undefined: nothing. `link`: to the request's thread. */
export function actionButtons(
  request: Request,
  actions: readonly RequestAction[],
  link?: string,
): ActionsBlock | undefined {
  const idle = retries.filter((retry) => !retriesOf(request).includes(retry));
  const helpful = actions.filter((action) => !idle.some((one) => one === action));
  const block = buttonBlock(request, helpful);
  const elements = [...block.elements, ...(link === undefined ? [] : [threadButton(request, link)])];
  return elements.length === 0 ? undefined : { ...block, elements };
}

/** Undefined: trying again would not help. */
export function retryButtons(request: Request): ActionsBlock | undefined {
  const offered = retriesOf(request);
  return offered.length === 0 ? undefined : buttonBlock(request, offered);
}

const retries = ['check_again', 'try_again', 'create_anyway'] as const satisfies readonly Retry[];

/** While nobody knows whether the agent is there, looking comes first and creating asks twice. */
function retriesOf(request: Request): Retry[] {
  if (request.failure === undefined || !mayTryAgain(request.failure)) return [];
  if (request.failure.cause === 'list_incomplete') return ['try_again', 'create_anyway'];
  return isInDoubt(request) ? ['check_again', 'try_again'] : ['try_again'];
}

function isInDoubt({ failure }: Request): boolean {
  return failure?.changed === 'unknown';
}

function buttonBlock(request: Request, actions: readonly RequestAction[]): ActionsBlock {
  return {
    type: 'actions',
    block_id: decisionBlockId(request),
    elements: actions.map((action) => buttons[action](request)),
  };
}

function button(request: Request, actionId: string, text: string, label: (name: string) => string): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(text, 75),
    accessibility_label: label(requestName(request)),
    value: request.id,
  };
}

function threadButton(request: Request, url: string): Button {
  const label = (name: string) => `Open the thread of ${name}`;
  return { ...button(request, actionIds.openThread, 'Open the thread', label), url };
}

function whatApprovingDoes(request: Request): string {
  const { approvals = [], approvalsRequired = 1 } = request;
  const { onApproval } = workWords(request);
  const isLast = approvals.length + 1 >= approvalsRequired;
  return isLast ? `At once ${onApproval}` : `When enough approvers have approved, ${onApproval}`;
}

function confirmation(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: plain(title, 100),
    text: plain(text, 300),
    confirm: plain(confirm, 30),
    deny: plain('Cancel', 30),
  };
}
