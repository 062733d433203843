import type { Request } from '../requests/request.ts';
import { planRows } from './plan-rows.ts';
import type { WayToCard } from '../slack/telling-approvers.ts';
import { directButtons } from './decision-buttons.ts';
import { buttons, kept, message, paragraph, quotation, table, words, type Message } from './message.ts';
import { cardParts, standing, warningParts } from './request-card.ts';
import { workWords } from './work-words.ts';
import { cut, escape, mention, moment, requestName } from './text.ts';

/**
 * To an approver directly: there is something to decide. `reminders`: how often this was said before. Who isn't in the
 * card's channel decides right here.
 */
export function pleaseDecideMessage(request: Request, way: WayToCard, reminders: number): Message {
  const name = requestName(request);
  const lead =
    reminders > 0
      ? `Reminder: ${name} still waits for approvers.`
      : request.edit === undefined
        ? `${name} waits for your decision.`
        : `${name} was changed and waits for your decision anew.`;
  if (way === 'not_in_channel' || way === 'maybe_not_in_channel')
    return message([
      kept(
        paragraph(
          `${lead} Its card is in <#${request.channel}>${way === 'not_in_channel' ? ', and you aren’t in there' : ''}. You can decide here.`,
        ),
      ),
      ...cardParts(request),
      buttons(directButtons(request)),
    ]);
  return message([
    kept(paragraph([lead, standing(request), wayTo(request, way)].join('\n'))),
    table(planRows(request.plan, workWords(request).password)),
    ...warningParts(request),
  ]);
}

function wayTo(request: Request, way: WayToCard): string {
  const name = requestName(request);
  if (way === 'not_in_channel' || way === 'maybe_not_in_channel') return `\`/neo-status ${name}\` shows it.`;
  return way === 'deleted'
    ? `Its card was deleted. \`/neo-status ${name}\` shows it, with its buttons.`
    : `<${way.link}|Open the card of ${name}>`;
}

/** To those whom NEO_ESCALATION names: nobody decided, and the time is nearly over. */
export function escalationMessage(request: Request, way: WayToCard): Message {
  const lines = [
    `${requestName(request)} expires on ${moment(request.expiresAt)}, and its approvers have not decided it.`,
    standing(request),
    wayTo(request, way),
  ];
  return words(lines.join('\n'));
}

/** In the thread: what an approver wants to know. @throws RangeError when there is no such question: a bug */
export function questionMessage(request: Request, index: number): Message {
  const question = request.questions?.[index];
  if (question === undefined) throw new RangeError(`${requestName(request)} has no question ${index}`);
  const lead = `${mention(request.requester)} ${mention(question.by)} asks about ${requestName(request)}:`;
  const canEdit = request.repairs === undefined;
  const next = `Answer here in the thread.${canEdit ? ' To change what you asked for, press _Edit_ on the card.' : ''}`;
  return message([kept(paragraph(lead)), quotation(question.text), kept(paragraph(next))]);
}

/** Slack folds a section behind *Show more*, and cuts it at 3,000 characters. */
const maxDenial = 2_500;

/** To the requester directly. `link`: to the card, for who can see it. */
export function deniedMessage(request: Request, link: string | undefined): Message {
  const lines = [
    // The link must not fall to what a long reason leaves.
    cut(
      `${requestName(request)} (${escape(request.plan.name)}): ${standing(request)} You can ask again with ${workWords(request).again}.`,
      maxDenial,
    ),
    ...(link === undefined ? [] : [`<${link}|Open its thread>`]),
  ];
  return words(lines.join('\n'));
}
