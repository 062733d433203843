import { WebAPIPlatformError } from '@slack/web-api';

const expiredCodes = ['expired_trigger_id', 'exchanged_trigger_id', 'trigger_expired', 'trigger_exchanged'];

/** A trigger lives three seconds. Slack says so in one of several codes, or among the invalid arguments. */
export function isExpiredTrigger(error: unknown): boolean {
  if (!(error instanceof WebAPIPlatformError)) return false;
  const messages = error.data.response_metadata?.messages ?? [];
  return (
    expiredCodes.includes(error.data.error) ||
    (error.data.error === 'invalid_arguments' && messages.some((message) => message.includes('trigger_id')))
  );
}
