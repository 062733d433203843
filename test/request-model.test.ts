import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashPlan } from '../src/requests/plan.ts';
import {
  requestSchema,
  type Failure,
  type ReadBack,
  type Request,
  type RequestState,
} from '../src/requests/request.ts';
import { decide, tryAgain, type Decided } from '../src/requests/decisions.ts';
import type { Person } from '../src/requests/policy.ts';
import { amend, expire, fail, finish, startProvisioning } from '../src/requests/states.ts';
import {
  changedBy,
  clickers,
  commands,
  createdAt,
  expected,
  expiresAt,
  fields,
  mayHappen,
  policy,
  planNamed,
  planNames,
  start,
  type Command,
  type Model,
} from './request-model.ts';

const asked: Request = {
  id: '0b7f6a52-4c1d-4e8f-9a36-d5c20e917b84',
  teamId: 'T07QH4M2K1A',
  number: 12,
  state: 'pending',
  version: 1,
  plan: planNamed(planNames[0]),
  planHash: hashPlan(planNamed(planNames[0])),
  note: '',
  requester: clickers.ana.id,
  channel: 'C07MSPOPS11',
  createdAt,
  expiresAt,
  updatedAt: createdAt,
  adopted: false,
};

/** Every change that may be seen. Nothing leads to `withdrawn` yet. */
const arrows = [
  'pending → approved',
  'pending → denied',
  'pending → expired',
  'approved → provisioning',
  'approved → failed',
  'provisioning → done',
  'provisioning → incomplete',
  'provisioning → failed',
  'failed → approved',
];

/** The request after the command, by the code under test. Undefined: it was refused. */
function actual(request: Request, command: Command, model: Model): Request | undefined {
  const { at } = model;
  switch (command.do) {
    case 'let time pass':
      return request;
    case 'change the plan': {
      const plan = planNamed(command.name);
      return { ...request, plan, ...(command.withHash && { planHash: hashPlan(plan) }) };
    }
    case 'decide': {
      const decision =
        command.kind === 'denied' ? { kind: command.kind, reason: 'No' } : { kind: command.kind };
      return accepted(decide(request, { by: clickers[command.by], policy, shown: undefined, decision, at }));
    }
    case 'try again': {
      const { looksOnly } = command;
      return accepted(tryAgain(request, { by: clickers[command.by], policy, at, looksOnly }));
    }
    case 'expire':
      return expire(request, at);
    case 'start':
      return unlessThrown(() => startProvisioning(request, at));
    case 'finish':
      return unlessThrown(() => finish(request, readBack(command), at));
    case 'fail': {
      const changed = changedBy(model, command.isProved);
      const failure: Failure = { step: 'create', cause: 'invalid', changed, reference: '5f0c9be4' };
      return unlessThrown(() => fail(request, failure, at));
    }
    case 'learn':
      return amend(request, at, facts(at)[command.fact]);
  }
}

const facts = (at: number) => ({
  card: { card: { channel: asked.channel, ts: '1700000001.000100' } },
  intent: { intent: { at } },
  'no intent': { intent: undefined },
  agent: { agentId: 9 },
});

function readBack({ deviating, outcome }: Extract<Command, { do: 'finish' }>): ReadBack[] {
  return fields.map((field, index) => ({
    field,
    planned: 'as planned',
    outcome: deviating.includes(index) ? outcome : 'set',
  }));
}

function accepted(decided: Decided): Request | undefined {
  return 'request' in decided ? decided.request : undefined;
}

function unlessThrown(change: () => Request): Request | undefined {
  try {
    return change();
  } catch {
    return undefined;
  }
}

/** What somebody must have decided for a request to be in this state. */
const decisionOf: Record<RequestState, 'approved' | 'denied' | undefined> = {
  pending: undefined,
  withdrawn: undefined,
  expired: undefined,
  denied: 'denied',
  approved: 'approved',
  provisioning: 'approved',
  done: 'approved',
  incomplete: 'approved',
  failed: 'approved',
};

/** What the model knows too. */
function viewOf({ state, version, decision, intent, agentId }: Request) {
  const approval = decision && { by: decision.by, at: decision.at, planHash: decision.planHash };
  return { state, version, decision: approval, hasIntent: intent !== undefined, agentId };
}

function knownOf({ state, version, decision, hasIntent, agentId }: Model) {
  const approval = decision && {
    by: decision.by,
    at: decision.at,
    planHash: hashPlan(planNamed(decision.plan)),
  };
  return { state, version, decision: approval, hasIntent, agentId };
}

/** What must hold of every stored request, however it came about. */
function expectSound(request: Request): void {
  const { state, decision, failure, intent, agentId } = request;
  requestSchema.parse(JSON.parse(JSON.stringify(request)));
  expect(failure !== undefined).toBe(state === 'failed');
  if (failure?.changed === 'nothing') expect({ intent, agentId }).toEqual({});
  if (state === 'done')
    expect(request.readBack?.filter(({ outcome }) => !outcome.startsWith('set'))).toEqual([]);
  expect(decision?.kind).toBe(decisionOf[state]);
}

test('no sequence of clicks, deadlines and results brings a request where it may not be', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(commands, (sequence) => {
      let request = asked;
      let model = start;
      for (const command of sequence) {
        if (!mayHappen(model, command)) continue;
        const before = request;
        request = actual(before, command, model) ?? before;
        model = expected(model, command) ?? model;
        expect(viewOf(request)).toEqual(knownOf(model));
        expectSound(request);
        if (before.state !== request.state) seen.add(`${before.state} → ${request.state}`);
      }
    }),
    { numRuns: 400 },
  );
  // All of them were met, and no others.
  expect([...seen].sort()).toEqual([...arrows].sort());
});

test('when the stored plan and its hash were changed by hand, an earlier approval does not count for it', () => {
  const policyOfTwo = { ...policy, approvalsRequired: 2 };
  const approve = (request: Request, by: Person) =>
    accepted(
      decide(request, {
        by,
        at: createdAt,
        policy: policyOfTwo,
        shown: request.planHash,
        decision: { kind: 'approved' },
      }),
    );
  const once = approve(asked, clickers.ben) ?? asked;
  const plan = planNamed(planNames[1]);
  const changed = approve({ ...once, plan, planHash: hashPlan(plan) }, clickers.dan);
  expect(changed).toMatchObject({ state: 'pending', approvals: [{ by: clickers.dan.id }] });
});
