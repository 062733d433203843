import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { exportAudit, exportFormats, type ExportFormat, type Period } from '../storage/export-audit.ts';
import { lookAtStore } from '../storage/look.ts';
import { NotDone, reasonOf } from '../storage/problems.ts';
import { verifyAudit, type AuditFault, type AuditVerdict } from '../storage/verify-audit.ts';
import { endingWithCode, storageFrom, type Command } from './command.ts';

const usage = `npm run audit -- verify
    computes the chain of the audit again and says whether it holds. Exit code 0: it does.

npm run audit -- export --format csv|jsonl [--from 2026-11-01] [--to 2026-11-30]
    writes the records of these days (UTC, both included), or between two times like 2026-11-01T08:00:00Z.

The app may run. Both are explained in docs/approvals.md.`;

const dayMs = 86_400_000;

const faults: Record<AuditFault, string> = {
  altered: 'it is not what it was when it was written',
  missing: 'it is not there',
  relinked: 'it does not follow the record before it: one of the two was written anew',
  head: 'the last record is not the one that was noted as the last',
};

/** `npm run audit`: verifies or exports the audit, and changes nothing. */
export const audit: Command = (argv, env, { stdout, stderr }) =>
  endingWithCode(stderr, async () => {
    const { command, format, period } = readArguments(argv);
    const where = storageFrom(env);
    if (command === 'verify') stdout.write(describe(await lookAtStore(where, verifyAudit)));
    else await lookAtStore(where, (db) => write(exportAudit(db, format, period), stdout));
  });

/** @throws {NotDone} when it does not hold */
function describe(verdict: AuditVerdict): string {
  if (!verdict.ok)
    throw new NotDone(
      `The audit does NOT hold. The first record that fails is ${verdict.seq}: ${faults[verdict.fault]}.`,
    );
  return `The audit holds: ${verdict.count} records, each as it was written.\nHash of the last: ${verdict.head}\nNote both outside this system: a later audit that does not contain them was written anew.\n`;
}

async function write(lines: AsyncIterable<string>, stdout: Writable): Promise<void> {
  try {
    await pipeline(Readable.from(lines), stdout, { end: false });
  } catch (error) {
    // Whoever reads has read enough: `| head`.
    if (!z.looseObject({ code: z.literal('EPIPE') }).safeParse(error).success) throw error;
  }
}

type Arguments = { command: 'verify' | 'export'; format: ExportFormat; period: Period };

/** @throws {NotDone} */
function readArguments(args: string[]): Arguments {
  const { positionals, values } = parsed(args);
  const [command, ...rest] = positionals;
  const options = Object.keys(values).length;
  if (rest.length > 0 || (command !== 'verify' && command !== 'export')) throw new NotDone(usage);
  if (command === 'verify' && options > 0) throw new NotDone(`verify takes no options.\n\n${usage}`);
  const format = z.enum(exportFormats).safeParse(command === 'verify' ? 'csv' : values.format);
  if (!format.success) throw new NotDone('Say --format csv or --format jsonl.');
  const period = {
    from: values.from === undefined ? -Infinity : moment('--from', values.from).first,
    to: values.to === undefined ? Infinity : moment('--to', values.to).last,
  };
  if (period.from > period.to) throw new NotDone('--from must not be after --to.');
  return { command, format: format.data, period };
}

function parsed(args: string[]) {
  try {
    const text = { type: 'string' as const };
    return parseArgs({ args, allowPositionals: true, options: { format: text, from: text, to: text } });
  } catch (error) {
    throw new NotDone(`${reasonOf(error)}\n\n${usage}`, { cause: error });
  }
}

/** The first and the last millisecond of a day, or of a moment. @throws {NotDone} */
function moment(option: string, text: string): { first: number; last: number } {
  if (z.iso.date().safeParse(text).success) {
    const first = Date.parse(text);
    return { first, last: first + dayMs - 1 };
  }
  if (!z.iso.datetime({ offset: true }).safeParse(text).success)
    throw new NotDone(`${option} must be a day like 2026-11-01 or a time like 2026-11-01T08:00:00Z.`);
  return { first: Date.parse(text), last: Date.parse(text) };
}
