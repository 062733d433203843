import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../storage/canonical.ts';

/**
 * Exactly what will be done in HaloPSA, as data. Names stand beside the ids because an approver judges
 * names; HaloPSA is given the ids. The first team is the default team.
 */
export const planSchema = z.strictObject({
  name: z.string().min(1),
  email: z.string().min(1),
  roles: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        isAdministrator: z.boolean(),
        /** Whether HaloPSA said what the role allows. Undefined: asked before anybody looked. */
        rights: z.enum(['read', 'unknown']).optional(),
        /** The teams and departments that come with the role. Undefined: HaloPSA did not say. */
        brings: z
          .array(z.strictObject({ kind: z.enum(['team', 'department']), id: z.int(), name: z.string() }))
          .optional(),
      }),
    )
    .min(1),
  isActive: z.boolean(),
  teams: z
    .array(
      z.strictObject({
        id: z.int(),
        name: z.string(),
        departmentId: z.int().optional(),
        departmentName: z.string().optional(),
      }),
    )
    .min(1),
  workday: z.strictObject({ id: z.int(), name: z.string(), hours: z.string() }),
  /** `haloName`: how this tenant writes the zone, where it uses another name than the Windows id. */
  timeZone: z.strictObject({ iana: z.string(), windowsId: z.string(), haloName: z.string().optional() }),
});

export type Plan = z.infer<typeof planSchema>;

/** SHA-256 (hex) of the plan. An approval is bound to it: another plan needs another approval. */
export function hashPlan(plan: Plan): string {
  return createHash('sha256').update(canonical(plan)).digest('hex');
}
