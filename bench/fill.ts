import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { people, teamId } from '../sandbox/slack/workspace.ts';
import { hashPlan, type Plan } from '../src/requests/plan.ts';
import { foldText } from '../src/text/fold.ts';
import { readBackSchema, type Request } from '../src/requests/request.ts';
import { chained, noHash, type AuditRow } from '../src/storage/audit/record.ts';
import { openStore, type Tx } from '../src/storage/database.ts';
import type { Schema } from '../src/storage/schema.ts';

/**
 * Stores as many requests as a busy workspace has after years: all done but the last ones, which are open. Written as
 * rows, in one transaction: one after the other through the app's own functions they would take minutes. In a process
 * of its own, because it locks the file. The store must be new.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    open: { type: 'string', default: '0' },
    'data-dir': { type: 'string', default: '' },
    'database-url': { type: 'string' },
  },
});
const count = Number(values.requests);
const firstOpen = count - Number(values.open) + 1;
/** SQLite takes 32,766 values in a statement, PostgreSQL 65,535. A row of `audit` has eleven. */
const rowsAtOnce = 250;
const ttlMs = 72 * 3_600_000;

const store = await openStore({ databaseUrl: values['database-url'], dataDir: values['data-dir'] });
await store.db.transaction().execute(fill);
// PostgreSQL does so by itself within a minute of such a change.
if (store.isShared) await sql`analyze`.execute(store.db);
await store.close();

async function fill(tx: Tx): Promise<void> {
  let head = { seq: 0, hash: noHash };
  for (let first = 1; first <= count; first += rowsAtOnce) {
    const length = Math.min(rowsAtOnce, count - first + 1);
    const requests = Array.from({ length }, (_unused, index) => requestOf(first + index));
    const records: AuditRow[] = [];
    for (const request of requests) {
      const record = recordOf(request, head);
      records.push(record);
      head = record;
    }
    await tx.insertInto('request').values(requests.map(rowOf)).execute();
    await tx.insertInto('message').values(requests.map(cardRow)).execute();
    await tx.insertInto('audit').values(records).execute();
  }
  await tx.insertInto('request_number').values({ team_id: teamId, number: count }).execute();
  await tx.updateTable('audit_head').set({ seq: head.seq, hash: head.hash }).execute();
}

function cardRow({ id, channel, version, createdAt }: Request): Schema['message'] {
  return {
    request_id: id,
    kind: 'card',
    nth: 0,
    recipient: '',
    channel,
    ts: `${Math.floor(createdAt / 1000)}.000100`,
    link: null,
    version,
    content: '',
    problem: null,
  };
}

function recordOf(request: Request, head: { seq: number; hash: string }): AuditRow {
  const { updatedAt: at, id, planHash, requester, state } = request;
  const what = state === 'done' ? 'done' : 'submitted';
  const record = { at, team_id: teamId, request_id: id, by: requester, by_team: teamId, plan_hash: planHash };
  return chained({ ...record, what, outcome: 'ok', detail: {} }, head);
}

function rowOf(request: Request): Schema['request'] {
  return {
    id: request.id,
    dedupe_key: randomUUID(),
    team_id: request.teamId,
    number: request.number,
    state: request.state,
    version: request.version,
    agent_id: request.agentId ?? null,
    requester: request.requester,
    name_key: foldText(request.plan.name),
    email_key: foldText(request.plan.email),
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    data: JSON.stringify(request),
  };
}

function requestOf(number: number): Request {
  const isOpen = number >= firstOpen;
  const plan: Plan = {
    name: `Stored Agent ${number}`,
    email: `stored${number}@brightwater.example`,
    roles: [{ id: '3f8a2c71-9b40-4d6e-8a15-c2e7d90b4f63', name: '1st Line Support', isAdministrator: false }],
    isActive: true,
    teams: [{ id: 4, name: '1st Line' }],
    workday: { id: 2, name: 'Sydney desk', hours: 'Mon to Fri 08:00–17:00' },
    timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
  };
  const at = isOpen ? Date.now() : Date.UTC(2025, 0, 1) + number * 60_000;
  const pending: Request = {
    id: randomUUID(),
    teamId,
    number,
    state: 'pending',
    version: 2,
    plan,
    planHash: hashPlan(plan),
    note: 'For the service desk.',
    requester: people.ana.id,
    channel: 'C07MSPOPS11',
    createdAt: at,
    expiresAt: at + ttlMs,
    updatedAt: at,
    adopted: false,
  };
  return isOpen ? pending : done(pending, at);
}

function done(request: Request, at: number): Request {
  return {
    ...request,
    state: 'done',
    version: 7,
    decision: { by: people.ben.id, at, kind: 'approved', reason: '', planHash: request.planHash },
    intent: { at },
    agentId: 100_000 + request.number,
    readBack: readBackSchema.shape.field.options.map((field) => ({
      field,
      planned: 'as planned',
      reported: 'as planned',
      outcome: 'set',
    })),
  };
}
