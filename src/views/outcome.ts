import type { Retry } from '../requests/decisions.ts';
import type { Failure, ReadBack, Request } from '../requests/request.ts';
import type { SetUp } from '../requests/states.ts';
import { retryButtons } from './decision-buttons.ts';
import { explainFailure } from './failure-text.ts';
import { mendByHand } from './mend-by-hand.ts';
import { fieldLabels } from './plan-rows.ts';
import { decidedBy, standing } from './request-card.ts';
import { workWords } from './work-words.ts';
import { buttons, kept, message, paragraph, small, table, words, type Message } from './message.ts';
import { escape, mention, orNothing, requestName, type Row } from './text.ts';

/** The next page of the guide, in short. */
const nextStep = [
  '*Next step: the API application.* In HaloPSA open Configuration → Integrations → HaloPSA API → View Applications → New.',
  'Name `Neo Agent Integration`, Active, authentication method *Client ID and Secret (Services)*, login type Agent, and log in as the agent above.',
  'Scopes: `all:standard`, `all:teams` and `admin:webhooks`, no others. Then connect Neo with the Client ID, the secret, your HaloPSA address and the Agent ID.',
].join('\n');

/** The reply in the thread that says how a request ended. */
export function outcomeMessage(request: Request): Message {
  const { state, agentId, failure } = request;
  if ((state === 'done' || state === 'incomplete') && agentId !== undefined)
    return setUpMessage({ ...request, agentId });
  if (state === 'failed' && failure !== undefined) return failedMessage(request, failure);
  return endedMessage(request);
}

function setUpMessage(request: SetUp): Message {
  const isRepair = request.repairs !== undefined;
  const readBack = request.readBack ?? [];
  const wrong = readBack.filter(({ outcome }) => outcome === 'different' || outcome === 'not_reported');
  const byHand = wrong.length === 0 ? '' : mendByHand(request, wrong).join('\n');
  const lead = `${mention(request.requester)} ${setUpLead(request, wrong)}`;
  const agentId = `Agent ID: \`${request.agentId}\``;
  const fields: Row[] = [
    ...readBack.map((field) => ({ label: fieldLabels[field.field], value: readBackText(field, request) })),
    ...(isRepair ? [] : [{ label: 'Password', value: 'generated and sent; cannot be read back' }]),
  ];
  const adopted = request.adopted
    ? 'No answer of HaloPSA to the create is recorded, so the agent was found in its list by name and email address.'
    : '';
  const people = `Asked for by ${mention(request.requester)}. ${decidedBy(request, 'Approved')}.`;
  return message([
    kept(paragraph(lead)),
    kept(paragraph(`*${agentId}*`)),
    ...(adopted === '' ? [] : [small(adopted)]),
    ...(byHand === '' ? [] : [kept(paragraph(byHand))]),
    small('As HaloPSA reports it:'),
    table(fields),
    small(people),
    ...(isRepair ? [] : [paragraph(nextStep)]),
  ]);
}

function setUpLead(request: Request, wrong: readonly ReadBack[]): string {
  if (wrong.length === 0) return workWords(request).isReady;
  const names = (outcome: ReadBack['outcome']) =>
    wrong
      .filter((field) => field.outcome === outcome)
      .map(({ field }) => fieldLabels[field])
      .join(', ');
  const kept = names('different');
  const silent = names('not_reported');
  return [
    'the agent exists, but not every field is as planned.',
    kept === '' ? '' : `HaloPSA kept another value: ${kept}.`,
    silent === '' ? '' : `HaloPSA does not report: ${silent}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function readBackText(field: ReadBack, { haloThen }: Request): string {
  switch (field.outcome) {
    case 'set':
    case 'set_by_update': {
      const value = field.reported ?? field.planned;
      const facts = [
        ...(field.outcome === 'set' ? [] : ['set after a second try']),
        ...(field.field === 'defaultTeam' ? whichTeam(haloThen) : []),
      ];
      return facts.length === 0 ? value : `${value} (${facts.join('; ')})`;
    }
    case 'different':
      return `HaloPSA kept another value: ${orNothing(field.reported)} (planned: ${field.planned})`;
    case 'not_reported':
      return `cannot be read back: HaloPSA reports nothing for this field (planned: ${field.planned})`;
  }
}

function whichTeam({ defaultTeams = 1 }: Partial<NonNullable<Request['haloThen']>> = {}): string[] {
  return defaultTeams === 1
    ? []
    : [`HaloPSA reports the name alone, and has ${defaultTeams} teams of it: check which one it is`];
}

function failedMessage(request: Request, failure: Failure): Message {
  const { tried, changed, next } = explainFailure(failure, workWords(request).again);
  const lead = `${mention(request.requester)} ${requestName(request)} is not finished.`;
  const agent = request.agentId === undefined ? '' : `Agent ID: \`${request.agentId}\``;
  const reference = `Reference: \`${failure.reference}\``;
  const lines = [lead, escape(tried), changed, agent, next].filter((line) => line !== '');
  const retry = retryButtons(request);
  return message([
    kept(paragraph(lines.join('\n'))),
    small(reference),
    ...(retry === undefined ? [] : [buttons(retry)]),
  ]);
}

/** What stands in the thread instead of the buttons once somebody pressed one. */
export function triedAgainMessage(request: Request, by: string, how: Retry): Message {
  const line = `${requestName(request)} did not finish. ${mention(by)} ${retried[how]}.`;
  return words(line);
}

const retried: Record<Retry, string> = {
  try_again: 'sent it to HaloPSA again',
  check_again: 'has HaloPSA searched for its agent again',
  create_anyway: 'looked in HaloPSA and has the agent created anyway',
};

function endedMessage(request: Request): Message {
  const line = `${mention(request.requester)} ${requestName(request)}: ${standing(request)} You can ask again with ${workWords(request).again}.`;
  return words(line);
}

/** A direct message: the request waits, but nobody can see it. `problem`: Slack's error code, or one of ours. */
export function cardNotPostedMessage(request: Request, problem: string): Message {
  const name = requestName(request);
  const line = problemLine(name, request.channel, problem);
  return words(line);
}

function problemLine(name: string, channel: string, problem: string): string {
  switch (problem) {
    case 'shared_channel':
      return `${name} is stored, but I do not post it in <#${channel}>: that channel is shared with another company, whose people would see the card. Withdraw it with \`/neo-status ${name}\` and ask again in a channel of your own. Nothing was changed in HaloPSA.`;
    case 'direct_message':
    case 'missing_scope':
    case 'not_said':
      return `${name} is stored, but I do not post it in <#${channel}>, because I can’t check who can read that conversation (\`${problem}\`). Withdraw it with \`/neo-status ${name}\` and ask again in an internal channel. Nothing was changed in HaloPSA.`;
    case 'too_many_messages':
      return `${name} is stored. Slack didn’t confirm my post in <#${channel}>, and there are too many newer messages to check whether it’s there, so I don’t post it again. Look for it there, or withdraw it with \`/neo-status ${name}\` and start over. Nothing was changed in HaloPSA.`;
    default:
      return [
        `${name} is stored, but I cannot post it in <#${channel}> (Slack says \`${problem}\`).`,
        'Invite me there with `/invite @Neo Setup`, and the card appears by itself. Nothing was changed in HaloPSA.',
      ].join('\n');
  }
}
