import { isDeepStrictEqual } from 'node:util';
import { decided } from '../src/actions/action.ts';
import { approve } from '../src/actions/approve.ts';
import { ask } from '../src/actions/ask.ts';
import { checkAgain } from '../src/actions/check-again.ts';
import { createAnyway } from '../src/actions/create-anyway.ts';
import { deny } from '../src/actions/deny.ts';
import { edit } from '../src/actions/edit.ts';
import { stop } from '../src/actions/stop.ts';
import { tryAgain } from '../src/actions/try-again.ts';
import { withdraw } from '../src/actions/withdraw.ts';
import { carryOutUnopposed, type Decided } from '../src/requests/decisions.ts';
import { hashPlan, type Plan } from '../src/requests/plan.ts';
import type { Failure, ReadBack, Request } from '../src/requests/request.ts';
import { amend, expire, fail, finish, returnToApproval, startProvisioning } from '../src/requests/states.ts';
import { fields } from './request-commands.ts';
import {
  approversUnder,
  clickers,
  createdAt,
  everyClicker,
  newAgent,
  planNamed,
  planNames,
  policyOf,
  repairedAgent,
  soloDelayMs,
  type Clicker,
  type Command,
  type Known,
  type Model,
  type PlanName,
  type Shown,
} from './request-model.ts';
import { changedBy, isSolo, type Refused } from './request-rules.ts';

const plans: Record<PlanName, Plan> = {
  'Neo Agent': planNamed('Neo Agent'),
  'Neo Agent 2': planNamed('Neo Agent 2'),
};
const hashes: Record<PlanName, string> = {
  'Neo Agent': hashPlan(plans['Neo Agent']),
  'Neo Agent 2': hashPlan(plans['Neo Agent 2']),
};

/** The stored request that a sequence begins with. */
export function submitted({ plan, needed, carryOutAt, isRepair, expiresAt }: Model): Request {
  return {
    id: '0b7f6a52-4c1d-4e8f-9a36-d5c20e917b84',
    teamId: 'T07QH4M2K1A',
    number: 12,
    state: 'pending',
    version: 1,
    plan: plans[plan],
    planHash: hashes[plan],
    note: '',
    requester: clickers.ana.id,
    channel: 'C07MSPOPS11',
    createdAt,
    expiresAt,
    updatedAt: createdAt,
    approvalsRequired: needed,
    solo: carryOutAt === undefined ? undefined : { carryOutAt },
    repairs: isRepair
      ? { requestId: '91d4c0e7-5a2b-4f36-8e19-b70c3d58a2f4', number: 3, agentId: repairedAgent, fields: [] }
      : undefined,
    adopted: false,
  };
}

/** The request after the command, by the code under test. */
export function actual(request: Request, command: Command, model: Model): Request | Refused {
  const { at, rules } = model;
  const policy = policyOf(rules);
  const seen = (shown: Shown) =>
    shown === 'not said' ? undefined : shown === 'the one that is stored' ? request.planHash : hashes[shown];
  const click = (by: Clicker, shown: Shown = 'the one that is stored') => ({
    by: clickers[by],
    at,
    policy,
    shown: seen(shown),
  });
  switch (command.do) {
    case 'approve':
      return settled(decided(approve, request, click(command.by, command.shown), undefined));
    case 'deny':
      return settled(decided(deny, request, click(command.by, command.shown), denied));
    case 'ask': {
      const asked = { viewId: `V${model.version}`, text: 'Which desk?' };
      return settled(decided(ask, request, click(command.by, command.shown), asked));
    }
    case 'edit': {
      const { plan, note } = command;
      const solo = isSolo(rules) ? soloDelayMs : undefined;
      const edited = {
        viewId: `V${model.version}`,
        plan: plans[plan],
        note,
        haloThen: undefined,
        soloDelayMs: solo,
      };
      return settled(decided(edit, request, click(command.by, command.shown), edited));
    }
    case 'withdraw':
      return settled(decided(withdraw, request, click(command.by), undefined));
    case 'stop':
      return settled(decided(stop, request, click(command.by), undefined));
    case 'try again':
    case 'check again':
    case 'create anyway':
      return settled(decided(retries[command.do], request, click(command.by), undefined));
    case 'deliver again':
      return settled(deliveredAgain(request, command.what, model));
    case 'carry out': {
      const ids = approversUnder[rules.approvers].map((name) => clickers[name].id);
      const approvers = { ids, named: ids, notLookedUp: 0, isWhole: true, dead: [] };
      return (
        carryOutUnopposed(request, { approvers, policy, at, couldBeStopped: command.couldBeStopped }) ??
        noSuchChange
      );
    }
    case 'expire':
      return expire(request, at) ?? noSuchChange;
    case 'start':
      return unlessThrown(() => startProvisioning(request, at));
    case 'send back':
      return unlessThrown(() => returnToApproval(request, at, policy.approvalTtlMs));
    case 'finish':
      return unlessThrown(() => finish(request, request.agentId ?? repairedAgent, readBack(command), at));
    case 'fail': {
      const changed = changedBy(model, command.isProved);
      const failure: Failure = {
        step: 'create',
        cause: command.isHidden ? 'list_incomplete' : 'invalid',
        changed,
        reference: '5f0c9be4',
      };
      return unlessThrown(() => fail(request, failure, request.agentId, at));
    }
    case 'learn':
      return amend(request, at, facts(request, at)[command.fact]);
    case 'tamper with the plan': {
      const plan = plans[command.name];
      return { ...request, plan, ...(command.withHash && { planHash: hashes[command.name] }) };
    }
    case 'let time pass':
    case 'change the rules':
      return request;
  }
}
const retries = {
  'try again': tryAgain,
  'check again': checkAgain,
  'create anyway': createAnyway,
} as const;
const denied = { viewId: 'V', text: 'No' };
const noSuchChange: Refused = { refused: 'no_such_change' };

/** Slack delivers once more what was submitted in the same view. */
function deliveredAgain(request: Request, what: 'edit' | 'question', { at, rules }: Model): Decided {
  const policy = policyOf(rules);
  const { edit: last, questions = [], plan, note, planHash } = request;
  const question = questions.at(-1);
  if (what === 'question' && question !== undefined) {
    const by = clickers[nameOf(question.by)];
    return decided(ask, request, { by, at, policy, shown: planHash }, question);
  }
  if (last === undefined) throw new Error('Nothing was delivered before');
  const edited = { viewId: last.viewId, plan, note, haloThen: undefined, soloDelayMs: undefined };
  const click = { by: clickers.ana, at, policy, shown: hashPlan(last.planBefore) };
  return decided(edit, request, click, edited);
}

const facts = ({ repairs }: Request, at: number) => ({
  quorum: { quorum: 'too_few' as const },
  waits: { waitingUntil: at + 1_000, waitingBecause: 'unavailable' as const },
  searches: { isSearching: true },
  intent: { intent: { at } },
  'no intent': { intent: undefined },
  agent: repairs === undefined ? { agentId: newAgent } : { agentId: repairs.agentId, intent: { at } },
});

function readBack({ deviating, outcome }: Extract<Command, { do: 'finish' }>): ReadBack[] {
  return fields.map((field, index) => ({
    field,
    planned: 'as planned',
    outcome: deviating.includes(index) ? outcome : 'set',
  }));
}

function settled(decided: Decided): Request | Refused {
  return 'request' in decided ? decided.request : { refused: decided.refused };
}

function unlessThrown(change: () => Request): Request | Refused {
  try {
    return change();
  } catch {
    return noSuchChange;
  }
}

/** What the model knows too, in its words. */
export function knownOf(request: Request): Known {
  const { state, version, updatedAt, plan, note, planHash, expiresAt, approvals = [], edit: last } = request;
  const { decision, questions = [] } = request;
  return {
    state,
    version,
    updatedAt,
    plan: planCalled(plan),
    note,
    boundTo: planOf(planHash),
    expiresAt,
    approvals: approvals.map(approvalOf),
    needed: request.approvalsRequired,
    decision: decision && { ...approvalOf(decision), kind: decision.kind },
    executeBy: request.executeBy,
    carryOutAt: request.solo?.carryOutAt,
    edit: last && {
      at: last.at,
      planBefore: planCalled(last.planBefore),
      noteBefore: last.noteBefore,
      voided: last.voided.map(nameOf),
    },
    questions: questions.map(({ by, at }) => ({ by: nameOf(by), at })),
    hasIntent: request.intent !== undefined,
    agentId: request.agentId,
    looksOnly: request.looksOnly === true,
    isHidden: request.failure?.cause === 'list_incomplete',
    createAnyway: request.createAnyway && nameOf(request.createAnyway.by),
  };
}

const approvalOf = ({ by, at, planHash }: { by: string; at: number; planHash: string }) => ({
  by: nameOf(by),
  at,
  plan: planOf(planHash),
});
const nameOf = (id: string) => found(everyClicker.find((name) => clickers[name].id === id));
const planCalled = (plan: Plan) => found(planNames.find((name) => isDeepStrictEqual(plans[name], plan)));
const planOf = (hash: string) => found(planNames.find((name) => hashes[name] === hash));
function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The request holds what nobody put there');
  return value;
}
