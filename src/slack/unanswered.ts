import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { z } from 'zod';
import { reasonOf } from '../storage/problems.ts';

/** Slack's answers to a token that it doesn't take. Only the operator can change that. */
const tokenRefusals = [
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'user_removed_from_team',
  'team_disabled',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
  'forbidden_team',
  'enterprise_is_restricted',
  'two_factor_setup_required',
];
const refusals = [...tokenRefusals, 'missing_scope', 'no_permission'];

export function isTokenRefused(error: WebAPIPlatformError): boolean {
  return tokenRefusals.includes(error.data.error);
}

/** Does Slack refuse the token, or what it may do? */
export function isRefusal(error: unknown): error is WebAPIPlatformError {
  return error instanceof WebAPIPlatformError && refusals.includes(error.data.error);
}

/** Slack’s answers that pass by themselves. */
const passingCodes = [
  'internal_error',
  'fatal_error',
  'request_timeout',
  'service_unavailable',
  'ratelimited',
  'rate_limited',
  'team_added_to_org',
  'org_login_required',
  'accesslimited',
];

/** Could the same call be answered later, without anybody changing something? */
export function isPassing(error: unknown): boolean {
  if (error instanceof WebAPIPlatformError) return passingCodes.includes(error.data.error);
  if (error instanceof WebAPIHTTPError) return error.statusCode >= 500;
  return error instanceof WebAPIRateLimitedError || error instanceof WebAPIRequestError;
}

/** What Slack did instead of answering, as a clause for whoever runs the app. Holds nothing secret. */
export function whyUnanswered(error: unknown): string {
  if (error instanceof WebAPIRateLimitedError)
    return `Slack can’t be asked again for ${error.retryAfter} s (rate limit)`;
  if (error instanceof WebAPIPlatformError) return `Slack says ${error.data.error}`;
  if (error instanceof WebAPIHTTPError) return `Slack answers with HTTP ${error.statusCode}`;
  if (error instanceof WebAPIRequestError) return `Slack could not be reached${proofOf(error)}`;
  if (error instanceof z.ZodError) return 'Slack’s answer could not be read';
  return reasonOf(error);
}

const codeSchema = z.object({ code: z.string().regex(/^E[A-Z_]+$|^[A-Z_]*CERT[A-Z_]*$/) });

/** The code of Node.js or OpenSSL, in brackets. The SDK and `fetch` each wrap the error that has it. */
function proofOf(error: unknown): string {
  const { data } = codeSchema.safeParse(error);
  if (data !== undefined) return ` (${data.code})`;
  return error instanceof Error && error.cause !== undefined ? proofOf(error.cause) : '';
}
