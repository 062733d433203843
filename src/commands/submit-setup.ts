import type { App, ViewSubmitAction } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { editRequest } from '../requests/deciding.ts';
import { draftPlan } from '../requests/draft.ts';
import { mayRequest } from '../requests/policy.ts';
import { haloAtSubmit } from '../requests/preflight.ts';
import { openStates } from '../requests/states.ts';
import { submitRequest, type Submission } from '../requests/submit.ts';
import { channelFacts } from '../slack/channels.ts';
import { findRequestByView, listRequestsSince, viewKey } from '../storage/requests.ts';
import { blockIds, callbackIds } from '../views/ids.ts';
import { noticeModal } from '../views/notice-modal.ts';
import { readSetupModal, setupErrors } from '../views/read-setup-modal.ts';
import {
  cannotCheck,
  cannotCheckChannel,
  chosenChannelIsShared,
  notInChosenChannel,
  requestRefusal,
} from '../views/refusals.ts';
import { afterSubmission, type SubmitArgs } from './answer-press.ts';
import { settleClick, userSchema, whoIs, type Clicker } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { notIdentified, recordRefused } from './refused.ts';
import { assureQuorum } from './quorum.ts';

const bodySchema = z.object({ user: userSchema });
/** The agent was created: the list of agents may be older than it. */
const createdStates = ['done', 'incomplete'] as const;
const mostRequests = 500;

export function registerSubmitSetup(app: App, deps: Dependencies): void {
  app.view<ViewSubmitAction>(callbackIds.setup, (args) => submitSetup(args, deps));
  app.view<ViewSubmitAction>(callbackIds.edit, (args) => submitSetup(args, deps));
}

/**
 * Somebody submits the form, of a new request or of one that they edit: what is wrong is said under its field; what
 * is right is stored before Slack is answered.
 */
async function submitSetup({ ack, body, view, client }: SubmitArgs, deps: Dependencies): Promise<void> {
  const { config, db, directory, identity, wake } = deps;
  const { user } = bodySchema.parse(body);
  const { viewId, channel, form, edited } = readSetupModal(view);
  // The form stays open: nothing that was entered is lost.
  const sayInForm = (text: string) => ack({ response_action: 'errors', errors: { [blockIds.name]: text } });
  const sayInstead = (text: string) =>
    ack({ response_action: 'update', view: noticeModal(view.title.text, text) });

  const person = deps.people.known(user.id) ?? (await whoIs(deps, user));
  const what = edited === undefined ? 'submitted' : 'edited';
  const attempt = {
    what,
    requestId: edited?.requestId,
    by: { id: user.id, teamId: user.team_id },
  } as const;
  if ('reference' in person) {
    await recordRefused(deps, { ...attempt, ...notIdentified(person.reference) });
    return sayInForm(cannotCheck(person.reference));
  }
  const refused = mayRequest(person, config.policy.requesters);
  if (refused) {
    await recordRefused(deps, { ...attempt, refused: refused.reason });
    return sayInstead(requestRefusal(refused, config.policy.requesters));
  }

  // In this order a form that Slack delivers twice never meets its own request as somebody else's.
  const claiming = {
    open: openStates,
    ended: createdStates,
    since: directory.current().agents.fetchedAt ?? 0,
  };
  const requests = await listRequestsSince(db, identity.teamId, claiming, mostRequests);
  if ((await findRequestByView(db, viewId)) !== undefined) return ack();
  const others = requests.filter(({ id }) => id !== edited?.requestId);
  const drafted = draftPlan(form, { ...directory.current(), requests: others });
  const closed = channel.isChosen ? await channelProblem(deps, client, channel.id) : undefined;
  const errors = {
    ...('problems' in drafted && setupErrors(drafted.problems, view)),
    ...(closed !== undefined && { [blockIds.channel]: closed }),
  };
  if ('problems' in drafted || closed !== undefined) return ack({ response_action: 'errors', errors });

  const quorum = await assureQuorum(deps, person, attempt);
  if ('refusal' in quorum) return sayInForm(quorum.refusal);
  const asked = { plan: drafted.plan, note: form.note, ...quorum };

  if (edited !== undefined) {
    const { requestId, shown, place } = edited;
    const refusal = await settleClick(deps, { user, requestId, what }, (click) =>
      editRequest(db, requestId, { ...click, shown, edited: { viewId, ...asked } }),
    );
    const outcome = { action: 'edit' as const, refusal };
    const next = await afterSubmission(deps, view.title.text, { requestId, place }, outcome);
    return next === undefined ? ack() : ack(next);
  }
  await storeNew(deps, { ...asked, dedupeKey: viewKey(viewId), channel: channel.id }, user);
  await ack();
  wake();
}

/** Stores a new request. When this resolves, nothing can be lost. */
async function storeNew(
  { config, db, directory, identity, log, now }: Dependencies,
  asked: Pick<Submission, 'dedupeKey' | 'plan' | 'note' | 'channel' | 'soloDelayMs'>,
  user: Clicker,
): Promise<void> {
  const submission = {
    ...asked,
    teamId: identity.teamId,
    requester: user.id,
    requesterTeam: user.team_id,
    haloThen: haloAtSubmit(directory.current()),
  };
  const { id: requestId, number, state } = await submitRequest(db, submission, now(), config.policy);
  log.info({ requestId, number, state, by: user.id }, 'request submitted');
}

/** Why the card cannot go where somebody chose. Undefined: it can. */
async function channelProblem(
  { log, newReference }: Dependencies,
  client: WebClient,
  channel: string,
): Promise<string | undefined> {
  try {
    const { isMember, isShared } = await channelFacts(client, channel);
    if (isShared) return chosenChannelIsShared;
    return isMember ? undefined : notInChosenChannel;
  } catch (error) {
    const reference = newReference();
    log.error({ err: error, reference, channel }, 'channel could not be looked up');
    return cannotCheckChannel(reference);
  }
}
