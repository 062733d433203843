import { expect, test } from 'vitest';
import { openPostgres } from '../../src/storage/database.ts';
import { findPostgres, startPostgres } from '../../sandbox/postgres.ts';
import { DoctorStage } from '../doctor-stage.ts';
import { spawned } from './spawned.ts';

test('npm run doctor ends with 0 when all is well, and with 1 for a fault', async () => {
  const at = await DoctorStage.open();
  const well = await spawned('doctor', [], at.env, { npm: true }).ended;
  expect(well.output).toMatch(/✓ ok +Slack scopes/);
  expect(well.code).toBe(0);
  at.env['HALO_CLIENT_SECRET'] = 'wrong';
  expect((await spawned('doctor', [], at.env).ended).code).toBe(1);
  await at.close();
});

test.skipIf(findPostgres() === undefined)(
  'PostgreSQL is looked at, before its first start and after, and nothing is made in it',
  async () => {
    const postgres = await startPostgres();
    const at = await DoctorStage.open();
    at.env['DATABASE_URL'] = await postgres.newDatabase();
    for (let look = 1; look <= 2; look += 1)
      expect((await at.examine()).text).toMatch(/ok +Storage +PostgreSQL: will be created/);
    await (await openPostgres(at.env['DATABASE_URL'])).close();
    const { text } = await at.examine();
    await postgres.stop();
    await at.close();
    expect(text).toMatch(/ok +Storage +PostgreSQL: can be used/);
  },
);
