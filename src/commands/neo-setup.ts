import type { AllMiddlewareArgs, App, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { findTimeZone } from '../halo/time-zones.ts';
import { mayRequest } from '../requests/policy.ts';
import { setupHelp, setupUnknownWords, needsAChannel, triggerExpired } from '../views/help.ts';
import { commandNames } from '../views/ids.ts';
import { requestRefusal } from '../views/refusals.ts';
import { setupModal } from '../views/setup-modal.ts';
import { setupNotices } from '../views/setup-notices.ts';
import { completeModal, haloFacts } from './complete-modal.ts';
import type { Dependencies } from './dependencies.ts';
import { isExpiredTrigger, openView } from './open-views.ts';
import { recordRefused } from './refused.ts';

const commandSchema = z.object({
  text: z.string().default(''),
  user_id: z.string(),
  channel_id: z.string(),
  channel_name: z.string(),
  trigger_id: z.string(),
});

type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;

export function registerNeoSetup(app: App, deps: Dependencies): void {
  app.command(commandNames.setup, (args) => neoSetup(args, deps));
}

/** Somebody types `/neo-setup`: the form opens at once from memory, then it is completed by what Slack and HaloPSA know. */
async function neoSetup({ command, ack, respond, client }: CommandArgs, deps: Dependencies): Promise<void> {
  const { text, user_id: userId, trigger_id: triggerId, ...typedIn } = commandSchema.parse(command);
  const words = text.trim();
  if (words !== '') return ack(ephemeral(/^help$/i.test(words) ? setupHelp() : setupUnknownWords(words)));

  const { config, directory, people, now } = deps;
  const inDirectMessage = typedIn.channel_name === 'directmessage';
  const channel = config.approvalsChannel ?? (inDirectMessage ? undefined : typedIn.channel_id);
  if (channel === undefined) return ack(ephemeral(needsAChannel));

  const person = people.known(userId);
  const refused = person && mayRequest(person, config.policy.requesters);
  if (refused) {
    await recordRefused(deps, { what: 'form_opened', by: person, refused: refused.reason });
    return ack(ephemeral(requestRefusal(refused, config.policy.requesters)));
  }

  const facts = {
    channel,
    timeZone: person?.timeZone === undefined ? undefined : findTimeZone(person.timeZone),
    timeZoneCameLate: false,
    notices: setupNotices(haloFacts(directory.current()), true, channel),
    edited: undefined,
  };
  const openedAt = now();
  try {
    const [viewId] = await Promise.all([openView(client, triggerId, setupModal(facts)), ack()]);
    await completeModal(deps, client, { viewId, userId, openedAt, facts });
  } catch (error) {
    if (!isExpiredTrigger(error)) throw error;
    await respond(ephemeral(triggerExpired));
  }
}

function ephemeral(text: string) {
  return { response_type: 'ephemeral' as const, text };
}
