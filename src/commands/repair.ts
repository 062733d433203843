import type { App, BlockAction } from '@slack/bolt';
import { HaloError } from '../halo/errors.ts';
import { checkDriftNow, requestsOfAgent } from '../provisioning/drift.ts';
import { mayRequest, type Person } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { isOpen } from '../requests/states.ts';
import { repairOf, submitRequest } from '../requests/submit.ts';
import { getRequest } from '../requests/store.ts';
import { checkedText, repairAskedFor, repairNotShownWhole } from '../views/drift.ts';
import { actionIds } from '../views/ids.ts';
import {
  cannotCheck,
  clickRefusal,
  statusRefusal,
  tooManyLookUps,
  tooManyOpen,
  unknownRequest,
} from '../views/refusals.ts';
import { notShownWhole } from '../views/shown-whole.ts';
import { haloDidNotAnswer } from '../views/status.ts';
import type { ButtonArgs } from '../actions/answer.ts';
import { privately, readClick, whoIs } from '../actions/clicks.ts';
import { hasTooManyOpen } from './caps.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { assureQuorum } from './quorum.ts';
import { recordRefused } from '../actions/refused.ts';

/** Slack was answered before, so there is time to ask who may approve; in milliseconds. */
const quickMs = 3_000;

type Answer = (deps: Dependencies, person: Person, pressed: Request) => Promise<string>;

export function registerRepair(app: App, deps: Dependencies): void {
  app.action<BlockAction>(actionIds.repair, (args) => answerAgentPress(args, deps, askForRepair));
  app.action<BlockAction>(actionIds.checkDrift, (args) => answerAgentPress(args, deps, compareNow));
}

/**
 * Slack is answered first: HaloPSA, which is asked about the agent, may take longer than Slack waits. The answer is for
 * who pressed alone.
 */
async function answerAgentPress(
  { ack, body, respond }: ButtonArgs,
  deps: Dependencies,
  answer: Answer,
): Promise<void> {
  const { user, requestId } = readClick(body);
  await ack();
  const person = await whoIs(deps, user);
  const waitMs = 'reference' in person ? 0 : deps.countLookUp(user.id);
  const text =
    'reference' in person
      ? cannotCheck(person.reference)
      : waitMs > 0
        ? tooManyLookUps(waitMs)
        : await answerOrWhyNot(deps, requestId, (pressed) => answer(deps, person, pressed));
  await respond(privately(text));
}

async function answerOrWhyNot(
  { db, log, newReference }: Dependencies,
  requestId: string,
  answer: (pressed: Request) => Promise<string>,
): Promise<string> {
  const pressed = await getRequest(db, requestId);
  if (pressed === undefined) return unknownRequest;
  try {
    return await answer(pressed);
  } catch (error) {
    if (!(error instanceof HaloError)) throw error;
    const reference = newReference();
    log.warn({ err: error, requestId, reference }, 'agent could not be compared for somebody');
    return haloDidNotAnswer(error, reference).text;
  }
}

/** Compares the agent with its plan now. What is new is told in the thread too. */
async function compareNow(deps: Dependencies, person: Person, pressed: Request): Promise<string> {
  if (person.standing !== 'member') {
    await recordRefused(deps, {
      what: 'drift_checked',
      requestId: pressed.id,
      by: person,
      refused: person.standing,
    });
    return statusRefusal(person.standing);
  }
  const checked = await checkDriftNow(deps, pressed);
  deps.wake();
  return checkedText(checked);
}

/**
 * Asks for an approval to set the agent to its plan again, if it differs from it at this moment. While such a request
 * is open, there is no second one.
 */
async function askForRepair(deps: Dependencies, person: Person, pressed: Request): Promise<string> {
  const { config, db, log, now, wake } = deps;
  const { policy } = config;
  const because = mayRequest(person, policy.requesters);
  const attempt = {
    what: 'repair_asked',
    requestId: pressed.id,
    planHash: pressed.planHash,
    by: person,
  } as const;
  if (because !== undefined) {
    await recordRefused(deps, { ...attempt, refused: because.reason });
    return clickRefusal({ refused: 'not_allowed', because, current: pressed }, policy);
  }
  const { lastRepair } = await requestsOfAgent(db, pressed);
  if (lastRepair !== undefined && isOpen(lastRepair.state)) return repairAskedFor(lastRepair);

  if (await hasTooManyOpen(deps, person.id)) {
    await recordRefused(deps, { ...attempt, refused: 'too_many_open' });
    return tooManyOpen(deps.budgets.person.openRequests);
  }
  const checked = await checkDriftNow(deps, pressed);
  wake();
  if (checked.found !== 'compared') return checkedText(checked);
  const { request } = checked;
  const { agentId } = request;
  if (request.drift === undefined || request.drift.goneSince !== undefined) return checkedText(checked);

  const repairing = repairOf(request, { agentId, lastRepair, lists: deps.directory.current() });
  if (notShownWhole(repairing.plan) !== undefined) {
    await recordRefused(deps, { ...attempt, refused: 'not_shown_whole' });
    return repairNotShownWhole(request);
  }
  await deps.roster.currentSoon(quickMs);
  const quorum = await assureQuorum(deps, person, attempt);
  if ('refusal' in quorum) return quorum.refusal;
  const submission = {
    ...repairing,
    requester: person.id,
    requesterTeam: person.teamId,
    ...quorum,
  };
  const repair = await submitRequest(db, submission, now(), policy);
  log.info({ requestId: repair.id, number: repair.number, agentId, by: person.id }, 'repair asked for');
  wake();
  return repairAskedFor(repair);
}
