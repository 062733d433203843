import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { ClickOutcome, InTime } from '../requests/deciding.ts';
import type { Decided } from '../requests/decisions.ts';
import type { Person, Policy } from '../requests/policy.ts';
import type { Request } from '../requests/request.ts';
import { getRequest } from '../storage/requests.ts';
import { isDirectBlock, planShownIn } from '../views/ids.ts';
import type { Place, RequestShown } from '../views/request-shown.ts';
import { cannotCheck, clickRefusal, tooLate } from '../views/refusals.ts';
import { beforeAck, type Deadline } from './deadline.ts';
import { notIdentified, recordRefused } from './refused.ts';
import type { Dependencies } from './dependencies.ts';

export const userSchema = z.object({ id: z.string(), team_id: z.string().optional() });
export type Clicker = z.infer<typeof userSchema>;

export const containerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message'), is_ephemeral: z.boolean().default(false) }),
  z.object({ type: z.literal('view') }),
]);
type Container = z.infer<typeof containerSchema>;

const clickSchema = z.object({
  user: userSchema,
  trigger_id: z.string(),
  container: containerSchema,
  actions: z.tuple([z.object({ value: z.uuid(), block_id: z.string() })]),
});

export type PressedButton = RequestShown & { user: Clicker; triggerId: string };

/** A pressed button of ours: who, on which request, showing which plan. @throws ZodError: not a button of ours. */
export function readClick(body: unknown): PressedButton {
  const { user, trigger_id: triggerId, container, actions } = clickSchema.parse(body);
  const [{ value: requestId, block_id: blockId }] = actions;
  const place = isDirectBlock(blockId) ? 'direct' : placeOf(container);
  return { user, requestId, triggerId, shown: planShownIn(blockId), place };
}

export function placeOf(container: Container): Place {
  if (container.type === 'view') return 'home';
  return container.is_ephemeral ? 'page' : 'channel';
}

/** Who clicked, as Slack knows them at this moment. When Slack does not say, nobody is let in. */
export async function whoIs(
  { people, log, newReference }: Pick<Dependencies, 'people' | 'log' | 'newReference'>,
  user: Clicker,
): Promise<Person | { reference: string }> {
  try {
    return await people.lookUp(user.id, user.team_id);
  } catch (error) {
    const reference = newReference();
    log.error({ err: error, reference, userId: user.id }, 'person could not be looked up');
    return { reference };
  }
}

/** What somebody tries to do with a request. `what`: as the audit records it. */
type Attempt = Pick<PressedButton, 'user' | 'requestId'> & { what: string };
type ClickBy = { by: Person; at: number; policy: Policy } & InTime;
type Change = (click: ClickBy) => Promise<ClickOutcome>;

/**
 * Does what somebody clicked for, in storage. Undefined: it is done. Else why not, in words for who clicked.
 * `change` is given who it is, when, and by which rules. What is refused is recorded.
 */
export async function settleClick(
  deps: Dependencies,
  attempt: Attempt,
  change: Change,
): Promise<string | undefined> {
  return beforeAck(
    (deadline) => settleWithin(deadline, deps, attempt, change),
    () => tookTooLong(deps, attempt),
  );
}

/** The same, where a deadline runs already. */
export async function settleWithin(
  deadline: Deadline,
  deps: Dependencies,
  attempt: Attempt,
  change: Change,
): Promise<string | undefined> {
  const judged = await judge(deps, { ...attempt, ...deadline }, change);
  if ('refusal' in judged) return judged.refusal;
  const { id: requestId, state } = judged.current;
  deps.log.info({ requestId, state, by: attempt.user.id }, 'click accepted');
  deps.wake();
  return undefined;
}

/** It was not decided in time, so it never will be. That is recorded without anybody waiting for it. */
export function tookTooLong(
  deps: Pick<Dependencies, 'db' | 'identity' | 'log' | 'now' | 'repeats' | 'newReference'>,
  { user, requestId, what }: Pick<Attempt, 'user' | 'what'> & { requestId: string | undefined },
): string {
  const reference = deps.newReference();
  deps.log.error({ requestId, reference, by: user.id }, 'not decided in time, so nothing was done');
  const by = { id: user.id, teamId: user.team_id };
  void recordRefused(deps, { what, requestId, by, refused: 'too_late', reference });
  return tooLate(reference);
}

async function judge(
  deps: Dependencies,
  { user, requestId, what, assertInTime }: Attempt & InTime,
  change: Change,
): Promise<{ current: Request } | { refusal: string }> {
  const { config, log, now } = deps;
  const by = await whoIs(deps, user);
  const attempt = { what, requestId, by: { id: user.id, teamId: user.team_id } };
  if ('reference' in by) {
    await recordRefused(deps, { ...attempt, ...notIdentified(by.reference) });
    return { refusal: cannotCheck(by.reference) };
  }
  const outcome = await change({
    by,
    at: now(),
    policy: config.policy,
    ...(assertInTime && { assertInTime }),
  });
  if (!outcome.accepted) {
    log.info({ requestId, refused: outcome.refused, by: user.id }, 'click refused');
    await recordRefused(deps, {
      ...attempt,
      planHash: outcome.current?.planHash,
      refused: outcome.refused,
    });
    return { refusal: clickRefusal(outcome, config.policy) };
  }
  return { current: outcome.current };
}

/** Why this person may not do it now, before they are asked for more. Only a refusal is stored, for the audit. */
export async function refusalNow(
  deps: Dependencies,
  attempt: Attempt,
  change: (request: Request, click: ClickBy) => Decided,
): Promise<string | undefined> {
  // Nothing is stored, and Slack was answered before.
  const judged = await judge(deps, attempt, async (click) => {
    const current = await getRequest(deps.db, attempt.requestId);
    if (current === undefined) return { accepted: false, current, refused: 'unknown_request' };
    const decided = change(current, click);
    return 'refused' in decided ? { accepted: false, current, ...decided } : { accepted: true, current };
  });
  return 'refusal' in judged ? judged.refusal : undefined;
}

/** Tells who pressed something, and nobody else. On the Home tab, where Slack offers no answer, the tab says it. */
export async function tellPresser(
  { respond }: Pick<SlackActionMiddlewareArgs, 'respond'>,
  { homes }: Pick<Dependencies, 'homes'>,
  { user, place }: Pick<PressedButton, 'user' | 'place'>,
  text: string,
): Promise<void> {
  if (place === 'home') await homes.show(user.id, { notice: text });
  else await respond(privately(text));
}

/** An answer that only who clicked sees. What they clicked stays as it is. */
export function privately(text: string) {
  return { response_type: 'ephemeral' as const, replace_original: false, text };
}
