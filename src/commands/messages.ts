import type { AllMiddlewareArgs, App, SlackEventMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { Dependencies } from '../actions/dependencies.ts';
import type { Cap } from '../budgets.ts';
import { messageAnswer } from '../views/help.ts';
import { createCap, type Count } from './caps.ts';

type MessageArgs = SlackEventMiddlewareArgs<'message'> & AllMiddlewareArgs;

/** Slack may deliver an event twice, and someone who writes several lines needs one answer. */
const answeredOnce: Cap = { count: 1, inMs: 60_000 };

export function registerMessages(app: App, { now }: Pick<Dependencies, 'now'>): void {
  const count = createCap(answeredOnce, now);
  app.event('message', (args) => answerMessage(args, count));
}

/** Slack also sends the app's own messages, edits and deletions: those don't match. */
const writtenSchema = z.object({
  channel_type: z.literal('im'),
  channel: z.string(),
  user: z.string(),
  subtype: z.undefined().optional(),
  bot_id: z.undefined().optional(),
});

/** Someone writes to the app in a direct message: it answers which commands there are. */
async function answerMessage({ event, client }: MessageArgs, count: Count): Promise<void> {
  const { data: written } = writtenSchema.safeParse(event);
  if (written !== undefined && count(written.user) === 0)
    await client.chat.postMessage({ channel: written.channel, text: messageAnswer });
}
