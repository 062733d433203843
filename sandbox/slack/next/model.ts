import type { Block, View } from './kit.ts';
import type { Values } from './kit.ts';

export type Person = {
  id: string;
  name: string;
  /** Undefined: this workspace. */
  teamId?: string;
  tz?: string;
  isAdmin?: boolean;
  isOwner?: boolean;
  isPrimaryOwner?: boolean;
  isRestricted?: boolean;
  isUltraRestricted?: boolean;
  isBot?: boolean;
  deleted?: boolean;
  isStranger?: boolean;
};

export type Channel = {
  id: string;
  name: string;
  isPrivate?: boolean;
  isExtShared?: boolean;
  isArchived?: boolean;
  isIm?: boolean;
  /** User ids; the bot's is among them when it is in the channel. */
  members: string[];
};

export type UserGroup = { id: string; handle: string; users: string[] };

/** Who the app is in this workspace. */
export type Identity = {
  teamId: string;
  teamDomain: string;
  botUserId: string;
  botId: string;
  botName: string;
  appId: string;
};

export type Metadata = { event_type: string; event_payload: Record<string, unknown> };

export type Content = { text: string; blocks: Block[] };

export type StoredMessage = Content & {
  ts: string;
  channelId: string;
  threadTs?: string;
  userId: string;
  metadata?: Metadata;
  /** How often it was updated. */
  edited: number;
  /** Everybody whom it ever notified: user ids, group ids, `@channel`. */
  mentions: string[];
};

/** What only one person sees. It is never in the history, and `chat.update` cannot reach it. */
export type Ephemeral = Content & { ts: string; channelId: string; userId: string; threadTs?: string };

export type OpenView = {
  id: string;
  hash: string;
  userId: string;
  rootId: string;
  previousId: string | null;
  view: View;
  values: Values;
  /** By block id, as the app answered them. */
  errors: Record<string, string>;
};

export type ResponseUrl = {
  channelId: string;
  userId: string;
  /** The message with the button; after a command, what was last answered through this address. */
  original: StoredMessage | Ephemeral | undefined;
  isCommand: boolean;
  uses: number;
  until: number;
};

/** What is sent to the app. */
export type Payload = Record<string, unknown>;
