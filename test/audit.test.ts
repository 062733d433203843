import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyAudit } from '../src/storage/audit/verify.ts';
import { people, teamId } from '../sandbox/slack/workspace.ts';
import { Stage } from './stage.ts';
import { auditRows } from './stored.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open({ env: { NEO_APPROVERS: `${people.ana.id},${people.ben.id}` } });
});
afterEach(() => stage.close());

const records = () => auditRows(stage.db);
const told = async () => (await records()).map(({ what, outcome, by }) => ({ what, outcome, by }));
const lastRefusal = async () => {
  const refusals = (await records()).filter(({ outcome }) => outcome === 'refused');
  return refusals.at(-1);
};
const history = async (words = 'NEO-1 history') => {
  const before = stage.whisper('ben');
  await stage.as('ben').types(stage.ops, `/neo-status ${words}`);
  return stage.slack.until('the history', () => stage.whisper('ben') !== before && stage.whisper('ben'));
};

test('a request from the form to the agent: who, what, on which plan, with which calls to HaloPSA', async () => {
  const card = await stage.requestFrom('ana');
  await stage.as('cleo').press(card, 'Approve');
  await stage.slack.until('the refusal', () => stage.whisper('cleo'));
  await stage.as('ben').press(card, 'Approve');
  await stage.reply();

  const all = await records();
  expect(await told()).toEqual([
    { what: 'submitted', outcome: 'ok', by: people.ana.id },
    { what: 'approved', outcome: 'refused', by: people.cleo.id },
    { what: 'approved', outcome: 'ok', by: people.ben.id },
    { what: 'provisioning_started', outcome: 'ok', by: null },
    { what: 'creating', outcome: 'ok', by: null },
    { what: 'created', outcome: 'ok', by: null },
    { what: 'done', outcome: 'ok', by: null },
  ]);
  expect(
    new Set(all.map(({ plan_hash: hash, request_id: id, team_id: team }) => [hash, id, team].join())).size,
  ).toBe(1);
  expect(all[2]).toMatchObject({ team_id: teamId, by_team: teamId });
  const created: unknown = JSON.parse(all[5]?.detail ?? '');
  expect(created).toEqual({
    agentId: 9,
    calls: [{ method: 'POST', path: '/api/Agent', status: 201, kind: 'ok' }],
  });
  expect(await verifyAudit(stage.db)).toMatchObject({ ok: true, count: 7, head: all[6]?.hash });

  const answer = await history();
  const lines = answer.split('\n');
  expect(lines[0]).toContain('NEO-1');
  expect(lines[1]).toContain('@Ana requested it.');
  expect(lines[2]).toMatch(/@Cleo tried to approve, refused: not an approver/);
  expect(lines[3]).toMatch(/@Ben approved\.$/);
  expect(answer).toContain('HaloPSA created the agent, agent ID 9. HaloPSA: POST /api/Agent 201.');
  expect(lines.at(-1)).toContain('Done: HaloPSA has every setting as requested, agent ID');
});

test('a create that HaloPSA refuses: the call and the cause are recorded, the password is not', async () => {
  const card = await stage.requestFrom('ana');
  stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'status', status: 403 });
  await stage.as('ben').press(card, 'Approve');
  await stage.reply();
  const answer = await history();
  expect(answer).toContain('HaloPSA rejected the agent. HaloPSA: POST /api/Agent 403.');
  expect(answer).toContain('It failed, forbidden, at the step “create”, changed: nothing');
  const stored = JSON.stringify(await records());
  expect(stage.creates()).toHaveLength(1);
  for (const { body } of stage.creates())
    expect(stored).not.toContain((body as { password: string }[])[0]?.password);
});

describe('an attempt that changed nothing', () => {
  test('Slack does not say who pressed', async () => {
    const card = await stage.requestFrom('ana');
    stage.slack.fail('users.info', { kind: 'error', error: 'internal_error' }, Infinity);
    await stage.as('ben').press(card, 'Approve');
    const answer = await stage.slack.until('the refusal', () => stage.whisper('ben'));
    const refusal = await lastRefusal();
    expect(refusal).toMatchObject({ what: 'approved', by: people.ben.id });
    const { refused, reference } = JSON.parse(refusal?.detail ?? '') as Record<string, string>;
    expect(refused).toBe('not_identified');
    expect(answer).toContain(reference);
  });

  test('the requester opens the form to deny', async () => {
    const card = await stage.requestFrom('ana');
    await stage.as('ana').press(card, 'Deny');
    await stage.slack.until('why not', () =>
      stage.as('ana').modal()?.text().includes('someone else needs to approve or deny it'),
    );
    expect(await lastRefusal()).toMatchObject({
      what: 'denied',
      by: people.ana.id,
      detail: '{"refused":"self_approval"}',
    });
  });

  test('a guest types /neo-setup again and again: one record in ten minutes, and the next says how often', async () => {
    stage.slack.changePerson(people.ben.id, { isGuest: true });
    const type = async (times: number) => {
      for (let count = 0; count < times; count += 1) await stage.as('ben').types(stage.ops, '/neo-setup');
      await stage.app.boundary.idle();
      const guests = (await records()).filter(
        ({ what, by }) => what === 'form_opened' && by === people.ben.id,
      );
      return guests.map(({ detail }) => detail);
    };
    expect(await type(40)).toEqual(['{"refused":"standing"}']);
    stage.advance(10 * 60_000);
    expect(await type(1)).toEqual(['{"refused":"standing"}', '{"refused":"standing","repeats":39}']);
  });

  test.each([
    ['types /neo-status', 'looked', () => stage.as('gus').types(stage.ops, '/neo-status NEO-1 history')],
    ['opens the Home tab', 'looked', () => stage.as('gus').opensHome()],
    [
      'presses Check again now',
      'drift_checked',
      async () => {
        stage.halo.changeAgent(stage.halo.agents.at(-1)?.id ?? 0, { isdisabled: true });
        stage.advance(25 * 3_600_000);
        const drift = await stage.reply(0, 2);
        await stage.as('gus').press(drift, 'Check again now');
      },
    ],
  ] as const)('a guest %s', async (_what, what, act) => {
    await stage.as('ben').press(await stage.requestFrom('ana'), 'Approve');
    await stage.reply();
    await act();
    await stage.app.boundary.idle();
    expect(await lastRefusal()).toMatchObject({ what, by: people.gus.id, detail: '{"refused":"guest"}' });
  });

  test('somebody who became a guest submits the form that was open', async () => {
    const form = await stage.filledForm('ana');
    stage.slack.changePerson(people.ana.id, { isGuest: true });
    stage.advance(2 * 60_000);
    await form.submit();
    expect(await lastRefusal()).toMatchObject({ what: 'submitted', by: people.ana.id, request_id: null });
  });

  test('an approver sends a request again that did not fail', async () => {
    const card = await stage.requestFrom('ana');
    stage.halo.fail({ method: 'POST', path: '/api/Agent' }, { kind: 'status', status: 403 });
    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();
    // Slack delivers the second press after the first has been stored.
    await stage.as('ben').press(reply, 'Try again', 2);
    await stage.reply(0, 2);
    await stage.app.boundary.idle();
    expect(await lastRefusal()).toMatchObject({
      what: 'tried_again',
      by: people.ben.id,
      detail: '{"refused":"already_decided"}',
    });
  });

  test('and cannot be recorded: the person is told the same, and the log says so', async () => {
    const card = await stage.requestFrom('ana');
    await stage.db.schema.alterTable('audit').renameTo('audit_elsewhere').execute();
    await stage.as('cleo').press(card, 'Approve');
    expect(await stage.slack.until('the refusal', () => stage.whisper('cleo'))).toContain(
      'You can’t approve or deny NEO-1: only',
    );
    expect(stage.logLines.join('')).toContain('a refused attempt could not be recorded');
    await stage.db.schema.alterTable('audit_elsewhere').renameTo('audit').execute();
  });
});

test('a long history comes in pages that lose no line, the latest first to be seen', async () => {
  const card = await stage.requestFrom('ana');
  for (let count = 0; count < 40; count += 1) {
    await stage.as('cleo').press(card, 'Approve');
    await stage.app.boundary.idle();
    stage.letTimePass(11 * 60_000);
  }
  const latest = await history();
  const [, last = ''] = /Page (\d+) of \1/.exec(latest) ?? [];
  expect(Number(last)).toBeGreaterThan(1);
  let lines: string[] = [];
  for (let page = 1; page <= Number(last); page += 1)
    lines = [
      ...lines,
      ...(await history(`NEO-1 history ${page}`)).split('\n').filter((one) => one.startsWith('•')),
    ];
  expect(lines.filter((one) => one.includes('@Cleo tried to approve'))).toHaveLength(40);
});
