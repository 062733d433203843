import { passwordHash, type StoredAgent } from './agents.ts';
import { brokenPasswordRule } from './password-rules.ts';
import type { HaloQuirks, WriteProperty } from './quirks.ts';
import { Refusal } from './refusals.ts';
import type { Seed, StoredTeam } from './seed.ts';
import { isKnownTimezone } from './timezones.ts';
import type { WireAgent } from './wire-agent.ts';

/** The columns of HaloPSA's database. */
const longestName = 256;
const longestZone = 100;

/** What is left of an element after this build's quirks: the rest vanishes without a word. */
export function honoured(wire: WireAgent, quirks: HaloQuirks): WireAgent {
  const { ignoreAlways, ignoreOnCreate, rolesProperty, teamsProperty } = quirks;
  const ignored = new Set<WriteProperty>([
    ...ignoreAlways,
    ...(wire.id === undefined ? ignoreOnCreate : []),
    ...(rolesProperty === 'both' ? [] : ([rolesProperty === 'roles' ? 'add_roles' : 'roles'] as const)),
    ...(teamsProperty === 'both' ? [] : ([teamsProperty === 'teams' ? 'add_teams' : 'teams'] as const)),
  ]);
  const kept: WireAgent = { ...wire };
  for (const property of ignored) kept[property] = undefined;
  return kept;
}

/** The agent with what was sent; all else stays. A default team that does not exist vanishes. @throws {Refusal} */
export function changedAgent(
  before: StoredAgent,
  change: WireAgent,
  lists: Seed,
  quirks: HaloQuirks,
): StoredAgent {
  const { name, email } = texts(before, change, quirks);
  const isKnownTeam = knownTeams(lists, quirks).some((team) => team.name === change.team);
  const { password } = change;
  const rule = password !== undefined && quirks.enforcesPasswordRules && brokenPasswordRule(password, lists);
  if (rule) throw Refusal.rule(rule);
  return {
    ...before,
    name,
    email,
    timezone: timezoneOf(before, change, quirks),
    workday_id: workdayOf(before, change, lists, quirks),
    isdisabled: change.isdisabled ?? before.isdisabled,
    isapiagent: change.isapiagent ?? before.isapiagent,
    team: isKnownTeam ? (change.team ?? before.team) : before.team,
    roles: rolesOf(before, change, lists, quirks),
    teams: teamsOf(before, change, lists, quirks),
    ...(password !== undefined && {
      passwordHash: passwordHash(before.id, password),
      passwordLength: password.length,
    }),
    ...quirks.forceAlways,
  };
}

function texts(before: StoredAgent, change: WireAgent, quirks: HaloQuirks): { name: string; email: string } {
  const { name = before.name, email = before.email, timezone = '' } = change;
  if (name.trim() === '') throw Refusal.rule('Agent Name must not be blank');
  if (name.length > longestName || email.length > longestName || timezone.length > longestZone)
    throw Refusal.database('(8152) - String or binary data would be truncated.');
  return {
    name: quirks.trimsName ? name.trim() : name,
    email: quirks.lowercasesEmail ? email.toLowerCase() : email,
  };
}

function timezoneOf(before: StoredAgent, { timezone }: WireAgent, quirks: HaloQuirks): string {
  if (timezone === undefined) return before.timezone;
  if (isKnownTimezone(timezone, quirks.timezones)) return timezone;
  if (quirks.otherTimezones === 'ignore') return before.timezone;
  throw Refusal.rule('Timezone not found');
}

function workdayOf(before: StoredAgent, change: WireAgent, lists: Seed, quirks: HaloQuirks): number {
  if (change.workday_id === undefined) return before.workday_id;
  const [workday] = found([change.workday_id], (id) => lists.workdays.find((one) => one.id === id), {
    what: 'Workday',
    quirks,
  });
  return workday?.id ?? before.workday_id;
}

function rolesOf(before: StoredAgent, change: WireAgent, lists: Seed, quirks: HaloQuirks) {
  const known = (refs: WireAgent['roles']) =>
    refs &&
    found(refs, ({ id }) => lists.roles.find((role) => role.id.toLowerCase() === id?.toLowerCase()), {
      what: 'Role',
      quirks,
    }).map(({ id, name }) => ({ id, name }));
  return newList(before.roles, known(change.roles), known(change.add_roles), quirks);
}

function teamsOf(before: StoredAgent, change: WireAgent, lists: Seed, quirks: HaloQuirks): StoredTeam[] {
  const teams = knownTeams(lists, quirks);
  const known = (refs: WireAgent['teams']) =>
    refs && found(refs, (ref) => teams.find(({ id }) => id === ref.team_id), { what: 'Team', quirks });
  return newList(before.teams, known(change.teams), known(change.add_teams), quirks);
}

function knownTeams(lists: Seed, { inactiveTeams }: HaloQuirks): StoredTeam[] {
  return inactiveTeams === 'take' ? lists.teams : lists.teams.filter(({ inactive }) => !inactive);
}

/** @throws {Refusal} for what is not there, in builds that say so */
function found<Ref, T>(
  refs: readonly Ref[],
  find: (ref: Ref) => T | undefined,
  { what, quirks }: { what: string; quirks: HaloQuirks },
): T[] {
  return refs.flatMap((ref) => {
    const item = find(ref);
    if (item !== undefined) return [item];
    if (quirks.missingIds === 'ignore') return [];
    throw Refusal.rule(`${what} not found`);
  });
}

function newList<T extends { id: unknown }>(
  before: T[],
  sent: T[] | undefined,
  added: T[] = [],
  { listWrites }: HaloQuirks,
): T[] {
  const kept = sent === undefined || listWrites === 'merge' ? before : [];
  return [...new Map([...kept, ...(sent ?? []), ...added].map((one) => [one.id, one])).values()];
}
