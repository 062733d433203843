import fc from 'fast-check';
import { readBackSchema, type ReadBack } from '../src/requests/request.ts';
import {
  hour,
  planNames,
  soloDelayMs,
  times,
  type Clicker,
  type Command,
  type Fact,
  type PlanName,
  type Rules,
  type requested,
  type Shown,
} from './request-model.ts';

export const fields = readBackSchema.shape.field.options;

const anybody = fc.constantFrom<Clicker>(
  'ana',
  'ana',
  'ana',
  'ben',
  'ben',
  'ben',
  'dan',
  'eva',
  'cleo',
  'gus',
);
const now = 'the one that is stored';
const shown = fc.constantFrom<Shown>(now, now, now, ...planNames, ...planNames, 'not said');
const planName = fc.constantFrom(...planNames);
/** One setting at a time. */
const changesOfRules: Partial<Rules>[] = [
  ...(['several', 'ana alone', 'admins'] as const).map((approvers) => ({ approvers })),
  ...([1, 2] as const).map((needed) => ({ needed })),
  { anaMayRequest: false },
  { soloIsOn: false },
];
/** Each of them may end exactly at a deadline. */
const pauses = [hour, 24 * hour, 72 * hour];

const command = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('approve', 'approve', 'deny', 'ask'),
      by: anybody,
      shown,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('edit'),
      by: anybody,
      shown,
      plan: planName,
      note: fc.constantFrom('', 'Before Monday, please'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('withdraw', 'stop', 'try again', 'check again', 'create anyway'),
      by: anybody,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('deliver again'),
      what: fc.constantFrom('edit', 'question'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('let time pass'), ms: fc.constantFrom(...pauses) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('change the rules'), rules: fc.constantFrom(...changesOfRules) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('tamper with the plan'), name: planName, withHash: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('learn'),
      fact: fc.constantFrom('quorum', 'waits', 'searches', 'intent', 'no intent', 'agent'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('finish'),
      deviating: fc.uniqueArray(fc.nat({ max: fields.length - 1 }), { maxLength: 2 }),
      outcome: fc.constantFrom('set_by_update', 'different', 'not_reported'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fail'), isProved: fc.boolean(), isHidden: fc.boolean() }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('expire', 'start', 'start', 'send back') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('carry out'), couldBeStopped: fc.boolean() }),
  },
);

type Start = keyof typeof requested;
export type Sequence = { requested: Start; commands: Command[] };

const anyStart = fc.constantFrom<Start[]>(
  'setup',
  'setup, in an earlier version',
  'setup for two approvals',
  'setup by the only approver',
  'repair',
);
/** Random sequences of anything, at any time. */
export const randomSequences: fc.Arbitrary<Sequence> = fc.record({
  requested: anyStart,
  commands: fc.array(command, { maxLength: 30, size: 'max' }),
});

const approve = (by: Clicker): Command => ({ do: 'approve', by, shown: now });
const ask: Command = { do: 'ask', by: 'dan', shown: now };
const edit = (plan: PlanName): Command => ({ do: 'edit', by: 'ana', plan, note: '', shown: now });
const pass = (ms: number): Command => ({ do: 'let time pass', ms });
const tryAgain: Command = { do: 'try again', by: 'ben' };
const checkAgain: Command = { do: 'check again', by: 'ben' };
const learn = (fact: Fact): Command => ({ do: 'learn', fact });
const start: Command = { do: 'start' };
const carryOut = (couldBeStopped: boolean): Command => ({ do: 'carry out', couldBeStopped });
const create: Command[] = [start, learn('intent'), learn('agent')];
const fail: Command = { do: 'fail', isProved: false, isHidden: false };
const failHidden: Command = { do: 'fail', isProved: false, isHidden: true };
const createAnyway = (by: Clicker): Command => ({ do: 'create anyway', by });
/** Nothing more may come of it then. */
const finish = (outcome: ReadBack['outcome']): Command[] => [
  { do: 'finish', deviating: [0], outcome },
  start,
  fail,
];

/** How it may go. Random commands alone rarely get so far. */
const stories: [Start, Command[]][] = [
  ['setup', [ask, approve('ben'), ...create, learn('waits'), fail, tryAgain, start, ...finish('different')]],
  ['setup', [approve('ben'), start, learn('intent'), learn('searches'), fail, checkAgain, fail]],
  [
    'setup',
    [approve('ben'), start, learn('intent'), { do: 'fail', isProved: true, isHidden: false }, tryAgain],
  ],
  ['setup', [approve('ben'), start, failHidden, createAnyway('ana'), createAnyway('ben'), ...create]],
  [
    'setup',
    [approve('ben'), start, failHidden, pass(times.executionTtlMs), createAnyway('ben'), createAnyway('gus')],
  ],
  ['setup', [pass(times.approvalTtlMs), { do: 'withdraw', by: 'ana' }]],
  ['setup, in an earlier version', [approve('ben'), fail, tryAgain, fail]],
  ['setup for two approvals', [approve('ben'), approve('ben'), approve('dan')]],
  ['setup for two approvals', [approve('ben'), edit(planNames[1]), approve('dan'), approve('ben')]],
  ['setup by the only approver', [pass(soloDelayMs), carryOut(true), ...create, ...finish('not_reported')]],
  ['repair', [approve('ben'), start, learn('agent'), fail, tryAgain, start, ...finish('set_by_update')]],
];
const meddling: Command[] = [
  ...changesOfRules.map((rules): Command => ({ do: 'change the rules', rules })),
  ...[true, false].map((withHash): Command => ({ do: 'tamper with the plan', name: planNames[1], withHash })),
  ...pauses.map(pass),
  edit(planNames[1]),
  { do: 'deliver again', what: 'edit' },
  { do: 'deliver again', what: 'question' },
  { do: 'withdraw', by: 'ana' },
  { do: 'stop', by: 'cleo' },
  { do: 'deny', by: 'ben', shown: now },
  { do: 'expire' },
  { do: 'send back' },
  carryOut(false),
];
/** Every story with all that may come between two of its steps. */
export const storiesWithMeddling: Sequence[] = stories.flatMap(([requested, steps]) =>
  steps.flatMap((_, at) =>
    meddling.map((one) => ({ requested, commands: [...steps.slice(0, at), one, ...steps.slice(at)] })),
  ),
);
