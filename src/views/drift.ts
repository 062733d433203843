import type { Button } from '@slack/types';
import { labelOf } from '../fields/index.ts';
import type { Request } from '../requests/request.ts';
import type { Checked, SetUp } from '../requests/states.ts';
import { actionIds } from './ids.ts';
import { buttons, message, paragraph, words, type Message } from './message.ts';
import { decidedBy, stateText } from './state-text.ts';
import { escape, mention, moment, orNothing, plain, requestName } from './text.ts';

/** The reply in the thread when the daily check finds something that was not told yet. */
export function driftMessage(request: SetUp): Message {
  const { drift, requester } = request;
  if (drift === undefined) return words(asItWasLeft(request));
  const people = `Requested by ${mention(requester)}. ${decidedBy(request, 'Approved')}.`;
  const lines = driftLines(request, drift);
  const next =
    drift.goneSince === undefined
      ? 'To change it back, press _Repair_ (needs approval). If this is intentional, ignore it. I won’t mention it again.'
      : 'If that wasn’t intended, request a new agent with `/neo-setup`.';
  return message([
    paragraph([...lines, people, next].join('\n')),
    buttons({ type: 'actions', elements: driftButtons(request.agentId, request) }),
  ]);
}

/** What differs, one line of mrkdwn each; the agent first. */
function driftLines(request: SetUp, { fields, goneSince }: NonNullable<Request['drift']>): string[] {
  if (goneSince !== undefined)
    return [`HaloPSA no longer has agent *${request.agentId}*, which ${requestName(request)} set up.`];
  return [
    `${agentName(request)} no longer matches ${requestName(request)}:`,
    ...fields.map(
      ({ field, planned, reported, since }) =>
        `• *${labelOf(field)}* is ${escape(orNothing(reported))}, should be ${escape(orNothing(planned))} (since ${moment(since)})`,
    ),
  ];
}

/** Nothing differs but what was told when the request ended. */
function asItWasLeft(request: SetUp): string {
  return `${agentName(request)} is as it was when ${requestName(request)} ended.`;
}

/** In private, to who asked for a check or a repair: how the agent is now, or why that is not to be said here. */
export function checkedText(checked: Checked): string {
  switch (checked.found) {
    case 'never_set_up':
      return 'Nothing was changed: this request didn’t set up an agent.';
    case 'set_up_since': {
      const { setUpBy } = checked;
      return `Nothing was changed: ${requestName(setUpBy)} has repaired ${agentName(setUpBy)} since. Its thread in <#${setUpBy.channel}> shows what differs.`;
    }
    case 'compared': {
      const { request } = checked;
      return request.drift === undefined
        ? `${asItWasLeft(request)} There’s nothing to repair.`
        : driftLines(request, request.drift).join('\n');
    }
  }
}

/** In private, to whoever asked for a repair: this one was asked for, now or by somebody before. */
export function repairAskedFor(repair: Request): string {
  return `${requestName(repair)} repairs this agent; its card is in <#${repair.channel}>. ${stateText(repair)}`;
}

/** In private, to whoever asked for a repair of what no card could show. */
export function repairNotShownWhole(request: Request): string {
  return `The settings of ${requestName(request)} are too long to show an approver in full, so I can’t repair the agent. Change it in HaloPSA by hand. Nothing was changed.`;
}

/** On the thread's message, and on the agent's card of /neo-status. The request is the one that made the agent. */
export function driftButtons(agentId: number, { id: value, drift }: Request): Button[] {
  const repair: Button = {
    type: 'button',
    action_id: actionIds.repair,
    style: 'primary',
    text: plain('Repair', 75),
    accessibility_label: `Repair agent ${agentId}: requests an approval to restore its settings`,
    value,
  };
  const check: Button = {
    type: 'button',
    action_id: actionIds.checkDrift,
    text: plain('Check again now', 75),
    accessibility_label: `Check again now whether agent ${agentId} still matches`,
    value,
  };
  const isRepairable = drift !== undefined && drift.goneSince === undefined;
  return isRepairable ? [repair, check] : [check];
}

function agentName({ agentId, plan }: SetUp): string {
  return `Agent *${agentId}* (${escape(plan.name)})`;
}
