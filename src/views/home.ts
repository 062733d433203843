import type { HomeView, KnownBlock } from '@slack/types';
import { commandNames, actionIds } from './ids.ts';
import { buttons, message, paragraph, type Part } from './message.ts';
import { overviewParts, type PostedItem } from './overview.ts';
import { plain } from './text.ts';

export type HomeFacts = {
  items: readonly PostedItem[];
  /** Counts from 0. */
  page: number;
  /** Slack id. */
  reader: string;
  /** May the reader ask for an agent? */
  maySetUp: boolean;
  /** What the reader just did, or why it was refused. */
  notice: string | undefined;
};

const greeting = [
  'Welcome! I set up the Neo Agent account in HaloPSA. You fill in one form instead of clicking through HaloPSA’s configuration.',
  'A second admin approves it in a channel, and I create the agent.',
  'I post the Agent ID, which Neo asks for, in the thread.',
].join(' ');

const setUpButton: KnownBlock = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: actionIds.openSetup,
      style: 'primary',
      text: plain('Set up Neo Agent', 75),
    },
  ],
};

/** The Home tab: the page of `/neo-status`, and a way to ask for an agent. Who is new here is greeted. */
export function homeView({ items, page, reader, maySetUp, notice }: HomeFacts): HomeView {
  const isNew = !items.some((item) => concerns(item, reader));
  return home([
    ...(notice === undefined ? [] : [paragraph(notice)]),
    ...(isNew ? [paragraph(greeting)] : []),
    ...(maySetUp ? [buttons(setUpButton)] : []),
    ...overviewParts(items, page),
    paragraph(`\`${commandNames.status} help\` lists all commands.`),
  ]);
}

function concerns({ group, request }: PostedItem, reader: string): boolean {
  const { approvals = [], decision } = request;
  const deciders = [...approvals.map(({ by }) => by), decision?.by];
  return group === 'waits_for_you' || group === 'asked_by_you' || deciders.includes(reader);
}

/** For who may not see how things stand: why. */
export function closedHome(refusal: string): HomeView {
  return home([paragraph(refusal)]);
}

function home(parts: readonly Part[]): HomeView {
  return { type: 'home', blocks: message(parts).blocks };
}
