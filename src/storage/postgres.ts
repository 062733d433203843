import {
  PostgresDialect,
  type PostgresCursor,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from 'kysely';
import pg from 'pg';
import { reasonOf, StorageAway } from './problems.ts';

/** Milliseconds. */
export type PostgresLimits = {
  /** A query that is not answered by then has failed, and its connection is given up: it may have gone silent. */
  queryMs: number;
  /** A query waits so long for a lock that somebody else holds. */
  lockMs: number;
  /** PostgreSQL ends a transaction whose client says nothing for so long: a frozen process must not hold locks. */
  idleInTransactionMs: number;
};

/** For the app: people wait for it, and a worker whose query hangs takes no other task. */
export const appLimits: PostgresLimits = { queryMs: 10_000, lockMs: 5_000, idleInTransactionMs: 10_000 };

const maxConnections = 8;
const connectMs = 5_000;
/** TCP asks after a silent peer then. How often, and when it gives up, is the operating system's. */
const keepAliveAfterMs = 10_000;

/**
 * PostgreSQL for Kysely. Connects with the first query. A connection that did not answer in time is closed instead of
 * being used again, so that a pool whose connections have all gone silent is whole again after one failed query each.
 * `limits` undefined: for a migration or a copy, which may take as long as they take.
 */
export function postgresDialect(url: string, limits?: PostgresLimits): PostgresDialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    types,
    ...(limits && {
      lock_timeout: limits.lockMs,
      idle_in_transaction_session_timeout: limits.idleInTransactionMs,
    }),
  });
  // A connection that dies while somebody uses it would end the process: the query that it dies under fails anyway.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  if (limits === undefined) return new PostgresDialect({ pool });
  const guarded: PostgresPool = {
    connect: async () => new Answering(limits.queryMs, await pool.connect().catch(throwAway)),
    end: () => pool.end(),
  };
  return new PostgresDialect({ pool: guarded });
}

/** Times and counts are far below 2^53: plain numbers, as SQLite gives them. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** A connection of the pool that is given up once it did not answer in time. */
class Answering implements PostgresPoolClient {
  private readonly ms: number;
  private readonly client: PostgresPoolClient;
  private readonly giveBack: (error?: Error) => void;
  private silent: StorageAway | undefined;

  constructor(ms: number, client: pg.PoolClient) {
    this.ms = ms;
    this.client = client;
    this.giveBack = (error) => {
      client.release(error);
    };
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    first: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    return typeof first === 'string' ? this.inTime<R>(first, parameters) : this.client.query(first);
  }

  release(): void {
    this.giveBack(this.silent);
  }

  private async inTime<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.silent !== undefined) throw this.silent;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.silent = new StorageAway(`PostgreSQL did not answer within ${this.ms} ms`);
        reject(this.silent);
      }, this.ms);
    });
    const answer = this.client.query<R>(sql, parameters);
    // Once it is too late nobody waits for this any longer.
    answer.catch(() => {});
    try {
      return await Promise.race([answer.catch(throwAway), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What PostgreSQL says stays as it is; all else is a connection that is not there. @throws {StorageAway} */
function throwAway(error: unknown): never {
  throw error instanceof pg.DatabaseError ? error : new StorageAway(reasonOf(error), { cause: error });
}
