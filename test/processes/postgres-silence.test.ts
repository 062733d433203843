import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { appendAudit } from '../../src/storage/audit/audit.ts';
import { openPostgres, probeWrite, type Store } from '../../src/storage/database.ts';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import { appLimits } from '../../src/storage/postgres.ts';
import { teamId } from '../../sandbox/slack/workspace.ts';
import { Stage } from '../stage.ts';

/** Between the app and PostgreSQL: what goes through it can go silent without being closed. */
class Wire {
  private readonly pairs: [Socket, Socket][] = [];
  private readonly server: Server;

  constructor(port: number) {
    this.server = createServer((near) => {
      const far = createConnection(port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
      this.pairs.push([near, far]);
    });
  }

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  /** Nothing that is open now carries anything any longer. New connections work. */
  silence(): void {
    for (const [near, far] of this.pairs) {
      near.unpipe(far);
      far.unpipe(near);
    }
  }

  close(): void {
    for (const socket of this.pairs.flat()) socket.destroy();
    this.server.close();
  }
}

const limits = { queryMs: 700, lockMs: 300, idleInTransactionMs: 500 };
const record = (store: Store) =>
  store.db.transaction().execute((tx) => appendAudit(tx, { at: store.now(), teamId, what: 'form_opened' }));

describe.skipIf(findPostgres() === undefined)(
  'PostgreSQL that says nothing (skipped where it is not installed)',
  () => {
    let postgres: LocalPostgres;
    let wire: Wire | undefined;
    let store: Store;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterEach(async () => {
      await store.close();
      wire?.close();
      wire = undefined;
    });
    afterAll(() => postgres.stop());

    test('all connections go silent: each query fails in time, and the next ones are answered', async () => {
      const url = new URL(await postgres.newDatabase());
      wire = new Wire(Number(url.port));
      url.port = String(await wire.open());
      store = await openPostgres(url.href, limits);
      const eightAtOnce = () => Array.from({ length: 8 }, () => sql`select pg_sleep(0.05)`.execute(store.db));
      await Promise.all(eightAtOnce());
      wire.silence();
      const failed = await Promise.allSettled(eightAtOnce());
      expect(new Set(failed.map(({ status }) => status))).toEqual(new Set(['rejected']));
      await Promise.all(eightAtOnce());
      await probeWrite(store.db);
      await record(store);
    });

    test('somebody holds the lock that every write needs: it is not ready, writes fail in time, and then it goes on', async () => {
      const url = await postgres.newDatabase();
      store = await openPostgres(url, limits);
      const holder = new pg.Client({ connectionString: url });
      await holder.connect();
      await holder.query('begin; select * from audit_head for update');
      await expect(probeWrite(store.db)).rejects.toThrow();
      await expect(record(store)).rejects.toThrow(/lock timeout/);
      await holder.query('rollback');
      await holder.end();
      await probeWrite(store.db);
      await record(store);
    });

    test('a process that is frozen in a transaction holds its locks for seconds, not for a minute', async () => {
      const url = await postgres.newDatabase();
      store = await openPostgres(url, appLimits);
      const other = await openPostgres(url, appLimits);
      let thaw = () => {};
      const thawed = new Promise<void>((resolve) => (thaw = resolve));
      const frozen = other.db.transaction().execute(async (tx) => {
        await sql`select * from audit_head for update`.execute(tx);
        await thawed;
        await sql`select 1`.execute(tx);
      });
      const tries = () =>
        record(store).then(
          () => 'written',
          () => 'locked',
        );
      await expect.poll(tries, { timeout: 20_000 }).toBe('locked');
      // PostgreSQL ends the frozen connection meanwhile.
      await expect.poll(tries, { timeout: 20_000 }).toBe('written');
      thaw();
      await expect(frozen).rejects.toThrow();
      await other.close();
    });
  },
);

describe.skipIf(findPostgres() === undefined)('PostgreSQL takes no write while an agent is made', () => {
  test('however often it is tried: the request waits instead of failing, and one agent is made then', async () => {
    const postgres = await startPostgres();
    const databaseUrl = await postgres.newDatabase();
    const stage = await Stage.open({ env: { DATABASE_URL: databaseUrl } });
    const holder = new pg.Client({ connectionString: databaseUrl });
    await holder.connect();
    const card = await stage.requestFrom('ana');
    const list = stage.halo.fail({ method: 'GET', path: '/api/Agent' }, { kind: 'delay', ms: 500 });
    await stage.as('ben').press(card, 'Approve');
    await list.met;
    await holder.query('begin; select * from request for update');
    const lines = (words: string) => stage.logLines.filter((line) => line.includes(words)).length;
    // Or until it gives up, so that it can say so.
    const isEnough = () => lines('task failed') >= 5 || lines('provisioning failed') > 0;
    await stage.slack.until('five attempts', isEnough, 60_000);
    await holder.query('rollback');
    await holder.end();
    const reply = await stage.reply();
    expect(reply.text).toContain('Agent ID');
    expect(stage.halo.agents.filter(({ name }) => name === 'Neo Agent')).toHaveLength(1);
    await stage.close();
    await postgres.stop();
  }, 90_000);
});
