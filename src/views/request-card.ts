import type { PassingKind } from '../halo/errors.ts';
import type { Request } from '../requests/request.ts';
import { actionButtons, type ActionButton } from './action-buttons.ts';
import {
  buttons,
  heading,
  kept,
  message,
  paragraph,
  quotation,
  small,
  table,
  words,
  type Message,
  warning,
  type Part,
} from './message.ts';
import { openQuestion } from './open-question.ts';
import { changedRows, lookalikeWarnings, noticedWarnings, planRows, planWarnings } from './plan-rows.ts';
import { repairRows, workWords } from './work-words.ts';
import { escape, escapeText, mention, moment, requestName, type Row } from './text.ts';

const repairTitle = 'What differed when this was asked, and what it is set to:';

/** The message in the channel: one function of the request. Drawing it again is how it is updated. */
export function requestCard(request: Request, offered: readonly ActionButton[]): Message {
  const pressable = request.state === 'pending' ? actionButtons(request, offered) : undefined;
  return message([...cardParts(request), ...(pressable === undefined ? [] : [buttons(pressable)])]);
}

/** All that somebody must see who decides on it. */
export function cardParts(request: Request): Part[] {
  const { title } = workWords(request);
  const repair = repairRows(request);
  const then = haloThenText(request);
  const edit = editText(request);
  const changes = editRows(request);
  const question = questionText(request);
  return [
    heading(`${requestName(request)}: ${title}`),
    kept(paragraph(stateText(request))),
    ...(edit === undefined ? [] : [small(edit), ...(changes.length === 0 ? [] : [table(changes)])]),
    ...(repair.length === 0 ? [] : [small(repairTitle), table(repair), small('The whole plan:')]),
    ...(edit === undefined ? [] : [small('The plan now:')]),
    kept(table(planRows(request))),
    ...warningParts(request),
    ...(then === undefined ? [] : [small(then)]),
    ...(request.note === ''
      ? []
      : [small(`Note from ${mention(request.requester)}:`), quotation(request.note)]),
    ...(question === undefined ? [] : [small(question)]),
  ];
}

/** In place of a card that was posted anew, because it was changed. Of a request that ended before that, how it ended. */
export function formerCard(request: Request): Message {
  if (request.state !== 'pending') return requestCard(request, []);
  const text = `${requestName(request)} was changed by ${mention(request.requester)}. Its new card is further down.`;
  return words(text);
}

/** In place of a card in a channel that people of another company can read by now; or nobody knows who can. */
export function hiddenCard(request: Request, isShared: boolean): Message {
  const name = requestName(request);
  const why = isShared
    ? 'this channel is shared with another company now'
    : 'I can’t check any more who can read this channel';
  return words(`${name}: ${why}, so I show nothing here. \`/neo-status ${name}\` shows it.`);
}

/** What an approver must not overlook, wherever they can approve. */
export function warningParts(request: Request): Part[] {
  return warnings(request).map((text) => warning(text));
}

function warnings(request: Request): string[] {
  return [
    ...(request.requesterLeft === true
      ? [
          'The requester is no full member of this workspace any more: the account was deactivated, or made a guest.',
        ]
      : []),
    ...lookalikeWarnings(request.resembles),
    ...planWarnings(request.plan),
    ...licenceWarnings(request),
    ...noticedWarnings(request),
  ];
}

/** A repair needs no licence. */
function licenceWarnings({ haloThen, repairs }: Request): string[] {
  return repairs === undefined && haloThen?.licences?.free === 0
    ? [
        'No named licence was free when this was asked: HaloPSA may refuse the agent, or create it disabled. Free one or buy one first.',
      ]
    : [];
}

/** What was looked at before the card was posted. All of it is looked at again right before the create. */
function haloThenText({ haloThen, repairs }: Request): string | undefined {
  if (haloThen === undefined || repairs !== undefined) return undefined;
  const { version, licences, agentsKnown } = haloThen;
  const others = {
    nothing: 'its agents could not be read',
    part: '*its list of agents may not show all of them*, so one with this name or email address may be there already',
    names: 'no agent with this name; its list shows no email addresses',
    names_and_emails: 'no agent with this name or email address',
  }[agentsKnown];
  const free =
    licences === undefined
      ? 'HaloPSA does not say how many named licences are free'
      : `${licences.free} of ${licences.all} named licences free`;
  return `When this was asked: HaloPSA ${escape(version ?? 'of a version that it does not tell')}, ${free}; ${others}. All of it is looked at again before the agent is created.`;
}

/** Who asked, who must still approve, and until when. */
function pendingText(request: Request): string {
  const { quorum } = request;
  const text = whoMustApprove(request);
  return quorum === undefined ? text : `${text} ${quorumTexts[quorum]}`;
}

const quorumTexts: Record<NonNullable<Request['quorum']>, string> = {
  unknown: '*I couldn’t check whether enough people may approve it:* Slack hasn’t told me so far.',
  too_few:
    '*Too few people may approve it now.* It waits until more approvers are named (NEO_APPROVERS), or until it is withdrawn.',
};

function whoMustApprove(request: Request): string {
  const { requester, expiresAt, solo, approvals = [], approvalsRequired = 1 } = request;
  const { asks } = workWords(request);
  const who = mention(requester);
  if (solo !== undefined)
    return `${who} ${asks}, and nobody else may approve it now. *Unless somebody stops it, it is carried out on ${moment(solo.carryOutAt)}, without the approval of a second person.* Everybody in this workspace can press _Stop_.`;
  const lead = `${who} ${asks}.`;
  if (approvalsRequired === 1)
    return `${lead} An approver other than ${who} can decide until ${moment(expiresAt)}.`;
  const names = approvals.map(({ by }) => mention(by)).join(', ');
  const soFar = `${approvals.length} of ${approvalsRequired} approvals so far${names === '' ? '' : `: ${names}`}.`;
  return `${lead} ${approvalsRequired} approvers other than ${who} must approve it until ${moment(expiresAt)}. *${soFar}*`;
}

export function editText({ requester, edit }: Request): string | undefined {
  if (edit === undefined) return undefined;
  const voided = edit.voided.map((by) => mention(by)).join(', ');
  const lost =
    voided === '' ? 'Approval starts anew.' : `Approval starts anew; void is the approval of ${voided}.`;
  return `*Changed* by ${mention(requester)} on ${moment(edit.at)}. ${lost}`;
}

/** In the thread: what the requester changed. The card shows the last change alone. */
export function editNote(request: Request): Message {
  const changes = editRows(request);
  const text = editText(request) ?? '';
  return message([kept(paragraph(text)), ...(changes.length === 0 ? [] : [kept(table(changes))])]);
}

/** What the last edit changed, before and after. */
export function editRows(request: Request): Row[] {
  const { edit, plan, note } = request;
  if (edit === undefined) return [];
  const changed = changedRows(edit.planBefore, plan);
  const named = (text: string) => (text === '' ? 'none' : text);
  return edit.noteBefore === note
    ? changed
    : [...changed, { label: 'Note', value: `${named(edit.noteBefore)} → ${named(note)}` }];
}

/** The last question of an approver, as long as nobody answered it or decided. */
function questionText(request: Request): string | undefined {
  const open = openQuestion(request);
  return open && `${mention(open.question.by)} asked a question: see the thread.`;
}

/** `until`: mrkdwn. */
const waitingTexts: Record<PassingKind, (until: string) => string> = {
  unavailable: (until) => `HaloPSA cannot be reached; it is tried again by itself on ${until}.`,
  too_slow: (until) => `HaloPSA did not answer in time; it is asked again on ${until}.`,
  rate_limited: (until) => `HaloPSA has had too many calls; it is asked again on ${until}.`,
  held_back: (until) =>
    `HaloPSA has had as many calls from this app as it may have in five minutes; it goes on by itself on ${until}.`,
};

function progress(request: Request): string {
  const { waitingUntil, waitingBecause, isSearching, rejection, agentId } = request;
  if (waitingUntil !== undefined) return waitingTexts[waitingBecause ?? 'rate_limited'](moment(waitingUntil));
  if (agentId !== undefined) return workWords(request).goesOn(agentId);
  if (isSearching !== true) return workWords(request).begins;
  if (rejection === undefined) return 'Checking in HaloPSA whether the agent was created…';
  return `HaloPSA rejected the request${rejection === '' ? '' : `: ${escape(rejection)}`}. Checking that it created nothing…`;
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
      return `${words.isDone(request.agentId)} ${approved}.`;
    case 'incomplete':
      return `Agent ID *${request.agentId}* exists, but HaloPSA did not take every field: see the thread. ${approved}.`;
    case 'failed':
      return `Not finished: see the thread. ${approved}.`;
    case 'denied': {
      const { reason } = request.decision;
      return `${decidedBy(request, 'Denied')}${reason && `: ${escapeText(reason)}`}. Nothing was changed in HaloPSA.`;
    }
    case 'withdrawn':
      return `Withdrawn by ${mention(request.requester)}. Nothing was changed in HaloPSA.`;
    case 'expired':
      return `Nobody decided until ${moment(request.expiresAt)}. Nothing was changed in HaloPSA.`;
  }
}
