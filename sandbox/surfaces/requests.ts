import { passingKinds } from '../../src/halo/errors.ts';
import { hashPlan, type Plan } from '../../src/requests/plan.ts';
import {
  requestIn,
  type Failure,
  type ReadBack,
  type RequestFacts,
  type RequestIn,
  type RequestState,
} from '../../src/requests/request.ts';
import { channels, people, teamId } from '../slack/workspace.ts';

const { ana, ben, cleo, dan } = people;
const minute = 60_000;
const hour = 60 * minute;
/** All that the catalogue shows happened around this moment, in epoch milliseconds. */
export const now = Date.UTC(2026, 10, 25, 14, 5);

const plan: Plan = {
  name: 'Neo Agent',
  email: 'team@neoagent.io',
  roles: [
    {
      id: 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22',
      name: '1st Line Support',
      isAdministrator: false,
      rights: 'read',
      brings: [],
    },
  ],
  isActive: true,
  teams: [
    { id: 1, name: '1st Line', departmentId: 1, departmentName: 'Service Desk' },
    { id: 4, name: 'Onboarding', departmentId: 2, departmentName: 'Projects' },
  ],
  workday: { id: 2, name: 'Sydney desk', hours: 'Mon–Fri 8:30–17:30' },
  timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
};

const [role] = plan.roles;
const administrator: Plan = {
  ...plan,
  roles: [
    { ...role, id: 'f3b8c1d2-5e90-4a61-b7c4-9d2e8a0f6b13', name: 'Administrator', isAdministrator: true },
  ] as Plan['roles'],
};

const facts: RequestFacts = {
  id: '91d4c0e7-5a2b-4f36-8e19-b70c3d58a2f4',
  teamId,
  number: 12,
  version: 1,
  plan,
  planHash: hashPlan(plan),
  note: 'Neo starts on Monday, so please have a look today.',
  requester: ana.id,
  channel: channels.ops.id,
  haloThen: { version: '2.250.32', agentsKnown: 'names_and_emails', licences: { free: 6, all: 10 } },
  createdAt: now - 2 * hour,
  expiresAt: now + 70 * hour,
  updatedAt: now - 2 * hour,
  approvalsRequired: 1,
  adopted: false,
};

/** A request in this state, with what is usual for it. */
function requestOf<State extends RequestState>(
  state: State,
  more: Partial<RequestFacts> = {},
): RequestIn<State> {
  const plan = more.plan ?? facts.plan;
  return requestIn(state, { ...facts, updatedAt: now, ...more, planHash: hashPlan(plan) });
}

const given = { at: now - hour, planHash: facts.planHash };
const decision = { ...given, by: ben.id, kind: 'approved', reason: '' } as const;
const approved = { decision, approvals: [{ ...given, by: ben.id }] };

const readBack: ReadBack[] = [
  { field: 'name', planned: 'Neo Agent', reported: 'Neo Agent', outcome: 'set' },
  { field: 'email', planned: 'team@neoagent.io', reported: 'team@neoagent.io', outcome: 'set' },
  { field: 'roles', planned: '1st Line Support', reported: '1st Line Support', outcome: 'set' },
  { field: 'isActive', planned: 'Yes', reported: 'Yes', outcome: 'set' },
  { field: 'teams', planned: '1st Line, Onboarding', reported: '1st Line, Onboarding', outcome: 'set' },
  { field: 'workday', planned: 'Sydney desk', reported: 'Sydney desk', outcome: 'set_by_update' },
];
const partly: ReadBack[] = [
  ...readBack.slice(0, -1),
  { field: 'workday', planned: 'Sydney desk', reported: 'Standard', outcome: 'different' },
  { field: 'timeZone', planned: 'AUS Eastern Standard Time', outcome: 'not_reported' },
];

export const failure: Failure = {
  step: 'create',
  cause: 'invalid',
  detail: 'Email address is already in use',
  changed: 'nothing',
  reference: '37907071',
};

const setUp = { ...approved, agentId: 9, readBack, intent: { at: now } };
const drifted = [
  { field: 'isActive', planned: 'Yes', reported: 'No', outcome: 'different', since: now } as const,
];
const repairs = {
  requestId: facts.id,
  number: 12,
  agentId: 9,
  fields: drifted,
};
const longNote = `${'The night shift starts on Monday and needs Neo on the first line. '.repeat(30)}Thanks!`;

/** One of each kind, by the situation that it shows. */
export const requests = {
  pending: requestOf('pending'),
  'pending, with an administrator’s role and no licence free': requestOf('pending', {
    plan: administrator,
    haloThen: { version: '2.250.32', agentsKnown: 'names_and_emails', licences: { free: 0, all: 10 } },
  }),
  'pending, HaloPSA shows little and the name looks like another': requestOf('pending', {
    haloThen: { agentsKnown: 'part' },
    resembles: [{ field: 'name', what: 'Neo Аgent (agent ID 4)' }],
  }),
  'pending, HaloPSA could not be read': requestOf('pending', { haloThen: { agentsKnown: 'nothing' } }),
  'pending, with a long note': requestOf('pending', { note: longNote }),
  'pending, the first of two approvals is given': requestOf('pending', {
    approvalsRequired: 2,
    approvals: [{ ...given, by: ben.id }],
  }),
  'pending, too few approvers': requestOf('pending', { quorum: 'too_few' }),
  'pending, approvers not known yet': requestOf('pending', { quorum: 'unknown' }),
  'pending, the requester has left': requestOf('pending', { requesterLeft: true }),
  'pending, with an open question': requestOf('pending', {
    questions: [{ viewId: 'V07QH1', by: ben.id, at: now, text: 'Which desk is it for?' }],
  }),
  'pending, edited after an approval': requestOf('pending', {
    edit: {
      viewId: 'V07QH2',
      at: now,
      planBefore: { ...plan, name: 'Neo' },
      noteBefore: '',
      voided: [ben.id],
    },
  }),
  'pending, its only approver asked for it': requestOf('pending', { solo: { carryOutAt: now + hour } }),
  'pending repair': requestOf('pending', { number: 15, repairs, note: '' }),
  approved: requestOf('approved', approved),
  'approved, to look for the agent only': requestOf('approved', { ...approved, looksOnly: true }),
  provisioning: requestOf('provisioning', approved),
  ...Object.fromEntries(
    passingKinds.map((because) => [
      `provisioning, waiting because of ${because.replaceAll('_', ' ')}`,
      requestOf('provisioning', { ...approved, waitingUntil: now + 10 * minute, waitingBecause: because }),
    ]),
  ),
  'provisioning, the outcome is looked for': requestOf('provisioning', { ...approved, isSearching: true }),
  'provisioning, created and read back': requestOf('provisioning', { ...approved, agentId: 9 }),
  done: requestOf('done', setUp),
  'done, its only approver asked for it': requestOf('done', {
    ...setUp,
    approvals: [],
    solo: { carryOutAt: now },
    decision: { ...decision, by: ana.id, kind: 'unopposed' },
  }),
  'done, the agent was found afterwards': requestOf('done', { ...setUp, adopted: true }),
  'done repair': requestOf('done', { ...setUp, number: 15, repairs, note: '' }),
  incomplete: requestOf('incomplete', { ...setUp, readBack: partly }),
  failed: requestOf('failed', { ...approved, failure }),
  denied: requestOf('denied', {
    decision: { ...decision, kind: 'denied', reason: 'Wrong team: use Projects.' },
  }),
  stopped: requestOf('denied', {
    solo: { carryOutAt: now },
    decision: { ...decision, by: cleo.id, kind: 'vetoed' },
  }),
  withdrawn: requestOf('withdrawn'),
  expired: requestOf('expired', { expiresAt: now }),
  drifted: requestOf('done', { ...setUp, drift: { newsAt: now, fields: drifted } }),
  'drifted, the agent is gone': requestOf('done', {
    ...setUp,
    drift: { newsAt: now, fields: [], goneSince: now },
  }),
};

export const retry = { by: dan.id, at: now, how: 'try_again', version: 3, failure } as const;
/** Sent to HaloPSA again by Dan. */
export const triedAgain = requestOf('approved', { ...approved, triedAgain: retry });

/** A failed request with this failure. */
export function failedBy(more: Partial<Failure>, agentId?: number): RequestIn<'failed'> {
  return requestOf('failed', { ...approved, agentId, failure: { ...failure, detail: undefined, ...more } });
}
