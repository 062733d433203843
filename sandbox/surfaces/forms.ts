import { actions, offeredOn } from '../../src/actions/index.ts';
import type { Quorum } from '../../src/requests/policy.ts';
import { fieldOf, fields } from '../../src/fields/index.ts';
import { fillIn, takeLine } from '../../src/fields/entered.ts';
import type { DirectorySnapshot } from '../../src/halo/directory.ts';
import { problemText } from '../../src/views/read-setup-modal.ts';
import { waitingModal } from '../../src/views/notice-modal.ts';
import { setupModal, type SetupModalFacts } from '../../src/views/setup-modal.ts';
import {
  lookalikeNotices,
  quorumNotice,
  setupNotices,
  takenNotices,
  type HaloFacts,
  type Notice,
} from '../../src/views/setup-notices.ts';
import { textModal } from '../../src/views/text-modal.ts';
import { channels } from '../slack/workspace.ts';
import { failedBy, now, requests } from './requests.ts';
import { type Chapter, ben, cleo, dan, policy, named, haloError } from './scene.ts';

const quorums = {
  'three could approve': { kind: 'enough', others: [ben.id, cleo.id, dan.id], more: 0 },
  'more than were looked up': { kind: 'enough', others: [ben.id], more: 4 },
  'the only approver': { kind: 'solo', delayMs: 3_600_000 },
  nobody: { kind: 'too_few', others: [] },
  'not known yet': { kind: 'unknown' },
} satisfies Record<string, Quorum>;
const halo: HaloFacts = {
  failure: undefined,
  reading: [],
  listsFrom: now,
  licences: { free: 6, all: 10 },
  instance: 'Brightwater',
  version: '2.250.32',
  mayHideAgents: false,
};
const form = (more: Partial<SetupModalFacts>) =>
  setupModal({
    channel: channels.ops.id,
    requester: { timeZone: 'Australia/Sydney' },
    requesterCameLate: false,
    notices: [],
    filled: undefined,
    edited: undefined,
    ...more,
  });
const noticesOf = (facts: Partial<HaloFacts>, closed?: string) => setupNotices({ ...halo, ...facts }, closed);
/** HaloPSA with nothing in it. */
const nothing = { value: [], fetchedAt: now, failure: undefined, isWhole: true } as const;
const noLists: DirectorySnapshot = {
  agents: nothing,
  teams: nothing,
  roles: nothing,
  workdays: nothing,
  instance: { ...nothing, value: {} },
  control: { ...nothing, value: {} },
};
const sentenceOf = (taken: object | undefined) =>
  taken !== undefined && 'problem' in taken ? String(taken.problem) : '';
const lines = (notices: readonly Notice[]) =>
  notices.map(({ text, isAlert }) => (isAlert ? `(alert) ${text}` : text)).join('\n');

export const formChapters: readonly Chapter[] = [
  {
    title: 'Form of /neo-setup',
    surfaces: named({
      complete: form({
        notices: [quorumNotice(quorums['three could approve'], policy), ...noticesOf({})],
      }),
      'one moment': waitingModal('Set up Neo Agent'),
      'the channel is chosen in it': form({ channel: undefined }),
      'with alerts': form({ notices: noticesOf({ licences: { free: 0, all: 10 } }, channels.general.id) }),
      'an edit': form({
        filled: { settings: requests.pending.plan, note: requests.pending.note },
        edited: { request: requests.pending, place: 'channel' },
      }),
    }),
  },
  {
    title: 'Notices in the form',
    surfaces: [
      ...Object.entries(quorums).map(([name, quorum]) => ({
        name,
        drawn: lines([quorumNotice(quorum, policy)]),
      })),
      ...named({
        'the bot is not in the channel': lines(noticesOf({}, channels.general.id)),
        'no licence is free': lines(noticesOf({ licences: { free: 0, all: 10 } })),
        'licences unknown': lines(noticesOf({ licences: undefined, version: undefined })),
        'still reading': lines(noticesOf({ reading: ['Teams', 'Roles'] })),
        'HaloPSA may hide agents': lines(noticesOf({ mayHideAgents: true })),
        'HaloPSA is out of reach': lines(
          noticesOf({
            failure: haloError({ kind: 'unavailable', code: 'ENOTFOUND' }),
          }),
        ),
        'a lookalike': lines(lookalikeNotices([{ field: 'name', what: 'Neo Аgent (agent ID 4)' }])),
        'the name is taken': lines(
          takenNotices(new Map([['name', { problem: 'taken_by_agent', agent: 'Neo Agent (ID 9)' }]])),
        ),
        'another request has the name': lines(
          takenNotices(new Map([['name', { problem: 'taken_by_request', number: 12 }]])),
        ),
      }),
    ],
  },
  {
    title: 'Errors under the fields of the form',
    surfaces: named({
      'nothing is entered': fillIn,
      'more than HaloPSA takes': sentenceOf(takeLine(['x'.repeat(300)])),
      ...Object.fromEntries(
        fields.flatMap(({ label, input }) => {
          const sentence = sentenceOf(input?.take(['yes'], noLists));
          return sentence === '' ? [] : [[`${label}: what can’t be, or is gone`, sentence]];
        }),
      ),
      'an agent has it': problemText(
        { problem: 'taken_by_agent', agent: 'Neo Agent (ID 9, disabled)' },
        fieldOf('name'),
      ),
      'a request has it': problemText({ problem: 'taken_by_request', number: 12 }, fieldOf('name')),
      'too long to be shown': problemText(
        { problem: 'not_shown_whole', is: 1_900, max: 1_200 },
        fields.find(({ lengthHint }) => lengthHint !== undefined) ?? fieldOf('name'),
      ),
    }),
  },
  {
    title: 'Small forms',
    surfaces: actions.flatMap((action) =>
      'form' in action
        ? [
            {
              name: action.form.title,
              drawn: textModal(action.form, {
                requestId: requests.pending.id,
                shown: undefined,
                place: 'channel',
              }),
            },
          ]
        : [],
    ),
  },
  {
    title: 'Questions before a press counts',
    surfaces: Object.entries({
      ...requests,
      'failed, the outcome is unknown': failedBy({ cause: 'outcome_unknown', changed: 'unknown' }),
      'failed, the list is not whole': failedBy({ cause: 'list_incomplete' }),
    }).flatMap(([name, request]) =>
      offeredOn(request).flatMap(({ text, confirm }) =>
        confirm === undefined
          ? []
          : [
              {
                name: `${text}: ${name}`,
                drawn: `${confirm.title}\n${confirm.text}\n[Cancel] [${confirm.confirm}]`,
              },
            ],
      ),
    ),
  },
];
