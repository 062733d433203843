import type { App, ViewResponseAction, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { edit } from '../actions/edit.ts';
import { settleAction, settleWithin, tookTooLong } from '../actions/settle.ts';
import { draftPlan, identityIn, type Drafted } from '../requests/draft.ts';
import { mayRequest, type Person } from '../requests/policy.ts';
import { haloAtSubmit } from '../requests/halo-then.ts';
import type { Request } from '../requests/request.ts';
import { submitRequest, type Submission } from '../requests/submit.ts';
import { findRequestByView, viewKey } from '../requests/store.ts';
import { channelIsShared, channelUnknown, needsAChannel } from '../views/help.ts';
import { blockIds, callbackIds } from '../views/ids.ts';
import { noticeModal } from '../views/notice-modal.ts';
import { errorOfForm, readSetupModal, setupErrors } from '../views/read-setup-modal.ts';
import {
  cannotCheck,
  cannotCheckChannel,
  chosenChannelIsShared,
  notInChosenChannel,
  requestRefusal,
  storedButNotPosted,
  tooManyOpen,
} from '../views/refusals.ts';
import { notShownWhole } from '../views/shown-whole.ts';
import { afterSubmission, type SubmitArgs } from '../actions/answer.ts';
import { userSchema, whoIs, type Clicker } from '../actions/clicks.ts';
import { hasTooManyOpen } from './caps.ts';
import { beforeAck, type Deadline } from '../actions/deadline.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { otherRequests } from './other-requests.ts';
import { assureQuorum } from './quorum.ts';
import { notIdentified, recordRefused, type Attempt } from '../actions/refused.ts';

const bodySchema = z.object({ user: userSchema });

export function registerSubmitSetup(app: App, deps: Dependencies): void {
  app.view<ViewSubmitAction>(callbackIds.setup, (args) => submitSetup(args, deps));
  app.view<ViewSubmitAction>(callbackIds.edit, (args) => submitSetup(args, deps));
}

/**
 * Somebody submits the form, of a new request or of one that they edit: what is wrong is said under its field; what
 * is right is stored before Slack is answered.
 */
async function submitSetup({ ack, body, view }: SubmitArgs, deps: Dependencies): Promise<void> {
  const { user } = bodySchema.parse(body);
  const submitted = { ...readSetupModal(view), user, view };
  const { edited } = submitted;
  const attempt = {
    user,
    what: edited === undefined ? 'submitted' : 'edited',
    requestId: edited?.requestId,
  } as const;
  const answer = await beforeAck(
    (deadline) => take(submitted, deps, deadline),
    () => stayOpen(tookTooLong(deps, attempt)),
  );
  await (answer === undefined ? ack() : ack(answer));
  deps.wake();
}

type Submitted = ReturnType<typeof readSetupModal> & { user: Clicker } & Pick<SubmitArgs, 'view'>;
/** What the form gives way to. Undefined: it closes. */
type Answer = ViewResponseAction | undefined;

async function take(submitted: Submitted, deps: Dependencies, deadline: Deadline): Promise<Answer> {
  const { user, view, channel, viewId, edited, form } = submitted;
  const attempt = {
    what: edited === undefined ? 'submitted' : 'edited',
    requestId: edited?.requestId,
    by: { id: user.id, teamId: user.team_id },
  } as const;
  // Slack is asked about the channel meanwhile: one after the other could take too long.
  const found = lookAtChannel(deps, channel, attempt);
  const who = await requester(submitted, deps, attempt);
  if ('answer' in who) return who.answer;
  const checked = await check(submitted, deps, found);
  if ('answer' in checked) return checked.answer;
  if (edited === undefined && (await hasTooManyOpen(deps, user.id))) {
    await recordRefused(deps, { ...attempt, refused: 'too_many_open' });
    return stayOpen(tooManyOpen(deps.budgets.person.openRequests));
  }
  const quorum = await assureQuorum(deps, who.person, attempt);
  if ('refusal' in quorum) return stayOpen(quorum.refusal);

  const haloThen = haloAtSubmit(deps.directory.current(), checked.plan);
  const asked = { ...checked, note: form.note, haloThen, ...quorum };
  if (edited === undefined) {
    const submission = { ...asked, dedupeKey: viewKey(viewId), channel: channel.id };
    const request = await storeNew(deps, submission, user, deadline);
    return (await found).isPostable ? undefined : giveWay(submitted, storedButNotPosted(request));
  }
  const { requestId, shown, place } = edited;
  const refusal = await settleWithin(deadline, deps, { user, requestId, what: attempt.what }, (click) =>
    settleAction(deps.db, requestId, edit, { ...click, shown }, { viewId, ...asked }),
  );
  return afterSubmission(deps, view.title.text, { requestId, place }, { said: edit.said, refusal });
}

/** Nothing that was entered is lost. */
function stayOpen(text: string): ViewResponseAction {
  return { response_action: 'errors', errors: errorOfForm(text) };
}

function giveWay({ view }: Submitted, text: string): ViewResponseAction {
  return { response_action: 'update', view: noticeModal(view.title.text, text) };
}

async function requester(
  submitted: Submitted,
  deps: Dependencies,
  attempt: Attempt,
): Promise<{ person: Person } | { answer: Answer }> {
  const { user } = submitted;
  const { requesters } = deps.config.policy;
  const person = deps.people.known(user.id) ?? (await whoIs(deps, user));
  if ('reference' in person) {
    await recordRefused(deps, { ...attempt, ...notIdentified(person.reference) });
    return { answer: stayOpen(cannotCheck(person.reference)) };
  }
  const refused = mayRequest(person, requesters);
  if (refused === undefined) return { person };
  await recordRefused(deps, { ...attempt, refused: refused.reason });
  return { answer: giveWay(submitted, requestRefusal(refused, requesters)) };
}

/** The plan of a form that is in order. A form that was taken before is answered as then. */
async function check(
  { view, viewId, channel, form, edited }: Submitted,
  deps: Dependencies,
  channelFound: ReturnType<typeof lookAtChannel>,
): Promise<Drafted | { answer: Answer }> {
  const { db, directory } = deps;
  // In this order a form that Slack delivers twice never meets its own request as somebody else's.
  const [requests, { closed }] = await Promise.all([
    otherRequests(deps, identityIn(form), edited?.requestId),
    channelFound,
  ]);
  if ((await findRequestByView(db, viewId)) !== undefined) return { answer: undefined };
  const drafted = shownWhole(draftPlan(form, { ...directory.current(), requests }));
  if ('plan' in drafted && closed === undefined) return drafted;
  const errors = {
    ...('problems' in drafted && setupErrors(drafted.problems, view)),
    ...(closed !== undefined && (channel.isChosen ? { [blockIds.channel]: closed } : errorOfForm(closed))),
  };
  return { answer: { response_action: 'errors', errors } };
}

type DraftedOrProblems = ReturnType<typeof draftPlan>;

/** Nobody can approve what no card shows. */
function shownWhole(drafted: DraftedOrProblems): DraftedOrProblems {
  const long = 'plan' in drafted ? notShownWhole(drafted.plan) : undefined;
  if (long === undefined) return drafted;
  const { field, is, max } = long;
  return { problems: new Map([[field, { problem: 'not_shown_whole', is, max }]]) };
}

/** Stores a new request. When this resolves, nothing can be lost. */
async function storeNew(
  { config, db, identity, log, now }: Dependencies,
  asked: Pick<
    Submission,
    'dedupeKey' | 'plan' | 'resembles' | 'note' | 'haloThen' | 'channel' | 'soloDelayMs' | 'quorum'
  >,
  user: Clicker,
  deadline: Deadline,
): Promise<Request> {
  const submission = {
    ...asked,
    teamId: identity.teamId,
    requester: user.id,
    requesterTeam: user.team_id,
  };
  const request = await submitRequest(db, submission, now(), config.policy, deadline);
  const { id: requestId, number, state } = request;
  log.info({ requestId, number, state, by: user.id }, 'request submitted');
  return request;
}

/**
 * `closed`: why the card can't go to this channel. If the bot isn't in the channel where the command was typed, the request is
 * still taken: it can be invited later (`isPostable` is false). The form may have opened before Slack said who sees the channel,
 * so that is checked again here.
 */
async function lookAtChannel(
  deps: Dependencies,
  { id, isChosen }: Submitted['channel'],
  attempt: Attempt,
): Promise<{ closed?: string; isPostable: boolean }> {
  const { channels, log, newReference } = deps;
  try {
    const { isMember, audience, code } = await channels.facts(id);
    const isHidden = audience === 'unknown' && code === 'channel_not_found';
    if (audience === 'internal' || isHidden)
      return isMember || !isChosen
        ? { isPostable: isMember }
        : { isPostable: false, closed: notInChosenChannel };
    await recordRefused(deps, { ...attempt, refused: `${audience}_channel` });
    if (audience === 'shared')
      return { isPostable: false, closed: isChosen ? chosenChannelIsShared : channelIsShared };
    return { isPostable: false, closed: audience === 'direct' ? needsAChannel : channelUnknown };
  } catch (error) {
    const reference = newReference();
    log.error({ err: error, reference, channel: id }, 'channel could not be looked up');
    await recordRefused(deps, { ...attempt, refused: 'channel_unknown', reference });
    return { isPostable: false, closed: cannotCheckChannel(reference) };
  }
}
