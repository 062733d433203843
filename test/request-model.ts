import { people, userGroups } from '../sandbox/slack/workspace.ts';
import type { Plan } from '../src/requests/plan.ts';
import type { Person, Policy } from '../src/requests/policy.ts';
import type { ReadBack, RequestState } from '../src/requests/request.ts';

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  standing: 'member',
  isAdmin: false,
  groups: [],
  timeZone: undefined,
  ...more,
});

const groups = userGroups.map(({ id }) => id);

/** Ana is the requester. Eva is in the approvers' user group, Gus is a guest, Cleo is an admin. */
export const clickers = {
  ana: person(people.ana.id),
  ben: person(people.ben.id),
  dan: person(people.dan.id),
  eva: person('U07EVA5J8N1', { groups }),
  cleo: person(people.cleo.id, { isAdmin: true }),
  gus: person(people.gus.id, { standing: 'guest' }),
};
export type Clicker = keyof typeof clickers;
export const everyClicker: readonly Clicker[] = ['ana', 'ben', 'dan', 'eva', 'cleo', 'gus'];
/** Who may decide what Ana requested, under the usual rules; Ana herself may only try again. */
export const deciders: readonly Clicker[] = ['ben', 'dan', 'eva'];

/** The settings of the app. An operator may change them at any time. */
export type Rules = {
  approvers: 'several' | 'ana alone' | 'admins';
  needed: 1 | 2 | 3;
  anaMayRequest: boolean;
  soloIsOn: boolean;
};

/** Gus is named too, but a guest may never decide. */
const named: Record<Rules['approvers'], Policy['approvers']> = {
  several: { users: [people.ana.id, people.ben.id, people.dan.id, people.gus.id], groups },
  'ana alone': { users: [people.ana.id, people.gus.id], groups: [] },
  admins: { users: [], groups: [] },
};
export const approversUnder: Record<Rules['approvers'], readonly Clicker[]> = {
  several: ['ana', 'ben', 'dan', 'eva'],
  'ana alone': ['ana'],
  admins: ['cleo'],
};

export const hour = 3_600_000;
export const times = { approvalTtlMs: 72 * hour, executionTtlMs: 24 * hour };
export const soloDelayMs = 24 * hour;

export const policyOf = ({ approvers, needed, anaMayRequest, soloIsOn }: Rules): Policy => ({
  ...times,
  approvers: named[approvers],
  requesters: { users: anaMayRequest ? [] : [people.ben.id], groups: [] },
  approvalsRequired: needed,
  soloDelayMs: soloIsOn ? soloDelayMs : undefined,
});

export const planNames = ['Neo Agent', 'Neo Agent 2'] as const;
export type PlanName = (typeof planNames)[number];

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

/** Which plan the person was looking at. A card of an earlier version does not say it. */
export type Shown = 'the one that is stored' | PlanName | 'not said';

/** What becomes known while an agent is created or repaired; `quorum`: at any time. */
export type Fact = 'quorum' | 'waits' | 'searches' | 'intent' | 'no intent' | 'agent';

export type Command =
  | { do: 'approve' | 'deny' | 'ask'; by: Clicker; shown: Shown }
  | { do: 'edit'; by: Clicker; shown: Shown; plan: PlanName; note: string }
  | { do: 'withdraw' | 'stop' | 'try again' | 'check again' | 'create anyway'; by: Clicker }
  | { do: 'deliver again'; what: 'edit' | 'question' }
  | { do: 'let time pass'; ms: number }
  | { do: 'change the rules'; rules: Partial<Rules> }
  | { do: 'tamper with the plan'; name: PlanName; withHash: boolean }
  | { do: 'learn'; fact: Fact }
  | { do: 'finish'; deviating: number[]; outcome: ReadBack['outcome'] }
  /** `isHidden`: HaloPSA may have agents that it does not show. */
  | { do: 'fail'; isProved: boolean; isHidden: boolean }
  /** `couldBeStopped`: whether somebody could see the card and press Stop. */
  | { do: 'carry out'; couldBeStopped: boolean }
  | { do: 'expire' | 'start' | 'send back' };

type Approval = { by: Clicker; at: number; plan: PlanName };

/** What is known of a request: all of it is compared with the stored one. */
export type Known = {
  state: RequestState;
  version: number;
  updatedAt: number;
  plan: PlanName;
  note: string;
  /** The plan that approvals are bound to. */
  boundTo: PlanName;
  expiresAt: number;
  approvals: Approval[];
  /** Undefined: requested by a version that knew only one. */
  needed: number | undefined;
  decision: (Approval & { kind: 'approved' | 'denied' | 'vetoed' | 'unopposed' }) | undefined;
  executeBy: number | undefined;
  carryOutAt: number | undefined;
  edit: { at: number; planBefore: PlanName; noteBefore: string; voided: Clicker[] } | undefined;
  questions: { by: Clicker; at: number }[];
  hasIntent: boolean;
  agentId: number | undefined;
  looksOnly: boolean;
  /** It failed because HaloPSA may hide agents. */
  isHidden: boolean;
  createAnyway: Clicker | undefined;
};
export type Model = Known & { at: number; rules: Rules; isRepair: boolean };

/** The agent that a repair is for, and the one that a setup makes. */
export const repairedAgent = 7;
export const newAgent = 9;
export const createdAt = 1_700_000_000_000;

const usual: Rules = { approvers: 'several', needed: 1, anaMayRequest: true, soloIsOn: false };
export const policy = policyOf(usual);

const pending: Model = {
  state: 'pending',
  version: 1,
  updatedAt: createdAt,
  plan: planNames[0],
  note: '',
  boundTo: planNames[0],
  expiresAt: createdAt + times.approvalTtlMs,
  approvals: [],
  needed: 1,
  decision: undefined,
  executeBy: undefined,
  carryOutAt: undefined,
  edit: undefined,
  questions: [],
  hasIntent: false,
  agentId: undefined,
  looksOnly: false,
  isHidden: false,
  createAnyway: undefined,
  at: createdAt,
  rules: usual,
  isRepair: false,
};
const alone: Rules = { ...usual, approvers: 'ana alone', soloIsOn: true };

/** Ana has just submitted one of these. */
export const requested = {
  setup: pending,
  'setup, in an earlier version': { ...pending, needed: undefined },
  'setup for two approvals': { ...pending, needed: 2, rules: { ...usual, needed: 2 } },
  'setup by the only approver': { ...pending, carryOutAt: createdAt + soloDelayMs, rules: alone },
  repair: { ...pending, isRepair: true },
} satisfies Record<string, Model>;
