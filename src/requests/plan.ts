import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fields, type Defined } from '../fields/index.ts';
import type { DirectorySnapshot } from '../halo/directory.ts';
import { canonicalJson } from '../storage/canonical-json.ts';

type Kept = Extract<Defined, { plan: z.ZodType }>;
type Optional<F extends Kept> = F extends Kept ? (undefined extends z.output<F['plan']> ? F : never) : never;

/**
 * Exactly what will be done in HaloPSA, as data, field by field. Names stand beside the ids because an approver judges
 * names; HaloPSA is given the ids.
 */
export type Plan = { [F in Exclude<Kept, Optional<Kept>> as F['id']]: z.output<F['plan']> } & {
  [F in Optional<Kept> as F['id']]?: z.output<F['plan']>;
};

const keptParts = fields.flatMap(({ id, plan }) => (plan === undefined ? [] : [[id, plan] as const]));

/** The fields' own schemas check it; what they make of it is a plan by its type. */
export const planSchema = z.strictObject(Object.fromEntries(keptParts)).pipe(z.custom<Plan>());

/** A plan of before, with what it means in HaloPSA now: a repair carries it out again. */
export function refreshedPlan(plan: Plan, lists: DirectorySnapshot): Plan {
  const now = fields.flatMap(({ id, refresh }) =>
    refresh === undefined ? [] : [[id, refresh(plan, lists)] as const],
  );
  return planSchema.parse({ ...plan, ...Object.fromEntries(now) });
}

/** SHA-256 (hex) of the plan. An approval is bound to it: another plan needs another approval. */
export function hashPlan(plan: Plan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
