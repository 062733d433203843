import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPostgres, startPostgres } from '../sandbox/postgres.ts';
import { channels, people, teamId } from '../sandbox/slack/workspace.ts';
import { approve } from '../src/actions/approve.ts';
import { settleAction } from '../src/actions/settle.ts';
import { refusedAtGate } from '../src/requests/gate.ts';
import type { Request } from '../src/requests/request.ts';
import { submitRequest } from '../src/requests/submit.ts';
import { linkedAuditOf, recordRefusal } from '../src/storage/audit/audit.ts';
import { openStore, type Store } from '../src/storage/database.ts';
import { ms, percentile, times, type Report } from './report.ts';

const few = 1_000;
const many = 100_000;
const recordsOfRequest = 12;
const rounds = 1_000;
const maxMs = 5;

const policy = {
  approvers: { users: [people.ben.id], groups: [] },
  requesters: { users: [], groups: [] },
  approvalsRequired: 1,
  approvalTtlMs: 3_600_000,
  executionTtlMs: 3_600_000,
  soloDelayMs: undefined,
};

/** How long the last gate takes before a write: reading a request's records, seeing that they are whole, judging them. */
export async function gate(): Promise<Report> {
  const postgres = findPostgres() === undefined ? undefined : await startPostgres();
  try {
    const rows = [await row('file', () => Promise.resolve(undefined))];
    if (postgres !== undefined) rows.push(await row('PostgreSQL', postgres.newDatabase));
    const slow = rows.filter(({ large }) => percentile(large, 99) > maxMs);
    return {
      tables: [
        {
          title: `${rounds} times each, for a request with ${recordsOfRequest} records among so many in all`,
          rows: [
            ['', '1,000: p99', '100,000: p50', '100,000: p99', 'ratio of p99'],
            ...rows.map(({ store, small, large }) => [
              store,
              ms(percentile(small, 99)),
              ms(percentile(large, 50)),
              ms(percentile(large, 99)),
              times(percentile(large, 99) / percentile(small, 99)),
            ]),
          ],
        },
      ],
      notes: postgres === undefined ? ['PostgreSQL is not installed here: only the file was measured.'] : [],
      missed: slow.map(({ store }) => `the gate takes more than ${maxMs} ms on ${store}`),
      logged: [],
    };
  } finally {
    await postgres?.stop();
  }
}

async function row(store: string, newDatabase: () => Promise<string | undefined>) {
  return {
    store,
    small: await measure(few, await newDatabase()),
    large: await measure(many, await newDatabase()),
  };
}

async function measure(records: number, databaseUrl: string | undefined): Promise<number[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'neo-setup-bench-'));
  try {
    const where = databaseUrl === undefined ? `--data-dir=${dataDir}` : `--database-url=${databaseUrl}`;
    execFileSync(process.execPath, ['--import', 'tsx', 'bench/fill.ts', `--requests=${records}`, where], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      stdio: 'inherit',
    });
    const store = await openStore({ databaseUrl, dataDir });
    const request = await approved(store);
    const waited: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const from = performance.now();
      const linked = await linkedAuditOf(store.db, request.id);
      const refused = refusedAtGate(request, linked, { agentId: undefined }, undefined);
      waited.push(performance.now() - from);
      if (refused !== undefined || linked.length !== recordsOfRequest)
        throw new Error(`The gate says ${refused ?? 'yes'} to ${linked.length} records`);
    }
    await store.close();
    return waited;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function approved({ db, now }: Store): Promise<Request> {
  const { id, planHash } = await submitRequest(
    db,
    {
      dedupeKey: 'bench:gate',
      teamId,
      requester: people.ana.id,
      channel: channels.ops.id,
      plan: {
        name: 'Neo Agent',
        email: 'team@neoagent.io',
        roles: [
          { id: 'a1d7e9b0-2c43-4f7e-8d55-0b6f3c9e7a22', name: '1st Line Support', isAdministrator: false },
        ],
        isActive: true,
        teams: [{ id: 1, name: '1st Line' }],
        workday: { id: 2, name: 'Sydney desk', hours: 'Mon–Fri 8:30–17:30' },
        timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
      },
      note: '',
      haloThen: undefined,
    },
    now(),
    policy,
  );
  for (let count = 0; count < recordsOfRequest - 2; count += 1)
    await recordRefusal(db, {
      at: now(),
      teamId,
      requestId: id,
      what: 'approved',
      by: { id: people.gus.id },
      refused: 'not_an_approver',
    });
  const by = {
    id: people.ben.id,
    standing: 'member',
    isAdmin: true,
    groups: [],
    timeZone: undefined,
  } as const;
  const click = { by: { ...by, groups: [] }, at: now(), policy, shown: planHash };
  const decided = await settleAction(db, id, approve, click, undefined);
  if (!decided.accepted) throw new Error('The approval was refused');
  return decided.current;
}
