import { computed, effect, signal } from '@preact/signals';
import type { Answer, AppTab, Conversation, Place } from '../../control/screen.ts';
import type { ConfirmationDialog, KitScreen } from './kit.ts';

/** Who acts. In the address, so that two windows can be two people. */
export const who = signal(new URLSearchParams(location.search).get('as') ?? 'ana');
export const screen = signal<KitScreen | undefined>(undefined);
export const isConnected = signal(true);
/** The ids of the agents that HaloPSA had when this page was opened; every other one came since. */
export const firstAgents = new Set<number>();

/** Slack's clients keep ephemeral messages until they are loaded again. */
const loadedAt = Math.floor(performance.timeOrigin);

export const appId = 'app';
/** The conversation in the middle, or `appId`. Empty: the first conversation. */
export const shown = signal('');
/** The one that was chosen last. */
const chosenTab = signal<AppTab>('home');
/** The tab of the app that is before the person: its first one where it lacks the chosen one. */
export const appTab = computed(() => {
  const tabs = screen.value?.appTabs ?? [];
  return tabs.includes(chosenTab.value) ? chosenTab.value : tabs[0];
});
/** The ts of the parent of the open thread. */
export const thread = signal<string | undefined>(undefined);
/** The ts of the message that a link leads to, until it is before the person. */
export const sought = signal<string | undefined>(undefined);

export const conversation = computed(() => {
  const all = screen.value?.conversations ?? [];
  if (shown.value === appId) return all.find(({ kind }) => kind === 'im');
  return all.find(({ id }) => id === shown.value) ?? all[0];
});

/** Follows what the acting person sees, from one push of the server to the next. */
export function follow(): void {
  effect(() => {
    const events = new EventSource(`/people/${encodeURIComponent(who.value)}/events?loaded=${loadedAt}`);
    events.onmessage = ({ data }: MessageEvent<string>) => {
      const pushed: unknown = JSON.parse(data);
      if (!isScreen(pushed)) return;
      if (screen.value === undefined) for (const { id } of pushed.halo.agents) firstAgents.add(id);
      screen.value = pushed;
      isConnected.value = true;
    };
    events.onerror = () => {
      isConnected.value = false;
    };
    return () => {
      events.close();
    };
  });
}

/** The page and its server are one build, so the shape is theirs to keep; anything else is not a screen. */
function isScreen(value: unknown): value is KitScreen {
  return typeof value === 'object' && value !== null && 'me' in value && 'conversations' in value;
}

/** The newest message that each person had before them, by conversation. What was there at the start is no news. */
const read = signal<Record<string, string>>({});

function readKey(conversationId: string): string {
  return `${screen.value?.me ?? ''} ${conversationId}`;
}

/** Somebody has this conversation before them. */
export function markRead({ id, messages }: Conversation): void {
  const newest = messages.at(-1)?.ts ?? '0';
  if (read.value[readKey(id)] !== newest) read.value = { ...read.value, [readKey(id)]: newest };
}

/** How many messages came since, in the conversation and its threads. */
export function unreadIn(conversation: Conversation): number {
  const { id, messages } = conversation;
  const last = read.value[readKey(id)];
  const since = last === undefined ? loadedAt / 1_000 : Number(last);
  return messages.filter(({ ts, byBot, ephemeral }) => byBot && !ephemeral && Number(ts) > since).length;
}

export function actAs(key: string): void {
  who.value = key;
  thread.value = undefined;
  history.replaceState(null, '', `?as=${encodeURIComponent(key)}`);
}

export function show(id: string): void {
  shown.value = id;
  thread.value = undefined;
}

export function showTab(tab: AppTab): void {
  chosenTab.value = tab;
  thread.value = undefined;
}

/** Each place has its own line: what is typed arrives before it is submitted. */
const lines = new Map<string, Promise<unknown>>();

/** Does something at a place, after what was done there before. */
export function performAt(place: Place, step: object): Promise<Answer> {
  const key = JSON.stringify(place);
  const next = (lines.get(key) ?? Promise.resolve()).then(() => perform({ ...step, place }));
  lines.set(key, next);
  return next;
}

export const trouble = 'We had some trouble connecting. Try again?';

/** Does something as the acting person. What cannot be done comes back as a failure to show. */
export async function perform(step: object): Promise<Answer> {
  try {
    const response = await fetch(`/people/${encodeURIComponent(who.value)}`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(step),
    });
    const answer: unknown = await response.json();
    return isAnswer(answer) ? answer : { failure: trouble };
  } catch {
    return { failure: trouble };
  }
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null;
}

/** The question that is asked before something is done. */
export const asked = signal<{ confirm: ConfirmationDialog; answer: (isSure: boolean) => void } | undefined>(
  undefined,
);

/** Asks when the element wants it. */
export function isSure(confirm: ConfirmationDialog | undefined): Promise<boolean> {
  if (confirm === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    asked.value = {
      confirm,
      answer: (sure) => {
        asked.value = undefined;
        resolve(sure);
      },
    };
  });
}
