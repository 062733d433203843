import { findPostgres } from '../../sandbox/postgres.ts';

/** Says at the end of a run what it left out, and how to have it run. */
export function teardown(): void {
  if (findPostgres() === undefined)
    process.stderr.write(
      '\nSKIPPED: the tests on PostgreSQL, because it is not installed (Debian: apt-get install postgresql).\n',
    );
}
