import { afterEach, expect, test } from 'vitest';
import { channels, people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { fillIn } from '../../sandbox/play.ts';

let world: World | undefined;
afterEach(() => world?.stop());

const limited = { kind: 'rate_limited', retryAfter: 30 } as const;
const posted = async ({ slack }: World) => {
  const ana = slack.as(people.ana.id);
  await ana.types(channels.ops.id, '/neo-setup');
  const form = await slack.until('the form', () => {
    const open = ana.form();
    return open !== undefined && /named licence/i.test(open.text()) && open.value('Timezone') !== '' && open;
  });
  await fillIn(form);
  await form.submit();
  return slack.until('the card', () =>
    slack
      .as(people.ben.id)
      .sees(channels.ops.id)
      .find(({ threadTs, ephemeral }) => threadTs === undefined && !ephemeral),
  );
};

test.each(['socket', 'http'] as const)(
  '%s: a press that Slack’s limits keep from being decided is acknowledged in time, refused, and never carried out',
  async (mode) => {
    world = await startWorld({ mode });
    await world.apps[0].start();
    const { slack, halo } = world;
    const card = await posted(world);
    const ben = slack.as(people.ben.id);
    for (const fault of [limited, { kind: 'hang' }] as const) {
      slack.fail('users.info', fault);
      const before = performance.now();
      await ben.press(card, 'Approve');
      expect(performance.now() - before).toBeLessThan(2_900);
      await slack.until('the refusal', () =>
        ben
          .sees(channels.ops.id)
          .some(({ ephemeral, text }) => ephemeral && /did nothing|nothing was changed/.test(text)),
      );
      slack.heal();
    }
    expect(halo.agents.some(({ name }) => name === 'Neo Agent')).toBe(false);
    await ben.press(card, 'Approve');
    await slack.until('the agent', () => halo.agents.some(({ name }) => name === 'Neo Agent'));
  },
);
