import { actions, offeredOn } from '../../src/actions/index.ts';
import type { Quorum } from '../../src/requests/policy.ts';
import { waitingModal } from '../../src/views/notice-modal.ts';
import { setupModal, type SetupModalFacts } from '../../src/views/setup-modal.ts';
import {
  lookalikeNotices,
  quorumNotice,
  setupNotices,
  type HaloFacts,
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
    edited: undefined,
    ...more,
  });
const noticesOf = (facts: Partial<HaloFacts>, closed?: string) => setupNotices({ ...halo, ...facts }, closed);

export const formChapters: readonly Chapter[] = [
  {
    title: 'Form of /neo-setup',
    surfaces: named({
      complete: form({
        notices: [...quorumNotice(quorums['three could approve'], policy), ...noticesOf({})],
      }),
      'one moment': waitingModal('Set up Neo Agent'),
      'the channel is chosen in it': form({ channel: undefined }),
      'an edit': form({ edited: { request: requests.pending, place: 'channel' } }),
    }),
  },
  {
    title: 'Notices in the form',
    surfaces: [
      ...Object.entries(quorums).map(([name, quorum]) => ({
        name,
        drawn: quorumNotice(quorum, policy).join('\n'),
      })),
      ...named({
        'the bot is not in the channel': noticesOf({}, channels.general.id).join('\n'),
        'no licence is free': noticesOf({ licences: { free: 0, all: 10 } }).join('\n'),
        'licences unknown': noticesOf({ licences: undefined, version: undefined }).join('\n'),
        'still reading': noticesOf({ reading: ['Teams', 'Roles'] }).join('\n'),
        'HaloPSA may hide agents': noticesOf({ mayHideAgents: true }).join('\n'),
        'HaloPSA is out of reach': noticesOf({
          failure: haloError({ kind: 'unavailable', code: 'ENOTFOUND' }),
        }).join('\n'),
        'a lookalike': lookalikeNotices([{ field: 'name', what: 'Neo Аgent (agent ID 4)' }]).join('\n'),
      }),
    ],
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
