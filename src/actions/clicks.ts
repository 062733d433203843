import type { SlackActionMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { Person } from '../requests/policy.ts';
import { isDirectBlock, planShownIn } from '../views/ids.ts';
import type { Place, RequestShown } from '../views/request-shown.ts';
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

/** Tells who pressed something, and nobody else. On the Home tab, where Slack offers no answer, the tab says it. */
export async function respondToPress(
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
