import { isIP } from 'node:net';
import { z } from 'zod';
import { isSafeAddress } from './halo/addresses.ts';
import type { HaloConfig } from './halo/client.ts';
import { proxyPasswords, proxyProblems } from './proxy.ts';
import type { PeopleList, Policy } from './requests/policy.ts';

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

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const unitMs = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);
const longestTtlMs = 365 * 86_400_000;

const required = z.string('is missing');
const startsWith = (prefix: string) => required.startsWith(prefix, `must start with ${prefix}`);

const webAddress = required.refine((text) => URL.canParse(text) && isSafeAddress(new URL(text)), {
  error: 'must be an https address without user, query or fragment (plain http only for this machine)',
});

const people = z
  .string()
  .default('')
  // Commas alone would name nobody, which stands for all admins, or for everybody.
  .refine((text) => text === '' || /[^,\s]/.test(text), 'names nobody: leave it empty, or name somebody')
  .transform((text) => text.split(',').map((id) => id.trim()))
  .transform((ids) => ids.filter((id) => id !== ''))
  .refine((ids) => ids.every((id) => /^[UWS][A-Z0-9]{2,}$/.test(id)), {
    error: 'must be a comma list of Slack user ids (U… or W…) and user-group ids (S…)',
  })
  .transform((ids) => ({
    users: ids.filter((id) => !id.startsWith('S')),
    groups: ids.filter((id) => id.startsWith('S')),
  }));

const duration = z.string().transform((text, context) => {
  const [, amount = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs.get(unit) ?? 0);
  if (ms > 0 && ms <= longestTtlMs) return ms;
  context.addIssue({ code: 'custom', message: 'must be a time from 1s to 365d, like 30s, 15m, 72h or 3d' });
  return z.NEVER;
});

/** The path holds no `@`: else a password that is not encoded has put the wrong host before it. */
const isDatabaseUrl = (text: string) => URL.canParse(text) && !new URL(text).pathname.includes('@');

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must be a postgres:// address')
  .refine(isDatabaseUrl, 'must be a postgres:// address, with special characters of the password encoded');

const storageEnvironment = z.object({
  DATABASE_URL: postgresUrl.optional(),
  DATA_DIR: z.string().default('./data'),
});

const slackEnvironment = z.object({
  SLACK_BOT_TOKEN: startsWith('xoxb-'),
  SLACK_API_URL: webAddress.default('https://slack.com/api/'),
});

const environment = storageEnvironment.extend({
  ...slackEnvironment.shape,
  SLACK_APP_TOKEN: startsWith('xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
  HOST: z
    .string()
    .refine(
      (text) => isIP(text) !== 0 || text === 'localhost',
      'must be an IP address of this machine, or localhost',
    )
    .optional(),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number')
    .default(3000),
  HALO_BASE_URL: webAddress,
  HALO_AUTH_URL: webAddress.optional(),
  HALO_CLIENT_ID: required,
  HALO_CLIENT_SECRET: required,
  HALO_TENANT: z.string().optional(),
  HALO_SCOPES: z.string().default('all'),
  NEO_APPROVERS: people,
  NEO_REQUESTERS: people,
  NEO_APPROVALS_CHANNEL: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,}$/, 'must be a channel id (C…), not a name')
    .optional(),
  NEO_APPROVAL_TTL: duration.prefault('72h'),
  NEO_APPROVALS_REQUIRED: z
    .string()
    .regex(/^[1-5]$/, 'must be a number from 1 to 5')
    .transform(Number)
    .default(1),
  NEO_EXECUTION_TTL: duration.prefault('24h'),
  NEO_REMIND_AFTER: duration.prefault('4h'),
  NEO_ESCALATION: people,
  NEO_SOLO_MODE: z.enum(['off', 'delay'], 'must be off or delay').default('off'),
  NEO_SOLO_DELAY: duration.prefault('24h'),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});

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
function unsuitable(env: z.infer<typeof environment>): ConfigProblem[] {
  const { users, groups } = env.NEO_APPROVERS;
  const named = new Set(users).size;
  const tooFew = groups.length === 0 && named > 0 && named < env.NEO_APPROVALS_REQUIRED;
  const soloTooLong = env.NEO_SOLO_MODE === 'delay' && env.NEO_SOLO_DELAY >= env.NEO_APPROVAL_TTL;
  return [
    ...(tooFew
      ? [
          {
            variable: 'NEO_APPROVALS_REQUIRED',
            problem: `asks for ${env.NEO_APPROVALS_REQUIRED} approvals, but NEO_APPROVERS names ${named} people`,
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

/** The same for what a command needs that only posts. */
export function readSlackConfig(
  env: Environment,
): Pick<Config['slack'], 'apiUrl' | 'botToken'> | { problems: ConfigProblem[] } {
  const parsed = slackEnvironment.safeParse(withoutEmpty(env));
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  return { apiUrl: parsed.data.SLACK_API_URL, botToken: parsed.data.SLACK_BOT_TOKEN };
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

function toConfig(env: z.infer<typeof environment>, mode: SlackMode): Omit<Config, 'proxyPasswords'> {
  return {
    slack: { apiUrl: env.SLACK_API_URL, botToken: env.SLACK_BOT_TOKEN, ...mode },
    // In Socket Mode the port is for probes from this machine; in HTTP mode Slack must reach it.
    host: env.HOST ?? (mode.mode === 'socket' ? '127.0.0.1' : undefined),
    port: env.PORT,
    halo: {
      baseUrl: env.HALO_BASE_URL,
      authUrl: env.HALO_AUTH_URL,
      clientId: env.HALO_CLIENT_ID,
      clientSecret: env.HALO_CLIENT_SECRET,
      tenant: env.HALO_TENANT,
      scopes: env.HALO_SCOPES,
    },
    policy: {
      approvers: env.NEO_APPROVERS,
      requesters: env.NEO_REQUESTERS,
      approvalsRequired: env.NEO_APPROVALS_REQUIRED,
      approvalTtlMs: env.NEO_APPROVAL_TTL,
      executionTtlMs: env.NEO_EXECUTION_TTL,
      soloDelayMs: env.NEO_SOLO_MODE === 'delay' ? env.NEO_SOLO_DELAY : undefined,
    },
    approvalsChannel: env.NEO_APPROVALS_CHANNEL,
    remindAfterMs: env.NEO_REMIND_AFTER,
    escalation: env.NEO_ESCALATION,
    databaseUrl: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    logLevel: env.LOG_LEVEL,
  };
}
