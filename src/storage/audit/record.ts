import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import type { Schema } from '../schema.ts';

/** Everything that is recorded besides what people do with a request: each action has a word of its own. What was released stays. */
export type EventWhat =
  | 'form_opened'
  | 'submitted'
  | 'unopposed'
  | 'needs_approver'
  | 'expired'
  | 'drift_found'
  | 'drift_over'
  | 'repair_asked'
  | 'repairing'
  | 'provisioning_started'
  | 'waiting_for_halo'
  | 'waiting_over'
  | 'creating'
  | 'not_alone'
  | 'created'
  | 'not_ours'
  | 'create_refused'
  | 'create_not_taken'
  | 'looking'
  | 'found'
  | 'done'
  | 'incomplete'
  | 'failed'
  | 'claim_released'
  | 'looked'
  | 'drift_checked';

/** Where a request may fail after its approval. */
export const provisioningSteps = ['preflight', 'create', 'find', 'read_back', 'repair'] as const;
/** What a failed request had changed in HaloPSA. */
export const changes = ['nothing', 'agent_created', 'agent_repaired', 'unknown'] as const;

/** A call to HaloPSA. The path carries no query: names and addresses stand in queries. `status` is missing when no answer came. */
const haloCallSchema = z.strictObject({
  method: z.string(),
  path: z.string(),
  status: z.int().optional(),
  kind: z.string(),
});
export type AuditedCall = z.infer<typeof haloCallSchema>;

/** What else is to be known. No secrets, no bodies, no words of people. */
export const auditDetailSchema = z.strictObject({
  /** Why an attempt changed nothing. */
  refused: z.string().optional(),
  /** Stands in the log too. */
  reference: z.string().optional(),
  /** What an edit changed, or what is not as planned: the names of the plan's fields. */
  fields: z.array(z.string()).optional(),
  /** Of a failure: at which step, and what was changed by then. */
  step: z.string().optional(),
  changed: z.string().optional(),
  agentId: z.int().optional(),
  /** Of a refused attempt: how often the same person had tried the same since its last record. */
  repeats: z.int().positive().optional(),
  /** Of a request that its only approver made: milliseconds in which anybody may stop it. */
  soloDelayMs: z.int().optional(),
  /** The calls to HaloPSA since the record before, in their order. */
  calls: z.array(haloCallSchema).optional(),
  /** Written before there was a chain, and taken over into it. */
  takenOver: z.literal(true).optional(),
});
export type AuditDetail = z.infer<typeof auditDetailSchema>;
/** As it is written: what is read may be of another version. */
export type NewAuditDetail = Omit<AuditDetail, 'step' | 'changed'> & {
  step?: (typeof provisioningSteps)[number] | undefined;
  changed?: (typeof changes)[number] | undefined;
};

export type AuditRow = Schema['audit'];

/** What the first record follows. */
export const noHash = '0'.repeat(64);

/** The row of a record with its place in the chain. Used by migrations: what it makes of the same input never changes. */
export function chained(
  record: Omit<AuditRow, 'seq' | 'detail' | 'prev_hash' | 'hash'> & { detail: AuditDetail },
  head: { seq: number; hash: string },
): AuditRow {
  const row = {
    ...record,
    seq: head.seq + 1,
    detail: canonicalJson(record.detail),
    prev_hash: head.hash,
  };
  return { ...row, hash: hashOf(row) };
}

/** SHA-256 (hex) of all columns but `hash`, as canonical JSON: the one before is part of it by its own hash. */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  return createHash('sha256')
    .update(canonicalJson({ ...row, hash: undefined }))
    .digest('hex');
}
