import { afterEach, beforeEach, describe, test } from 'vitest';
import { openFile } from '../src/storage/database.ts';
import { atTheTimeOf, dataDirLeftBy } from './left-behind.ts';
import { expectAllGoesOn, expectAllIsThere, openStage, outside, version } from './left-by-0.1.0.ts';
import type { Stage } from './stage.ts';

describe('the file that version 0.1.0 left', () => {
  let stage: Stage | undefined;
  let restoreClock = () => {};
  beforeEach(() => {
    restoreClock = atTheTimeOf(outside);
  });
  afterEach(async () => {
    await stage?.close();
    stage = undefined;
    restoreClock();
  });

  test('every request is read, and the audit verifies', async () => {
    const store = await openFile(dataDirLeftBy(version));
    await expectAllIsThere(store.db);
    await store.close();
  });

  test('what was open goes on', async () => {
    stage = await openStage(dataDirLeftBy(version));
    await expectAllGoesOn(stage);
  });
});
