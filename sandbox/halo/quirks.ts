import type { StoredAgent } from './agents.ts';
import type { WireAgent } from './wire-agent.ts';

/** A property that `POST /api/Agent` may be given. */
export type WriteProperty = Exclude<keyof WireAgent, 'id'>;

/** What a build sets itself, whatever was sent. */
type Forced = Partial<Pick<StoredAgent, 'workday_id' | 'isapiagent' | 'isdisabled'>>;

/** What this build of HaloPSA does differently. May be changed at any time. */
export type HaloQuirks = {
  /** Properties that vanish on create and are kept by an update. */
  ignoreOnCreate: WriteProperty[];
  /** Properties that always vanish. */
  ignoreAlways: WriteProperty[];
  forceOnCreate: Forced;
  /** By every write, on whatever property. */
  forceAlways: Forced;
  /** Names of the roles and teams that each new agent is given before what was sent is looked at. */
  newAgentsHave: { roles: string[]; teams: string[] };
  /** Which property is honoured. `add_…` adds to what the agent has. */
  rolesProperty: 'roles' | 'add_roles' | 'both';
  teamsProperty: 'teams' | 'add_teams' | 'both';
  /** What `roles` and `teams` do to the lists that the agent has. */
  listWrites: 'replace' | 'merge';
  /** Roles, teams and working hours that are not there (any more). */
  missingIds: 'refuse' | 'ignore';
  inactiveTeams: 'take' | 'as_missing';
  trimsName: boolean;
  lowercasesEmail: boolean;
  /** The names of timezones that this build knows. With `iana` it reports its own in them too. */
  timezones: 'any' | 'windows' | 'iana';
  otherTimezones: 'refuse' | 'ignore';
  /** When an agent needs a licence and none is free. */
  withoutLicence: 'refuse' | 'disable';
  /** Are the rules for passwords that `GET /api/Control` tells of enforced here? */
  enforcesPasswordRules: boolean;

  /** A new agent is missing from so many reads of the list or of itself. */
  lagReads: number;
  /** After an update, so many reads of the list or of the agent show it as it was before. */
  staleReads: number;
  /** Properties that a single agent's answers leave out, whatever is stored. */
  unreported: string[];
  /** Properties that the rows of `GET /api/Agent` leave out. */
  unlisted: string[];

  /** The status of a successful POST. */
  created: 200 | 201;
  /** How a POST of one element is answered. */
  answerShape: 'object' | 'array';
  /** How `GET /api/Agent` wraps its rows; other lists were only ever seen bare. */
  listShape: 'array' | 'results' | 'agents';
  /** Every list is cut at so many rows. `isCounted`: it says how many there are. `hasOthers`: further pages can be asked for. */
  listPages: { size: number; isCounted: boolean; hasOthers: boolean } | undefined;
  /** Both are stable builds of the autumn of 2026. */
  build: '2.236.133' | '2.250.32';
  /** The teams that come with roles, all by name. */
  rolesBring: { role: string; teams: string[] }[];
  /** Where to sign in, as `GET /api/AuthInfo` says: a path of this instance, or an address elsewhere. */
  signInAt: string;
  /** `GET /api/InstanceInfo` counts nothing. */
  countsAreZero: boolean;
  /** Ids and counts as texts, flags as 0, 1 and "True". */
  oddValues: boolean;
  /** Every list has rows without anything in them. */
  nullRows: boolean;
  /** The list of agents holds only the agent that the application logs in as. */
  listsOnlyItself: boolean;
  /** How long `GET /api/Agent` takes, in milliseconds. */
  agentListMs: number;
  /** Calls in a rolling window. Nobody has shown HaloPSA sending `Retry-After`. */
  rateLimit: { calls: number; windowMs: number; retryAfter?: boolean } | undefined;

  tokenLifeSeconds: number;
  /** What a token carries, whatever was asked. Without a scope it opens nothing. */
  tokenScopes: 'as_asked' | string[];
  /** What the agent that the application logs in as may do. */
  loginAgentMay: 'edit' | 'read' | 'nothing';
};

/** As most evidence has it. */
export function usualQuirks(): HaloQuirks {
  return {
    ignoreOnCreate: [],
    ignoreAlways: [],
    forceOnCreate: {},
    forceAlways: {},
    newAgentsHave: { roles: [], teams: [] },
    rolesProperty: 'roles',
    teamsProperty: 'teams',
    listWrites: 'replace',
    missingIds: 'refuse',
    inactiveTeams: 'take',
    trimsName: false,
    lowercasesEmail: false,
    timezones: 'any',
    otherTimezones: 'refuse',
    withoutLicence: 'refuse',
    enforcesPasswordRules: false,
    lagReads: 0,
    staleReads: 0,
    unreported: [],
    unlisted: [],
    created: 201,
    answerShape: 'object',
    listShape: 'array',
    listPages: undefined,
    listsOnlyItself: false,
    agentListMs: 0,
    oddValues: false,
    nullRows: false,
    build: '2.250.32',
    rolesBring: [],
    signInAt: '/auth',
    countsAreZero: false,
    rateLimit: { calls: 700, windowMs: 300_000 },
    tokenLifeSeconds: 3600,
    tokenScopes: 'as_asked',
    loginAgentMay: 'edit',
  };
}
