import { expect } from 'vitest';
import { people, teamId, userGroups } from '../sandbox/slack/workspace.ts';
import type { SeenMessage } from '../sandbox/slack/person.ts';
import { requestStates, type Request, type RequestState } from '../src/requests/request.ts';
import type { Db } from '../src/storage/database.ts';
import { findRequestByNumber, readRequests } from '../src/requests/store.ts';
import { verifyAudit } from '../src/storage/audit/verify.ts';
import { outsideLeftBy, restoreSlack } from './left-behind.ts';
import { Stage } from './stage.ts';
import { auditRows } from './stored.ts';

export const version = '0.1.0';
export const outside = outsideLeftBy(version);

/** NEO-1, NEO-2 and so on. fixtures/0.1.0/make.ts tells how each of them came to be as it is. */
const requests: [string, RequestState][] = [
  ['Neo Days', 'done'],
  ['Neo Nights', 'done'],
  ['Neo Weekends', 'incomplete'],
  ['Neo Trial', 'expired'],
  ['Neo Solo', 'done'],
  ['Neo Stopped', 'denied'],
  ['Neo Days', 'done'],
  ['Neo Denied', 'denied'],
  ['Neo Withdrawn', 'withdrawn'],
  ['Neo Unknown', 'failed'],
  ['Neo Forbidden', 'failed'],
  ['Neo Deleted', 'denied'],
  ['Neo Half', 'pending'],
  ['Neo Edited', 'pending'],
  ['Neo Alone', 'pending'],
  ['Neo Nights', 'pending'],
  ['Neo Pending', 'pending'],
  ['Neo Cardless', 'pending'],
  ['Neo Lost', 'provisioning'],
  ['Neo Searched', 'provisioning'],
  ['Neo Waiting', 'provisioning'],
  ['Neo Approved', 'approved'],
];
const lastRecord = { seq: 95, hash: 'fc91da1d078ace6388a3547b28185f624f0b3a7ee68c8c396e681356503a3af0' };

/** Every request is there and is read, and so is the audit, which is as it was. */
export async function expectAllIsThere(db: Db): Promise<void> {
  const read: Request[] = [];
  for await (const { request } of readRequests(db)) if (request !== undefined) read.push(request);
  expect(read.map(({ plan, state }) => [plan.name, state])).toEqual(requests);
  expect(new Set(read.map(({ state }) => state))).toEqual(new Set(requestStates));
  expect(await verifyAudit(db)).toMatchObject({ ok: true });
  expect((await auditRows(db))[lastRecord.seq - 1]).toMatchObject(lastRecord);
}

/** The app of today on what 0.1.0 left, with Slack and HaloPSA as they were. */
export function openStage(dataDir: string, env: Record<string, string> = {}): Promise<Stage> {
  const { ana, ben, cleo } = people;
  return Stage.open({
    env: { NEO_APPROVERS: [ana, ben, cleo, ...userGroups].map(({ id }) => id).join(','), ...env },
    licences: 60,
    seed: { agents: outside.agents },
    dataDir,
    inSlack: restoreSlack(outside),
  });
}

/** What was open ends as it would have ended; people press the buttons that 0.1.0 posted. */
export async function expectAllGoesOn(stage: Stage): Promise<void> {
  const comesTo = (number: number, state: RequestState) =>
    expect
      .poll(async () => (await findRequestByNumber(stage.db, teamId, number))?.state, { timeout: 20_000 })
      .toBe(state);
  const press = (who: keyof typeof people, message: SeenMessage, button: string) =>
    stage.as(who).press(message, button);

  // Approved in the last moment.
  await comesTo(22, 'done');
  await press('ben', posted(stage, 'NEO-17: '), 'Approve');
  await comesTo(17, 'done');
  // The approval of Ben still counts for the one, and not for the other, which was edited after it.
  await press('cleo', posted(stage, 'NEO-13: '), 'Approve');
  await comesTo(13, 'done');
  await press('cleo', posted(stage, 'NEO-14: '), 'Approve');
  await press('dan', posted(stage, 'NEO-15: '), 'Stop');
  await comesTo(15, 'denied');
  await press('cleo', posted(stage, 'NEO-16: '), 'Approve');
  await comesTo(16, 'done');
  expect(stage.halo.agents.find(({ name }) => name === 'Neo Nights')).toMatchObject({ isdisabled: false });
  await press('cleo', posted(stage, `<@${people.ana.id}> NEO-10 is not finished.`), 'Try again');
  await comesTo(10, 'done');

  // HaloPSA is asked again: it had made the one agent, not the other, and nothing of the third was sent.
  stage.advance(2 * 3_600_000);
  await comesTo(19, 'done');
  await comesTo(20, 'failed');
  await comesTo(21, 'done');
  const { ts } = posted(stage, 'NEO-20: ');
  const notFound = await stage.slack.until('that it was not found', () =>
    stage
      .as('ben')
      .sees(stage.ops, ({ threadTs }) => threadTs === ts)
      .at(1),
  );
  await press('ben', notFound, 'Try again');
  await comesTo(20, 'done');
  // The channel takes the card now.
  const card = await stage.slack.until('its card', () =>
    stage.cards().find(({ text }) => text.includes('Neo Cardless')),
  );
  await press('ben', card, 'Approve');
  await comesTo(18, 'done');

  stage.advance(72 * 3_600_000);
  await comesTo(14, 'expired');
  for (const [name] of requests.slice(16)) {
    const made = stage.halo.agents.filter((agent) => agent.name === name);
    expect(made, name).toHaveLength(1);
  }
  expect(await verifyAudit(stage.db)).toMatchObject({ ok: true });
  // Every kind of task that waited was understood.
  await expect.poll(() => dueTasks(stage), { timeout: 20_000 }).toEqual([]);
}

const dueTasks = ({ db, now }: Stage) =>
  db.selectFrom('task').select(['key', 'last_error']).where('due_at', '<=', now()).execute();

/** The message that 0.1.0 had posted with these first words, as it is drawn now. */
function posted(stage: Stage, start: string): SeenMessage {
  const ts = outside.messages.find(({ text }) => text.startsWith(start))?.ts;
  const [message] = stage.as('ben').sees(stage.ops, (one) => one.ts === ts);
  if (message === undefined) throw new Error(`There is no ${start}`);
  return message;
}
