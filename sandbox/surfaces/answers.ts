import { actions, actsInWords, offeredTo } from '../../src/actions/index.ts';
import { overviewFor } from '../../src/requests/overview.ts';
import type { NotAllowed, Person, Standing } from '../../src/requests/policy.ts';
import type { Request } from '../../src/requests/request.ts';
import type { AuditRecord } from '../../src/storage/audit/audit.ts';
import { checkedText, repairAskedFor, repairNotShownWhole } from '../../src/views/drift.ts';
import {
  channelIsShared,
  channelUnknown,
  messageAnswer,
  needsAChannel,
  setupHelp,
  setupUnknownWords,
  statusHelp,
  statusNotFound,
  triggerExpired,
} from '../../src/views/help.ts';
import { historyAnswer } from '../../src/views/history.ts';
import { closedHome, homeView } from '../../src/views/home.ts';
import { overviewMessage, type PostedItem } from '../../src/views/overview.ts';
import {
  broken,
  cannotCheck,
  cannotCheckChannel,
  chosenChannelIsShared,
  clickRefusal,
  notInChosenChannel,
  requestRefusal,
  statusRefusal,
  storedButNotPosted,
  tooFast,
  tooFewApprovers,
  tooLate,
  tooManyLookUps,
  tooManyOpen,
  unreadable,
} from '../../src/views/refusals.ts';
import { requestAnswer } from '../../src/views/request-answer.ts';
import { agentAnswer, agentFacts, agentsAnswer, haloDidNotAnswer } from '../../src/views/status.ts';
import type { ApplicationCheck } from '../../src/views/application-check.ts';
import { failure, now, requests } from './requests.ts';
import { type Chapter, ana, ben, dan, permalink, posted, policy, of, named, haloError } from './scene.ts';

const agent = {
  id: 9,
  name: 'Neo Agent',
  email: 'team@neoagent.io',
  isdisabled: false,
  isapiagent: false,
  team: '1st Line',
  roles: [{ id: 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22', name: '1st Line Support' }],
  teams: [
    { team_id: 1, team_name: '1st Line', role_id: undefined, role_name: undefined, throughRole: undefined },
  ],
  workday_id: 2,
  workday_name: 'Sydney desk',
  timezone: 'AUS Eastern Standard Time',
};

const reference = failure.reference;
const person = (id: string, isAdmin: boolean): Person => ({
  id,
  standing: 'member',
  isAdmin,
  groups: [],
  timeZone: 'Europe/London',
});
const asBen = person(ben.id, true);
const itemsOf = (reader: Person, list: readonly Request[]): PostedItem[] =>
  overviewFor(list, reader, (request) => offeredTo(reader, request, policy, now)).map((item) => ({
    ...item,
    posted,
  }));
const page: Request[] = [
  requests.pending,
  requests.provisioning,
  requests.done,
  requests.failed,
  requests.denied,
].map((request, index) => ({ ...request, number: 16 - index }));
const application: ApplicationCheck = {
  found: 'some',
  isOwnLogin: false,
  others: 0,
  best: {
    name: 'Neo Agent Integration',
    isActive: true,
    isByClientSecret: true,
    scopes: { missing: [], tooMany: ['admin'] },
  },
};
const record = (more: Partial<AuditRecord>): AuditRecord => ({
  seq: 1,
  at: now,
  by: ana.id,
  by_team: null,
  what: 'submitted',
  outcome: 'ok',
  plan_hash: requests.pending.planHash,
  request_id: requests.pending.id,
  team_id: requests.pending.teamId,
  prev_hash: '',
  hash: '',
  detail: {},
  ...more,
});
const history = [
  record({}),
  record({ by: ana.id, what: 'approved', outcome: 'refused', detail: { refused: 'self_approval' } }),
  record({ by: ben.id, what: 'approved' }),
  record({ by: null, what: 'provisioning_started' }),
  record({
    by: null,
    what: 'created',
    detail: { agentId: 9, calls: [{ method: 'POST', path: '/api/Agent', status: 201, kind: 'ok' }] },
  }),
  record({ by: null, what: 'done', detail: { agentId: 9 } }),
];
const standings: Exclude<Standing, 'member'>[] = ['guest', 'bot', 'deactivated', 'outsider'];
const notAllowed: Record<string, NotAllowed> = {
  'not an admin': { reason: 'not_admin' },
  'not listed': { reason: 'not_listed' },
  'group unknown': { reason: 'group_unknown', groups: ['S07PSAADM55'] },
  guest: { reason: 'standing', standing: 'guest' },
};
const lists = {
  approvers: { users: [ben.id], groups: ['S07PSAADM55'] },
  requesters: { users: [ben.id], groups: [] },
};
const current = requests.done;
const clicks: Parameters<typeof clickRefusal>[0][] = [
  { refused: 'not_the_requester', current },
  { refused: 'repair_has_its_plan', current: requests['pending repair'] },
  { refused: 'nothing_edited', current: requests.pending },
  { refused: 'self_approval', current: requests.pending },
  { refused: 'requester_left', current: requests.pending },
  { refused: 'approved_before', current: requests['pending, the first of two approvals is given'] },
  { refused: 'already_decided', current },
  { refused: 'expired', current: requests.expired },
  { refused: 'lapsed', current: requests.failed },
  { refused: 'plan_changed', current: requests.pending },
  { refused: 'unknown_request', current: undefined },
];

export const answerChapters: readonly Chapter[] = [
  {
    title: 'Answer to a press, for whoever pressed',
    surfaces: actions.map((action) => ({ name: action.audit.what, drawn: action.said('NEO-12') })),
  },
  {
    title: 'Refusal of a press',
    surfaces: [
      ...Object.entries(notAllowed).map(([name, because]) => ({
        name: `not an approver: ${name}`,
        drawn: clickRefusal({ refused: 'not_an_approver', because, current: requests.pending }, lists),
      })),
      {
        name: 'may not do it',
        drawn: clickRefusal(
          { refused: 'not_allowed', because: { reason: 'not_listed' }, current: requests.pending },
          lists,
        ),
      },
      ...clicks.map((refusal) => ({
        name: refusal.refused.replaceAll('_', ' '),
        drawn: clickRefusal(refusal, lists),
      })),
    ],
  },
  {
    title: 'Other refusals',
    surfaces: [
      ...Object.entries(notAllowed).map(([name, because]) => ({
        name: `/neo-setup, ${name}`,
        drawn: requestRefusal(because, lists.requesters),
      })),
      ...standings.map((standing) => ({ name: `/neo-status, ${standing}`, drawn: statusRefusal(standing) })),
      ...named({
        'Slack doesn’t say who somebody is': cannotCheck(reference),
        'it took too long': tooLate(reference),
        'something broke, nothing changed': broken('nothing', reference),
        'something broke, perhaps changed': broken('unsure', reference),
        'a request that can’t be read': unreadable(reference),
        'too fast': tooFast(20_000),
        'too many questions to HaloPSA': tooManyLookUps(20_000),
        'too many open requests': tooManyOpen(20),
        'too few approvers': tooFewApprovers([], policy),
        'the chosen channel is shared': chosenChannelIsShared,
        'not in the chosen channel': notInChosenChannel,
        'submitted where the bot isn’t': storedButNotPosted(requests.pending),
        'the channel can’t be checked': cannotCheckChannel(reference),
        'no channel': needsAChannel,
        'channel unknown': channelUnknown,
        'channel shared': channelIsShared,
        'the trigger expired': triggerExpired,
        '/neo-setup with other words': setupUnknownWords('a new agent'),
      }),
    ],
  },
  {
    title: 'Answers of /neo-status',
    surfaces: [
      ...named({
        help: statusHelp(),
        'help of /neo-setup': setupHelp(),
        'not found': statusNotFound('There is no request NEO-99.', undefined),
        'not found, and the nearest': statusNotFound(
          'There is no request NEO-99.',
          'The newest is NEO-12 (Neo Agent).',
        ),
        'a message to the app': messageAnswer,
        'for an approver': overviewMessage(itemsOf(asBen, page), 0),
        'for the requester': overviewMessage(itemsOf(person(ana.id, false), page), 0),
        'nothing yet': overviewMessage([], 0),
        history: historyAnswer(requests.done, history, undefined, actsInWords),
        'one agent that this app set up': agentAnswer(agent, requests.done, application),
        'one agent, API application missing': agentAnswer(agent, requests.done, {
          found: 'none',
          isOwnLogin: false,
        }),
        'one agent against the guide': agentAnswer(
          { ...agent, isdisabled: true, isapiagent: true },
          undefined,
          {
            found: 'unknown',
            unsaid: 0,
            isOwnLogin: true,
          },
        ),
        'one agent of somebody else': agentFacts(agent),
        'several agents': agentsAnswer([agent, { ...agent, id: 12, isdisabled: true }], 2),
        'HaloPSA doesn’t answer': haloDidNotAnswer(haloError({ kind: 'too_slow' }), reference),
      }),
      ...of((request) =>
        requestAnswer(request, {
          offered: offeredTo(asBen, request, policy, now).offered,
          link: permalink,
          posted,
          done: undefined,
        }),
      ),
    ],
  },
  {
    title: 'Comparing and repairing',
    surfaces: named({
      'never set up': checkedText({ found: 'never_set_up' }),
      'set up since': checkedText({ found: 'set_up_since', setUpBy: requests['done repair'] }),
      'as it was left': checkedText({ found: 'compared', request: requests.done }),
      'it differs': checkedText({ found: 'compared', request: requests.drifted }),
      'a repair is requested': repairAskedFor(requests['pending repair']),
      'too long for a card': repairNotShownWhole(requests.done),
    }),
  },
  {
    title: 'Home tab',
    surfaces: named({
      'somebody new': homeView({ items: [], page: 0, reader: dan.id, maySetUp: true, notice: undefined }),
      'an approver': homeView({
        items: itemsOf(asBen, page),
        page: 0,
        reader: ben.id,
        maySetUp: true,
        notice: undefined,
      }),
      'after a press': homeView({
        items: itemsOf(asBen, page),
        page: 0,
        reader: ben.id,
        maySetUp: false,
        notice: 'You approved NEO-12.',
      }),
      'a guest': closedHome(statusRefusal('guest')),
    }),
  },
];
