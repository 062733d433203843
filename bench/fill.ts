import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { teamId } from '../sandbox/slack/workspace.ts';
import { hashPlan, type Plan } from '../src/requests/plan.ts';
import { readBackSchema, type Request } from '../src/requests/request.ts';
import { openStore } from '../src/storage/database.ts';
import { insertRequest } from '../src/storage/requests.ts';

/** Stores as many requests as a busy workspace has after years: all done. In a process of its own, because it locks the file. */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    'data-dir': { type: 'string', default: '' },
    'database-url': { type: 'string' },
  },
});
const store = await openStore({ databaseUrl: values['database-url'], dataDir: values['data-dir'] });
for (let number = 1; number <= Number(values.requests); number += 1)
  await insertRequest(
    store.db,
    randomUUID(),
    (next) => ({ request: doneRequest(next), tasks: [], event: { what: 'done' } }),
    teamId,
  );
await store.close();

function doneRequest(number: number): Request {
  const plan: Plan = {
    name: `Stored Agent ${number}`,
    email: `stored${number}@brightwater.example`,
    roles: [{ id: '3f8a2c71-9b40-4d6e-8a15-c2e7d90b4f63', name: '1st Line Support', isAdministrator: false }],
    isActive: true,
    teams: [{ id: 4, name: '1st Line' }],
    workday: { id: 2, name: 'Sydney desk', hours: 'Mon to Fri 08:00–17:00' },
    timeZone: { iana: 'Australia/Sydney', windowsId: 'AUS Eastern Standard Time' },
  };
  const planHash = hashPlan(plan);
  const at = Date.UTC(2025, 0, 1) + number * 60_000;
  return {
    id: randomUUID(),
    teamId,
    number,
    state: 'done',
    version: 7,
    plan,
    planHash,
    note: 'For the service desk.',
    requester: 'U07ANA4F2K8',
    channel: 'C07MSPOPS11',
    createdAt: at,
    expiresAt: at + 72 * 3_600_000,
    updatedAt: at,
    decision: { by: 'U07BEN9C3M5', at, kind: 'approved', reason: '', planHash },
    card: { channel: 'C07MSPOPS11', ts: `${Math.floor(at / 1000)}.000100` },
    intent: { at },
    agentId: 100_000 + number,
    adopted: false,
    readBack: readBackSchema.shape.field.options.map((field) => ({
      field,
      planned: 'as planned',
      reported: 'as planned',
      outcome: 'set',
    })),
  };
}
