import { LogLevel, type Logger as SlackLogger } from '@slack/bolt';
import type { HaloCall } from '../halo/client.ts';
import { pino, type DestinationStream, type Logger } from 'pino';

/**
 * The log of the process: JSON lines. `secrets` are blotted out wherever they appear, as the last
 * safeguard: nothing should ever pass one to the log.
 */
export function createLogger(
  level: string,
  secrets: readonly string[],
  destination?: DestinationStream,
): Logger {
  const streamWrite = (line: string) =>
    secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line);
  const options = { level, serializers: { err: describeError }, hooks: { streamWrite } };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * Slack's libraries log through this. Their debug lines carry whole submissions and are dropped whatever
 * the level. They call `(message, error)`, pino wants the error first; and they set a level of their own.
 */
export function toSlackLogger(log: Logger): SlackLogger {
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (...parts: unknown[]) => {
      const err = parts.find((part) => part instanceof Error);
      const text = parts.filter((part) => typeof part === 'string').join(' ');
      log[level]({ source: 'slack-sdk', ...(err && { err }) }, text);
    };
  return {
    debug: () => {},
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    setLevel: () => {},
    getLevel: () => LogLevel.INFO,
    setName: () => {},
  };
}

/** One line for each call to HaloPSA. What of an answer could not be read is in it, by type and place, without its values. */
export function logHaloCall(log: Logger, call: HaloCall): void {
  if (call.leftOutCount === 0) log.info(call, 'HaloPSA call');
  else log.warn(call, 'HaloPSA call, of whose answer a part could not be read');
}

/** For a command of the terminal, which says itself what went wrong. */
export const silentSlackLogger: SlackLogger = toSlackLogger(pino({ level: 'silent' }));

const errorFacts = ['code', 'kind', 'status', 'statusCode', 'retryAfter', 'detail', 'step', 'reason'];

/** Only named facts of an error: other libraries hang whole requests with their headers on theirs. */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const facts = Object.entries(error).filter(([key]) => errorFacts.includes(key));
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...Object.fromEntries(facts),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}
