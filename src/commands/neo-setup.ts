import type {
  AllMiddlewareArgs,
  App,
  GlobalShortcut,
  SlackCommandMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
} from '@slack/bolt';
import { z } from 'zod';
import { mayRequest } from '../requests/policy.ts';
import { setupHelp, setupUnknownWords, triggerExpired } from '../views/help.ts';
import { callbackIds, commandNames } from '../views/ids.ts';
import { requestRefusal } from '../views/refusals.ts';
import { userSchema } from '../actions/clicks.ts';
import type { Dependencies } from '../actions/dependencies.ts';
import { openSetupForm } from './open-setup-form.ts';
import { isExpiredTrigger } from '../actions/open-views.ts';
import { recordRefused } from '../actions/refused.ts';
import { typedText } from './typed-text.ts';

const commandSchema = z.object({
  text: typedText,
  user_id: z.string(),
  channel_id: z.string(),
  channel_name: z.string(),
  trigger_id: z.string(),
});

const shortcutSchema = z.object({ trigger_id: z.string(), user: userSchema });

type CommandArgs = SlackCommandMiddlewareArgs & AllMiddlewareArgs;
type ShortcutArgs = SlackShortcutMiddlewareArgs<GlobalShortcut> & AllMiddlewareArgs;

export function registerNeoSetup(app: App, deps: Dependencies): void {
  app.command(commandNames.setup, (args) => neoSetup(args, deps));
  app.shortcut<GlobalShortcut>(callbackIds.setupShortcut, (args) => setupShortcut(args, deps));
}

/** Somebody types `/neo-setup`: the form opens at once from memory, then it is completed by what Slack and HaloPSA know. */
async function neoSetup({ command, ack, respond, client }: CommandArgs, deps: Dependencies): Promise<void> {
  const { text: words, user_id: userId, trigger_id: triggerId, ...typedIn } = commandSchema.parse(command);
  if (words !== '') return ack(ephemeral(/^help$/i.test(words) ? setupHelp() : setupUnknownWords(words)));

  const { config, people } = deps;
  // Nobody else would see the card in a direct message: then the form asks for the channel.
  const channel =
    config.approvalsChannel ?? (isDirect(typedIn.channel_name) ? undefined : typedIn.channel_id);

  const person = people.known(userId);
  const refused = person && mayRequest(person, config.policy.requesters);
  if (refused) {
    await recordRefused(deps, { what: 'form_opened', by: person, refused: refused.reason });
    return ack(ephemeral(requestRefusal(refused, config.policy.requesters)));
  }

  try {
    await Promise.all([ack(), openSetupForm(deps, client, { triggerId, userId, channel })]);
  } catch (error) {
    if (!isExpiredTrigger(error)) throw error;
    await respond(ephemeral(triggerExpired));
  }
}

/** Is it a direct or a group message? The latter is named after its people, as `mpdm-ana--ben--cleo-1`. */
function isDirect(channelName: string): boolean {
  return channelName === 'directmessage' || /^mpdm-.+-\d+$/.test(channelName);
}

/** Somebody runs the global shortcut, which knows no channel and can answer only by what it opens. */
async function setupShortcut({ ack, body, client }: ShortcutArgs, deps: Dependencies): Promise<void> {
  const { trigger_id: triggerId, user } = shortcutSchema.parse(body);
  const opening = { triggerId, userId: user.id, channel: deps.config.approvalsChannel };
  try {
    await Promise.all([ack(), openSetupForm(deps, client, opening)]);
  } catch (error) {
    if (!isExpiredTrigger(error)) throw error;
    await client.chat.postMessage({ channel: user.id, text: triggerExpired });
  }
}

function ephemeral(text: string) {
  return { response_type: 'ephemeral' as const, text };
}
