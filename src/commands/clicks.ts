import { z } from 'zod';
import type { Person } from '../requests/policy.ts';
import type { Dependencies } from './dependencies.ts';

export const userSchema = z.object({ id: z.string(), team_id: z.string().optional() });
export type Clicker = z.infer<typeof userSchema>;

const clickSchema = z.object({
  user: userSchema,
  trigger_id: z.string(),
  actions: z.tuple([z.object({ value: z.uuid() })]),
});

/** A pressed button of ours: who, on which request. @throws ZodError: not a button of ours. */
export function readClick(body: unknown): { user: Clicker; requestId: string; triggerId: string } {
  const { user, trigger_id: triggerId, actions } = clickSchema.parse(body);
  return { user, requestId: actions[0].value, triggerId };
}

/** Who clicked, as Slack knows them at this moment. When Slack does not say, nobody is let in. */
export async function whoIs(
  { people, log, newReference }: Dependencies,
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
