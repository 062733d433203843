import type { AuditRow } from './record.ts';
import { readAudit } from './audit.ts';
import type { Db } from '../database.ts';
import { NotDone } from '../problems.ts';
import { rowOf } from '../schema.ts';

export const exportFormats = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Epoch milliseconds, both inclusive. */
export type Period = { from: number; to: number };

const columns = [
  'seq',
  'at',
  'team_id',
  'request_id',
  'by',
  'by_team',
  'what',
  'outcome',
  'plan_hash',
  'detail',
  'prev_hash',
  'hash',
] as const satisfies (keyof AuditRow)[];

/**
 * The records of a period in the order of the chain, as text. Times are ISO in UTC, to the millisecond, so that
 * `hash` can be computed again from a line: `at` in it is the number of milliseconds.
 * @throws {NotDone} at a record that is not even of the form that this program writes
 */
export async function* exportAudit(
  db: Db,
  format: ExportFormat,
  { from, to }: Period,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns);
  for await (const row of readAudit(db)) {
    const record = rowOf.audit.safeParse(row);
    if (!record.success)
      throw new NotDone(
        `Record ${row.seq} is not as neo-setup writes it. Run \`npm run audit -- verify\`. What was written ends before it.`,
      );
    const { at } = record.data;
    if (at < from || at > to) continue;
    const fields = { ...record.data, at: new Date(at).toISOString() };
    const values = columns.map((column) => fields[column]);
    yield format === 'csv'
      ? csvLine(values)
      : `${JSON.stringify(Object.fromEntries(columns.map((column, index) => [column, values[index]])))}\n`;
  }
}

/** RFC 4180, every cell in quotes. */
function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map((cell) => `"${harmless(String(cell ?? '')).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A spreadsheet takes a cell that begins like this for a formula, and runs it. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
