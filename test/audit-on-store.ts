import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { hashOf, type AuditRow } from '../src/storage/audit/record.ts';
import { auditOfRequest, recordRefusal } from '../src/storage/audit/audit.ts';
import type { Db, Store } from '../src/storage/database.ts';
import { verifyAudit } from '../src/storage/audit/verify.ts';
import { people, teamId } from '../sandbox/slack/workspace.ts';
import { approved, pending, rows, tables } from './version-1.ts';

/** A store that the audit is kept in. */
export type StoreKind = {
  name: string;
  /** `text`: what is there before, as SQL. */
  open: (text?: string) => Promise<Store>;
  /** What somebody with all rights does first who wants to change the audit. */
  unguard: readonly string[];
};

/** An attempt that was refused, which adds one record. */
export const attempt = (db: Db, at: number) =>
  recordRefusal(db, { at, teamId, what: 'approved', by: { id: people.cleo.id }, refused: 'not_an_approver' });

const rowAt = async (db: Db, seq: number): Promise<AuditRow> =>
  db.selectFrom('audit').selectAll().where('seq', '=', seq).executeTakeFirstOrThrow();

/** Takes the number `from` away from a record and gives it `to`. */
const renumber = (db: Db, from: number, to: number) =>
  db.updateTable('audit').set({ seq: to }).where('seq', '=', from).execute();

/** What somebody does to six records, and what is said of it. */
const tampering: {
  what: string;
  alter: (db: Db) => Promise<unknown>;
  found: { seq: number; fault: string };
}[] = [
  {
    what: 'a record altered by hand',
    alter: (db) => db.updateTable('audit').set({ by: people.dan.id }).where('seq', '=', 3).execute(),
    found: { seq: 3, fault: 'altered' },
  },
  {
    what: 'a record altered by hand that got a hash that fits',
    alter: async (db) => {
      const row = { ...(await rowAt(db, 3)), by: people.dan.id };
      await db
        .updateTable('audit')
        .set({ ...row, hash: hashOf(row) })
        .where('seq', '=', 3)
        .execute();
    },
    found: { seq: 4, fault: 'relinked' },
  },
  {
    what: 'the last record altered by hand that got a hash that fits',
    alter: async (db) => {
      const row = { ...(await rowAt(db, 6)), by: people.dan.id };
      await db
        .updateTable('audit')
        .set({ ...row, hash: hashOf(row) })
        .where('seq', '=', 6)
        .execute();
    },
    found: { seq: 6, fault: 'head' },
  },
  {
    what: 'a record deleted in the middle',
    alter: (db) => db.deleteFrom('audit').where('seq', '=', 3).execute(),
    found: { seq: 3, fault: 'missing' },
  },
  {
    what: 'a record deleted in the middle, and the gap closed',
    alter: async (db) => {
      await db.deleteFrom('audit').where('seq', '=', 3).execute();
      for (const seq of [4, 5, 6]) await renumber(db, seq, seq - 1);
    },
    found: { seq: 3, fault: 'altered' },
  },
  {
    what: 'the first record deleted',
    alter: (db) => db.deleteFrom('audit').where('seq', '=', 1).execute(),
    found: { seq: 1, fault: 'missing' },
  },
  {
    what: 'the last records deleted',
    alter: (db) => db.deleteFrom('audit').where('seq', '>', 4).execute(),
    found: { seq: 5, fault: 'missing' },
  },
  {
    what: 'all records deleted',
    alter: (db) => db.deleteFrom('audit').execute(),
    found: { seq: 1, fault: 'missing' },
  },
  {
    what: 'two records exchanged',
    alter: async (db) => {
      await renumber(db, 3, 99);
      await renumber(db, 4, 3);
      await renumber(db, 99, 4);
    },
    found: { seq: 3, fault: 'altered' },
  },
  {
    what: 'a record added by hand',
    alter: async (db) => {
      const row = { ...(await rowAt(db, 6)), seq: 7, prev_hash: (await rowAt(db, 6)).hash };
      await db
        .insertInto('audit')
        .values({ ...row, hash: hashOf(row) })
        .execute();
    },
    found: { seq: 7, fault: 'head' },
  },
  {
    what: 'the noted last record gone',
    alter: (db) => db.deleteFrom('audit_head').execute(),
    found: { seq: 6, fault: 'head' },
  },
];

/** What holds of the audit on every store. */
export function testAudit({ name, open, unguard }: StoreKind): void {
  describe(`the audit on ${name}`, () => {
    const six = async () => {
      const store = await open();
      for (let at = 1; at <= 6; at += 1) await attempt(store.db, at);
      return store;
    };

    test.each(tampering)('$what is found', async ({ alter, found }) => {
      const { db, close } = await six();
      expect(await verifyAudit(db)).toMatchObject({ ok: true, count: 6 });
      for (const statement of unguard) await sql.raw(statement).execute(db);
      await alter(db);
      expect(await verifyAudit(db)).toEqual({ ok: false, ...found });
      await close();
    });

    test('a change by mistake is refused by the database itself', async () => {
      const { db, close } = await six();
      await expect(db.updateTable('audit').set({ by: null }).execute()).rejects.toThrow('append-only');
      await expect(db.deleteFrom('audit').where('seq', '=', 6).execute()).rejects.toThrow('append-only');
      expect(await verifyAudit(db)).toMatchObject({ ok: true, count: 6 });
      await close();
    });

    test('more records than are read at a time are verified, all of them', async () => {
      const { db, close } = await open();
      for (let at = 1; at <= 501; at += 1) await attempt(db, at);
      expect(await verifyAudit(db)).toMatchObject({ ok: true, count: 501 });
      await close();
    });

    test('the history of an earlier version is taken over in the order of time, and says so', async () => {
      const acts = [
        [pending.id, 30, 'submitted', `'${people.ana.id}'`],
        [approved.id, 10, 'submitted', `'${people.ana.id}'`],
        [approved.id, 20, 'approved', `'${people.ben.id}'`],
        [approved.id, 20, 'provisioning started', 'null'],
      ] as const;
      const events = acts.map(
        ([id, at, what, by]) => `insert into event values ('${id}', ${at}, '${what}', ${by});`,
      );
      const { db, close } = await open(tables + rows + events.join('\n'));
      expect(await verifyAudit(db)).toMatchObject({ ok: true, count: 6 });
      const [first, second, third] = await auditOfRequest(db, approved.id);
      expect(first).toMatchObject({
        seq: 1,
        what: 'submitted',
        by: people.ana.id,
        detail: { takenOver: true },
      });
      expect(second).toMatchObject({ what: 'approved', plan_hash: approved.planHash, at: 20 });
      expect(third).toMatchObject({ what: 'provisioning_started', by: null, team_id: teamId });
      expect((await auditOfRequest(db, pending.id)).map(({ seq }) => seq)).toContain(4);
      await close();
    });
  });
}
