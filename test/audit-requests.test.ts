import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../src/cli/audit.ts';
import { hashOf, noHash } from '../src/storage/audit/record.ts';
import { people, teamId } from '../sandbox/slack/workspace.ts';
import { run } from './cli.ts';
import { Stage } from './stage.ts';
import { unlocked } from './stored.ts';

let stage: Stage;
/** NEO-1 is done, NEO-2 waits for its decision. */
beforeEach(async () => {
  stage = await Stage.open();
  const card = await stage.requestFrom('ana');
  await stage.as('ben').press(card, 'Approve');
  await stage.reply();
  await stage.requestFrom('ana', (form) => {
    form.fill('Username', 'Neo Agent 2');
    form.fill('Email Address', 'neo2@brightwater.example');
  });
  await stage.app.worker.stop();
});
afterEach(() => stage.close());

/** The command, on what is stored at this moment. */
const typed = (...argv: string[]) => run(audit, argv, { DATA_DIR: unlocked(stage.dataDir) });
const anchor = async () => (await typed('anchor')).output.trim();

const execute = (statement: ReturnType<typeof sql>) => statement.execute(stage.db);
const unguard = async () => {
  for (const guard of ['audit_no_update', 'audit_no_delete'])
    await execute(sql.raw(`drop trigger if exists ${guard}`));
};
/** Changes what is in the row of a request. */
const alter = (number: number, path: string, value: string) =>
  execute(sql`update request set data = json_set(data, ${path}, ${value}) where number = ${number}`);
/** A record with a hash that fits, at a number that is free. */
const insertRecord = async (seq: number) => {
  const row = {
    ...{ seq, at: 0, team_id: teamId, request_id: null, by: people.dan.id, by_team: null, what: 'approved' },
    ...{ outcome: 'ok', plan_hash: null, detail: '{}', prev_hash: noHash },
  };
  await stage.db
    .insertInto('audit')
    .values({ ...row, hash: hashOf(row) })
    .execute();
};

describe('audit verify finds what the chain alone does not show', () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a record before number 1', () => insertRecord(0), /First failing record: 0: it stands before number 1/],
    [
      'a record before number 0',
      () => insertRecord(-1),
      /First failing record: -1: it stands before number 1/,
    ],
    [
      'another approver in a request',
      () => alter(1, '$.decision.by', people.dan.id),
      /NEO-1: no record holds its decision/,
    ],
    ['another requester', () => alter(2, '$.requester', people.dan.id), /NEO-2: its records name another/],
    ['another plan', () => alter(1, '$.plan.email', 'mallory@brightwater.example'), /NEO-1: its settings/],
    [
      'an end that nobody brought about',
      () => alter(2, '$.state', 'withdrawn'),
      /NEO-2: no record brought it/,
    ],
    ['a denial without who denied', () => alter(2, '$.state', 'denied'), /NEO-2: it is not of the form/],
    [
      'another agent',
      () => execute(sql`update request set data = json_set(data, '$.agentId', 3) where number = 1`),
      /NEO-1: .* this agent/,
    ],
    [
      'a request that nobody can read',
      () => execute(sql`update request set data = '{}' where number = 1`),
      /NEO-1: it is not of the form/,
    ],
    [
      'a request that was deleted',
      async () => {
        await execute(sql`delete from claim`);
        await execute(sql`delete from task`);
        await execute(sql`delete from request where number = 1`);
      },
      /Requests missing: 1/,
    ],
    [
      'everything emptied, with the head at 0',
      async () => {
        await unguard();
        await execute(sql`delete from audit`);
        await execute(sql`update audit_head set seq = 0, hash = ${noHash}`);
      },
      /NEO-1: no record says that it was submitted/,
    ],
    [
      'requests and audit emptied, with the head at 0',
      async () => {
        await unguard();
        await execute(sql`delete from audit`);
        await execute(sql`update audit_head set seq = 0, hash = ${noHash}`);
        await execute(sql`delete from claim`);
        await execute(sql`delete from task`);
        await execute(sql`delete from request`);
      },
      /Requests missing: 2/,
    ],
  ])('%s', async (_what, tamper, said) => {
    expect((await typed('verify')).output).toContain('The audit is intact');
    await tamper();
    const { code, output } = await typed('verify');
    expect(output).toMatch(said);
    expect(code).toBe(1);
  });
});

describe('an anchor that was noted outside', () => {
  test('holds as long as the chain goes on from it', async () => {
    const noted = await anchor();
    expect(noted).toMatch(/^\d+:[0-9a-f]{64}$/);
    await stage.as('cleo').press(stage.card(1), 'Deny');
    await stage.app.boundary.idle();
    expect((await typed('verify', '--anchor', noted)).output).toContain('The audit is intact');
  });

  test('a chain that was written again as a whole is found by it, and by nothing else', async () => {
    const noted = await anchor();
    await unguard();
    const rows = await stage.db.selectFrom('audit').selectAll().orderBy('seq').execute();
    let before = noHash;
    for (const row of rows) {
      const forged = { ...row, prev_hash: before, at: row.at + 1 };
      before = hashOf(forged);
      await stage.db
        .updateTable('audit')
        .set({ ...forged, hash: before })
        .where('seq', '=', row.seq)
        .execute();
    }
    await stage.db.updateTable('audit_head').set({ hash: before }).execute();
    expect((await typed('verify')).output).toContain('The audit is intact');
    const { code, output } = await typed('verify', '--anchor', noted);
    expect(output).toContain('it is not the one that was noted as the anchor');
    expect(code).toBe(1);
  });

  test('a chain that is shorter than it is found', async () => {
    const { code, output } = await typed('verify', '--anchor', `99:${'a'.repeat(64)}`);
    expect(output).toContain('First failing record: 99');
    expect(code).toBe(1);
  });

  test.each(['42', 'x:y', `1:${'A'.repeat(64)}`])(
    '%s is no anchor: the operator reads what one looks like',
    async (text) => {
      const { code, output } = await typed('verify', '--anchor', text);
      expect(output).toContain('--anchor must be a line that');
      expect(code).toBe(1);
    },
  );

  test('is posted in a channel that is named; what Slack refuses is said with the anchor', async () => {
    const env = {
      DATA_DIR: unlocked(stage.dataDir),
      SLACK_BOT_TOKEN: 'xoxb-7120045511-8890012245-Qm4vN1tYc8PzR5wKd2Lh',
    };
    const { output } = await run(audit, ['anchor', '--channel', stage.ops], env);
    expect(stage.cards().at(-1)?.text).toContain(output.trim());
    const refused = await run(audit, ['anchor', '--channel', 'C07NOWHERE1'], {
      ...env,
      DATA_DIR: unlocked(stage.dataDir),
    });
    expect(refused.output).toMatch(
      /was not posted in C07NOWHERE1 .*channel_not_found.*It is \d+:[0-9a-f]{64}/,
    );
    expect(refused.code).toBe(1);
  });
});
