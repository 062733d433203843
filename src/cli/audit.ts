import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readSlackConfig } from '../config.ts';
import type { RequestFault } from '../requests/audited.ts';
import { verifyRequests } from '../requests/verify-requests.ts';
import { postingClient } from '../slack/connection.ts';
import { silentSlackLogger } from '../slack/logger.ts';
import { exportAudit, exportFormats, type ExportFormat, type Period } from '../storage/audit/export.ts';
import type { Db } from '../storage/database.ts';
import { lookAtStore } from '../storage/look.ts';
import { NotDone, reasonOf } from '../storage/problems.ts';
import { verifyAudit, type Anchor, type AuditFault, type AuditVerdict } from '../storage/audit/verify.ts';
import { endingWithCode, storageFrom, type Command, type Environment } from './command.ts';

const usage = `npm run audit -- verify [--anchor 42:HASH]
    recomputes the audit’s hash chain, compares every request with its records, and reports whether everything matches.
    With an anchor you saved earlier, it also detects a chain that was completely rewritten. Exit code 0: intact.

npm run audit -- anchor [--channel C0123456789]
    prints one line to note outside of this system, the number of records and the last hash, once the audit holds;
    with --channel it is posted there too.

npm run audit -- export --format csv|jsonl [--from 2026-11-01] [--to 2026-11-30]
    writes the records of these days (UTC, both included), or between two times like 2026-11-01T08:00:00Z.

The app may run. All of it is explained in docs/approvals.md.`;

const dayMs = 86_400_000;

const faults: Record<AuditFault, string> = {
  altered: 'it was changed after it was written',
  missing: 'it is not there',
  relinked: 'it does not follow the record before it: one of the two was written again',
  head: 'the last record is not the one that was noted as the last',
  before_first: 'it stands before number 1, where no record can be',
  anchor: 'it is not the one that was noted as the anchor: the chain was written again, or is another one',
};

const requestFaults: Record<RequestFault | 'unreadable', string> = {
  unreadable: 'it is not of the form that neo-setup writes',
  unrecorded: 'no record says that it was submitted',
  requester: 'its records name another requester',
  plan: 'its settings are not those that its records were made for',
  decision: 'no record holds its decision',
  state: 'no record brought it to the state that it is in',
  agent: 'its records do not say that it created this agent',
};

/** `npm run audit`: verifies, anchors or exports the audit, and changes nothing that is stored. */
export const audit: Command = (argv, env, { stdout, stderr }) =>
  endingWithCode(stderr, async () => {
    const asked = readArguments(argv);
    const where = storageFrom(env);
    switch (asked.command) {
      case 'verify':
        stdout.write(describe(await lookAtStore(where, (db) => verifyAll(db, asked.anchor))));
        break;
      case 'anchor': {
        const { count, head } = await lookAtStore(where, (db) => verifyAll(db, undefined));
        if (asked.channel !== undefined) await post(asked.channel, `${count}:${head}`, env);
        stdout.write(`${count}:${head}\n`);
        break;
      }
      case 'export':
        await lookAtStore(where, (db) => write(exportAudit(db, asked.format, asked.period), stdout));
    }
  });

type Holds = Extract<AuditVerdict, { ok: true }>;

/** @throws {NotDone} when the audit, or a request beside it, does not hold */
async function verifyAll(db: Db, anchor: Anchor | undefined): Promise<Holds> {
  const verdict = await verifyAudit(db, anchor);
  if (!verdict.ok)
    throw new NotDone(
      `The audit is NOT intact. First failing record: ${verdict.seq}: ${faults[verdict.fault]}.`,
    );
  const requests = await verifyRequests(db);
  if (requests.ok) return verdict;
  throw new NotDone(
    'missing' in requests
      ? `The audit is NOT intact. Requests missing: ${requests.missing}. Their numbers were assigned, but they are no longer stored.`
      : `The audit is NOT intact. First failing request: NEO-${requests.number}: ${requestFaults[requests.fault]}.`,
  );
}

function describe({ count, head }: Holds): string {
  return `The audit is intact: ${count} records, none altered.\nHash of the last record: ${head}\nKeep both outside this system (npm run audit -- anchor): if a later audit doesn’t contain them, it was rewritten.\n`;
}

/** @throws {NotDone} when Slack does not take it */
async function post(channel: string, anchor: string, env: Environment): Promise<void> {
  const slack = readSlackConfig(env);
  if ('problems' in slack)
    throw new NotDone(slack.problems.map(({ variable, problem }) => `${variable} ${problem}`).join('\n'));
  try {
    const client = postingClient(slack, silentSlackLogger);
    await client.chat.postMessage({ channel, text: `Audit anchor: \`${anchor}\`` });
  } catch (error) {
    throw new NotDone(
      `The anchor was not posted in ${channel} (${reasonOf(error)}). It is ${anchor}. Note it yourself, or invite the app to the channel and run this again.`,
      { cause: error },
    );
  }
}

async function write(lines: AsyncIterable<string>, stdout: Writable): Promise<void> {
  try {
    await pipeline(Readable.from(lines), stdout, { end: false });
  } catch (error) {
    // Whoever reads has read enough: `| head`.
    if (!z.looseObject({ code: z.literal('EPIPE') }).safeParse(error).success) throw error;
  }
}

type Arguments =
  | { command: 'verify'; anchor: Anchor | undefined }
  | { command: 'anchor'; channel: string | undefined }
  | { command: 'export'; format: ExportFormat; period: Period };

/** Which options each command takes. */
const optionsOf: Record<Arguments['command'], readonly string[]> = {
  verify: ['anchor'],
  anchor: ['channel'],
  export: ['format', 'from', 'to'],
};

/** @throws {NotDone} */
function readArguments(args: string[]): Arguments {
  const { positionals, values } = parsed(args);
  const [name, ...rest] = positionals;
  const command = z.enum(['verify', 'anchor', 'export']).safeParse(name).data;
  if (command === undefined || rest.length > 0) throw new NotDone(usage);
  const wrong = Object.keys(values).find((option) => !optionsOf[command].includes(option));
  if (wrong !== undefined) throw new NotDone(`${command} takes no --${wrong}.\n\n${usage}`);
  if (command === 'verify')
    return { command, anchor: values.anchor === undefined ? undefined : readAnchor(values.anchor) };
  if (command === 'anchor') return { command, channel: values.channel };
  const format = z.enum(exportFormats).safeParse(values.format);
  if (!format.success) throw new NotDone('Say --format csv or --format jsonl.');
  const period = {
    from: values.from === undefined ? -Infinity : moment('--from', values.from).first,
    to: values.to === undefined ? Infinity : moment('--to', values.to).last,
  };
  if (period.from > period.to) throw new NotDone('--from must not be after --to.');
  return { command, format: format.data, period };
}

/** As `anchor` prints it. @throws {NotDone} */
function readAnchor(text: string): Anchor {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (seq === undefined || hash === undefined)
    throw new NotDone('--anchor must be a line that `npm run audit -- anchor` printed, like 42:9f0c….');
  return { seq: Number(seq), hash };
}

function parsed(args: string[]) {
  try {
    const text = { type: 'string' as const };
    return parseArgs({
      args,
      allowPositionals: true,
      options: { format: text, from: text, to: text, anchor: text, channel: text },
    });
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
