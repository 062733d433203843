import type { Refusal } from '../src/requests/decisions.ts';
import type { Failure } from '../src/requests/request.ts';
import {
  approversUnder,
  newAgent,
  repairedAgent,
  soloDelayMs,
  times,
  type Clicker,
  type Command,
  type Fact,
  type Known,
  type Model,
  type PlanName,
  type Rules,
  type Shown,
} from './request-model.ts';

export type Refused = { refused: Refusal['refused'] | 'no_such_change' };
/** What holds, and what the person reads then. */
type Obstacle = readonly [boolean, Refused['refused']];

/** The model after the command, or why nothing may have changed: the first obstacle that holds. */
export function expected(model: Model, command: Command): Model | Refused {
  const found = obstacles(model, command).find(([holds]) => holds);
  return found === undefined ? { ...model, ...changes(model, command) } : { refused: found[1] };
}

function obstacles(model: Model, command: Command): Obstacle[] {
  const { state, at, plan, decision, rules } = model;
  switch (command.do) {
    case 'approve':
      return [
        ...cannotDecide(model, command),
        [approvalsFor(model).some(({ by }) => by === command.by), 'approved_before'],
      ];
    case 'deny':
    case 'ask':
      return cannotDecide(model, command);
    case 'edit':
      return [
        ...notTheRequester(command.by),
        [!rules.anaMayRequest, 'not_allowed'],
        ...notPending(model),
        [model.isRepair, 'repair_has_its_plan'],
        [!sawThePlan(model, command.shown), 'plan_changed'],
        [command.plan === plan && command.note === model.note, 'nothing_edited'],
      ];
    case 'withdraw':
      return [...notTheRequester(command.by), ...notPending(model)];
    case 'stop':
      return [
        [command.by === 'gus', 'not_allowed'],
        ...notPending(model),
        [model.carryOutAt === undefined, 'already_decided'],
      ];
    case 'try again':
    case 'check again':
    case 'create anyway':
      return [
        [!approversUnder[rules.approvers].includes(command.by), 'not_an_approver'],
        [state !== 'failed', 'already_decided'],
        [command.do === 'create anyway' && !model.isHidden, 'already_decided'],
        [command.do === 'create anyway' && command.by === 'ana', 'self_approval'],
        [plan !== decision?.plan, 'plan_changed'],
        [command.do !== 'check again' && hasLapsed(model), 'lapsed'],
      ];
    case 'carry out':
      return [
        ...only(state === 'pending' && at < model.expiresAt),
        ...only(at >= (model.carryOutAt ?? Infinity)),
      ];
    case 'expire':
      return only(state === 'pending' && at >= model.expiresAt);
    case 'start':
      return only(state === 'approved');
    case 'send back':
      return only(state === 'approved' || state === 'provisioning');
    case 'finish':
      return only(state === 'provisioning');
    case 'fail':
      return only(state === 'approved' || state === 'provisioning');
    case 'learn':
    case 'let time pass':
    case 'change the rules':
    case 'tamper with the plan':
    case 'deliver again':
      return [];
  }
}

const only = (when: boolean): Obstacle[] => [[!when, 'no_such_change']];

function cannotDecide(model: Model, { by, shown }: { by: Clicker; shown: Shown }): Obstacle[] {
  return [
    [!approversUnder[model.rules.approvers].includes(by), 'not_an_approver'],
    ...notPending(model),
    [by === 'ana', 'self_approval'],
    [!sawThePlan(model, shown), 'plan_changed'],
  ];
}

function notPending({ state, at, expiresAt }: Model): Obstacle[] {
  return [
    [state === 'expired' || (state === 'pending' && at >= expiresAt), 'expired'],
    [state !== 'pending', 'already_decided'],
  ];
}

const notTheRequester = (by: Clicker): Obstacle[] => [
  [by === 'gus', 'not_allowed'],
  [by !== 'ana', 'not_the_requester'],
];

/** It is the plan that approvals are bound to, and nobody changed what is stored. */
function sawThePlan({ plan, boundTo }: Model, shown: Shown): boolean {
  return plan === boundTo && [plan, 'the one that is stored'].includes(shown);
}

/** An approval counts for the plan that it was given for, and for no other. */
const approvalsFor = ({ approvals, plan }: Model) => approvals.filter((one) => one.plan === plan);

const hasLapsed = ({ at, agentId, executeBy = Infinity }: Model) => agentId === undefined && at >= executeBy;

/** What an allowed command changes. */
function changes(model: Model, command: Command): Partial<Model> {
  const { at, plan, rules } = model;
  const changed = (more: Partial<Model>) => ({ version: model.version + 1, updatedAt: at, ...more });
  const decided = (by: Clicker, kind: NonNullable<Known['decision']>['kind']) => ({
    by,
    at,
    plan: model.boundTo,
    kind,
  });
  switch (command.do) {
    case 'approve': {
      const approvals = [...approvalsFor(model), { by: command.by, at, plan }];
      const needed = Math.max(model.needed ?? 1, rules.needed);
      if (approvals.length < needed) return changed({ approvals, needed });
      const executeBy = at + times.executionTtlMs;
      const decision = decided(command.by, 'approved');
      return changed({ state: 'approved', approvals, needed, decision, executeBy });
    }
    case 'deny':
      return changed({ state: 'denied', decision: decided(command.by, 'denied') });
    case 'ask':
      return changed({ questions: [...model.questions, { by: command.by, at }] });
    case 'edit':
      return changed(edited(model, command));
    case 'withdraw':
      return changed({ state: 'withdrawn' });
    case 'stop':
      return changed({ state: 'denied', decision: decided(command.by, 'vetoed') });
    case 'carry out': {
      const isCarriedOut = command.couldBeStopped && isSolo(rules) && plan === model.boundTo;
      if (!isCarriedOut) return changed({ carryOutAt: undefined });
      const executeBy = at + times.executionTtlMs;
      return changed({ state: 'approved', decision: decided('ana', 'unopposed'), executeBy });
    }
    case 'try again':
    case 'check again':
    case 'create anyway':
      return changed({
        state: 'approved',
        looksOnly: command.do === 'check again',
        isHidden: false,
        createAnyway: command.do === 'create anyway' ? command.by : undefined,
      });
    case 'expire':
      return changed({ state: 'expired' });
    case 'send back': {
      const expiresAt = at + times.approvalTtlMs;
      const nothingDecided = { approvals: [], decision: undefined, executeBy: undefined };
      return changed({
        state: 'pending',
        ...nothingDecided,
        expiresAt,
        looksOnly: false,
        createAnyway: undefined,
      });
    }
    case 'start':
      return changed({ state: 'provisioning' });
    case 'finish': {
      const isAsPlanned = command.deviating.length === 0 || command.outcome.startsWith('set');
      const agentId = model.agentId ?? repairedAgent;
      return changed({
        state: isAsPlanned ? 'done' : 'incomplete',
        agentId,
        looksOnly: false,
        createAnyway: undefined,
      });
    }
    case 'fail': {
      const hasIntent = model.hasIntent && changedBy(model, command.isProved) !== 'nothing';
      const { isHidden } = command;
      return changed({ state: 'failed', hasIntent, looksOnly: false, isHidden, createAnyway: undefined });
    }
    case 'learn':
      return changed(learned(model, command.fact));
    case 'let time pass':
      return { at: at + command.ms };
    case 'change the rules':
      return { rules: { ...rules, ...command.rules } };
    case 'tamper with the plan':
      return { plan: command.name, ...(command.withHash && { boundTo: command.name }) };
    case 'deliver again':
      return {};
  }
}

/** Approval starts over, with all of its time and under the rules of now. */
function edited(model: Model, { plan, note }: { plan: PlanName; note: string }): Partial<Model> {
  const { at, rules } = model;
  return {
    plan,
    note,
    boundTo: plan,
    approvals: [],
    needed: rules.needed,
    expiresAt: at + times.approvalTtlMs,
    carryOutAt: isSolo(rules) ? at + soloDelayMs : undefined,
    edit: {
      // No edit is dated before the one that it follows, or as it.
      at: Math.max(at, (model.edit?.at ?? 0) + 1),
      planBefore: model.plan,
      noteBefore: model.note,
      voided: model.approvals.map(({ by }) => by),
    },
  };
}

/** Nobody but Ana could approve what she edits now, and a delay stands in for the one approval that it needs. */
export const isSolo = ({ approvers, needed, soloIsOn }: Rules) =>
  approvers === 'ana alone' && needed === 1 && soloIsOn;

function learned({ isRepair }: Model, fact: Fact): Partial<Model> {
  if (fact === 'agent') return isRepair ? { agentId: repairedAgent, hasIntent: true } : { agentId: newAgent };
  if (fact === 'intent' || fact === 'no intent') return { hasIntent: fact === 'intent' };
  return {};
}

/** What a run may say truthfully when it fails. */
export function changedBy({ agentId, hasIntent, isRepair }: Model, isProved: boolean): Failure['changed'] {
  if (agentId !== undefined) return isRepair ? 'agent_repaired' : 'agent_created';
  return hasIntent && !isProved ? 'unknown' : 'nothing';
}

/** Facts that nobody could bring at this moment are left out; clicks and handlers may come at any time. */
export function mayHappen(model: Model, command: Command): boolean {
  const { state, agentId, isRepair } = model;
  if (command.do === 'tamper with the plan') return state === 'pending' || state === 'failed';
  if (command.do === 'deliver again')
    return command.what === 'edit' ? model.edit !== undefined : model.questions.length > 0;
  if (command.do === 'finish') return state !== 'provisioning' || agentId !== undefined || isRepair;
  return command.do !== 'learn' || mayBecomeKnown(model, command.fact);
}

function mayBecomeKnown({ state, hasIntent, agentId, isRepair }: Model, fact: Fact): boolean {
  if (fact === 'quorum') return true;
  if (state !== 'provisioning') return false;
  if (fact === 'waits' || fact === 'searches') return true;
  if (agentId !== undefined) return false;
  return isRepair ? fact === 'agent' : fact === 'intent' || hasIntent;
}
