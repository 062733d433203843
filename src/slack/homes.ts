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

const keptMs = 3_600_000;
const mostKept = 50;

/** The Home tabs that were looked at in the last hour, in this process. Another process may draw one once more. */
export function createHomes(deps: {
  client: WebClient;
  log: Logger;
  /** Epoch milliseconds. */
  now: () => number;
  render: (userId: string, drawing: Drawing) => Promise<HomeView>;
}): Homes {
  const { client, log, now, render } = deps;
  const tabs = new Map<string, Tab>();
  let isOutdated = false;
  let isDrawing = false;

  /** One drawing of a tab after the other: an older one must not come last. */
  function draw(userId: string, tab: Tab): Promise<void> {
    const drawn = tab.before.then(async () => {
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

  return {
    show: (userId, drawing = {}) => {
      const last = tabs.get(userId);
      const shown = drawing.notice === undefined ? {} : { page: last?.drawing.page ?? 0 };
      const before = last?.before ?? Promise.resolve();
      const tab = { since: now(), drawing: { ...shown, ...drawing }, before };
      tabs.delete(userId);
      tabs.set(userId, tab);
      const [oldest] = tabs.keys();
      if (tabs.size > mostKept && oldest !== undefined) tabs.delete(oldest);
      return draw(userId, tab);
    },
    changed: () => {
      isOutdated = true;
      if (!isDrawing) void drawAll();
    },
  };
}
