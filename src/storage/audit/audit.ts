import { z } from 'zod';
import {
  auditDetailSchema,
  chained,
  type AuditDetail,
  type AuditRow,
  type NewAuditDetail,
} from './record.ts';
import type { Db, Tx } from '../database.ts';
import { rowOf } from '../schema.ts';

/** A Slack user id, and the workspace that Slack gives for this person. */
type AuditedPerson = { id: string; teamId?: string | undefined };

export type NewAuditRecord = {
  at: number;
  teamId: string;
  requestId?: string | undefined;
  planHash?: string | undefined;
  /** Undefined: the app, by itself. */
  by?: AuditedPerson | undefined;
  /** An event of the app’s own, or what an action is called in the audit. */
  what: string;
  /** `ok` unless said: `refused`, `1 of 2`, the cause of a failure… */
  outcome?: string | undefined;
  detail?: NewAuditDetail | undefined;
};

/**
 * Adds a record to the chain, as the last thing that a transaction does: on PostgreSQL whoever adds one waits from
 * here to the other's commit, so that there is one chain.
 */
export async function appendAudit(tx: Tx, record: NewAuditRecord): Promise<void> {
  const taken = await tx
    .updateTable('audit_head')
    .set((head) => ({ seq: head('seq', '+', 1) }))
    .returningAll()
    .executeTakeFirstOrThrow();
  const { seq, hash } = rowOf.audit_head.parse(taken);
  const row = chained(
    {
      at: record.at,
      team_id: record.teamId,
      request_id: record.requestId ?? null,
      by: record.by?.id ?? null,
      by_team: record.by?.teamId ?? null,
      what: record.what,
      outcome: record.outcome ?? 'ok',
      plan_hash: record.planHash ?? null,
      detail: record.detail ?? {},
    },
    { seq: seq - 1, hash },
  );
  await tx.insertInto('audit').values(row).execute();
  await tx.updateTable('audit_head').set({ hash: row.hash }).execute();
}

/** Records an attempt that changed nothing, in a transaction of its own. `refused`: why, as one word. */
export function recordRefusal(
  db: Db,
  { refused, reference, repeats, ...attempt }: Omit<NewAuditRecord, 'outcome' | 'detail'> & RefusalReason,
): Promise<void> {
  return db
    .transaction()
    .execute((tx) =>
      appendAudit(tx, { ...attempt, outcome: 'refused', detail: { refused, reference, repeats } }),
    );
}

export type RefusalReason = {
  refused: string;
  reference?: string | undefined;
  /** How often the same was tried since it was recorded last. */
  repeats?: number | undefined;
};

/** How many records there are. Everything that people do adds one, and all that is done for them. */
export async function countAudited(db: Db): Promise<number> {
  const row = await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
  return rowOf.audit_head.parse(row).seq;
}

/** Among so many records, the newest. */
const recentRecords = 2_000;

/** Who approved or denied something lately, the latest first. */
export async function latestDeciders(db: Db, teamId: string): Promise<string[]> {
  const { seq } = rowOf.audit_head.parse(await db.selectFrom('audit_head').selectAll().executeTakeFirst());
  const rows = await db
    .selectFrom('audit')
    .select('by')
    .where('seq', '>', seq - recentRecords)
    .where('team_id', '=', teamId)
    .where('what', 'in', ['approved', 'denied'])
    .where('by', 'is not', null)
    .groupBy('by')
    .orderBy(({ fn }) => fn.max('seq'), 'desc')
    .execute();
  return rows.flatMap(({ by }) => by ?? []);
}

/** A record as people and exports read it. */
export type AuditRecord = Omit<AuditRow, 'detail'> & { detail: AuditDetail };

const detailText = z.string().transform((text) => auditDetailSchema.parse(JSON.parse(text)));
const recordSchema = rowOf.audit.extend({ detail: detailText });

/** The records of a request, oldest first. */
export async function auditOfRequest(db: Db, requestId: string): Promise<AuditRecord[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('request_id', '=', requestId)
    .orderBy('seq')
    .execute();
  return rows.map((row) => recordSchema.parse(row));
}

/** A record beside the row that its hash was computed from, and the hash of the record that stands before it. */
export type LinkedRecord = AuditRecord & { row: AuditRow; follows: string | null };

/**
 * The records of a request, oldest first, each with what is needed to see that nobody altered it. Reads by index: the
 * length of the whole audit does not matter. A row that is not of this program's form makes it throw.
 */
export async function linkedAuditOf(db: Db | Tx, requestId: string): Promise<LinkedRecord[]> {
  const rows = await db
    .selectFrom('audit')
    .leftJoin('audit as before', (join) =>
      join.on((on) => on('before.seq', '=', on(on.ref('audit.seq'), '-', on.lit(1)))),
    )
    .selectAll('audit')
    .select('before.hash as follows')
    .where('audit.request_id', '=', requestId)
    .orderBy('audit.seq')
    .execute();
  return rows.map(({ follows, ...row }) => ({ ...recordSchema.parse(row), row, follows }));
}

const pageSize = 500;

/** All rows in their order, as they stand, so many at a time: a log may be larger than memory. */
export async function* readAudit(db: Db | Tx): AsyncGenerator<AuditRow> {
  for (let after: number | undefined; ;) {
    const last = after;
    const all = db.selectFrom('audit').selectAll().orderBy('seq').limit(pageSize);
    // Not from 1 on: a record that somebody put before the first one must be seen.
    const page: AuditRow[] = await (last === undefined ? all : all.where('seq', '>', last)).execute();
    yield* page;
    after = page.at(-1)?.seq;
    if (page.length < pageSize) return;
  }
}
