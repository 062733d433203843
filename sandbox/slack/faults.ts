import type { NetworkFault } from '../faults.ts';
import { refuse } from './methods/answer.ts';

export type OwnSlackFault =
  /** `messages`: what Slack says besides its code, in `response_metadata`. */
  | { kind: 'error'; error: string; messages?: string[]; after?: boolean }
  | { kind: 'status'; status: number; after?: boolean }
  | { kind: 'rate_limited'; retryAfter: number; after?: false };

/** How a Web API call goes wrong. `after: true`: Slack did it all the same. */
export type SlackFault = OwnSlackFault | NetworkFault;

export function slackFaultAnswer(fault: OwnSlackFault): Response {
  switch (fault.kind) {
    case 'error':
      return Response.json(refuse(fault.error, fault.messages));
    case 'status':
      return new Response('', { status: fault.status });
    case 'rate_limited':
      return Response.json(
        { ok: false, error: 'ratelimited' },
        { status: 429, headers: { 'retry-after': String(fault.retryAfter) } },
      );
  }
}
