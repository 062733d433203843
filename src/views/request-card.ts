import type { PassingKind } from '../halo/errors.ts';
import type { Request } from '../requests/request.ts';
import { isOpen } from '../requests/states.ts';
import { cut } from '../text/cut.ts';
import { actionButtons, detailsButton, type ActionButton } from './action-buttons.ts';
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
import {
  changedRows,
  constantsText,
  lookalikeWarnings,
  noticedWarnings,
  planRows,
  planWarnings,
} from './plan-rows.ts';
import { repairRows, workWords } from './work-words.ts';
import { escape, escapeText, mention, moment, requestName, type Row } from './text.ts';

const repairTitle = 'What differed when this was requested, and what it will be set to:';

/**
 * The message in the channel: one function of the request. Drawing it again is how it is updated. Once the request has
 * ended, one line says how, and the rest is behind a button.
 */
export function requestCard(request: Request, offered: readonly ActionButton[]): Message {
  if (!isOpen(request.state))
    return message([title(request), kept(paragraph(stateText(request))), buttons(detailsButton(request))]);
  const pressable = request.state === 'pending' ? actionButtons(request, offered) : undefined;
  return message([...cardParts(request), ...(pressable === undefined ? [] : [buttons(pressable)])]);
}

function title(request: Request): Part {
  return heading(`${requestName(request)} · ${workWords(request).title}`);
}

/** A longer one is cut on the card. `/neo-status` has all of it. */
const maxNote = 300;

/** All that somebody must see who decides on it. */
export function cardParts(request: Request): Part[] {
  const repair = repairRows(request);
  const then = haloThenText(request);
  const edit = editText(request);
  const changes = editRows(request);
  const question = questionText(request);
  return [
    title(request),
    kept(paragraph(stateText(request))),
    ...warningParts(request),
    ...(edit === undefined ? [] : [small(edit), ...(changes.length === 0 ? [] : [table(changes)])]),
    ...(repair.length === 0 ? [] : [small(repairTitle), table(repair), small('All settings:')]),
    ...(edit === undefined ? [] : [small('Settings now:')]),
    kept(table(planRows(request))),
    small(constantsText(request)),
    ...(then === undefined ? [] : [small(then)]),
    ...noteParts(request),
    ...(question === undefined ? [] : [small(question)]),
  ];
}

function noteParts(request: Request): Part[] {
  const { note, requester } = request;
  if (note === '') return [];
  const isCut = Array.from(note).length > maxNote;
  const rest = isCut ? ` \`/neo-status ${requestName(request)}\` shows all of it.` : '';
  return [small(`Note from ${mention(requester)}:${rest}`), quotation(cut(note, maxNote))];
}

/** In place of a card that was posted anew, because it was changed. Of a request that ended before that, how it ended. */
export function formerCard(request: Request): Message {
  if (request.state !== 'pending') return requestCard(request, []);
  const text = `${requestName(request)} was changed by ${mention(request.requester)}. See the new card below.`;
  return words(text);
}

/** In place of a card in a channel that people of another company can read by now; or nobody knows who can. */
export function hiddenCard(request: Request, isShared: boolean): Message {
  const name = requestName(request);
  const why = isShared
    ? 'this channel is shared with another company now'
    : 'I can no longer check who can read this channel';
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
          'The requester is no longer a full member of this workspace: the account was deactivated or became a guest.',
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
        'No named licence was free when this was requested, so HaloPSA may refuse the agent or create it disabled. Free up or buy one first.',
      ]
    : [];
}

/** What was looked at before the card was posted. All of it is looked at again right before the create. */
function haloThenText({ haloThen, repairs }: Request): string | undefined {
  if (haloThen === undefined || repairs !== undefined) return undefined;
  const { licences, agentsKnown } = haloThen;
  const others = {
    nothing: '*HaloPSA’s agents couldn’t be read*',
    part: '*HaloPSA may not show all of its agents*, so one with this name or email address may exist already',
    names: 'name not in use (HaloPSA’s list has no email addresses)',
    names_and_emails: 'name and email address not in use',
  }[agentsKnown];
  const free =
    licences === undefined
      ? 'HaloPSA doesn’t say how many licences are free'
      : `${licences.free} of ${licences.all} licences free`;
  return `Checked when requested: ${free}, ${others}. Checked again before the agent is created.`;
}

/** Who asked, who must still approve, and until when. */
function pendingText(request: Request): string {
  const { quorum } = request;
  const text = whoMustApprove(request);
  return quorum === undefined ? text : `${text} ${quorumTexts[quorum]}`;
}

const quorumTexts: Record<NonNullable<Request['quorum']>, string> = {
  unknown: '*I couldn’t check yet whether enough people can approve this.*',
  too_few:
    '*Too few people can approve this now.* Ask whoever runs this app to name more approvers (NEO_APPROVERS), or withdraw it.',
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

export function editText({ requester, edit }: Request): string | undefined {
  if (edit === undefined) return undefined;
  const voided = edit.voided.map((by) => mention(by));
  const lost =
    voided.length < 2
      ? voided.map((by) => ` ${by}’s approval no longer counts.`).join('')
      : ` The approvals of ${voided.join(' and ')} no longer count.`;
  return `*Changed* by ${mention(requester)} on ${moment(edit.at)}. Approval starts over.${lost}`;
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
  return open && `${mention(open.question.by)} has a question: see the thread.`;
}

/** `until`: mrkdwn. */
const waitingTexts: Record<PassingKind, (until: string) => string> = {
  unavailable: (until) => `HaloPSA can’t be reached. I’ll try again automatically on ${until}.`,
  too_slow: (until) => `HaloPSA didn’t answer in time. I’ll try again automatically on ${until}.`,
  rate_limited: (until) => `HaloPSA has had too many calls. I’ll try again automatically on ${until}.`,
  held_back: (until) =>
    `This app has used its share of HaloPSA calls for five minutes. It continues automatically on ${until}.`,
};

function progress(request: Request): string {
  const { waitingUntil, waitingBecause, isSearching, rejection, agentId } = request;
  if (waitingUntil !== undefined) return waitingTexts[waitingBecause ?? 'rate_limited'](moment(waitingUntil));
  if (agentId !== undefined) return workWords(request).goesOn(agentId);
  if (isSearching !== true) return workWords(request).begins;
  if (rejection === undefined) return 'Checking in HaloPSA whether the agent was created…';
  return `HaloPSA rejected the request${rejection === '' ? '' : `: ${escape(rejection)}`}. Checking that nothing was created…`;
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
      return `Agent ID *${request.agentId}* exists, but not every setting is confirmed. Details in the thread. ${approved}.`;
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
