import { z } from 'zod';
import type { LocalHalo } from '../halo/local-halo.ts';
import type { LocalSlack } from '../slack/local-slack.ts';

const after = z.boolean().exactOptional();
const network = [
  z.object({ kind: z.literal('drop'), after }),
  z.object({ kind: z.literal('hang'), after }),
] as const;
const status = z.int().min(200).max(599);
const times = z.int().min(1).default(1);

/** Calls that are to go wrong. `after: true`: what was asked is done all the same. */
export const faultPlanSchema = z.discriminatedUnion('to', [
  z.object({
    to: z.literal('slack'),
    method: z.string(),
    times,
    fault: z.discriminatedUnion('kind', [
      ...network,
      z.object({ kind: z.literal('error'), error: z.string(), after }),
      z.object({ kind: z.literal('status'), status, after }),
      z.object({ kind: z.literal('rate_limited'), retryAfter: z.int().min(1) }),
    ]),
  }),
  z.object({
    to: z.literal('halo'),
    match: z.object({ method: z.enum(['GET', 'POST', 'DELETE']).exactOptional(), path: z.string() }),
    times,
    fault: z.discriminatedUnion('kind', [
      ...network,
      z.object({ kind: z.literal('status'), status, body: z.string().exactOptional(), after }),
      z.object({ kind: z.literal('html'), after }),
      z.object({ kind: z.literal('delay'), ms: z.int().min(1) }),
    ]),
  }),
]);

export function planFault(slack: LocalSlack, halo: LocalHalo, plan: z.infer<typeof faultPlanSchema>): void {
  if (plan.to === 'slack') slack.fail(plan.method, plan.fault, plan.times);
  else halo.fail(plan.match, plan.fault, plan.times);
}
