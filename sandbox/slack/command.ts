import type { Context } from './acting.ts';
import { checkBlocks } from './block-kit.ts';
import type { Command } from './manifest.ts';
import type { Store } from './store.ts';
import { bot, enterpriseId, teamDomain, teamId, type Channel } from './workspace.ts';

/** Tells the app of a slash command and shows its answer. Returns Slack's code where that failed. */
export async function runCommand(
  context: Context,
  channel: Channel,
  command: Command,
  text: string,
): Promise<string | undefined> {
  const { store, user, hooksBase, deliver, responseUrls } = context;
  const ack = await deliver('slash_commands', {
    token: 'legacy-token',
    team_id: teamId,
    team_domain: teamDomain,
    channel_id: channel.id,
    channel_name: nameForApps(channel),
    user_id: user.id,
    user_name: user.name.toLowerCase(),
    command: command.command,
    text: command.should_escape ? withIds(escaped(text, store), store) : escaped(text, store),
    api_app_id: bot.appId,
    ...(user.grid !== undefined && { enterprise_id: enterpriseId, enterprise_name: teamDomain }),
    is_enterprise_install: 'false',
    response_url: responseUrls.give(hooksBase(), { channel: channel.id, user: user.id, message: undefined }),
    trigger_id: store.newTrigger(user.id, { conversation: channel.id }),
  });
  return ack.ok ? showAnswer(context, channel.id, ack.answer) : ack.failure;
}

function nameForApps({ name, isIm, isMpim, isPrivate }: Channel): string {
  if (isMpim === true) return name;
  if (isIm === true) return 'directmessage';
  return isPrivate === true ? 'privategroup' : name;
}

function escaped(text: string, { escapesCommandText }: Store): string {
  if (!escapesCommandText) return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** With `should_escape`, names become ids. */
function withIds(text: string, { people, channels }: Store): string {
  const named = (all: Iterable<{ id: string; name: string }>, name: string) =>
    [...all].find((one) => one.name.toLowerCase() === name.toLowerCase());
  return text
    .replace(/@([\w-]+)/g, (all, name: string) => {
      const person = named(people.values(), name);
      return person === undefined ? all : `<@${person.id}|${person.name.toLowerCase()}>`;
    })
    .replace(/#([\w-]+)/g, (all, name: string) => {
      const channel = named(channels.values(), name);
      return channel === undefined ? all : `<#${channel.id}|${channel.name}>`;
    });
}

/** An ack with content is shown to the one who typed, unless it says `in_channel`. What is wrong with it. */
function showAnswer(context: Context, channel: string, answer: unknown): string | undefined {
  const { store, user, manifest, complain } = context;
  if (typeof answer !== 'object' || answer === null) return undefined;
  const checked = checkBlocks('blocks' in answer ? answer.blocks : [], manifest);
  if ('errors' in checked) {
    complain([checked.error, ...checked.errors].join('\n'));
    return checked.error;
  }
  const text = 'text' in answer && typeof answer.text === 'string' ? answer.text : '';
  if (text === '' && checked.value.length === 0) return undefined;
  const content = { text, blocks: checked.value, channel, threadTs: undefined };
  if ('response_type' in answer && answer.response_type === 'in_channel') store.post(content);
  else store.whisper({ ...content, user: user.id });
  store.changed();
  return undefined;
}
