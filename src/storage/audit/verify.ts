import { hashOf, noHash } from './record.ts';
import { readAudit } from './audit.ts';
import type { Db, Tx } from '../database.ts';
import { rowOf } from '../schema.ts';

/**
 * `altered`: a record is not what it was when it was written. `missing`: it is not there. `relinked`: it does not
 * follow the one before it, so that one of the two was written anew. `head`: the last record is not the one that was
 * noted as the last. `before_first`: a record stands before number 1. `anchor`: the record that was noted outside is
 * not the one that has its number now.
 */
export type AuditFault = 'altered' | 'missing' | 'relinked' | 'head' | 'before_first' | 'anchor';

export type AuditVerdict =
  | { ok: true; count: number; head: string }
  /** `seq`: the first record that does not hold. */
  | { ok: false; seq: number; fault: AuditFault };

/** A record noted outside of this system: its number, and its hash. */
export type Anchor = { seq: number; hash: string };

/** Computes the whole chain again, as it is at one moment, and looks for the anchor in it if there is one. */
export function verifyAudit(db: Db, anchor?: Anchor): Promise<AuditVerdict> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((tx) => verify(tx, anchor));
}

async function verify(tx: Tx, anchor: Anchor | undefined): Promise<AuditVerdict> {
  let last = { seq: 0, hash: noHash };
  for await (const row of readAudit(tx)) {
    const seq = last.seq + 1;
    if (row.seq < 1) return { ok: false, seq: row.seq, fault: 'before_first' };
    const parsed = rowOf.audit.safeParse(row);
    if (!parsed.success) return { ok: false, seq, fault: 'altered' };
    if (parsed.data.seq !== seq) return { ok: false, seq, fault: 'missing' };
    if (parsed.data.hash !== hashOf(parsed.data)) return { ok: false, seq, fault: 'altered' };
    if (parsed.data.prev_hash !== last.hash) return { ok: false, seq, fault: 'relinked' };
    last = parsed.data;
    if (last.seq === anchor?.seq && last.hash !== anchor.hash)
      return { ok: false, seq: last.seq, fault: 'anchor' };
  }
  const heads = await tx.selectFrom('audit_head').selectAll().execute();
  const { success, data: head } = rowOf.audit_head.safeParse(heads[0]);
  if (!success || heads.length !== 1) return { ok: false, seq: last.seq, fault: 'head' };
  if (head.seq > last.seq) return { ok: false, seq: last.seq + 1, fault: 'missing' };
  if (head.seq < last.seq || head.hash !== last.hash) return { ok: false, seq: last.seq, fault: 'head' };
  if (anchor !== undefined && anchor.seq > last.seq) return { ok: false, seq: anchor.seq, fault: 'anchor' };
  return { ok: true, count: last.seq, head: last.hash };
}
