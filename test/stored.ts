import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from '../src/requests/plan.ts';
import { submitRequest } from '../src/requests/submit.ts';
import type { AuditRow } from '../src/storage/audit-record.ts';
import { readAudit } from '../src/storage/audit.ts';
import { openFile, type Db, type Store } from '../src/storage/database.ts';
import { viewKey } from '../src/storage/requests.ts';
import { channels, people, teamId } from '../sandbox/slack/workspace.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

export const newFolder = () => mkdtempSync(join(tmpdir(), 'neo-setup-test-'));

const plan: Plan = {
  name: 'Neo Agent',
  email: 'team@neoagent.io',
  roles: [{ id: 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22', name: '1st Line Support', isAdministrator: false }],
  isActive: true,
  teams: [{ id: 1, name: '1st Line', departmentId: 1, departmentName: 'Service Desk' }],
  workday: { id: 2, name: 'Sydney desk', hours: 'Mon–Fri 8:30–17:30' },
  timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
};

/** What a stopped app left in a DATA_DIR: `requests` of Ana, all pending; and what somebody did to it by hand. */
export async function storedRequests(
  requests: number,
  alter: (db: Db) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const folder = newFolder();
  const store = await openFile(folder);
  for (let count = 1; count <= requests; count += 1)
    await submitRequest(
      store.db,
      {
        dedupeKey: viewKey(`V07QH${count}`),
        teamId,
        requester: people.ana.id,
        channel: channels.ops.id,
        plan,
        note: '',
        haloThen: undefined,
      },
      store.now(),
      { approvalTtlMs: 3_600_000, approvalsRequired: 1 },
    );
  await alter(store.db);
  await store.close();
  return unlocked(folder);
}

/** A copy: libsql lets go of its lock only when its process ends, and this process goes on. */
export function unlocked(dataDir: string): string {
  const copy = newFolder();
  cpSync(dataDir, copy, { recursive: true });
  return copy;
}

/** Opens what is in `dataDir`, as the app would. */
export function openCopy(dataDir: string): Promise<Store> {
  return openFile(unlocked(dataDir));
}

/** All of the audit. */
export async function auditRows(db: Db): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of readAudit(db)) rows.push(row);
  return rows;
}

type Ended = { code: number | null; output: string };
export type Command = { child: ChildProcess; ended: Promise<Ended> };

type From = { folder?: string; npm?: boolean };

/** `npm run storage -- …args`, without npm unless it is asked for. `folder`: where the person stands. */
export function storage(args: string[], env: Record<string, string>, from: From = {}): Command {
  return command('storage', args, env, from);
}

/** `npm run audit -- …args`, the same way. */
export function audit(args: string[], env: Record<string, string>, from: From = {}): Command {
  return command('audit', args, env, from);
}

function command(
  script: 'storage' | 'audit',
  args: string[],
  env: Record<string, string>,
  from: From,
): Command {
  const { folder = newFolder(), npm = false } = from;
  const path = process.env['PATH'] ?? '';
  const child = npm
    ? spawn('npm', ['--prefix', root, 'run', '--silent', script, '--', ...args], {
        cwd: folder,
        env: { ...env, PATH: path, HOME: folder },
      })
    : spawn(process.execPath, ['--import', 'tsx', `src/${script}-cli.ts`, ...args], {
        cwd: root,
        env: { ...env, PATH: path, INIT_CWD: folder },
      });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  return { child, ended };
}
