import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPostgres } from '../../src/storage/database.ts';
import { verifyAudit } from '../../src/storage/audit/verify.ts';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import { attempt, testAudit } from '../audit-on-store.ts';
import { auditRows } from '../stored.ts';

describe.skipIf(findPostgres() === undefined)('(skipped where PostgreSQL is not installed)', () => {
  let server: LocalPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  const newDatabase = () => server.newDatabase();

  testAudit({
    name: 'PostgreSQL',
    open: async (text) => {
      const url = await newDatabase();
      if (text !== undefined) {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.query(text);
        await client.end();
      }
      return openPostgres(url);
    },
    unguard: ['drop trigger audit_no_change on audit'],
  });

  test('two processes that append at once on PostgreSQL keep one chain', async () => {
    const url = await newDatabase();
    const [one, other] = [await openPostgres(url), await openPostgres(url)];
    const attempts = Array.from({ length: 100 }, (_unused, at) => attempt(at % 2 ? one.db : other.db, at));
    await Promise.all(attempts);
    expect(await verifyAudit(one.db)).toMatchObject({ ok: true, count: 100 });
    const order = (await auditRows(other.db)).map(({ at }) => at);
    expect(order.sort((a, b) => a - b)).toEqual(attempts.map((_attempt, at) => at));
    await Promise.all([one.close(), other.close()]);
  });
});
