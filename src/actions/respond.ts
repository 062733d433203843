import type { RespondFn } from '@slack/bolt';
import { RespondError } from '@slack/bolt';
import type { Message } from '../views/message.ts';

/** Slack answers a `response_url` with this where it doesn't take the blocks, and doesn't say why. */
const refused = 400;

/** As a new message that only they see, or in place of the one that was pressed. */
type How = { response_type: 'ephemeral'; replace_original?: false } | { replace_original: true };

/** Answers who typed or pressed; with the text alone where Slack refuses the blocks. @throws {RespondError} */
export async function respondWith(respond: RespondFn, { text, blocks }: Message, how: How): Promise<void> {
  try {
    await respond({ ...how, text, blocks });
  } catch (error) {
    if (!(error instanceof RespondError) || error.statusCode !== refused) throw error;
    await respond({ ...how, text });
  }
}
