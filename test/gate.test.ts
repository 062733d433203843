import { sql } from 'kysely';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { hashPlan, planSchema } from '../src/requests/plan.ts';
import { requestSchema, type Request } from '../src/requests/request.ts';
import { people } from '../sandbox/slack/workspace.ts';
import { Stage, type StageOptions } from './stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const hour = 3_600_000;
const list = { method: 'GET', path: '/api/Agent' } as const;
const anotherEmail = 'mallory@brightwater.example';
const anotherRole = {
  id: 'f2b8c1d4-5e6a-4b7c-8d9e-0a1b2c3d4e5f',
  name: 'Administrator',
  isAdministrator: true,
};

const stored = async (): Promise<Request> => {
  const row = await stage.db.selectFrom('request').selectAll().executeTakeFirstOrThrow();
  return requestSchema.parse(JSON.parse(row.data));
};
/** What somebody does who can write to the database: the request becomes another one. */
const alter = async (change: (request: Request) => object) => {
  const before = await stored();
  const data = JSON.stringify({ ...before, ...change(before) });
  await stage.db.updateTable('request').set({ data }).execute();
};
const unguarded = async (
  statement: (text: typeof sql) => { execute: (db: typeof stage.db) => Promise<unknown> },
) => {
  for (const guard of ['audit_no_update', 'audit_no_delete'])
    await sql.raw(`drop trigger if exists ${guard}`).execute(stage.db);
  await statement(sql).execute(stage.db);
};
/** The plan with other rights, and every hash in the row made to fit. */
const withForgedPlan = (request: Request) => {
  const plan = planSchema.parse({ ...request.plan, email: anotherEmail, roles: [anotherRole] });
  const planHash = hashPlan(plan);
  return {
    plan,
    planHash,
    decision: { ...request.decision, planHash },
    approvals: request.approvals?.map((approval) => ({ ...approval, planHash })),
  };
};
const repairOfTheAdmin = {
  requestId: '0b7f6a52-4c1d-4e8f-9a36-d5c20e917b84',
  number: 7,
  agentId: 3,
  fields: [],
};

const taskKinds = async () =>
  (await stage.db.selectFrom('task').select('kind').execute()).map(({ kind }) => kind);
const writes = () =>
  stage.halo.journal.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'));
const alarm = () =>
  stage.slack.until('the alarm', () => stage.thread().find(({ text }) => text.includes('Security alert')));
const alarmIsLogged = () =>
  stage.logLines.some((line) => line.includes('ALARM') && line.includes('"level":60'));

/** Approved while HaloPSA is out of reach, altered, and then HaloPSA is back. */
const approvedThenAltered = async (tamper: () => Promise<unknown>, options: StageOptions = {}) => {
  stage = await Stage.open({ waitForHaloMs: [30_000, 30_000], ...options });
  const card = await stage.requestFrom('ana');
  stage.halo.fail(list, { kind: 'status', status: 503 });
  await stage.as('ben').press(card, 'Approve');
  await stage.waits();
  await tamper();
  stage.halo.heal();
  stage.advance(31_000);
};

describe('what was approved is altered in the database before it is carried out: nothing is sent, and an alarm is told', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['the email address', () => alter(({ plan }) => ({ plan: { ...plan, email: anotherEmail } }))],
    ['address and roles, with every hash of the row made to fit', () => alter(withForgedPlan)],
    [
      'the requester, so that the approver is the requester',
      () => alter(() => ({ requester: people.ben.id })),
    ],
    ['the approver', () => alter(({ decision }) => ({ decision: { ...decision, by: people.dan.id } }))],
    ['it is made a repair of the administrator’s agent', () => alter(() => ({ repairs: repairOfTheAdmin }))],
    ['it is said to have created the administrator’s agent', () => alter(() => ({ agentId: 3 }))],
    [
      'the record of the approval is deleted',
      () => unguarded((s) => s`delete from audit where what = 'approved'`),
    ],
    [
      'the record of the approval is given to another plan',
      () => unguarded((s) => s`update audit set plan_hash = 'ab' where what = 'approved'`),
    ],
    [
      'the record of the submission is given to somebody else',
      () => unguarded((s) => s`update audit set "by" = 'U07QHEVIL01' where what = 'submitted'`),
    ],
    [
      'a record before the approval is taken out',
      () =>
        unguarded(
          (s) => s`delete from audit where seq = (select seq - 1 from audit where what = 'approved')`,
        ),
    ],
  ])('%s', async (_what, tamper) => {
    await approvedThenAltered(tamper);
    const told = await alarm();
    expect(told.text).toContain('aren’t the ones that were approved');
    expect(told.text).not.toContain('Agent ID');
    expect(told.buttons).toEqual([]);
    expect(writes()).toEqual([]);
    expect(alarmIsLogged()).toBe(true);
  });

  test('and nothing is altered: it is carried out once', async () => {
    await approvedThenAltered(() => Promise.resolve());
    expect((await stage.reply()).text).toContain('Agent ID');
    expect(stage.creates()).toHaveLength(1);
  });
});

describe('a request that nobody approved is made an approved one in the database', () => {
  const forgeApproval = async (change: (request: Request) => object) => {
    await stage.requestFrom('ana');
    await stage.app.worker.stop();
    await alter((request) => ({ state: 'approved', ...change(request) }));
    const { id } = await stored();
    await stage.db.updateTable('request').set({ state: 'approved' }).execute();
    await stage.db
      .insertInto('task')
      .values({
        key: `${id}:provision:9`,
        request_id: id,
        kind: 'provision',
        payload: '',
        due_at: 0,
        attempts: 0,
        lane: '',
        sent: 0,
      })
      .execute();
    await stage.restart();
  };
  const by = (id: string, { planHash }: Request) => ({ by: id, at: stage.now(), planHash });
  const approval = (kind: string, id: string, request: Request) => ({
    decision: { ...by(id, request), kind, reason: '' },
    approvals: [by(id, request)],
  });

  test.each<[string, (request: Request) => object]>([
    ['without a decision', () => ({})],
    ['with an invented approval', (request) => approval('approved', people.ben.id, request)],
    ['with an invented approval of the requester', (request) => approval('approved', people.ana.id, request)],
    [
      'as one that nobody stopped in time',
      (request) => ({ ...approval('unopposed', people.ana.id, request), solo: { carryOutAt: 1 } }),
    ],
  ])('%s: nothing is sent, and an alarm is told', async (_how, change) => {
    stage = await Stage.open();
    await forgeApproval(change);
    await alarm();
    expect(writes()).toEqual([]);
  });

  test('one of two approvals was given: the other one is not invented', async () => {
    stage = await Stage.open({ env: { NEO_APPROVALS_REQUIRED: '2' } });
    const card = await stage.requestFrom('ana');
    await stage.as('ben').press(card, 'Approve');
    await stage.slack.until('the first approval', () => stage.card().text.includes('1 so far'));
    await stage.app.worker.stop();
    await alter((request) => ({
      state: 'approved',
      approvalsRequired: 1,
      decision: { ...by(people.ben.id, request), kind: 'approved', reason: '' },
    }));
    const { id } = await stored();
    await stage.db
      .insertInto('task')
      .values({
        key: `${id}:provision:9`,
        request_id: id,
        kind: 'provision',
        payload: '',
        due_at: 0,
        attempts: 0,
        lane: '',
        sent: 0,
      })
      .execute();
    await stage.restart();
    await alarm();
    expect(writes()).toEqual([]);
  });
});

test('a one-admin shop: the delay is shortened in the database, so nobody could have stopped it', async () => {
  stage = await Stage.open({
    env: { NEO_APPROVERS: people.ana.id, NEO_SOLO_MODE: 'delay', NEO_SOLO_DELAY: '24h' },
  });
  await stage.requestFrom('ana');
  await vi.waitUntil(async () => (await taskKinds()).includes('carry_out'));
  await alter(({ createdAt }) => ({ solo: { carryOutAt: createdAt + hour } }));
  await stage.db.updateTable('task').set({ due_at: 0 }).where('kind', '=', 'carry_out').execute();
  stage.advance(2 * hour);
  await alarm();
  expect(writes()).toEqual([]);
});
