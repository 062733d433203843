import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../src/requests/plan.ts';
import { submitRequest } from '../src/requests/submit.ts';
import { hashOf, noHash, type AuditRow } from '../src/storage/audit/record.ts';
import { sql } from 'kysely';
import { readAudit, recordRefusal } from '../src/storage/audit/audit.ts';
import { openFile, type Db, type Store } from '../src/storage/database.ts';
import { viewKey } from '../src/requests/store.ts';
import { channels, people, teamId } from '../sandbox/slack/workspace.ts';

export const newFolder = () => mkdtempSync(join(tmpdir(), 'neo-setup-test-'));

const plan: Plan = {
  name: 'Neo Agent',
  email: 'team@neoagent.io',
  roles: [{ id: 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22', name: '1st Line Support', isAdministrator: false }],
  isActive: true,
  teams: [{ id: 1, name: '1st Line', departmentId: 1, departmentName: 'Service Desk' }],
  workday: { id: 2, name: 'Sydney desk', hours: 'Mon–Fri 8:30–17:30' },
  timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
};

/** What a stopped app left in a DATA_DIR: `requests` of Ana, all pending; and what somebody did to it by hand. */
export async function storedRequests(
  requests: number,
  alter: (db: Db) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const folder = newFolder();
  const store = await openFile(folder);
  for (let count = 1; count <= requests; count += 1)
    await submitRequest(
      store.db,
      {
        dedupeKey: viewKey(`V07QH${count}`),
        teamId,
        requester: people.ana.id,
        channel: channels.ops.id,
        plan,
        note: '',
        haloThen: undefined,
      },
      store.now(),
      { approvalTtlMs: 3_600_000, approvalsRequired: 1 },
    );
  await alter(store.db);
  await store.close();
  return unlocked(folder);
}

/** A copy: libsql lets go of its lock only when its process ends, and this process goes on. */
export function unlocked(dataDir: string): string {
  const copy = newFolder();
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

/** Opens what is in `dataDir`, as the app would. */
export function openCopy(dataDir: string): Promise<Store> {
  return openFile(unlocked(dataDir));
}

/** All of the audit. */
export async function auditRows(db: Db): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of readAudit(db)) rows.push(row);
  return rows;
}

/** What somebody tries who may not. `at`: epoch milliseconds. */
export const attempt = (at: number, id: string = people.cleo.id) => ({
  at,
  teamId,
  what: 'approved' as const,
  by: { id },
  refused: 'not_an_approver',
});

/** The DATA_DIR of a stopped app with refused attempts at these times. */
export const attemptsAt = (times: readonly string[]) =>
  storedRequests(0, async (db) => {
    for (const time of times) await recordRefusal(db, attempt(Date.parse(time)));
  });

/** Writes the whole audit of a SQLite file again, as if it had always been so: every hash fits afterwards. */
export async function rewriteAudit(db: Db, change: (row: AuditRow) => AuditRow): Promise<void> {
  const rows = await auditRows(db);
  await sql`drop trigger if exists audit_no_update`.execute(db);
  let before = noHash;
  for (const row of rows) {
    const changed = { ...change(row), prev_hash: before };
    before = hashOf(changed);
    await db
      .updateTable('audit')
      .set({ ...changed, hash: before })
      .where('seq', '=', row.seq)
      .execute();
  }
  await db.updateTable('audit_head').set({ hash: before }).execute();
}
