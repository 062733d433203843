import { offeredDirectly, offeredOn } from '../../src/actions/index.ts';
import { haloErrorKinds, rightsCauses } from '../../src/halo/errors.ts';
import type { Failure } from '../../src/requests/request.ts';
import { isOpen, isSetUp } from '../../src/requests/states.ts';
import {
  closedMessage,
  deniedMessage,
  escalationMessage,
  mentionMessage,
  pleaseDecideMessage,
  questionMessage,
  supersededMessage,
} from '../../src/views/approver-messages.ts';
import { driftMessage } from '../../src/views/drift.ts';
import { cardProblemMessage, outcomeMessage, triedAgainMessage } from '../../src/views/outcome.ts';
import { editNote, formerCard, hiddenCard, noteMessage, requestCard } from '../../src/views/request-card.ts';
import { failedBy, failure, requests, retry, triedAgain } from './requests.ts';
import { type Chapter, ben, cleo, permalink, toCard, posted, nobody, of, named } from './scene.ts';

/** Every cause that a request can fail by, where it may have happened. */
const failures: Partial<Failure>[] = [
  ...haloErrorKinds.map(
    (cause) => ({ cause, changed: cause === 'outcome_unknown' ? 'unknown' : 'nothing' }) as const,
  ),
  ...rightsCauses.map((rights) => ({ cause: 'forbidden', rights }) as const),
  { cause: 'unavailable', code: 'ENOTFOUND', at: { host: 'acme.halopsa.com', from: 'HALO_BASE_URL' } },
  { cause: 'unavailable', code: 'CERT_HAS_EXPIRED', at: { host: 'acme.halopsa.com', from: 'HALO_BASE_URL' } },
  { cause: 'not_halopsa', code: 'HTTP 407' },
  { step: 'preflight', cause: 'duplicate', detail: 'Neo Agent (agent ID 4)' },
  { step: 'preflight', cause: 'not_alone', detail: 'NEO-11' },
  { step: 'preflight', cause: 'gone', detail: 'team Onboarding' },
  { step: 'preflight', cause: 'list_incomplete' },
  { step: 'repair', cause: 'differs_otherwise', detail: 'Roles' },
  { step: 'preflight', cause: 'lapsed' },
  { step: 'preflight', cause: 'not_approved' },
  { step: 'preflight', cause: 'role_grown', detail: '1st Line Support (full rights)' },
  { step: 'preflight', cause: 'role_unreadable', detail: '1st Line Support' },
  { step: 'read_back', cause: 'internal', changed: 'agent_created' },
  { step: 'repair', cause: 'unavailable', changed: 'agent_repaired' },
];
function nameOf({ step = failure.step, cause = failure.cause, rights, code }: Partial<Failure>): string {
  return [step, cause, rights, code].filter(Boolean).join(', ').replaceAll('_', ' ');
}
const cardProblems = [
  'not_in_channel',
  'is_archived',
  'restricted_action',
  'shared_channel',
  'readers_unknown',
  'too_many_messages',
  'msg_too_long',
  'missing_scope',
  'fatal_error',
];

export const messageChapters: readonly Chapter[] = [
  { title: 'Card in the channel', surfaces: of((request) => requestCard(request, offeredOn(request))) },
  {
    title: 'In place of a card',
    surfaces: named({
      'a newer card stands further down': formerCard(requests['pending, edited after an approval']),
      'the channel is shared by now': hiddenCard(requests.pending, true),
      'who can read the channel can’t be checked': hiddenCard(requests.pending, false),
    }),
  },
  {
    title: 'Result in the thread',
    surfaces: of((request) =>
      isOpen(request.state) || (isSetUp(request) && request.drift !== undefined)
        ? undefined
        : outcomeMessage(request, offeredOn(request)),
    ),
  },
  {
    title: 'Failed, by its cause',
    surfaces: failures.map((one) => {
      const failed = failedBy(one, one.changed === 'agent_created' ? 9 : undefined);
      return { name: nameOf(one), drawn: outcomeMessage(failed, offeredOn(failed)) };
    }),
  },
  {
    title: 'Other messages in the thread',
    surfaces: [
      ...named({
        'a failed request that goes on': triedAgainMessage(triedAgain, retry),
        'an edit': editNote(requests['pending, edited after an approval']),
        'a long note': noteMessage(requests['pending, with a long note']),
        'a question': questionMessage(requests['pending, with an open question'], 0),
        'approvers are called': mentionMessage(
          requests.pending,
          { users: [ben.id], groups: ['S07PSAADM55'] },
          0,
        ),
        'approvers are reminded': mentionMessage(requests.pending, nobody, 1),
        'nobody decided for long': escalationMessage(requests.pending, {
          inThread: { users: [cleo.id], groups: [] },
        }),
        'the call, once it is decided': closedMessage(requests.done),
      }),
      ...of((request) => (isSetUp(request) && request.drift ? driftMessage(request) : undefined)),
      { name: 'the drift is over', drawn: driftMessage(requests.done) },
    ],
  },
  {
    title: 'Direct message to an approver',
    surfaces: [
      ...named({
        'waits for a decision': pleaseDecideMessage(requests.pending, {
          way: toCard,
          reminders: 0,
          offered: offeredDirectly(requests.pending),
        }),
        'to somebody outside of the channel': pleaseDecideMessage(requests.pending, {
          way: 'not_in_channel',
          reminders: 0,
          offered: offeredDirectly(requests.pending),
        }),
        'the card was not posted': pleaseDecideMessage(requests.pending, {
          way: 'not_posted',
          reminders: 0,
          offered: [],
        }),
        'the card was deleted': pleaseDecideMessage(requests.pending, {
          way: 'deleted',
          reminders: 0,
          offered: [],
        }),
        'a reminder': pleaseDecideMessage(requests.pending, {
          way: toCard,
          reminders: 1,
          offered: [],
        }),
        'after an edit': pleaseDecideMessage(requests['pending, edited after an approval'], {
          way: toCard,
          reminders: 0,
          offered: [],
        }),
        'a later message stands instead': supersededMessage(requests.pending),
        'nobody decided for long': escalationMessage(requests.pending, toCard),
      }),
      ...of((request) =>
        request.state === 'pending' ? undefined : closedMessage(request, { id: ben.id, way: toCard }),
      ),
    ],
  },
  {
    title: 'Direct message to the requester',
    surfaces: named({
      denied: deniedMessage(requests.denied, permalink),
      'the card stands now': cardProblemMessage(requests.pending, posted),
      ...Object.fromEntries(
        cardProblems.map((cardProblem) => [
          `the card is not posted: ${cardProblem}`,
          cardProblemMessage(requests.pending, { ...posted, cardStands: false, cardProblem }),
        ]),
      ),
      'the card was deleted': cardProblemMessage(requests.pending, {
        ...posted,
        cardProblem: 'message_not_found',
      }),
      'the card can’t be updated': cardProblemMessage(requests.pending, {
        ...posted,
        cardProblem: 'is_archived',
      }),
    }),
  },
];
