import { quorumFor, type Person } from '../requests/policy.ts';
import { cannotCheckApprovers, tooFewApprovers } from '../views/refusals.ts';
import type { Dependencies } from './dependencies.ts';
import { recordRefused, type Attempt } from './refused.ts';

/**
 * Can this be approved at all? When too few people could, or Slack does not say who, nothing is taken on: that is
 * recorded, and `refusal` tells the person. `soloDelayMs`: the requester is the only approver.
 */
export async function assureQuorum(
  deps: Dependencies,
  person: Person,
  attempt: Attempt,
): Promise<{ soloDelayMs: number | undefined } | { refusal: string }> {
  const { config, people, log, newReference } = deps;
  const { policy } = config;
  try {
    const quorum = quorumFor(person.id, await people.everyoneOn(policy.approvers), policy);
    if (quorum.kind !== 'too_few')
      return { soloDelayMs: quorum.kind === 'solo' ? quorum.delayMs : undefined };
    await recordRefused(deps, { ...attempt, refused: 'too_few_approvers' });
    return { refusal: tooFewApprovers(quorum.others, policy) };
  } catch (error) {
    const reference = newReference();
    log.error({ err: error, reference }, 'approvers could not be looked up');
    await recordRefused(deps, { ...attempt, refused: 'approvers_unknown', reference });
    return { refusal: cannotCheckApprovers(reference) };
  }
}
