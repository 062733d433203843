import { commandNames } from './ids.ts';
import { cleanLine, escape } from './text.ts';
import { cut } from '../text/cut.ts';

const setupUsage = `\`${commandNames.setup}\` opens a form to request a Neo Agent account in HaloPSA. A second admin approves it in the channel, and I post the Agent ID in the thread. \`${commandNames.status}\` shows how far it is.`;

const statusUsage = [
  `\`${commandNames.status}\` – what’s waiting for you, your requests, and the latest results`,
  `\`${commandNames.status} NEO-12\` – one request`,
  `\`${commandNames.status} NEO-12 history\` – everything that happened to it, and who did it`,
  `\`${commandNames.status} 42\` – the agent with ID 42 in HaloPSA`,
  `\`${commandNames.status} team@neoagent.io\` – the agent with this email address`,
  `\`${commandNames.status} Neo Agent\` – agents with this name`,
].join('\n');

export function setupHelp(): string {
  return setupUsage;
}

export function setupUnknownWords(words: string): string {
  return `I don’t know “${echo(words)}”. Type the command on its own: ${setupUsage}`;
}

export function statusHelp(): string {
  return statusUsage;
}

/** `near`: the nearest thing that there is, as a sentence. */
export function statusNotFound(what: string, near: string | undefined): string {
  return `${what} ${near ?? `\`${commandNames.status} help\` lists what you can look up.`}`;
}

/** To whoever writes to the app in a direct message. */
export const messageAnswer = `I don’t read messages. \`${commandNames.setup}\` requests a Neo Agent account, and \`${commandNames.status}\` shows requests and agents.`;

/** Somebody's own words, given back. */
export function echo(words: string): string {
  return escape(cut(cleanLine(words).replaceAll('`', '’'), 100));
}

export const needsAChannel = `\`${commandNames.setup}\` posts a request that a second admin needs to see. Type it in a channel that I’m in, not in a direct or group message.`;

export const channelUnknown =
  'I can’t check who can read this channel, so nothing was changed. Use another channel, or ask whoever runs this app to check its Slack permissions.';

export const triggerExpired =
  'Slack timed out before I could open the form. Nothing was changed. Please try again.';

export const channelIsShared =
  'This channel is shared with another company, so its people would see the request and could press its buttons. Type the command in an internal channel. Nothing was changed.';
