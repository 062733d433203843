import { labelOf } from '../fields/index.ts';
import type { Request } from '../requests/request.ts';
import { orNothing, requestName, type Row } from './text.ts';

/** What a new agent and a repair are told in other words with. Parts of mrkdwn sentences. */
type WorkWords = {
  title: string;
  /** Of an approved request. */
  isNext: string;
  /** While HaloPSA was not changed, and from then on. */
  begins: string;
  goesOn: (agentId: number) => string;
  /** At the head of the card, once it is done. */
  isDone: (agentId: number) => string;
  /** In the thread, when HaloPSA reports every field as planned. */
  isReady: string;
  /** What the last approval does. */
  onApproval: string;
  /** How somebody asks for it once more, after "with". */
  again: string;
};

/** The words for what this request does in HaloPSA. */
export function workWords(request: Request): WorkWords {
  return request.repairs === undefined ? createWords(request) : repairWords(request, request.repairs);
}

function createWords({ plan, looksOnly }: Request): WorkWords {
  return {
    title: `New agent: ${plan.name}`,
    isNext:
      looksOnly === true
        ? 'I’m about to look for the agent in HaloPSA. No new one will be created.'
        : 'The agent is about to be created.',
    begins: looksOnly === true ? 'Looking for the agent in HaloPSA…' : 'Creating the agent in HaloPSA…',
    goesOn: (agentId) => `Created agent ID *${agentId}*. Checking its settings…`,
    isDone: (agentId) => `Done: agent ID *${agentId}*.`,
    isReady: 'the agent is ready. HaloPSA has every setting as requested.',
    onApproval: `I’ll create ${plan.name} in HaloPSA right away. It uses one named licence.`,
    again: '*Request again*',
  };
}

function repairWords(
  { intent, plan }: Request,
  { agentId, number }: NonNullable<Request['repairs']>,
): WorkWords {
  return {
    title: `Repair agent ${agentId}: ${plan.name}`,
    isNext: `Agent *${agentId}* is about to be repaired.`,
    begins: `Looking at agent *${agentId}* in HaloPSA…`,
    goesOn: () => `Repairing agent *${agentId}* in HaloPSA…`,
    isDone: () => `Repaired: agent ID *${agentId}*.`,
    isReady:
      intent === undefined
        ? 'nothing had to be repaired. HaloPSA already had every setting as requested.'
        : 'the agent is repaired. HaloPSA has every setting as requested.',
    onApproval: `I’ll restore these settings of ${plan.name} (agent ID ${agentId}) right away. No new agent is created.`,
    again: `_Repair_ in the thread of ${requestName({ number })}`,
  };
}

/** What of the agent differed when its repair was asked for. */
export function repairRows({ repairs }: Request): Row[] {
  return (repairs?.fields ?? []).map(({ field, reported, planned }) => ({
    label: labelOf(field),
    value: `${orNothing(reported)} → ${planned}`,
  }));
}
