import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { audit } from '../src/cli/audit.ts';
import { hashOf, type AuditRow } from '../src/storage/audit/record.ts';
import { recordRefusal } from '../src/storage/audit/audit.ts';
import type { Db } from '../src/storage/database.ts';
import { verifyAudit } from '../src/storage/audit/verify.ts';
import { people, teamId } from '../sandbox/slack/workspace.ts';
import { run } from './cli.ts';
import { attempt, attemptsAt, newFolder, openCopy, storedRequests } from './stored.ts';

/** What somebody does who wants to change the audit. */
const forge = async (db: Db) => {
  await sql`drop trigger audit_no_update`.execute(db);
  await db.updateTable('audit').set({ by: people.dan.id }).where('seq', '=', 2).execute();
};

const headOf = async (dataDir: string) => {
  const verdict = await verifyAudit((await openCopy(dataDir)).db);
  return verdict.ok ? verdict.head : 'the audit does not hold';
};

describe('verify', () => {
  test('while no app runs: count and hash of the last record', async () => {
    const dataDir = await storedRequests(2);
    const { code, output } = await run(audit, ['verify'], { DATA_DIR: dataDir });
    expect(output).toContain('The audit is intact: 2 records');
    expect(output).toContain(await headOf(dataDir));
    expect(code).toBe(0);
  });

  test('a record altered by hand: exit code 1, and which record it is', async () => {
    const { code, output } = await run(audit, ['verify'], { DATA_DIR: await storedRequests(3, forge) });
    expect(output).toBe(
      'The audit is NOT intact. First failing record: 2: it was changed after it was written.\n',
    );
    expect(code).toBe(1);
  });

  test('a file that was moved to PostgreSQL is not taken for the audit', async () => {
    const dataDir = await storedRequests(1, async (db) => {
      await sql`pragma user_version = 2`.execute(db);
    });
    const { code, output } = await run(audit, ['verify'], { DATA_DIR: dataDir });
    expect(output).toContain('These requests were moved to PostgreSQL');
    expect(code).toBe(1);
  });
});

describe('export', () => {
  test('as JSON lines: each hash can be computed again, and the chain with it', async () => {
    const dataDir = await storedRequests(3);
    const { output, code } = await run(audit, ['export', '--format', 'jsonl'], { DATA_DIR: dataDir });
    expect(code).toBe(0);
    const lines = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Omit<AuditRow, 'at'> & { at: string });
    const computed = lines.map((line) => hashOf({ ...line, at: Date.parse(line.at) }));
    expect(lines.map(({ hash }) => hash)).toEqual(computed);
    expect(lines.slice(1).map(({ prev_hash: before }) => before)).toEqual(computed.slice(0, -1));
    expect(lines[0]).toMatchObject({ seq: 1, by: people.ana.id, what: 'submitted', outcome: 'ok' });
  });

  test('as CSV: quotes are doubled, and no cell is a formula', async () => {
    const dataDir = await storedRequests(0, (db) =>
      recordRefusal(db, attempt(0, '=HYPERLINK("http://x","y")')),
    );
    const { output } = await run(audit, ['export', '--format', 'csv'], { DATA_DIR: dataDir });
    const [head, line] = output.split('\r\n');
    expect(head).toBe(
      '"seq","at","team_id","request_id","by","by_team","what","outcome","plan_hash","detail","prev_hash","hash"',
    );
    expect(line).toContain(
      `"1","1970-01-01T00:00:00.000Z","${teamId}","","'=HYPERLINK(""http://x"",""y"")","","approved","refused","","{""refused"":""not_an_approver""}","000`,
    );
  });

  const times = [
    '2026-10-31T23:59:59.999Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-30T23:59:59.999Z',
    '2026-12-01T00:00:00.000Z',
  ];
  test.each([
    ['days, both whole', ['--from', '2026-11-01', '--to', '2026-11-30'], times.slice(1, 3)],
    ['from a day on', ['--from', '2026-11-30'], times.slice(2)],
    ['to a day', ['--to', '2026-10-31'], times.slice(0, 1)],
    [
      'between two times',
      ['--from', '2026-11-01T00:00:00Z', '--to', '2026-12-01T10:00:00+10:00'],
      times.slice(1),
    ],
  ])('%s', async (_, args, expected) => {
    const DATA_DIR = await attemptsAt(times);
    const { output } = await run(audit, ['export', '--format', 'jsonl', ...args], { DATA_DIR });
    const found = output.split('\n').filter((line) => line !== '');
    expect(found.map((line) => (JSON.parse(line) as { at: string }).at)).toEqual(expected);
  });
});

test.each([
  ['nothing', [], 'npm run audit -- verify'],
  ['an unknown command', ['repair'], 'npm run audit -- verify'],
  ['two commands', ['verify', 'export'], 'npm run audit -- verify'],
  ['no format', ['export'], 'Say --format csv or --format jsonl.'],
  ['an unknown format', ['export', '--format', 'xlsx'], 'Say --format csv or --format jsonl.'],
  ['an unknown option', ['export', '--since', '2026-11-01'], "Unknown option '--since'"],
  ['no such day', ['export', '--format', 'csv', '--to', '2026-02-30'], '--to must be a day like'],
  [
    'a time without a zone',
    ['export', '--format', 'csv', '--from', '2026-11-01T08:00'],
    '--from must be a day like',
  ],
  [
    'the wrong way round',
    ['export', '--format', 'csv', '--from', '2026-11-02', '--to', '2026-11-01'],
    '--from must not be after --to.',
  ],
  ['an empty DATA_DIR', ['verify'], 'There is no '],
])('%s: exit code 1, what to do, and no stack', async (_, args, text) => {
  const { code, output } = await run(audit, args, { DATA_DIR: newFolder() });
  expect(output).toContain(text);
  expect(output).not.toMatch(/\n\s+at /);
  expect(code).toBe(1);
});

test('a PostgreSQL that does not answer: what to check, no password and no stack', async () => {
  const DATABASE_URL = 'postgres://neo:hush-hush@127.0.0.1:1/neo';
  const { code, output } = await run(audit, ['verify'], { DATABASE_URL });
  expect(output).toContain('PostgreSQL could not be used');
  expect(output).not.toMatch(/hush|\n\s+at /);
  expect(code).toBe(1);
});
