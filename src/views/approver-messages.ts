import type { PeopleList } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { planRows } from './plan-rows.ts';
import { actionButtons, type ActionButton } from './action-buttons.ts';
import { buttons, kept, message, paragraph, quotation, small, words, type Message } from './message.ts';
import { cardParts, checkParts, warningParts } from './request-card.ts';
import { awaitedText, decidedBy, stateText } from './state-text.ts';
import { repairRows, workWords } from './work-words.ts';
import { escape, mention, moment, requestName, type Row } from './text.ts';
import { cut } from '../text/cut.ts';

/**
 * Where somebody finds the card: by a link, or nowhere, because Slack did not take it, because it was deleted, or because
 * they aren't, or may not be, in its channel.
 */
export type WayToCard =
  { link: string } | 'not_posted' | 'deleted' | 'not_in_channel' | 'maybe_not_in_channel';

/**
 * To an approver directly: there is something to decide. `reminders`: how often this was said before. Who isn't in the
 * card's channel decides right here, by what is `offered`.
 */
export function pleaseDecideMessage(
  request: Request,
  { way, reminders, offered }: { way: WayToCard; reminders: number; offered: readonly ActionButton[] },
): Message {
  const link = typeof way === 'object' ? way.link : undefined;
  const pressable = actionButtons(request, offered, { isDirect: true, link });
  const name = requestName(request);
  const lead =
    reminders > 0
      ? `Reminder: ${name} still needs approval.`
      : request.edit === undefined
        ? `${name} needs your approval.`
        : `${name} changed and needs your approval again.`;
  if (way === 'not_in_channel' || way === 'maybe_not_in_channel')
    return message([
      kept(
        paragraph(
          `${lead} It’s in <#${request.channel}>${way === 'not_in_channel' ? ', which you aren’t in' : ''}. You can decide right here.`,
        ),
      ),
      ...cardParts(request),
      ...(pressable === undefined ? [] : [buttons(pressable)]),
    ]);
  const { title } = workWords(request);
  const where = link === undefined ? ` ${wayTo(request, way)}` : '';
  return message([
    kept(paragraph(`*${lead}* ${escape(title)}\n${awaitedText(request)}${where}`)),
    ...warningParts(request),
    kept(small(inOneLine([...repairRows(request), ...planRows(request)]))),
    ...checkParts(request),
    ...(pressable === undefined ? [] : [buttons(pressable)]),
  ]);
}

/** Every setting in one paragraph, so that the approver sees all of them. */
function inOneLine(list: readonly Row[]): string {
  return list.map(({ label, value }) => `${label}: ${escape(value)}`).join(' · ');
}

function wayTo(request: Request, way: WayToCard): string {
  const name = requestName(request);
  if (way === 'not_posted' || way === 'not_in_channel' || way === 'maybe_not_in_channel')
    return `Its card isn’t in the channel yet: \`/neo-status ${name}\` shows it.`;
  return way === 'deleted'
    ? `Its card was deleted: \`/neo-status ${name}\` shows it, with its buttons.`
    : `<${way.link}|Open the card of ${name}>`;
}

/**
 * In place of what asked somebody to decide, once they have nothing to decide: what was decided stays true. `reader`:
 * whose message it is. Undefined: it stands in the card's thread.
 */
export function closedMessage(request: Request, reader?: { id: string; way: WayToCard }): Message {
  const name = `${requestName(request)} (${cut(escape(request.plan.name), maxName)})`;
  const line = ownDecision(request, name, reader?.id) ?? `${name}: ${howDecided(request)}`;
  return words([line, ...(reader === undefined ? [] : [wayTo(request, reader.way)])].join('\n'));
}

function ownDecision({ state, decision, approvals = [] }: Request, name: string, id: string | undefined) {
  if (state === 'denied')
    return decision.kind === 'denied' && decision.by === id ? `You denied ${name}.` : undefined;
  if (!approvals.some(({ by }) => by === id)) return undefined;
  return state === 'withdrawn' || state === 'expired' ? undefined : `You approved ${name}.`;
}

function howDecided(request: Request): string {
  const isApproved = request.decision !== undefined && request.state !== 'denied';
  return isApproved ? `${decidedBy(request, 'Approved')}.` : cut(stateText(request), maxDenial);
}
const maxName = 80;

/** In place of a message that can't be deleted, when a newer one stands. */
export function supersededMessage(request: Request): Message {
  return words(`${requestName(request)}: see my newer message below.`);
}

/** In the card's thread, where there are too many approvers to tell each of them. `called`: whom it mentions. */
export function mentionMessage(request: Request, called: PeopleList, reminders: number): Message {
  const name = requestName(request);
  return words(
    `${mentions(called)} ${reminders > 0 ? `Reminder: ${name} still needs` : `${name} needs`} your approval.`.trim(),
  );
}

function mentions({ groups, users }: PeopleList): string {
  return [...groups.map((group) => `<!subteam^${group}>`), ...users.map((user) => mention(user))].join(' ');
}

/** To those whom NEO_ESCALATION names: nobody decided, and the time is nearly over. */
export function escalationMessage(request: Request, to: WayToCard | { inThread: PeopleList }): Message {
  const line = `${requestName(request)} expires on ${moment(request.expiresAt)}, and nobody has decided yet.`;
  if (typeof to === 'object' && 'inThread' in to) return words(`${mentions(to.inThread)} ${line}`);
  return words([line, stateText(request), wayTo(request, to)].join('\n'));
}

/** In the thread: what an approver wants to know. @throws RangeError when there is no such question: a bug */
export function questionMessage(request: Request, index: number): Message {
  const question = request.questions?.[index];
  if (question === undefined) throw new RangeError(`${requestName(request)} has no question ${index}`);
  const lead = `${mention(request.requester)}: ${mention(question.by)} has a question about ${requestName(request)}:`;
  const canEdit = request.repairs === undefined;
  const next = `Answer here in the thread.${canEdit ? ' To change the request, press _Edit_ on the card.' : ''}`;
  return message([kept(paragraph(lead)), quotation(question.text), kept(paragraph(next))]);
}

function againText(request: Request): string {
  const { again } = workWords(request);
  return request.repairs === undefined
    ? `To start from it, press ${again} on its card.`
    : `To request it again, use ${again}.`;
}

/** Slack folds a section behind *Show more*, and cuts it at 3,000 characters. */
const maxDenial = 2_500;

/** To the requester directly. `link`: to the card, for who can see it. */
export function deniedMessage(request: Request, link: string | undefined): Message {
  const lines = [
    // The link must not fall to what a long reason leaves.
    cut(
      `${requestName(request)} (${escape(request.plan.name)}): ${stateText(request)} ${againText(request)}`,
      maxDenial,
    ),
    ...(link === undefined ? [] : [`<${link}|Open its thread>`]),
  ];
  return words(lines.join('\n'));
}
