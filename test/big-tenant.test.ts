import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bigTenant } from '../sandbox/halo/big-tenant.ts';
import { Stage } from './stage.ts';

describe('a HaloPSA with 10,000 teams, 5,000 agents and 300 working hours', () => {
  const seed = bigTenant(1);
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ seed });
  });
  afterAll(() => stage.close());

  test('three letters of its name find any team, and what begins with them comes first', async () => {
    const form = await stage.openForm('ana');
    // One team in 97: spread over all of them.
    for (const { name } of seed.teams.filter((_team, index) => index % 97 === 0)) {
      const letters = name.slice(0, 3);
      const offered = (await form.search('Teams', letters)).map(({ text }) => text.text);
      expect(offered).toContain(name);
      expect(offered[0]?.toLowerCase().startsWith(letters.toLowerCase())).toBe(true);
    }
  });

  test('the job is done with a team from the far end of the list', async () => {
    const team = seed.teams.at(-1)?.name ?? '';
    const form = await stage.openForm('ana');
    await form.choose('Roles', '1st Line Support');
    await form.choose('Teams', team);
    await form.choose('Working Hours', seed.workdays.at(-1)?.name ?? '');
    expect((await form.submit()).outcome).toBe('closed');
    const card = await stage.slack.until('the card', () => stage.cards()[0]);
    await stage.as('ben').press(card, 'Approve');
    expect((await stage.reply()).text).toContain('HaloPSA has every setting as requested');
  });
});
