import { isIP } from 'node:net';
import { z } from 'zod';
import { isSafeAddress } from './halo/addresses.ts';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
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
  error:
    'must be an https address without a user name, query or fragment (http is allowed only for this machine)',
});

const people = z
  .string()
  .default('')
  // Commas alone would name nobody, which stands for all admins, or for everybody.
  .refine(
    (text) => text === '' || /[^,\s]/.test(text),
    'has only commas: list at least one ID, or leave it empty',
  )
  .transform((text) => text.split(',').map((id) => id.trim()))
  .transform((ids) => ids.filter((id) => id !== ''))
  .refine((ids) => ids.every((id) => /^[UWS][A-Z0-9]{2,}$/.test(id)), {
    error: 'must be a comma-separated list of Slack user IDs (U… or W…) and user group IDs (S…)',
  })
  .transform((ids) => ({
    users: ids.filter((id) => !id.startsWith('S')),
    groups: ids.filter((id) => id.startsWith('S')),
  }));

const duration = z.string().transform((text, context) => {
  const [, amount = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs.get(unit) ?? 0);
  if (ms > 0 && ms <= longestTtlMs) return ms;
  context.addIssue({
    code: 'custom',
    message: 'must be a duration from 1s to 365d, like 30s, 15m, 72h or 3d',
  });
  return z.NEVER;
});

/** A `%` that stands for itself would be an error wherever the text is read. */
export function isEncoded(text: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(text);
}

/** The path holds no `@`: else a password that is not encoded has put the wrong host before it. */
function isDatabaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { pathname, username, password } = new URL(text);
  return !pathname.includes('@') && [username, password].every(isEncoded);
}

export const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must be a postgres:// address')
  .refine(
    isDatabaseUrl,
    'must be a postgres:// address, with special characters in the password percent-encoded (@ is %40)',
  );

export const storageEnvironment = z.object({
  DATABASE_URL: postgresUrl.optional(),
  DATA_DIR: z.string().default('./data'),
});

export const slackEnvironment = z.object({
  SLACK_BOT_TOKEN: startsWith('xoxb-'),
  SLACK_API_URL: webAddress.default('https://slack.com/api/'),
});

export const slackModeEnvironment = slackEnvironment.extend({
  SLACK_APP_TOKEN: startsWith('xapp-').optional(),
  SLACK_SIGNING_SECRET: z.string().optional(),
});

export const haloEnvironment = z.object({
  HALO_BASE_URL: webAddress,
  HALO_AUTH_URL: webAddress.optional(),
  HALO_CLIENT_ID: required,
  HALO_CLIENT_SECRET: required,
  HALO_TENANT: z.string().optional(),
  HALO_SCOPES: z.string().default('all'),
});

export const peopleEnvironment = z.object({
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
});

/** All variables of the app. */
export const environment = storageEnvironment.extend({
  ...slackModeEnvironment.shape,
  ...haloEnvironment.shape,
  ...peopleEnvironment.shape,
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
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
});
