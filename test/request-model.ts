import fc from 'fast-check';
import { people } from '../sandbox/slack/workspace.ts';
import type { Plan } from '../src/requests/plan.ts';
import type { Person, Policy } from '../src/requests/policy.ts';
import { readBackSchema, type Failure, type ReadBack, type RequestState } from '../src/requests/request.ts';

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  standing: 'member',
  isAdmin: false,
  groups: [],
  timeZone: undefined,
  ...more,
});

/** Ana asks. Ana, Ben and Dan are approvers; so is Gus by the list, but he is a guest. Cleo is not on the list. */
export const clickers = {
  ana: person(people.ana.id),
  ben: person(people.ben.id),
  dan: person(people.dan.id),
  cleo: person(people.cleo.id, { isAdmin: true }),
  gus: person(people.gus.id, { standing: 'guest' }),
};
export type Clicker = keyof typeof clickers;
export const everyClicker: readonly Clicker[] = ['ana', 'ben', 'dan', 'cleo', 'gus'];
/** Who may decide what Ana asked for; Ana herself may only try again. */
export const deciders: readonly Clicker[] = ['ben', 'dan'];
export const policy: Policy = {
  approvers: { users: [people.ana.id, people.ben.id, people.dan.id, people.gus.id], groups: [] },
  requesters: { users: [], groups: [] },
  approvalsRequired: 1,
  approvalTtlMs: 72 * 3_600_000,
  executionTtlMs: 24 * 3_600_000,
  soloDelayMs: undefined,
};

export function planNamed(name: string): Plan {
  return {
    name,
    email: 'team@neoagent.io',
    roles: [{ id: '3f8a2c71-9b40-4d6e-8a15-c2e7d90b4f63', name: '1st Line Support', isAdministrator: false }],
    isActive: true,
    teams: [{ id: 4, name: '1st Line' }],
    workday: { id: 2, name: 'Sydney desk', hours: 'Mon to Fri 08:00–17:00' },
    timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
  };
}

const hour = 3_600_000;
export const createdAt = 1_700_000_000_000;
export const expiresAt = createdAt + 72 * hour;
export const fields = readBackSchema.shape.field.options;
export const planNames = ['Neo Agent', 'Neo Agent 2'] as const;

export type Command =
  | { do: 'decide'; by: Clicker; kind: 'approved' | 'denied' }
  | { do: 'try again'; by: Clicker; looksOnly: boolean }
  | { do: 'let time pass'; ms: number }
  | { do: 'change the plan'; name: string; withHash: boolean }
  | { do: 'learn'; fact: 'card' | 'intent' | 'no intent' | 'agent' }
  | { do: 'finish'; deviating: number[]; outcome: ReadBack['outcome'] }
  | { do: 'fail'; isProved: boolean }
  | { do: 'expire' | 'start' };

/** What is to be known of a request after any commands. */
export type Model = {
  state: RequestState;
  version: number;
  at: number;
  plan: string;
  planOfHash: string;
  decision: { by: string; at: number; plan: string } | undefined;
  hasIntent: boolean;
  agentId: number | undefined;
};

/** Ana has just asked. */
export const start: Model = {
  state: 'pending',
  version: 1,
  at: createdAt,
  plan: planNames[0],
  planOfHash: planNames[0],
  decision: undefined,
  hasIntent: false,
  agentId: undefined,
};

/** The model after the command. Undefined: the command must be refused and change nothing. */
export function expected(model: Model, command: Command): Model | undefined {
  const { state, at, plan, decision } = model;
  const to = (next: RequestState, more: Partial<Model> = {}, isAllowed = true) =>
    isAllowed ? { ...model, version: model.version + 1, state: next, ...more } : undefined;
  switch (command.do) {
    case 'let time pass':
      return { ...model, at: at + command.ms };
    case 'change the plan':
      return { ...model, plan: command.name, ...(command.withHash && { planOfHash: command.name }) };
    case 'decide': {
      const isAllowed =
        state === 'pending' && deciders.includes(command.by) && at < expiresAt && plan === model.planOfHash;
      const by = clickers[command.by].id;
      return to(command.kind, { decision: { by, at, plan } }, isAllowed);
    }
    case 'try again': {
      const mayClick = command.by === 'ana' || deciders.includes(command.by);
      const hasLapsed =
        decision !== undefined && model.agentId === undefined && at >= decision.at + policy.executionTtlMs;
      const isAllowed = state === 'failed' && mayClick && plan === decision?.plan;
      return to('approved', {}, isAllowed && (command.looksOnly || !hasLapsed));
    }
    case 'expire':
      return to('expired', {}, state === 'pending' && at >= expiresAt);
    case 'start':
      return to('provisioning', {}, state === 'approved');
    case 'finish': {
      const isSet = command.deviating.length === 0 || command.outcome.startsWith('set');
      return to(isSet ? 'done' : 'incomplete', {}, state === 'provisioning');
    }
    case 'fail': {
      const hasIntent = model.hasIntent && changedBy(model, command.isProved) !== 'nothing';
      return to('failed', { hasIntent }, state === 'approved' || state === 'provisioning');
    }
    case 'learn':
      return to(state, {
        hasIntent: command.fact === 'intent' || (model.hasIntent && command.fact !== 'no intent'),
        agentId: command.fact === 'agent' ? 9 : model.agentId,
      });
  }
}

/** What a run may say truthfully when it fails. */
export function changedBy({ agentId, hasIntent }: Model, isProved: boolean): Failure['changed'] {
  if (agentId !== undefined) return 'agent_created';
  return hasIntent && !isProved ? 'unknown' : 'nothing';
}

/** Facts and plans that nobody could bring at this moment are left out; clicks and handlers may come at any time. */
export function mayHappen({ state, hasIntent, agentId }: Model, command: Command): boolean {
  if (command.do === 'change the plan') return state === 'pending' || state === 'failed';
  if (command.do !== 'learn' || command.fact === 'card') return true;
  const isCreating = state === 'provisioning' && agentId === undefined;
  return isCreating && (command.fact === 'intent' || hasIntent);
}

const who = fc.constantFrom(...everyClicker);
const anything = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('decide'),
        by: who,
        kind: fc.constantFrom('approved', 'approved', 'denied'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('try again'), by: who, looksOnly: fc.boolean() }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('let time pass'),
        // The last of them ends exactly at the deadline.
        ms: fc.constantFrom(hour, 24 * hour, 72 * hour),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('change the plan'),
        name: fc.constantFrom(...planNames),
        withHash: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('learn'),
        fact: fc.constantFrom('card', 'intent', 'no intent', 'agent'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('finish'),
        deviating: fc.uniqueArray(fc.nat({ max: fields.length - 1 }), { maxLength: 2 }),
        outcome: fc.constantFrom('set_by_update', 'different', 'not_reported'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('fail'), isProved: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('expire', 'start') }) },
  ),
  { maxLength: 40, size: 'max' },
);

const approve: Command = { do: 'decide', by: 'ben', kind: 'approved' };
const intend: Command[] = [approve, { do: 'start' }, { do: 'learn', fact: 'intent' }];
/** Some start where others rarely get to. */
const openings = fc.constantFrom<Command[]>([], [approve], intend, [
  ...intend,
  { do: 'learn', fact: 'agent' },
]);
/** Random sequences of anything, at any time. */
export const commands = fc.tuple(openings, anything).map(([opening, rest]) => [...opening, ...rest]);
