import type { FaultMatch, HaloFault } from './faults.ts';
import { knownFaults } from './known-faults.ts';
import type { HaloQuirks } from './quirks.ts';
import type { Settings } from './seed.ts';

export type Preset = {
  title: string;
  quirks: Partial<HaloQuirks>;
  settings?: Partial<Settings>;
  faults: { match: FaultMatch; fault: HaloFault; times: number }[];
  /** What is true of an agent that was asked for with every field, and so what people must be told. */
  expected: string;
};

export const presetNames = [
  'usual',
  'before-2026',
  'never-timezone',
  'iana-timezones',
  'iana-timezones-only',
  'add-properties',
  'update-only',
  'merging-lists',
  'never-teams',
  'default-team-ignored',
  'workday-stuck',
  'forced-api-only',
  'created-disabled',
  'tidied-texts',
  'late-reads',
  'stale-after-update',
  'unreported-roles',
  'bare-rows',
  'array-answers-200',
  'wrapped-lists',
  'cut-lists',
  'cut-lists-uncounted',
  'cut-lists-without-pages',
  'own-row-only',
  'build-2.236',
  'odd-values',
  'null-rows',
  'role-brings-teams',
  'sign-in-elsewhere',
  'page-in-front',
  'slow-agents',
  'rate-limited',
  'rate-limited-retry-after',
  'lost-answer',
  'database-error-after-commit',
  'no-licence',
  'no-licence-disabled',
  'strict-passwords',
  'no-permission',
] as const;

export type PresetName = (typeof presetNames)[number];

const atCreate = (fault: HaloFault): Preset['faults'] => [
  { match: { method: 'POST', path: '/api/Agent' }, fault, times: 1 },
];

/** Builds of HaloPSA that may exist. Which of them do is not known: so the bot must be right on all. */
export const presets: Record<PresetName, Preset> = {
  usual: {
    title: 'As most evidence has it; build 2.250.32',
    quirks: {},
    faults: [],
    expected: 'Every field is set on create.',
  },
  'before-2026': {
    title: 'A build from before 2026: agents have no timezone',
    quirks: { ignoreAlways: ['timezone'], unreported: ['timezone'] },
    faults: [],
    expected: 'All set but the timezone, of which HaloPSA says nothing.',
  },
  'never-timezone': {
    title: 'The timezone is reported, and never taken',
    quirks: { ignoreAlways: ['timezone'] },
    faults: [],
    expected: 'All set but the timezone, which stays empty.',
  },
  'iana-timezones': {
    title: 'Timezones by IANA name; Windows ids vanish',
    quirks: { timezones: 'iana', otherTimezones: 'ignore' },
    faults: [],
    expected: 'All set on create but the timezone, which stays empty until an update names it by IANA.',
  },
  'iana-timezones-only': {
    title: 'Timezones by IANA name; Windows ids are refused',
    quirks: { timezones: 'iana' },
    faults: [],
    expected: 'With a Windows id the create is refused and nothing is created.',
  },
  'add-properties': {
    title: 'Roles and teams by add_roles and add_teams alone',
    quirks: { rolesProperty: 'add_roles', teamsProperty: 'add_teams' },
    faults: [],
    expected: 'Roles and teams stay empty unless they are sent in the add_ properties; the rest is set.',
  },
  'update-only': {
    title: 'Teams, roles and working hours are kept by an update alone',
    quirks: { ignoreOnCreate: ['teams', 'add_teams', 'roles', 'add_roles', 'workday_id'] },
    faults: [],
    expected: 'Every field is set, teams, roles and working hours by an update.',
  },
  'merging-lists': {
    title: 'New agents have a role and a team, and lists merge with them',
    quirks: { listWrites: 'merge', newAgentsHave: { roles: ['Report Viewer'], teams: ['Billing'] } },
    faults: [],
    expected: 'All set but roles and teams, which have one more each: Report Viewer and Billing.',
  },
  'never-teams': {
    title: 'Teams are never taken',
    quirks: { ignoreAlways: ['teams', 'add_teams'] },
    faults: [],
    expected: 'All set but the teams, of which there are none; the default team is set.',
  },
  'default-team-ignored': {
    title: 'The default team is never taken',
    quirks: { ignoreAlways: ['team'] },
    faults: [],
    expected: 'All set but the default team, which stays empty.',
  },
  'workday-stuck': {
    title: 'Working hours are forced back to the first',
    quirks: { forceAlways: { workday_id: 1 } },
    faults: [],
    expected: 'All set but the working hours, which are the first ones, Office hours.',
  },
  'forced-api-only': {
    title: 'Agents from the API are API-only',
    quirks: { forceAlways: { isapiagent: true } },
    faults: [],
    expected: 'All set, but the agent is an API-only one: it cannot be assigned tickets.',
  },
  'created-disabled': {
    title: 'Agents are created disabled',
    quirks: { forceOnCreate: { isdisabled: true } },
    faults: [],
    expected: 'Every field is set, Account Active by an update.',
  },
  'tidied-texts': {
    title: 'Names are trimmed, emails lowercased',
    quirks: { trimsName: true, lowercasesEmail: true },
    faults: [],
    expected: 'Every field is set; the email is reported in lower case.',
  },
  'late-reads': {
    title: 'A new agent shows after three reads',
    quirks: { lagReads: 3 },
    faults: [],
    expected: 'Every field is set on create, seen late.',
  },
  'stale-after-update': {
    title: 'The timezone needs an update, and three reads after it show the agent as before',
    quirks: { ignoreOnCreate: ['timezone'], staleReads: 3 },
    faults: [],
    expected: 'Every field is set, the timezone by an update that shows late.',
  },
  'unreported-roles': {
    title: 'Roles are taken, and not reported',
    quirks: { unreported: ['roles', 'role_list', 'first_role_id'] },
    faults: [],
    expected: 'Every field is set, but HaloPSA says nothing of the roles.',
  },
  'bare-rows': {
    title: 'The list of agents has no emails and does not tell API-only agents',
    quirks: { unlisted: ['email', 'isapiagent'] },
    faults: [],
    expected: 'Every field is set. An agent with the same email shows only when it is read alone.',
  },
  'array-answers-200': {
    title: 'A create is answered by 200 and an array',
    quirks: { created: 200, answerShape: 'array' },
    faults: [],
    expected: 'Every field is set on create.',
  },
  'wrapped-lists': {
    title: 'The list of agents is an object',
    quirks: { listShape: 'results' },
    faults: [],
    expected: 'Every field is set on create.',
  },
  'cut-lists': {
    title: 'Every list is cut at three rows, and says how many there are',
    quirks: { listPages: { size: 3, isCounted: true, hasOthers: true } },
    faults: [],
    expected: 'Every field is set on create. All lists are read to their end.',
  },
  'cut-lists-uncounted': {
    title: 'Every list is cut at three rows, and does not say so',
    quirks: { listPages: { size: 3, isCounted: false, hasOthers: true } },
    faults: [],
    expected: 'Every field is set on create. All lists are read to their end.',
  },
  'cut-lists-without-pages': {
    title: 'Every list is cut at six rows, and has no further pages',
    quirks: { listPages: { size: 6, isCounted: true, hasOthers: false } },
    faults: [],
    expected: 'Nothing is created until an approver has looked in HaloPSA and confirms it.',
  },
  'build-2.236': {
    title: 'Build 2.236.133: HaloPSA counts no agents and no licences',
    quirks: { build: '2.236.133', countsAreZero: true },
    faults: [],
    expected: 'Every field is set on create.',
  },
  'odd-values': {
    title: 'Ids come as texts, flags as 0, 1 and "True", nothing as an empty text',
    quirks: { oddValues: true },
    faults: [],
    expected: 'Every field is set on create.',
  },
  'null-rows': {
    title: 'Every list has rows that are null, or hold nothing but nulls',
    quirks: { nullRows: true },
    faults: [],
    expected:
      'Every field is set on create. The rows are left out, and counted in the log and by the doctor.',
  },
  'role-brings-teams': {
    title: 'The role of first line support brings the team Billing',
    quirks: { rolesBring: [{ role: '1st Line Support', teams: ['Billing'] }] },
    faults: [],
    expected: 'Every field is set on create; the agent is in Billing too, through its role.',
  },
  'sign-in-elsewhere': {
    title: 'The token comes from another address, which /api/AuthInfo tells',
    quirks: { signInAt: '/login' },
    faults: [],
    expected: 'Every field is set on create.',
  },
  'page-in-front': {
    title: 'Something in front of HaloPSA answers the create by 403 and a page',
    quirks: {},
    faults: atCreate(knownFaults.pageInFront),
    expected: 'Nothing is created, and HaloPSA’s rights are not blamed.',
  },
  'slow-agents': {
    title: 'The list of agents takes five seconds',
    quirks: { agentListMs: 5_000 },
    faults: [],
    expected: 'Every field is set on create. The other lists are offered meanwhile.',
  },
  'own-row-only': {
    title: 'The application sees no agent but the one that it logs in as',
    quirks: { listsOnlyItself: true },
    faults: [],
    expected: 'Nothing is created until an approver has looked in HaloPSA and confirms it.',
  },
  'rate-limited': {
    title: 'The create meets the rate limit once, without Retry-After',
    quirks: {},
    faults: atCreate(knownFaults.rateLimited),
    expected: 'Nothing is created by the first call. After a wait of the bot’s own, every field is set.',
  },
  'rate-limited-retry-after': {
    title: 'The create meets the rate limit once, with Retry-After',
    quirks: {},
    faults: atCreate(knownFaults.rateLimitedWithRetryAfter),
    expected:
      'Nothing is created by the first call. After the second that HaloPSA asks for, every field is set.',
  },
  'lost-answer': {
    title: 'The create is done, and the connection drops',
    quirks: {},
    faults: atCreate(knownFaults.lostAnswer),
    expected: 'One agent exists, every field is set; its id is only in the list.',
  },
  'database-error-after-commit': {
    title: 'The create is done, and answered by 400 with a database error',
    quirks: {},
    faults: atCreate(knownFaults.databaseErrorAfterCommit),
    expected: 'One agent exists, every field is set; its id is only in the list.',
  },
  'no-licence': {
    title: 'No named licence is free: the create is refused',
    quirks: {},
    settings: { licences: 4 },
    faults: [],
    expected: 'Nothing is created; a named licence has to be freed or bought first.',
  },
  'no-licence-disabled': {
    title: 'No named licence is free: the agent is created disabled',
    quirks: { withoutLicence: 'disable' },
    settings: { licences: 4 },
    faults: [],
    expected: 'All set, but the account is not active, and no update makes it so.',
  },
  'strict-passwords': {
    title: 'Passwords must have 48 characters, of four kinds, no three alike in a row',
    quirks: { enforcesPasswordRules: true },
    settings: { password_char_length: 48 },
    faults: [],
    expected:
      'Every field is set if the password keeps the rules of GET /api/Control, else nothing is created.',
  },
  'no-permission': {
    title: 'The agent that the application logs in as may read and not edit agents',
    quirks: { loginAgentMay: 'read' },
    faults: [],
    expected: 'Nothing is created: an empty 403.',
  },
};
