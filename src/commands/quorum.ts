import { quorumFor, type Person, type Quorum } from '../requests/policy.ts';
import type { Dependencies } from './dependencies.ts';

/** Can this be approved at all? When Slack does not say who may approve, nothing is taken on. */
export async function quorumNow(
  { config, people, log, newReference }: Dependencies,
  person: Person,
): Promise<Quorum | { reference: string }> {
  try {
    return quorumFor(person.id, await people.everyoneOn(config.policy.approvers), config.policy);
  } catch (error) {
    const reference = newReference();
    log.error({ err: error, reference }, 'approvers could not be looked up');
    return { reference };
  }
}
