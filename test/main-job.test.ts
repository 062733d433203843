import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pendingButtons, Stage } from './stage.ts';

describe('the main job', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  test('Ana asks, Ben approves, HaloPSA gets one create, and the thread holds the Agent ID', async () => {
    const card = await stage.requestFrom('ana');
    expect(card.text).toContain('NEO-1 · New agent: ');
    expect(card.text).toContain('Roles: 1st Line Support');
    expect(card.buttons).toEqual(pendingButtons);

    await stage.as('ben').press(card, 'Approve');
    const reply = await stage.reply();

    expect(stage.creates()).toHaveLength(1);
    const agent = stage.halo.agents.find(({ name }) => name === 'Neo Agent');
    if (agent === undefined) throw new Error('HaloPSA has no Neo Agent');
    expect(agent).toMatchObject({
      email: 'team@neoagent.io',
      isdisabled: false,
      isapiagent: false,
      team: '1st Line',
    });
    expect(reply.text).toContain(`Agent ID: \`${agent.id}\``);
  });
});
