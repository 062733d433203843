import type { AllMiddlewareArgs, App, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { z } from 'zod';
import { draftPlan } from '../requests/draft.ts';
import { mayRequest } from '../requests/policy.ts';
import { haloAtSubmit } from '../requests/preflight.ts';
import { openStates } from '../requests/states.ts';
import { submitRequest } from '../requests/submit.ts';
import { findRequestByView, listRequestsSince } from '../storage/requests.ts';
import { noticeModal } from '../views/deny-modal.ts';
import { blockIds, callbackIds } from '../views/ids.ts';
import { cannotCheck, requestRefusal } from '../views/refusals.ts';
import { readSetupModal, setupErrors } from '../views/setup-modal.ts';
import { whoIs, userSchema } from './clicks.ts';
import type { Dependencies } from './dependencies.ts';
import { notIdentified, recordRefused } from './refused.ts';

type SubmitArgs = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

const bodySchema = z.object({ user: userSchema });
/** The agent was created: the list of agents may be older than it. */
const createdStates = ['done', 'incomplete'] as const;
const mostRequests = 500;
export function registerSubmitSetup(app: App, deps: Dependencies): void {
  app.view<ViewSubmitAction>(callbackIds.setup, (args) => submitSetup(args, deps));
}

/** Somebody submits the form: what is wrong is said under its field; what is right is stored before Slack is answered. */
async function submitSetup({ ack, body, view }: SubmitArgs, deps: Dependencies): Promise<void> {
  const { config, db, directory, identity, log, now, wake } = deps;
  const { user } = bodySchema.parse(body);
  const { viewId, channel, form } = readSetupModal(view);

  const person = deps.people.known(user.id) ?? (await whoIs(deps, user));
  // The form stays open when Slack does not say who this is: nothing that was entered is lost.
  const attempt = { what: 'submitted' as const, by: { id: user.id, teamId: user.team_id } };
  if ('reference' in person) {
    await recordRefused(deps, { ...attempt, ...notIdentified(person.reference) });
    return ack({ response_action: 'errors', errors: { [blockIds.name]: cannotCheck(person.reference) } });
  }
  const refused = mayRequest(person, config.requesters);
  if (refused) {
    await recordRefused(deps, { ...attempt, refused: refused.reason });
    const text = requestRefusal(refused, config.requesters);
    return ack({ response_action: 'update', view: noticeModal('Set up Neo Agent', text) });
  }

  // In this order a form that Slack delivers twice never meets its own request as somebody else's.
  const claiming = {
    open: openStates,
    ended: createdStates,
    since: directory.current().agents.fetchedAt ?? 0,
  };
  const requests = await listRequestsSince(db, identity.teamId, claiming, mostRequests);
  if ((await findRequestByView(db, viewId)) !== undefined) return ack();
  const drafted = draftPlan(form, { ...directory.current(), requests });
  if ('problems' in drafted)
    return ack({ response_action: 'errors', errors: setupErrors(drafted.problems, view) });

  const submission = {
    viewId,
    teamId: identity.teamId,
    requester: user.id,
    requesterTeam: user.team_id,
    channel,
    plan: drafted.plan,
    note: form.note,
    haloThen: haloAtSubmit(directory.current()),
  };
  const request = await submitRequest(db, submission, now(), config.approvalTtlMs);
  await ack();
  log.info(
    { requestId: request.id, number: request.number, state: request.state, by: user.id },
    'request submitted',
  );
  wake();
}
