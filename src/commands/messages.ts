import type { AllMiddlewareArgs, App, SlackEventMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import type { Dependencies } from '../actions/dependencies.ts';
import type { Cap } from '../budgets.ts';
import { messageAnswer } from '../views/help.ts';
import { createCap, type Count } from './caps.ts';

type MessageArgs = SlackEventMiddlewareArgs<'message'> & AllMiddlewareArgs;

/** Slack delivers an event again where it wasn't acknowledged, and a second line needs no second answer. */
const answeredOnce: Cap = { count: 1, inMs: 60_000 };

export function registerMessages(app: App, { now }: Pick<Dependencies, 'now'>): void {
  const count = createCap(answeredOnce, now);
  app.event('message', (args) => answerMessage(args, count));
}

/** The app's own messages, and what is edited or deleted, come as events too. */
const writtenSchema = z.object({
  channel_type: z.literal('im'),
  channel: z.string(),
  user: z.string(),
  subtype: z.undefined().optional(),
  bot_id: z.undefined().optional(),
});

/** Somebody writes to the app in a direct message: a word says what it understands. */
async function answerMessage({ event, client }: MessageArgs, count: Count): Promise<void> {
  const { data: written } = writtenSchema.safeParse(event);
  if (written !== undefined && count(written.user) === 0)
    await client.chat.postMessage({ channel: written.channel, text: messageAnswer });
}
