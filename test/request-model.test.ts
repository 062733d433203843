import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { people } from '../sandbox/slack/workspace.ts';
import { requestSchema, type Request, type RequestState } from '../src/requests/request.ts';
import { isOpen } from '../src/requests/states.ts';
import { randomSequences, storiesWithMeddling, type Sequence } from './request-commands.ts';
import { actual, knownOf, submitted } from './request-driver.ts';
import { requested, type Command, type Model } from './request-model.ts';
import { expected, mayHappen } from './request-rules.ts';

/** Every change of state that may be seen. */
const arrows = [
  'pending → approved',
  'pending → denied',
  'pending → withdrawn',
  'pending → expired',
  'approved → pending',
  'approved → provisioning',
  'approved → failed',
  'provisioning → pending',
  'provisioning → done',
  'provisioning → incomplete',
  'provisioning → failed',
  'failed → approved',
];

/** Everything that a click or a handler may come to. */
const late = ['expired', 'already_decided'];
const deciding = ['ok', 'not_an_approver', ...late, 'self_approval', 'plan_changed'];
const outcomes: Record<string, string[]> = {
  approve: [...deciding, 'approved_before'],
  deny: deciding,
  ask: deciding,
  edit: [
    'ok',
    'not_allowed',
    'not_the_requester',
    ...late,
    'repair_has_its_plan',
    'plan_changed',
    'nothing_edited',
  ],
  withdraw: ['ok', 'not_allowed', 'not_the_requester', ...late],
  stop: ['ok', 'not_allowed', ...late],
  'try again': ['ok', 'not_an_approver', 'already_decided', 'plan_changed', 'lapsed'],
  'check again': ['ok', 'not_an_approver', 'already_decided', 'plan_changed'],
  'create anyway': ['ok', 'not_an_approver', 'already_decided', 'self_approval', 'plan_changed', 'lapsed'],
  'carry out': ['ok', 'no_such_change'],
  expire: ['ok', 'no_such_change'],
  start: ['ok', 'no_such_change'],
  'send back': ['ok', 'no_such_change'],
  finish: ['ok', 'no_such_change'],
  fail: ['ok', 'no_such_change'],
};

const everything = [
  ...arrows,
  ...Object.entries(outcomes).flatMap(([what, all]) => all.map((outcome) => `${what}: ${outcome}`)),
];

/** How somebody must have decided for a request to be in this state. */
const decidedBy: Record<RequestState, readonly (string | undefined)[]> = {
  pending: [undefined],
  withdrawn: [undefined],
  expired: [undefined],
  denied: ['denied', 'vetoed'],
  approved: ['approved', 'unopposed'],
  provisioning: ['approved', 'unopposed'],
  done: ['approved', 'unopposed'],
  incomplete: ['approved', 'unopposed'],
  failed: ['approved', 'unopposed'],
};

/** What must hold of every stored request, however it came about. */
const laws: Record<string, (request: Request) => boolean> = {
  'its state goes with its decision': ({ state, decision }) => decidedBy[state].includes(decision?.kind),
  'nobody approves twice, and the requester never': ({ approvals = [], requester }) =>
    new Set([requester, ...approvals.map(({ by }) => by)]).size === approvals.length + 1,
  'as many approved the decided plan as were needed': ({ decision, approvals = [], approvalsRequired = 1 }) =>
    decision?.kind !== 'approved' ||
    approvals.filter(({ planHash }) => planHash === decision.planHash).length >= approvalsRequired,
  'only a failed one has a failure': ({ state, failure }) => (failure !== undefined) === (state === 'failed'),
  'when nothing was changed, there is nothing to look for': ({ failure, intent, agentId }) =>
    failure?.changed !== 'nothing' || (intent === undefined && agentId === undefined),
  'done says that all of it is set': ({ state, readBack: read = [] }) =>
    state !== 'done' || read.every(({ outcome }) => outcome.startsWith('set')),
  'what is set up has its agent': ({ state, agentId }) =>
    !['done', 'incomplete'].includes(state) || agentId !== undefined,
  'only an open one waits or searches': ({ state, waitingUntil, waitingBecause, isSearching, looksOnly }) =>
    isOpen(state) || isDeepStrictEqual([waitingUntil, waitingBecause, isSearching, looksOnly], nothing),
};
const nothing = [undefined, undefined, undefined, undefined];

function expectLawful(request: Request): void {
  for (const [law, holds] of Object.entries(laws)) if (!holds(request)) throw new Error(`Broken: ${law}`);
}

/** Nothing leads out of it. */
const isOver = (state: RequestState) => !arrows.some((arrow) => arrow.startsWith(`${state} `));

/** Runs the sequence on the code and on the model at once. @throws where they differ or a law is broken */
function run(start: Model, commands: readonly Command[], saw: (what: string) => void): void {
  let request = submitted(start);
  let model = start;
  let triedAfterEnd = 0;
  for (const command of commands) {
    if (!mayHappen(model, command)) continue;
    if (isOver(model.state) && (triedAfterEnd += 1) > 4) break;
    const before = request;
    const came = actual(before, command, model);
    const should = expected(model, command);
    if ('refused' in came || 'refused' in should) expectSame(came, should);
    else {
      request = came;
      model = should;
      expectSame({ ...model, ...knownOf(request) }, model);
      expectLawful(request);
    }
    if (command.do in outcomes) saw(`${command.do}: ${'refused' in came ? came.refused : 'ok'}`);
    if (before.state !== request.state) saw(`${before.state} → ${request.state}`);
  }
  requestSchema.parse(JSON.parse(JSON.stringify(request)));
}

/** `expect` alone would take most of the time. */
function expectSame(came: object, should: object): void {
  if (!isDeepStrictEqual(came, should)) expect(came).toEqual(should);
}

test('no sequence of clicks, deadlines and results brings a request where it may not be', () => {
  const seen = new Set<string>();
  const follow = fc.property(randomSequences, (sequence) => {
    run(requested[sequence.requested], sequence.commands, (what) => seen.add(what));
  });
  const examples = storiesWithMeddling.map((story): [Sequence] => [story]);
  fc.assert(follow, { examples, numRuns: examples.length + 400 });
  // All of it was met, and nothing else.
  expect([...seen].sort()).toEqual([...everything].sort());
});

test('when the stored plan and its hash were changed by hand, an earlier approval does not count for it', () => {
  const start = requested['setup for two approvals'];
  const shown = 'the one that is stored';
  const commands: Command[] = [
    { do: 'approve', by: 'ben', shown },
    { do: 'tamper with the plan', name: 'Neo Agent 2', withHash: true },
    { do: 'approve', by: 'dan', shown },
  ];
  const after = commands.reduce((request, command) => {
    const came = actual(request, command, start);
    return 'refused' in came ? request : came;
  }, submitted(start));
  expect(after).toMatchObject({ state: 'pending', approvals: [{ by: people.dan.id }] });
});
