import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openFile } from '../src/storage/database.ts';
import { Stage } from './stage.ts';

describe('a restart loses nothing and does nothing twice', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  test('a pending request is approved after a restart, under its number', async () => {
    const card = await stage.requestFrom('ana');
    await stage.restart();
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('Agent ID');
    await stage.as('ben').types(stage.ops, '/neo-status NEO-1');
    await stage.slack.until('the answer', () => stage.whisper('ben').includes('Done'));
  });

  test('approved, and the process ends before HaloPSA was asked: it goes on at the next start', async () => {
    const card = await stage.requestFrom('ana');
    await stage.app.worker.stop();
    await stage.as('ben').press(card, 'Approve');
    expect(stage.creates()).toHaveLength(0);
    await stage.restart();
    expect((await stage.reply()).text).toContain('Agent ID');
    expect(stage.creates()).toHaveLength(1);
  });

  test('submitted, and the process ends before the card was posted: it is posted once at the next start', async () => {
    const form = await stage.filledForm('ana');
    await stage.app.worker.stop();
    await form.submit();
    await stage.restart();
    await stage.slack.until('the card', () => stage.cards()[0]);
    expect(stage.cards()).toHaveLength(1);
  });

  test('killed between the create and its answer: the agent is found at the next start, not created again', async () => {
    const card = await stage.requestFrom('ana');
    await stage.app.worker.stop();
    await stage.as('ben').press(card, 'Approve');
    // What a killed process leaves behind: the intent is stored, HaloPSA has the agent, nothing else happened.
    const row = await stage.db.selectFrom('request').selectAll().executeTakeFirstOrThrow();
    const request = { ...JSON.parse(row.data), state: 'provisioning', intent: { at: stage.now() } } as object;
    await stage.db
      .updateTable('request')
      .set({ state: 'provisioning', data: JSON.stringify(request) })
      .execute();
    const agent = stage.halo.addAgent({ name: 'Neo Agent', email: 'team@neoagent.io' });
    await stage.restart();
    const reply = await stage.reply();
    expect(reply.text).toContain(`Agent ID: \`${agent.id}\``);
    expect(stage.creates()).toHaveLength(0);
    expect(reply.text).toContain('set on the second attempt');
  });

  test('the deadline passed while it was down: the request expires at the next start', async () => {
    await stage.requestFrom('ana');
    await stage.restart(() => {
      stage.letTimePass(73 * 3_600_000);
    });
    expect((await stage.reply()).text).toContain('nobody decided');
  });

  test('a second process on the same DATA_DIR is refused with what to do', async () => {
    await expect(openFile(stage.dataDir)).rejects.toThrow('Another neo-setup process uses it');
  });
});
