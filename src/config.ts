import type { z } from 'zod';
import type { HaloConfig } from './halo/client.ts';
import { proxyPasswords, proxyProblems } from './proxy.ts';
import type { PeopleList, Policy } from './requests/policy.ts';
import {
  environment,
  haloEnvironment,
  logLevels,
  peopleEnvironment,
  slackEnvironment,
  slackModeEnvironment,
  storageEnvironment,
} from './variables.ts';

export type Config = {
  slack: { apiUrl: string; botToken: string } & SlackMode;
  /** The address that `port` listens on. Undefined: every address of this machine. */
  host: string | undefined;
  port: number;
  halo: HaloConfig;
  policy: Policy;
  /** Where cards go. Undefined: where the command was typed. */
  approvalsChannel: string | undefined;
  /** Milliseconds before an approver is reminded; each further time waits twice as long. */
  remindAfterMs: number;
  /** Who is told when a request is about to expire. Empty: nobody. */
  escalation: PeopleList;
  /** PostgreSQL. Undefined: a file in `dataDir`. */
  databaseUrl: string | undefined;
  dataDir: string;
  logLevel: (typeof logLevels)[number];
  /** In the addresses of proxies. */
  proxyPasswords: readonly string[];
};

export type ConfigProblem = { variable: string; problem: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment. All problems come at once, each with the variable's name and never with its
 * value, because half of the values are secrets. An empty variable counts as not set.
 */
export function readConfig(env: Environment): { config: Config } | { problems: ConfigProblem[] } {
  const filled = withoutEmpty(env);
  const parsed = environment.safeParse(filled);
  const mode = slackMode(filled);
  const problems = [
    ...problemsOf(parsed.error),
    ...(mode === undefined ? [noSlackMode] : []),
    ...proxyProblems(filled),
    ...(parsed.success ? unsuitable(parsed.data) : []),
  ];
  if (problems.length > 0 || !parsed.success || mode === undefined) return { problems };
  return { config: { ...toConfig(parsed.data, mode), proxyPasswords: proxyPasswords(filled) } };
}

/** What each variable allows alone, but not together. */
function unsuitable(env: z.infer<typeof peopleEnvironment>): ConfigProblem[] {
  const { users, groups } = env.NEO_APPROVERS;
  const named = new Set(users).size;
  const tooFew = groups.length === 0 && named > 0 && named < env.NEO_APPROVALS_REQUIRED;
  const soloTooLong = env.NEO_SOLO_MODE === 'delay' && env.NEO_SOLO_DELAY >= env.NEO_APPROVAL_TTL;
  return [
    ...(tooFew
      ? [
          {
            variable: 'NEO_APPROVALS_REQUIRED',
            problem: `is ${env.NEO_APPROVALS_REQUIRED}, but NEO_APPROVERS lists only ${named} ${named === 1 ? 'person' : 'people'}`,
          },
        ]
      : []),
    ...(soloTooLong
      ? [{ variable: 'NEO_SOLO_DELAY', problem: 'must be shorter than NEO_APPROVAL_TTL' }]
      : []),
  ];
}

/** The same for what the storage commands need. */
export function readStorageConfig(
  env: Environment,
): Pick<Config, 'databaseUrl' | 'dataDir'> | { problems: ConfigProblem[] } {
  const parsed = storageEnvironment.safeParse(withoutEmpty(env));
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  return { databaseUrl: parsed.data.DATABASE_URL, dataDir: parsed.data.DATA_DIR };
}

/** What the environment says part by part, where one bad variable must not spoil the rest. Undefined: that part has one. */
export type ConfigParts = {
  storage: Pick<Config, 'databaseUrl' | 'dataDir'> | undefined;
  slack: Config['slack'] | undefined;
  halo: HaloConfig | undefined;
  people: Pick<Config, 'policy' | 'approvalsChannel' | 'escalation'> | undefined;
};

export function readConfigParts(env: Environment): ConfigParts {
  const filled = withoutEmpty(env);
  const storage = readStorageConfig(env);
  const slack = slackModeEnvironment.safeParse(filled).data;
  const mode = slackMode(filled);
  const halo = haloEnvironment.safeParse(filled).data;
  const who = peopleEnvironment.safeParse(filled).data;
  return {
    storage: 'problems' in storage ? undefined : storage,
    slack: slack && mode && { ...slackOf(slack), ...mode },
    halo: halo && haloOf(halo),
    people: who && unsuitable(who).length === 0 ? peopleOf(who) : undefined,
  };
}

/** The same for what a command needs that only posts. */
export function readSlackConfig(
  env: Environment,
): Pick<Config['slack'], 'apiUrl' | 'botToken'> | { problems: ConfigProblem[] } {
  const parsed = slackEnvironment.safeParse(withoutEmpty(env));
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  return slackOf(parsed.data);
}

function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
}

function problemsOf(error: z.ZodError | undefined): ConfigProblem[] {
  return (error?.issues ?? []).map((issue) => ({ variable: String(issue.path[0]), problem: issue.message }));
}

const noSlackMode: ConfigProblem = {
  variable: 'SLACK_APP_TOKEN',
  problem: 'is missing (for Socket Mode; or set SLACK_SIGNING_SECRET for HTTP mode)',
};

type SlackMode = { mode: 'socket'; appToken: string } | { mode: 'http'; signingSecret: string };

function slackMode(env: Record<string, string>): SlackMode | undefined {
  const { SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  if (appToken !== undefined) return { mode: 'socket', appToken };
  return signingSecret === undefined ? undefined : { mode: 'http', signingSecret };
}

function slackOf(env: z.infer<typeof slackEnvironment>): Pick<Config['slack'], 'apiUrl' | 'botToken'> {
  return { apiUrl: env.SLACK_API_URL, botToken: env.SLACK_BOT_TOKEN };
}

function haloOf(env: z.infer<typeof haloEnvironment>): HaloConfig {
  return {
    baseUrl: env.HALO_BASE_URL,
    authUrl: env.HALO_AUTH_URL,
    clientId: env.HALO_CLIENT_ID,
    clientSecret: env.HALO_CLIENT_SECRET,
    tenant: env.HALO_TENANT,
    scopes: env.HALO_SCOPES,
  };
}

function peopleOf(
  env: z.infer<typeof peopleEnvironment>,
): Pick<Config, 'policy' | 'approvalsChannel' | 'escalation'> {
  return {
    policy: {
      approvers: env.NEO_APPROVERS,
      requesters: env.NEO_REQUESTERS,
      approvalsRequired: env.NEO_APPROVALS_REQUIRED,
      approvalTtlMs: env.NEO_APPROVAL_TTL,
      executionTtlMs: env.NEO_EXECUTION_TTL,
      soloDelayMs: env.NEO_SOLO_MODE === 'delay' ? env.NEO_SOLO_DELAY : undefined,
    },
    approvalsChannel: env.NEO_APPROVALS_CHANNEL,
    escalation: env.NEO_ESCALATION,
  };
}

function toConfig(env: z.infer<typeof environment>, mode: SlackMode): Omit<Config, 'proxyPasswords'> {
  return {
    slack: { ...slackOf(env), ...mode },
    // In Socket Mode the port is for probes from this machine; in HTTP mode Slack must reach it.
    host: env.HOST ?? (mode.mode === 'socket' ? '127.0.0.1' : undefined),
    port: env.PORT,
    halo: haloOf(env),
    ...peopleOf(env),
    remindAfterMs: env.NEO_REMIND_AFTER,
    databaseUrl: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
  };
}
