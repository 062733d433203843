import { App, type Logger as SlackLogger, type Receiver } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { registerActions } from './actions/press.ts';
import { openEditForm } from './commands/edit-form.ts';
import { registerBoundary, type Boundary } from './commands/boundary.ts';
import { createCap, registerCaps } from './commands/caps.ts';
import { registerCompareWithGuide } from './commands/compare-with-guide.ts';
import type { Dependencies } from './actions/dependencies.ts';
import { drawHome, registerHome } from './commands/home.ts';
import { registerMessages } from './commands/messages.ts';
import { registerNeoSetup } from './commands/neo-setup.ts';
import { registerNeoStatus } from './commands/neo-status.ts';
import { registerRepair } from './commands/repair.ts';
import { registerSetupOptions } from './commands/setup-options.ts';
import { registerSubmitSetup } from './commands/submit-setup.ts';
import { registerDetails } from './commands/details.ts';
import { registerRequestAgain } from './commands/request-again.ts';
import { registerTurnPage } from './commands/turn-page.ts';
import type { Budgets } from './budgets.ts';
import type { Config } from './config.ts';
import type { WatchableHaloClient } from './halo/client.ts';
import { createRoleReader } from './halo/role-rights.ts';
import { createDirectory, type Directory } from './halo/directory.ts';
import {
  mentionApproversHandler,
  notifyApproverHandler,
  notifyApproversHandler,
} from './notifications/approvers.ts';
import { escalateHandler, notifyEscalationHandler } from './notifications/escalation.ts';
import { lookForAnswerHandler } from './notifications/answers.ts';
import type { Delivery } from './notifications/delivery.ts';
import { postCardHandler, redrawCardHandler } from './notifications/card.ts';
import { redrawMessageHandler } from './notifications/redraw.ts';
import { notifyRequesterHandler } from './notifications/requester.ts';
import {
  postDriftHandler,
  postEditHandler,
  postNoteHandler,
  postOutcomeHandler,
  postQuestionHandler,
} from './notifications/thread.ts';
import { instanceOf } from './provisioning/claiming.ts';
import { carryOutHandler, expireHandler } from './requests/expiry.ts';
import { cardFor, redrawLane } from './requests/follow-up.ts';
import type { Request } from './requests/request.ts';
import { checkDriftHandler } from './provisioning/drift.ts';
import { provisionHandler } from './provisioning/provisioning.ts';
import { answeringOptions, type Identity } from './slack/connection.ts';
import { couldBeStopped, createChannels } from './slack/channels.ts';
import { createGroups } from './slack/groups.ts';
import { createHomes } from './slack/homes.ts';
import { createPeople } from './slack/people.ts';
import { createRoster, type RosterReader } from './slack/roster.ts';
import { countAudited } from './storage/audit/audit.ts';
import type { Store } from './storage/database.ts';
import { createPace, type Rate } from './storage/limiter.ts';
import { cardOf, type CardMessage } from './storage/messages.ts';
import { paceOf } from './storage/tasks.ts';
import { createWorker, TryLater, type Handler, type TaskRetry, type Worker } from './storage/worker.ts';

export type AppParts = {
  config: Config;
  log: Logger;
  slackLog: SlackLogger;
  receiver: Receiver;
  /** Resolves when nobody waits for an acknowledgement. */
  quiet: () => Promise<void>;
  identity: Identity;
  /** Posts messages, and never retries on its own. */
  posting: WebClient;
  halo: WatchableHaloClient;
  store: Store;
  newReference: () => string;
  /** Milliseconds between looks at HaloPSA, which may show a new agent late. */
  lookAgainAfterMs: readonly number[];
  /** Milliseconds between tries while HaloPSA is out of reach. */
  waitForHaloMs: readonly number[];
  taskRetry: TaskRetry;
  refusedRetry: TaskRetry;
  leaseMs: number;
  /** Of posts in one channel. */
  postRate: Rate;
  /** Of all messages that are drawn again. */
  redrawRate: Rate;
  budgets: Budgets;
};

export type NeoSetup = {
  bolt: App;
  worker: Worker;
  directory: Directory;
  boundary: Boundary;
  roster: RosterReader;
};

/** Puts the parts together. Reads no environment, listens to nothing, starts nothing. */
export function createApp(parts: AppParts): NeoSetup {
  const { config, log, receiver, identity, posting, halo, store, newReference } = parts;
  const { db, now } = store;
  const bolt = new App({
    token: config.slack.botToken,
    receiver,
    logger: parts.slackLog,
    convoStore: false,
    deferInitialization: true,
    tokenVerificationEnabled: false,
    botId: identity.botId,
    botUserId: identity.botUserId,
    clientOptions: answeringOptions(config.slack.apiUrl),
  });

  const directory = createDirectory(halo.withShare('background'), {
    now,
    onError: (error) => {
      log.warn({ err: error }, 'a list of HaloPSA could not be read');
    },
  });
  const pace = createPace(store);
  const channels = createChannels({ client: posting, now });
  const delivery: Delivery = {
    db,
    client: posting,
    assertInternal: channels.assertInternal,
    directWith: channels.directWith,
    isIn: channels.isIn,
    admit: async (lane) => {
      const rate = lane === redrawLane ? parts.redrawRate : parts.postRate;
      const waitMs = await pace(paceOf(lane), rate);
      if (waitMs > 0) throw new TryLater(waitMs, 'as many messages as Slack takes', lane);
    },
    cardInFlightRetryMs: parts.taskRetry.firstMs,
    refusedRetry: parts.refusedRetry,
    log,
    now,
  };
  const { policy, escalation, remindAfterMs } = config;
  const groups = createGroups({ client: posting, now });
  const groupsThatLetIn = [...new Set([...policy.approvers.groups, ...policy.requesters.groups])];
  const people = createPeople({
    client: bolt.client,
    identity,
    groups,
    groupsThatLetIn,
    named: [...policy.approvers.users, ...policy.requesters.users],
    now,
  });
  const roster = createRoster({
    client: posting,
    identity,
    people,
    groups,
    approvers: policy.approvers,
    otherGroups: [...policy.requesters.groups, ...escalation.groups],
    enough: policy.approvalsRequired + 1,
    log,
    now,
  });
  const telling = { ...delivery, people, groups, roster, policy, escalation, remindAfterMs };
  const stoppable = (request: Request, card: CardMessage) =>
    couldBeStopped(posting, people, card.at, request.requester);
  const instance = instanceOf(config.halo.baseUrl);
  const common = {
    config,
    identity,
    db,
    halo: halo.withShare('people'),
    instance,
    ownClientId: config.halo.clientId,
    directory,
    people,
    roster,
    channels,
    quiet: parts.quiet,
    log,
    now,
    newReference,
    budgets: parts.budgets,
    repeats: new Map(),
    countLookUp: createCap(parts.budgets.person.lookUps, now),
  };
  const homes = createHomes({
    // Nobody who presses something waits behind the drawing of tabs.
    client: posting,
    log,
    now,
    render: (userId, drawing) => drawHome(common, userId, drawing),
    ...(store.isShared && { lastChange: () => countAudited(db) }),
  });
  /** Every change of a request has its card drawn, so the Home tabs hear of it there; and of the way to the card. */
  const alsoOnHomes =
    (handle: Handler): Handler =>
    (task, held) => {
      homes.changed();
      return handle(task, held);
    };
  const worker = createWorker({
    store,
    log,
    retry: parts.taskRetry,
    leaseMs: parts.leaseMs,
    handlers: {
      post_card: alsoOnHomes(postCardHandler({ ...delivery, couldBeStopped: stoppable })),
      redraw_card: alsoOnHomes(redrawCardHandler(delivery)),
      post_outcome: postOutcomeHandler(delivery),
      tell_requester: notifyRequesterHandler(delivery),
      provision: provisionHandler({
        ...parts,
        policy,
        db,
        now,
        instance,
        directory,
        roles: createRoleReader(now),
      }),
      expire: expireHandler({ db, now }),
      check_drift: checkDriftHandler({ db, halo: halo.withShare('background'), instance, now, log }),
      post_drift: postDriftHandler(delivery),
      carry_out: carryOutHandler({
        db,
        now,
        policy,
        approversNow: roster.recent,
        couldBeStopped: async (request) => {
          const card = await cardOf(db, request.id);
          // A card from before an edit shows settings that no longer apply.
          return card?.nth === cardFor(request) && (await stoppable(request, card));
        },
      }),
      post_question: postQuestionHandler(delivery),
      post_edit: postEditHandler(delivery),
      post_note: postNoteHandler(delivery),
      look_for_answer: lookForAnswerHandler(delivery),
      redraw_message: redrawMessageHandler(delivery),
      tell_approvers: alsoOnHomes(notifyApproversHandler(telling)),
      tell_approver: alsoOnHomes(notifyApproverHandler(telling)),
      remind_approver: notifyApproverHandler(telling),
      mention_approvers: mentionApproversHandler(telling),
      remind_approvers: mentionApproversHandler(telling),
      escalate: escalateHandler(telling),
      tell_escalation: notifyEscalationHandler(telling),
    },
  });
  const deps: Dependencies = { ...common, homes, wake: worker.wake };

  const boundary = registerBoundary(bolt, deps);
  registerCaps(bolt, deps);
  registerNeoSetup(bolt, deps);
  registerSetupOptions(bolt, deps);
  registerSubmitSetup(bolt, deps);
  registerActions(bolt, deps, openEditForm);
  registerRepair(bolt, deps);
  registerNeoStatus(bolt, deps);
  registerCompareWithGuide(bolt, deps);
  registerTurnPage(bolt, deps);
  registerDetails(bolt, deps);
  registerRequestAgain(bolt, deps);
  registerHome(bolt, deps);
  registerMessages(bolt, deps);
  return { bolt, worker, directory, boundary, roster };
}
