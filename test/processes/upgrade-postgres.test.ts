import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'vitest';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import { openPostgres } from '../../src/storage/database.ts';
import { atTheTimeOf, dumpLeftBy } from '../left-behind.ts';
import { expectAllGoesOn, expectAllIsThere, openStage, outside, version } from '../left-by-0.1.0.ts';
import type { Stage } from '../stage.ts';
import { newFolder } from '../stored.ts';

describe.skipIf(findPostgres() === undefined)(
  'the PostgreSQL that version 0.1.0 left (skipped where it is not installed)',
  () => {
    let postgres: LocalPostgres;
    let stage: Stage | undefined;
    let restoreClock = () => {};
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    beforeEach(() => {
      restoreClock = atTheTimeOf(outside);
    });
    afterEach(async () => {
      await stage?.close();
      stage = undefined;
      restoreClock();
    });
    afterAll(() => postgres.stop());

    /** A database with what is in the dump. */
    const restored = async (): Promise<string> => {
      const url = await postgres.newDatabase();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(readFileSync(dumpLeftBy(version), 'utf8'));
      await client.end();
      return url;
    };

    test('every request is read, and the audit verifies', async () => {
      const store = await openPostgres(await restored());
      await expectAllIsThere(store.db);
      await store.close();
    });

    test('what was open goes on', async () => {
      stage = await openStage(newFolder(), { DATABASE_URL: await restored() });
      await expectAllGoesOn(stage);
    });
  },
);
