import { quorumFor, type Person } from '../requests/policy.ts';
import type { Submission } from '../requests/submit.ts';
import { tooFewApprovers } from '../views/refusals.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { recordRefused, type Attempt } from '../actions/refused.ts';

/**
 * Can this be approved at all, by what is known of the approvers now? When too few people could, nothing is taken on: that
 * is recorded, and `refusal` tells the person. When Slack has not told enough so far, nobody waits for it: the card says
 * that it couldn't be checked. `soloDelayMs`: the requester is the only approver.
 */
export async function assureQuorum(
  deps: Dependencies,
  person: Person,
  attempt: Attempt,
): Promise<{ soloDelayMs: number | undefined; quorum?: Submission['quorum'] } | { refusal: string }> {
  const { policy } = deps.config;
  const quorum = quorumFor(person, deps.roster.current(), policy);
  switch (quorum.kind) {
    case 'enough':
      return { soloDelayMs: undefined };
    case 'solo':
      return { soloDelayMs: quorum.delayMs };
    case 'unknown':
      return { soloDelayMs: undefined, quorum: 'unknown' };
    case 'too_few':
      await recordRefused(deps, { ...attempt, refused: 'too_few_approvers' });
      return { refusal: tooFewApprovers(quorum.others, policy) };
  }
}
