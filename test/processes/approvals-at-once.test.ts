import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { people, teamId } from '../../sandbox/slack/workspace.ts';
import { budgets } from '../../src/budgets.ts';
import { decideRequest } from '../deciding.ts';
import type { Person } from '../../src/requests/policy.ts';
import { requestSchema } from '../../src/requests/request.ts';
import { submitRequest } from '../../src/requests/submit.ts';
import { nextDueAt } from '../../src/storage/tasks.ts';
import { Stage } from '../stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const requests = Number(process.env['RUNS'] ?? 600);
const minute = 60_000;
const policy = {
  approvers: { users: [people.ben.id], groups: [] },
  requesters: { users: [], groups: [] },
  approvalsRequired: 1,
  approvalTtlMs: 72 * 60 * minute,
  executionTtlMs: 24 * 60 * minute,
  soloDelayMs: undefined,
};
const ben: Person = {
  id: people.ben.id,
  standing: 'member',
  isAdmin: true,
  groups: [],
  timeZone: undefined,
} as const;

const count = async (kind: string) => {
  const { rows } = await sql<{ n: number }>`select count(*) as n from request where ${sql.raw(kind)}`.execute(
    stage.db,
  );
  return Number(rows[0]?.n);
};

/** Nothing is in hand, and nothing can be taken at this moment. */
const isIdle = async () => {
  const at = stage.now();
  const { rows } = await sql<{ n: number }>`select count(*) as n from task where lease_until > ${at} or (
    due_at <= ${at} and not exists (
      select 1 from limiter where name = 'slack:' || task.lane and opens_at > ${at}))`.execute(stage.db);
  return Number(rows[0]?.n) === 0;
};

/** Lets time pass whenever there is nothing to do, until all requests have ended. Returns when each call came. */
async function letAllEnd(): Promise<number[]> {
  const callTimes: number[] = [];
  let seen = stage.halo.journal.length;
  while ((await count(`state in ('done', 'incomplete', 'failed')`)) < requests) {
    const at = stage.now();
    const calls = stage.halo.journal.length;
    callTimes.push(...Array.from({ length: calls - seen }, () => at));
    seen = calls;
    // Asked first: what is taken in between is in hand then, and time stands still for it.
    const next = await nextDueAt(stage.db, at);
    if (await isIdle()) stage.advance(Math.max(1, (next ?? at) - stage.now()));
    await pause(2);
  }
  return callTimes;
}

test(
  '600 approvals at once: each is created once, HaloPSA’s share is used, and nobody is turned away',
  { timeout: 10 * minute },
  async () => {
    stage = await Stage.open({
      licences: 2_000,
      // A call arrives in the moment that it was counted in, however busy the machine is.
      timeStands: true,
      env: { NEO_APPROVERS: people.ben.id },
      haloTimeoutMs: minute,
      waitForHaloMs: [5_000, 10_000, 20_000, 40_000, 60_000],
    });
    await stage.requestFrom('ana');
    const row = await stage.db.selectFrom('request').select('data').executeTakeFirstOrThrow();
    const { plan, channel } = requestSchema.parse(JSON.parse(row.data));
    for (let index = 0; index < requests; index += 1) {
      const named = { ...plan, name: `Night Agent ${index}`, email: `night${index}@brightwater.example` };
      const asked = {
        dedupeKey: `view:V07QH${index}`,
        plan: named,
        teamId,
        channel,
        note: '',
        haloThen: undefined,
      };
      const at = stage.now();
      const { id, planHash } = await submitRequest(
        stage.db,
        { ...asked, requester: people.ana.id },
        at,
        policy,
      );
      await decideRequest(stage.db, id, {
        by: ben,
        at,
        policy,
        shown: planHash,
        decision: { kind: 'approved' },
      });
    }
    const from = stage.now();
    stage.advance(0);
    const times = await letAllEnd();
    expect(await count(`state = 'done'`)).toBe(requests);
    expect(stage.creates()).toHaveLength(requests);
    const { inMs, max } = budgets.halo;
    const used: number[] = [];
    for (let window = from; window + inMs <= (times.at(-1) ?? 0); window += inMs)
      used.push(times.filter((at) => at >= window && at < window + inMs).length);
    const refused = stage.halo.journal.filter(({ status }) => status === 429).length;
    expect(refused).toBe(0);
    expect(used.length).toBeGreaterThan(0);
    for (const one of used) expect(one).toBeGreaterThanOrEqual(0.95 * max);
  },
);
