import type { Request, RequestState } from '../requests/request.ts';
import type { Message } from '../slack/posting.ts';
import { actionIds } from './ids.ts';
import { planRows, planWarnings } from './plan-rows.ts';
import {
  context,
  escape,
  mention,
  moment,
  plain,
  quote,
  requestName,
  rowLines,
  rows,
  screenReaderText,
  section,
} from './text.ts';

/** How a request stands, in one sentence of mrkdwn. */
const standings: Record<RequestState, (request: Request) => string> = {
  pending: (request) =>
    `${mention(request.requester)} asks to create this agent. An approver other than ${mention(request.requester)} can decide until ${moment(request.expiresAt)}.`,
  approved: (request) => `${decidedBy(request, 'Approved')}. The agent is about to be created.`,
  provisioning: (request) => `${decidedBy(request, 'Approved')}. ${progress(request)}`,
  done: (request) => `Done: agent ID *${request.agentId}*. ${decidedBy(request, 'Approved')}.`,
  incomplete: (request) =>
    `Agent ID *${request.agentId}* exists, but HaloPSA did not take every field: see the thread. ${decidedBy(request, 'Approved')}.`,
  failed: (request) => `Not finished: see the thread. ${decidedBy(request, 'Approved')}.`,
  denied: (request) =>
    `${decidedBy(request, 'Denied')}${request.decision?.reason ? `: ${escape(request.decision.reason)}` : ''}. Nothing was changed in HaloPSA.`,
  withdrawn: (request) => `Withdrawn by ${mention(request.requester)}. Nothing was changed in HaloPSA.`,
  expired: (request) => `Nobody decided until ${moment(request.expiresAt)}. Nothing was changed in HaloPSA.`,
};

/** The message in the channel: one function of the request. Drawing it again is how it is updated. */
export function requestCard(request: Request): Message {
  const title = `${requestName(request)}: new agent in HaloPSA`;
  const standing = standings[request.state](request);
  const plan = planRows(request.plan);
  const warnings = [...planWarnings(request.plan), ...licenceWarnings(request)];
  const then = haloThenText(request);
  const noteTitle = `Note from ${mention(request.requester)}`;
  return {
    text: screenReaderText([
      title,
      standing,
      ...warnings.map((warning) => `Warning: ${escape(warning)}`),
      then,
      ...rowLines(plan),
      request.note && `${noteTitle}: ${escape(request.note)}`,
    ]),
    blocks: [
      { type: 'header', text: plain(title, 150) },
      section(standing),
      rows(plan),
      ...warnings.map((warning) => context(`*Warning:* ${escape(warning)}`)),
      ...(then === undefined ? [] : [context(then)]),
      ...(request.note === '' ? [] : [context(`${noteTitle}:`), quote(request.note)]),
      ...(request.state === 'pending' ? [decisionButtons(request)] : []),
    ],
  };
}

function licenceWarnings({ haloThen }: Request): string[] {
  return haloThen?.licences?.free === 0
    ? [
        'No named licence was free when this was asked: HaloPSA may refuse the agent, or create it disabled. Free one or buy one first.',
      ]
    : [];
}

/** What was looked at before the card was posted. All of it is looked at again right before the create. */
function haloThenText({ haloThen }: Request): string | undefined {
  if (haloThen === undefined) return undefined;
  const { version, licences, agentsKnown } = haloThen;
  const others = {
    nothing: 'its agents could not be read',
    names: 'no agent with this name; its list shows no email addresses',
    names_and_emails: 'no agent with this name or email address',
  }[agentsKnown];
  const free =
    licences === undefined
      ? 'HaloPSA does not say how many named licences are free'
      : `${licences.free} of ${licences.all} named licences free`;
  return `When this was asked: HaloPSA ${escape(version ?? 'of a version that it does not tell')}, ${free}; ${others}. All of it is looked at again before the agent is created.`;
}

function decisionButtons(request: Request) {
  return {
    type: 'actions' as const,
    elements: [
      {
        type: 'button' as const,
        action_id: actionIds.approve,
        style: 'primary' as const,
        text: plain('Approve', 75),
        accessibility_label: `Approve ${requestName(request)}`,
        value: request.id,
        confirm: {
          title: plain(`Approve ${requestName(request)}?`, 100),
          text: plain(
            `The agent ${request.plan.name} is created in HaloPSA at once. It takes one named licence.`,
            300,
          ),
          confirm: plain('Approve', 30),
          deny: plain('Cancel', 30),
        },
      },
      {
        type: 'button' as const,
        action_id: actionIds.deny,
        text: plain('Deny', 75),
        accessibility_label: `Deny ${requestName(request)}`,
        value: request.id,
      },
    ],
  };
}

function progress({ waitingUntil, waitingBecause, isSearching, agentId }: Request): string {
  if (waitingUntil !== undefined)
    return waitingBecause === 'unavailable'
      ? `HaloPSA cannot be reached; it is tried again by itself on ${moment(waitingUntil)}.`
      : `HaloPSA asked us to wait until ${moment(waitingUntil)}; it goes on by itself.`;
  if (agentId !== undefined) return `Agent ID *${agentId}* is created; reading it back…`;
  return isSearching === true
    ? 'HaloPSA’s answer does not tell whether it created the agent; looking for it…'
    : 'Creating the agent in HaloPSA…';
}

/** `Approved by @Ben` */
export function decidedBy(request: Request, verb: string): string {
  return request.decision === undefined ? verb : `${verb} by ${mention(request.decision.by)}`;
}

/** How a request stands, for lists. */
export function standing(request: Request): string {
  return standings[request.state](request);
}
