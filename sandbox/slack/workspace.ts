export type Person = {
  id: string;
  name: string;
  /** Undefined: this workspace. */
  teamId?: string;
  tz?: string;
  isAdmin?: boolean;
  isOwner?: boolean;
  isGuest?: boolean;
  /** A guest of one channel alone. */
  isSingleChannelGuest?: boolean;
  isBot?: boolean;
  deleted?: boolean;
  isStranger?: boolean;
  /** On Enterprise Grid: their id in the organization, under which Slack knows them too, and the workspaces they are in. */
  grid?: { id: string; teams: readonly string[]; isAdmin?: boolean };
  /** What Slack leaves out of its answers about this person. */
  unsaid?: readonly string[];
};

export type Channel = {
  id: string;
  name: string;
  isPrivate?: boolean;
  isExtShared?: boolean;
  /** Another company was asked to join. */
  isPendingExtShared?: boolean;
  isArchived?: boolean;
  isIm?: boolean;
  /** A group message: `name` says who is in it, as `mpdm-ana--ben--cleo-1`. */
  isMpim?: boolean;
  members: string[];
};

/** `refused`: what Slack says instead of who is in it. */
export type UserGroup = { id: string; handle: string; users: string[]; refused?: string };

export const teamId = 'T07QH4M2K1A';
/** The organization, where the workspace belongs to one. */
export const enterpriseId = 'E07BRIGHTW8';
export const teamDomain = 'brightwater';
export const teamName = 'Brightwater';
export const bot = { userId: 'U07QHBOTN3P', botId: 'B07QHB7C2XD', appId: 'A07QH9Z4R5T' };
/** What the app shows for a new pair of tokens. */
export const oauthClient = { id: '7120045511.8890012245', secret: '5f0c7e21a94b4d3e8b6a17c2d9043e58' };

/** The people and channels of the demo and the tests. All invented. */
export const people = {
  ana: { id: 'U07ANA4F2K8', name: 'Ana', tz: 'Australia/Sydney' },
  ben: { id: 'U07BEN9C3M5', name: 'Ben', tz: 'Europe/London', isAdmin: true },
  cleo: { id: 'U07CLEO6T1R', name: 'Cleo', tz: 'Europe/Berlin', isAdmin: true, isOwner: true },
  dan: { id: 'U07DAN2W7Q4', name: 'Dan', tz: 'America/New_York' },
  gus: { id: 'U07GUS8H5V3', name: 'Gus', tz: 'Europe/Paris', isGuest: true },
  xena: { id: 'U09XENA1B6Y', name: 'Xena', teamId: 'T09OTHER5CO', isStranger: true, isAdmin: true },
} satisfies Record<string, Person>;

const everybody = Object.values(people).map(({ id }) => id);
/** People of another company are only in what is shared with them. */
const ownPeople = everybody.filter((id) => id !== people.xena.id);

export const channels = {
  ops: { id: 'C07MSPOPS11', name: 'msp-ops', members: [...ownPeople, bot.userId] },
  general: { id: 'C07GENERAL2', name: 'general', members: ownPeople },
  leadership: {
    id: 'C07LEADERS3',
    name: 'leadership',
    isPrivate: true,
    members: [people.ana.id, people.ben.id, people.cleo.id],
  },
  shared: {
    id: 'C07SHARED44',
    name: 'shared-with-northwind',
    isExtShared: true,
    members: [...everybody, bot.userId],
  },
} satisfies Record<string, Channel>;

export const userGroups: UserGroup[] = [{ id: 'S07PSAADM55', handle: 'psa-admins', users: [people.dan.id] }];
