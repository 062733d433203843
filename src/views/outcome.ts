import { fieldOf, generated, labelOf } from '../fields/index.ts';
import type { Retry } from '../requests/decisions.ts';
import type { Failure, ReadBack, Request, RequestIn } from '../requests/request.ts';
import { actionButtons, againOn, type ActionButton } from './action-buttons.ts';
import { explainFailure } from './failure-text.ts';
import { fixByHand } from './fix-by-hand.ts';
import { decidedBy, stateText } from './state-text.ts';
import { workWords } from './work-words.ts';
import {
  buttons,
  kept,
  message,
  paragraph,
  small,
  table,
  words,
  type Message,
  type Part,
} from './message.ts';
import { isSetUp, type SetUp } from '../requests/states.ts';
import type { Posted } from '../storage/messages.ts';
import { escape, mention, orNothing, requestName, type Row } from './text.ts';

/** The next page of the guide, in short. */
const nextStep = [
  '*Next step: the API application.* In HaloPSA open Configuration → Integrations → HaloPSA API → View Applications → New.',
  '• Name: `Neo Agent Integration`, Active',
  '• Authentication method: Client ID and Secret (Services)',
  '• Login type: Agent, then the agent above',
  '• Permissions: only `all:standard`, `all:teams` and `admin:webhooks`',
  'Save it. Then connect Neo with the Client ID, the secret, your HaloPSA address and the Agent ID.',
].join('\n');

/** The reply in the thread that says how a request ended. */
export function outcomeMessage(request: Request, offered: readonly ActionButton[]): Message {
  if (isSetUp(request)) return setUpMessage(request);
  return request.state === 'failed' ? failedMessage(request, offered) : endedMessage(request);
}

function setUpMessage(request: SetUp): Message {
  const { readBack, repairs, requester } = request;
  const wrong = readBack.filter((field) => !isSet(field));
  const mark = wrong.length === 0 ? '✓ ' : '';
  const lead = [
    `${mark}*Agent ID: \`${request.agentId}\`*`,
    `${mention(requester)}: ${setUpLead(request, wrong)}`,
  ];
  const told = readBack.flatMap((field) => rowOf(field, request) ?? []);
  const plain = readBack.filter((field) => rowOf(field, request) === undefined);
  const good = plain.map(({ field }) => labelOf(field)).join(', ');
  const made = repairs === undefined ? generated.map(({ besideResult }) => besideResult) : [];
  const adopted = request.adopted
    ? ['I have no record of HaloPSA’s answer, so I found the agent by its name and email address.']
    : [];
  const people = `Requested by ${mention(requester)}. ${decidedBy(request, 'Approved')}.`;
  return message([
    kept(paragraph(lead.join('\n'))),
    ...(told.length === 0 ? [] : [kept(table(told))]),
    ...(wrong.length === 0 ? [] : [kept(paragraph(fixByHand(request, wrong).join('\n')))]),
    small([...(good === '' ? [] : [`✓ ${good}`]), ...made, ...adopted, people].join('\n')),
    ...(repairs === undefined ? [paragraph(nextStep)] : []),
  ]);
}

function isSet({ outcome }: ReadBack): boolean {
  return outcome === 'set' || outcome === 'set_by_update';
}

function setUpLead(request: Request, wrong: readonly ReadBack[]): string {
  return wrong.length === 0
    ? workWords(request).isReady
    : 'the agent exists, but not every setting is confirmed.';
}

/** Undefined: HaloPSA has it in the very words of the request, and there is no more to say. */
function rowOf(field: ReadBack, { haloThen }: Request): Row | undefined {
  const { outcome, reported, planned } = field;
  const label = labelOf(field.field);
  switch (outcome) {
    case 'set':
    case 'set_by_update': {
      const facts = [
        ...(outcome === 'set' ? [] : ['set on the second attempt']),
        ...besideResult(field, haloThen),
      ];
      const value = reported ?? planned;
      if (facts.length === 0) return value === planned ? undefined : { label, value };
      return { label, value: `${value} (${facts.join('; ')})` };
    }
    case 'different':
      return { label, value: `HaloPSA kept ${orNothing(reported)} (requested: ${planned})` };
    case 'not_reported':
      return { label, value: `HaloPSA doesn’t report it (requested: ${planned})` };
  }
}

function besideResult({ field }: ReadBack, haloThen: Request['haloThen']): string[] {
  const { noticed } = fieldOf(field);
  const count = noticed && haloThen?.[noticed.key];
  return typeof count === 'number' ? [noticed?.besideResult(count) ?? ''] : [];
}

function failedMessage(request: RequestIn<'failed'>, offered: readonly ActionButton[]): Message {
  const { failure, agentId } = request;
  const { next, step } = explainFailure(failure, workWords(request).again);
  const lead = `${mention(request.requester)}: ${requestName(request)} failed ${step}.`;
  const retry = actionButtons(request, [...offered, ...againOn(request)]);
  return message([
    ...failureParts(request, lead, { failure, agentId, next }),
    ...(retry === undefined ? [] : [buttons(retry)]),
  ]);
}

/** What had failed, and who is behind it that it goes on. */
function failureParts(
  request: Request,
  lead: string,
  { failure, agentId, next }: { failure: Failure; agentId: number | undefined; next: string },
): Part[] {
  const { tried, changed } = explainFailure(failure, workWords(request).again);
  const agent = agentId === undefined ? '' : `Agent ID: \`${agentId}\``;
  const lines = [lead, escape(tried), changed, agent, next].filter((line) => line !== '');
  return [kept(paragraph(lines.join('\n'))), small(`Reference: \`${failure.reference}\``)];
}

/** What stands in the thread once somebody pressed one of its buttons: why it failed stays, and the buttons go. */
export function triedAgainMessage(
  request: Request,
  { by, how, failure, agentId }: NonNullable<Request['triedAgain']>,
): Message {
  const { step } = explainFailure(failure, workWords(request).again);
  const lead = `${requestName(request)} had failed ${step}.`;
  const next = `${mention(by)} ${retried[how]}.`;
  return message(failureParts(request, lead, { failure, agentId, next }));
}

const retried: Record<Retry, string> = {
  try_again: 'tried again',
  check_again: 'had HaloPSA searched for the agent again',
  create_anyway: 'had the agent created anyway',
};

function endedMessage(request: Request): Message {
  const line = `${mention(request.requester)}: ${requestName(request)}: ${stateText(request)}`;
  const again = actionButtons(request, againOn(request));
  return again === undefined
    ? words(`${line} To request it again, use ${workWords(request).again}.`)
    : message([kept(paragraph(line)), buttons(again)]);
}

/** To the requester directly: Slack does not take the card; or, later on, that it is over. */
export function cardProblemMessage(request: Request, { cardStands, cardProblem }: Posted): Message {
  const name = requestName(request);
  if (cardProblem === undefined) return words(`${name} is now posted in <#${request.channel}>.`);
  return words(
    cardStands
      ? redrawProblemLine(name, request.channel, cardProblem)
      : problemLine(name, request.channel, cardProblem),
  );
}

function redrawProblemLine(name: string, channel: string, problem: string): string {
  const instead = `\`/neo-status ${name}\` shows it, with its buttons.`;
  return problem === 'message_not_found'
    ? `The card of ${name} in <#${channel}> was deleted. The request isn’t affected: ${instead}`
    : `I can’t update the card of ${name} in <#${channel}> (Slack says \`${problem}\`), so it may show an earlier state. ${instead}`;
}

function problemLine(name: string, channel: string, problem: string): string {
  switch (problem) {
    case 'shared_channel':
      return `${name} is stored, but I won’t post it in <#${channel}>: that channel is shared with another company, so its people would see it. Withdraw it with \`/neo-status ${name}\` and request it in an internal channel. Nothing was changed in HaloPSA.`;
    case 'direct_message':
    case 'readers_unknown':
    case 'not_said':
      return `${name} is stored, but I won’t post it in <#${channel}>, because I can’t check who can read that conversation. Withdraw it with \`/neo-status ${name}\` and request it in an internal channel. Nothing was changed in HaloPSA.`;
    case 'too_many_messages':
      return `${name} may not be posted: Slack didn’t confirm it, and <#${channel}> has too many newer messages to check, so I don’t post it again. Look for it there. If it’s missing, withdraw it with \`/neo-status ${name}\` and request it again. Nothing was changed in HaloPSA.`;
    default:
      return [
        `${name} isn’t posted yet: I can’t post it in <#${channel}> (Slack says \`${problem}\`).`,
        `${adviceFor(problem, name)} Nothing was changed in HaloPSA.`,
      ].join('\n');
  }
}

/** Another channel would not help. */
const tooLong =
  'It’s too long for Slack, in any channel. Withdraw it, and press _Request again_ to shorten the note.';

/** What to do about Slack's refusal to post the card, by its code. */
const advice: Record<string, string> = {
  not_in_channel: inviteMe(),
  channel_not_found: inviteMe(),
  is_archived: 'That channel is archived. Unarchive it, and the card appears automatically.',
  restricted_action: allowMe('post'),
  restricted_action_read_only_channel: allowMe('post'),
  restricted_action_thread_only_channel: allowMe('start threads'),
  restricted_action_non_threadable_channel: allowMe('start threads'),
  restricted_action_thread_locked: allowMe('reply in threads'),
  team_access_not_granted: 'Ask an owner of your Slack organization to let this app into that workspace.',
  ekm_access_denied:
    'Your company’s key management blocks that channel: ask an owner of your Slack workspace.',
  message_limit_exceeded:
    'This workspace has reached Slack’s limit for messages: ask an owner of it. Then the card appears automatically.',
  missing_scope: reinstall(),
  no_permission: reinstall(),
  msg_blocks_too_long: tooLong,
  msg_too_long: tooLong,
  metadata_too_large: tooLong,
};

function adviceFor(problem: string, name: string): string {
  const known = advice[problem];
  if (known === tooLong) return known;
  const otherwise = `To use another channel, withdraw it with \`/neo-status ${name}\` and request it there.`;
  return known === undefined
    ? `I’ll keep trying automatically. Ask whoever runs this app to look up that code. ${otherwise}`
    : `${known} ${otherwise}`;
}

function inviteMe(): string {
  return 'Invite me there with `/invite @Neo Setup`, and the card appears automatically.';
}

function allowMe(what: string): string {
  return `That channel’s settings don’t let me ${what}. Ask somebody who manages it to allow it, and the card appears automatically.`;
}

function reinstall(): string {
  return 'I’m missing a Slack permission. Ask whoever runs this app to reinstall it from its manifest. Then the card appears automatically.';
}
