import type { PassingKind } from '../halo/errors.ts';
import type { Request } from '../requests/request.ts';
import { escape, escapeText, mention, moment } from './text.ts';
import { workWords } from './work-words.ts';

/** How a request stands, in one sentence of mrkdwn. */
export function stateText(request: Request): string {
  const words = workWords(request);
  const approved = decidedBy(request, 'Approved');
  switch (request.state) {
    case 'pending':
      return pendingText(request);
    case 'approved':
      return `${approved}. ${words.isNext}`;
    case 'provisioning':
      return `${approved}. ${progress(request)}`;
    case 'done':
      return `${words.isDone(request.agentId)} ${approved}.${driftText(request)}`;
    case 'incomplete':
      return `Incomplete: agent ID *${request.agentId}* exists, but not every setting is confirmed. Details in the thread. ${approved}.${driftText(request)}`;
    case 'failed':
      return `Failed. Details in the thread. ${approved}.`;
    case 'denied': {
      const reason = escapeText(request.decision.reason).replace(/[.\s]+$/, '');
      return `${decidedBy(request, 'Denied')}${reason && `: ${reason}`}. Nothing was changed in HaloPSA.`;
    }
    case 'withdrawn':
      return `Withdrawn by ${mention(request.requester)}. Nothing was changed in HaloPSA.`;
    case 'expired':
      return `Expired on ${moment(request.expiresAt)}: nobody decided. Nothing was changed in HaloPSA.`;
  }
}

/** What the daily check found since. */
function driftText({ drift }: Request): string {
  if (drift === undefined) return '';
  return drift.goneSince === undefined
    ? ' *The agent has changed since:* details in the thread.'
    : ' *HaloPSA no longer has this agent.*';
}

/** A pending request, for someone who can approve or deny it. */
export function awaitedText(request: Request): string {
  const { requester, expiresAt, approvals = [], approvalsRequired = 1 } = request;
  const soFar =
    approvalsRequired === 1
      ? ''
      : ` · needs ${approvalsRequired} approvals, *${approvals.length} so far${approvals.length === 0 ? '' : `: ${approvals.map(({ by }) => mention(by)).join(', ')}`}*`;
  return `Requested by ${mention(requester)}. Approve or deny it by ${moment(expiresAt)}${soFar}.`;
}

/** Who asked, who must still approve, and until when. */
function pendingText(request: Request): string {
  const { quorum } = request;
  const text = whoMustApprove(request);
  return quorum === undefined ? text : `${text} ${quorumTexts[quorum]}`;
}

const quorumTexts: Record<NonNullable<Request['quorum']>, string> = {
  unknown: '*I couldn’t check yet whether enough people can approve this.*',
  too_few: '*Stuck: there aren’t enough approvers.* Ask whoever runs this app to add one, or withdraw it.',
};

function whoMustApprove(request: Request): string {
  const { requester, expiresAt, solo, approvals = [], approvalsRequired = 1 } = request;
  const lead = `Requested by ${mention(requester)}`;
  if (solo !== undefined)
    return `${lead}, the only approver. *Unless someone stops it, it goes ahead on ${moment(solo.carryOutAt)}, without a second person’s approval.* Anyone in this workspace can press _Stop_.`;
  if (approvalsRequired === 1)
    return `${lead}. Needs one approval from someone else by ${moment(expiresAt)}.`;
  const names = approvals.map(({ by }) => mention(by)).join(', ');
  const soFar = `${approvals.length} so far${names === '' ? '' : `: ${names}`}`;
  return `${lead}. Needs ${approvalsRequired} approvals from other people by ${moment(expiresAt)} · *${soFar}*`;
}

/** `until`: mrkdwn. */
const waitingTexts: Record<PassingKind, (until: string) => string> = {
  unavailable: (until) => `Waiting: HaloPSA can’t be reached. I’ll try again automatically on ${until}.`,
  too_slow: (until) => `Waiting: HaloPSA didn’t answer in time. I’ll try again automatically on ${until}.`,
  rate_limited: (until) =>
    `Waiting: HaloPSA’s rate limit was reached. I’ll try again automatically on ${until}.`,
  held_back: (until) =>
    `Waiting: I’ve reached my own limit for HaloPSA calls. I’ll continue automatically on ${until}.`,
};

function progress(request: Request): string {
  const { waitingUntil, waitingBecause, isSearching, rejection, agentId } = request;
  if (waitingUntil !== undefined) return waitingTexts[waitingBecause ?? 'rate_limited'](moment(waitingUntil));
  if (agentId !== undefined) return workWords(request).goesOn(agentId);
  if (isSearching !== true) return workWords(request).begins;
  if (rejection === undefined) return 'Checking in HaloPSA whether the agent was created…';
  return `HaloPSA rejected the request${rejection === '' ? '' : `: “${escape(rejection)}”`}. Checking that nothing was created…`;
}

/** `Approved by @Ben and @Cleo`. What no second person approved says so wherever it is told. */
export function decidedBy({ decision, approvals = [] }: Request, verb: string): string {
  if (decision === undefined) return verb;
  const by = mention(decision.by);
  switch (decision.kind) {
    case 'approved': {
      const all = approvals.length === 0 ? [by] : approvals.map((approval) => mention(approval.by));
      return `${verb} by ${all.join(' and ')}`;
    }
    case 'denied':
      return `${verb} by ${by}`;
    case 'vetoed':
      return `Stopped by ${by}`;
    case 'unopposed':
      return `*Not approved by a second person:* ${by} was the only approver, and nobody stopped it`;
  }
}
