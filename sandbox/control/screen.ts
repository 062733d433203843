/**
 * What one person sees, as the page and the tests get it: plain JSON. `Block` is what stands for a block of
 * Block Kit: raw here, typed in the page.
 */
export type Screen<Block = unknown> = {
  /** Who acts: a key of `people`. */
  me: string;
  people: PersonChip[];
  /** Names by id, of everybody, the bot and the groups. */
  names: Record<string, string>;
  conversations: Conversation<Block>[];
  commands: CommandHint[];
  /** What the menus of shortcuts offer this person. */
  shortcuts: { global: ShortcutHint[]; message: ShortcutHint[] };
  /** The stack of open modals, the lowest first. */
  modals: Modal<Block>[];
  /** Which tabs the app has. */
  appTabs: AppTab[];
  /** As the app published it last. */
  home: Surface<Block> | undefined;
  halo: HaloPage;
  journal: JournalLine[];
  /** Undefined: this is no demo. */
  demo: DemoView | undefined;
};

/** What is otherwise than usual around the app. */
export type DemoSwitch = 'outage' | 'no_licence' | 'keeps_hours' | 'two_approvals';
export type DemoView = { on: Record<DemoSwitch, boolean>; daysAhead: number; isRestarting: boolean };

export type PersonChip = { key: string; id: string; name: string; role: string };
export type CommandHint = { command: string; description: string; usageHint: string };
export type ShortcutHint = { callbackId: string; name: string; description: string };
export type AppTab = 'home' | 'messages';

export type Conversation<Block = unknown> = {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'shared' | 'im';
  isArchived: boolean;
  messages: Message<Block>[];
};

/** What the fields of a surface hold, by block_id and action_id. */
export type Values = Record<string, Record<string, FieldValue>>;
export type FieldValue = { type: string } & Record<string, unknown>;

export type Message<Block = unknown> = {
  ts: string;
  threadTs: string | undefined;
  author: string;
  byBot: boolean;
  text: string;
  /** For the live region. */
  spoken: string;
  ephemeral: boolean;
  blocks: readonly Block[];
  values: Values;
  edited: boolean;
};

type Surface<Block = unknown> = { id: string; blocks: readonly Block[]; values: Values };

export type Modal<Block = unknown> = Surface<Block> & {
  title: string;
  submit: string | undefined;
  close: string | undefined;
  /** By block_id. */
  errors: Record<string, string>;
};

export type HaloPage = {
  licences: { total: number; used: number };
  agents: HaloAgent[];
  teams: { id: number; name: string; department: string; inactive: boolean; members: number }[];
};
export type HaloAgent = {
  id: number;
  name: string;
  email: string;
  isActive: boolean;
  isApiOnly: boolean;
  teams: string[];
};

/** One call: what came in, what went out. No arguments: they hold secrets. */
export type JournalLine = {
  number: number;
  at: number;
  to: 'Slack' | 'HaloPSA';
  method: string;
  path: string;
  /** `200`, `ok`, an error code, or why there is none. */
  status: string;
  went: 'well' | 'wrong' | 'on';
};

/** Where an element stands that somebody uses. */
export type Place =
  { on: 'modal'; view: string } | { on: 'home' } | { on: 'message'; channel: string; ts: string };

type TextOption = {
  text: { type: string; text: string };
  value: string;
  description?: { type: string; text: string } | undefined;
};

/** What came of a step. */
export type Answer = {
  /** Slack's own line, when the app did not take it. */
  failure: string | undefined;
  /** What a submission was refused for, by label. */
  errors?: Record<string, string>;
  /** What a search offers, as the app gave it. */
  options?: TextOption[];
};
