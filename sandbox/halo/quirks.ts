/** What this build of HaloPSA does differently. May be changed at any time. */
export type HaloQuirks = {
  /** Fields that vanish on create and are kept by an update. */
  ignoreOnCreate: string[];
  /** Fields that always vanish. */
  ignoreAlways: string[];
  /** A new agent is missing from so many reads of the list or of itself. */
  lagReads: number;
  /** The status of a successful POST. */
  created: 200 | 201;
  /** How a POST of one element is answered. */
  answerShape: 'object' | 'array';
  /** How `GET /api/Agent` wraps its rows. */
  listShape: 'array' | 'results' | 'agents';
  /** Calls in a rolling window. Nobody has shown HaloPSA sending `Retry-After`. */
  rateLimit: { calls: number; windowMs: number; retryAfter?: boolean } | undefined;
  /** Which property is honoured. `add_…` adds to what the agent has, the other replaces it. */
  rolesProperty: 'roles' | 'add_roles' | 'both';
  teamsProperty: 'teams' | 'add_teams' | 'both';
};

/** As most evidence has it. */
export function usualQuirks(): HaloQuirks {
  return {
    ignoreOnCreate: [],
    ignoreAlways: [],
    lagReads: 0,
    created: 201,
    answerShape: 'object',
    listShape: 'array',
    rateLimit: { calls: 700, windowMs: 300_000 },
    rolesProperty: 'roles',
    teamsProperty: 'teams',
  };
}
