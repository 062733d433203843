import { screen, show, sought, thread } from './state.ts';

const path = /^\/archives\/(?<channel>\w+)\/p(?<seconds>\d+)(?<micros>\d{6})$/;

/**
 * Goes to the message of a permalink, as Slack does without leaving its window. For its shape see
 * https://docs.slack.dev/reference/methods/chat.getPermalink.
 * @returns false for an address that leads elsewhere, or to a conversation that this person does not have
 */
export function followPermalink(address: string): boolean {
  const url = URL.parse(address);
  if (url?.hostname.endsWith('.slack.com') !== true) return false;
  const { channel = '', seconds = '', micros = '' } = path.exec(url.pathname)?.groups ?? {};
  if (screen.value?.conversations.some(({ id }) => id === channel) !== true) return false;
  show(channel);
  thread.value = url.searchParams.get('thread_ts') ?? undefined;
  sought.value = `${seconds}.${micros}`;
  return true;
}
