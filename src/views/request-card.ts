import { isLongNote, maxNoteOnCard, type Request } from '../requests/request.ts';
import { isOpen } from '../requests/states.ts';
import { cut } from '../text/cut.ts';
import { actionButtons, endedButtons, type ActionButton } from './action-buttons.ts';
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
import { stateText } from './state-text.ts';
import {
  changedRows,
  constantsText,
  lookalikeWarnings,
  noticedWarnings,
  planRows,
  planWarnings,
} from './plan-rows.ts';
import { repairRows, workWords } from './work-words.ts';
import { mention, moment, requestName, type Row } from './text.ts';

const repairTitle = 'Will change:';

/**
 * The message in the channel: one function of the request. Drawing it again is how it is updated. Once the request has
 * ended, one line says how, and the rest is behind a button.
 */
export function requestCard(request: Request, offered: readonly ActionButton[]): Message {
  if (!isOpen(request.state))
    return message([title(request), kept(paragraph(stateText(request))), buttons(endedButtons(request))]);
  const pressable = request.state === 'pending' ? actionButtons(request, offered) : undefined;
  return message([...cardParts(request), ...(pressable === undefined ? [] : [buttons(pressable)])]);
}

function title(request: Request): Part {
  return heading(`${requestName(request)} · ${workWords(request).title}`);
}

/** All that somebody must see who decides on it. */
export function cardParts(request: Request): Part[] {
  const edit = editText(request);
  const changes = editRows(request);
  const question = questionText(request);
  return [
    title(request),
    kept(paragraph(stateText(request))),
    ...warningParts(request),
    ...(edit === undefined ? [] : [small(edit), ...(changes.length === 0 ? [] : [table(changes)])]),
    ...repairParts(request),
    ...(edit === undefined ? [] : [small('Settings now:')]),
    kept(table(planRows(request))),
    small(constantsText(request)),
    ...checkParts(request),
    ...noteParts(request),
    ...(question === undefined ? [] : [small(question)]),
  ];
}

/** What a repair will change. It is shown wherever the repair can be approved. */
export function repairParts(request: Request): Part[] {
  const rows = repairRows(request);
  return rows.length === 0 ? [] : [small(repairTitle), kept(table(rows)), small('All settings:')];
}

function noteParts(request: Request): Part[] {
  const { note, requester } = request;
  if (note === '') return [];
  const rest = isLongNote(note) ? ' (all of it is in the thread)' : '';
  return [small(`Note from ${mention(requester)}${rest}:`), quotation(cut(note, maxNoteOnCard))];
}

/** In the thread: the whole note, when the card shows only its beginning. */
export function noteMessage(request: Request): Message {
  const lead = `The note from ${mention(request.requester)} on ${requestName(request)}:`;
  return message([kept(paragraph(lead)), quotation(request.note)]);
}

/** Replaces an earlier card once an edited request has a new one. If the request has ended, it says how. */
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
      ? ['The requester’s account was deactivated or made a guest. Approve only if this is still wanted.']
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
        'No named licence was free when this was requested, so HaloPSA may reject the agent or create it disabled. Free up or buy one first.',
      ]
    : [];
}

/** One line: the result of the check when it was requested. An approver sees it wherever they can approve. */
export function checkParts(request: Request): Part[] {
  const then = haloThenText(request);
  return then === undefined ? [] : [small(then)];
}

/** What was looked at before the card was posted. All of it is looked at again right before the create. */
function haloThenText({ haloThen, repairs }: Request): string | undefined {
  if (haloThen === undefined || repairs !== undefined) return undefined;
  const { licences, agentsKnown } = haloThen;
  const others = {
    nothing: '*I couldn’t read HaloPSA’s agents*',
    part: '*HaloPSA may not list all of its agents*: one with this name or email address may already exist',
    names: 'name not in use (HaloPSA’s list has no email addresses)',
    names_and_emails: 'name and email address not in use',
  }[agentsKnown];
  const free =
    licences === undefined
      ? 'number of free licences unknown'
      : `${licences.free} of ${licences.all} licences free`;
  return `Checked when requested: ${free}, ${others}. Checked again before the agent is created.`;
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
