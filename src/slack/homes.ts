import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';

export type Homes = {
  /** Somebody looks at their Home tab: draws it, and keeps it current for a while. @throws SDK errors */
  show: (userId: string, drawing?: Drawing) => Promise<void>;
  /** Something changed: draws the tabs that may be looked at, without anybody waiting for it. */
  changed: () => void;
};

/**
 * What is drawn. `notice`: what the reader just did, or why it was refused. `page` counts from 0; a notice without one
 * comes on the page that the reader is on.
 */
export type Drawing = { page?: number; notice?: string };

type Tab = { since: number; drawing: Drawing; before: Promise<void> };

/** A notice is read by then, and the tab is drawn without it. */
const noticeMs = 60_000;
/** Another process on the same store changes requests without a word to this one. */
const lookMs = 3_000;
const keptMs = 3_600_000;
const maxKept = 50;

/**
 * The Home tabs that were looked at in the last hour, in this process. Another process may draw one once more.
 * `lastChange`: counts what is done with requests, in all processes; undefined where there is only this one.
 */
export function createHomes(deps: {
  client: WebClient;
  log: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  render: (userId: string, drawing: Drawing) => Promise<HomeView>;
  lastChange?: () => Promise<number>;
}): Homes {
  const { client, log, now, render, lastChange } = deps;
  const tabs = new Map<string, Tab>();
  let isOutdated = false;
  let isDrawing = false;

  let looking: NodeJS.Timeout | undefined;
  let seen: number | undefined;

  /** One drawing of a tab after the other: an older one must not come last. */
  function draw(userId: string, tab: Tab): Promise<void> {
    const drawn = tab.before.then(async () => {
      if (now() - tab.since >= noticeMs) delete tab.drawing.notice;
      await client.views.publish({ user_id: userId, view: await render(userId, tab.drawing) });
    });
    tab.before = drawn.catch(() => {});
    return drawn;
  }

  /** Slack takes some hundred drawings a minute. */
  async function drawAll(): Promise<void> {
    isDrawing = true;
    while (isOutdated) {
      isOutdated = false;
      for (const [userId, tab] of tabs) {
        if (now() - tab.since > keptMs) tabs.delete(userId);
        else
          await draw(userId, tab).catch((error: unknown) => {
            log.warn({ err: error, userId }, 'a Home tab could not be drawn again');
          });
      }
    }
    isDrawing = false;
  }

  function changed(): void {
    isOutdated = true;
    if (!isDrawing) void drawAll();
  }

  /** As long as somebody may be looking. What changes from now on is seen. */
  function lookAtOthers(): void {
    if (lastChange === undefined || looking !== undefined) return;
    seen = undefined;
    void look(lastChange);
    looking = setInterval(() => {
      if (tabs.size > 0) return void look(lastChange);
      clearInterval(looking);
      looking = undefined;
    }, lookMs).unref();
  }

  async function look(ask: () => Promise<number>): Promise<void> {
    try {
      const last = await ask();
      if (seen !== undefined && last !== seen) changed();
      seen = last;
    } catch (error) {
      log.warn({ err: error }, 'whether requests were changed by another process is not known');
    }
  }

  return {
    show: (userId, drawing = {}) => {
      const last = tabs.get(userId);
      const shown = drawing.notice === undefined ? {} : { page: last?.drawing.page ?? 0 };
      const before = last?.before ?? Promise.resolve();
      const tab = { since: now(), drawing: { ...shown, ...drawing }, before };
      tabs.delete(userId);
      tabs.set(userId, tab);
      const [oldest] = tabs.keys();
      if (tabs.size > maxKept && oldest !== undefined) tabs.delete(oldest);
      if (tab.drawing.notice !== undefined) setTimeout(changed, noticeMs + 500).unref();
      lookAtOthers();
      return draw(userId, tab);
    },
    changed,
  };
}
