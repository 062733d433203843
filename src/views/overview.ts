import type { ActionsBlock, Button } from '@slack/types';
import type { OverviewGroup, OverviewItem } from '../requests/overview.ts';
import type { Posted } from '../storage/messages.ts';
import { actionButtons, type ActionButton } from './action-buttons.ts';
import { actionIds } from './ids.ts';
import {
  buttons,
  heading,
  kept,
  lengthOf,
  message,
  paragraph,
  small,
  table,
  type Message,
  type Part,
} from './message.ts';
import { planRows } from './plan-rows.ts';
import { repairParts, warningParts } from './request-card.ts';
import { requestLine } from './request-line.ts';
import { plain } from './text.ts';

const groupTitles: Record<OverviewGroup, string> = {
  waits_for_you: 'Waiting for you',
  asked_by_you: 'Your requests',
  other_open: 'Other open requests',
  latest: 'Latest results',
};

/** A page is read in one go, and Slack takes 50 blocks and 4000 characters of text in a message. */
const maxOnPage = 6;
const maxCharacters = 3_400;

/** A request on the page, and where its messages stand. */
export type PostedItem = OverviewItem & {
  posted: Posted;
  /** What the reader may press. */
  offered: readonly ActionButton[];
  /** It waits for the reader's decision. */
  isAwaited: boolean;
};

/** How things stand for one person: what waits for them, what they asked for, the rest. `page` counts from 0. */
export function overviewMessage(items: readonly PostedItem[], page: number): Message {
  return message(overviewParts(items, page));
}

/** The page, for a message or the Home tab. Beyond the last page is the last page. */
export function overviewParts(items: readonly PostedItem[], page: number): Part[] {
  const pages = inPages(items);
  const index = Math.min(page, pages.length - 1);
  const shown = pages[index] ?? [];
  const isFirstOf = ({ group }: PostedItem, at: number) => shown[at - 1]?.group !== group;
  return [
    ...(items.some(({ isOpen }) => isOpen) ? [] : [paragraph('No open requests.')]),
    ...shown.flatMap((item, at) => [
      ...(isFirstOf(item, at) ? [heading(groupTitles[item.group])] : []),
      ...itemParts(item),
    ]),
    ...(pages.length > 1 ? [small(`Page ${index + 1} of ${pages.length}.`)] : []),
    ...turning(index, pages.length).map((block) => buttons(block)),
  ];
}

/** Nobody approves what they were not shown: the whole plan stands where it can be approved. */
function itemParts({ request, offered, isAwaited, posted }: PostedItem): Part[] {
  const judged = isAwaited
    ? [...warningParts(request), ...repairParts(request), kept(table(planRows(request)))]
    : [];
  const pressable = actionButtons(request, offered, { link: posted.link });
  return [
    paragraph(requestLine(request, posted)),
    ...judged,
    ...(pressable === undefined ? [] : [buttons(pressable)]),
  ];
}

/** As many requests on each page as Slack takes. */
function inPages(items: readonly PostedItem[]): PostedItem[][] {
  const pages: PostedItem[][] = [];
  let left = 0;
  for (const item of items) {
    const size = lengthOf(itemParts(item));
    const last = pages.at(-1);
    if (last === undefined || last.length === maxOnPage || size > left) {
      pages.push([item]);
      left = maxCharacters - size;
    } else {
      last.push(item);
      left -= size;
    }
  }
  return pages;
}

function turning(index: number, pages: number): ActionsBlock[] {
  const elements = [
    ...(index > 0 ? [pageButton(actionIds.newerPage, 'Newer', index - 1)] : []),
    ...(index < pages - 1 ? [pageButton(actionIds.olderPage, 'Older', index + 1)] : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function pageButton(actionId: string, text: string, page: number): Button {
  return { type: 'button', action_id: actionId, text: plain(text, 75), value: String(page) };
}

/** The way from one request back to all of them. */
export const backToOverview: ActionsBlock = {
  type: 'actions',
  elements: [pageButton(actionIds.allRequests, 'All requests', 0)],
};
