import type { Button, ConfirmationDialog, KnownBlock } from '@slack/types';
import type { Request } from '../requests/request.ts';
import { actionIds, decisionBlockId } from './ids.ts';
import { plain, requestName } from './text.ts';
import { workWords } from './work-words.ts';

/** What can be done with a pending request. Everybody sees every button; who may not press one reads why. */
export function decisionButtons(request: Request): KnownBlock {
  const { id: value, solo, repairs } = request;
  const { onApproval } = workWords(request);
  const name = requestName(request);
  const button = (actionId: string, text: string, label: string): Button => ({
    type: 'button',
    action_id: actionId,
    text: plain(text, 75),
    accessibility_label: label,
    value,
  });
  const last = isLastApproval(request);
  const approve: Button = {
    ...button(actionIds.approve, 'Approve', `Approve ${name}`),
    style: 'primary',
    confirm: confirmation(
      `Approve ${name}?`,
      last ? `At once ${onApproval}` : `When enough approvers have approved, ${onApproval}`,
      'Approve',
    ),
  };
  const stop: Button = {
    ...button(actionIds.veto, 'Stop', `Stop ${name}: it is not carried out`),
    style: 'danger',
    confirm: confirmation(`Stop ${name}?`, 'It is not carried out. Nothing is changed in HaloPSA.', 'Stop'),
  };
  const withdraw: Button = {
    ...button(actionIds.withdraw, 'Withdraw', `Withdraw ${name}: for who asked`),
    confirm: confirmation(`Withdraw ${name}?`, 'Nothing is changed in HaloPSA.', 'Withdraw'),
  };
  return {
    type: 'actions',
    block_id: decisionBlockId(request),
    elements: [
      ...(solo === undefined ? [] : [stop]),
      approve,
      button(actionIds.deny, 'Deny', `Deny ${name}`),
      button(actionIds.question, 'Ask a question', `Ask who requested ${name} a question`),
      // A repair has the plan of the request that set the agent up.
      ...(repairs === undefined ? [button(actionIds.edit, 'Edit', `Edit ${name}: for who asked`)] : []),
      withdraw,
    ],
  };
}

function isLastApproval({ approvals = [], approvalsRequired = 1 }: Request): boolean {
  return approvals.length + 1 >= approvalsRequired;
}

function confirmation(title: string, text: string, confirm: string): ConfirmationDialog {
  return {
    title: plain(title, 100),
    text: plain(text, 300),
    confirm: plain(confirm, 30),
    deny: plain('Cancel', 30),
  };
}
