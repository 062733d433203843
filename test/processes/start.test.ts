import { afterEach, describe, expect, test } from 'vitest';
import { askAndApprove, play } from '../../sandbox/play.ts';
import { findPostgres, startPostgres } from '../../sandbox/postgres.ts';
import { people } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

let world: World | undefined;
afterEach(() => world?.stop());

const readyz = async ({ apps: [app] }: World) => {
  const answer = await fetch(`${app.url}/readyz`);
  return { status: answer.status, body: await answer.json() };
};
const eventually = async (what: string, holds: () => Promise<boolean>) => {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited in vain for ${what}`);
};
const linesOf = ({ apps: [app] }: World, words: string) =>
  app
    .log()
    .split('\n')
    .filter((line) => line.includes(words));

describe('Slack is out of reach at the start', () => {
  test.each([
    ['it answers 503', 'socket', { kind: 'status', status: 503 }],
    ['it drops connections', 'http', { kind: 'drop' }],
    ['it limits calls', 'socket', { kind: 'rate_limited', retryAfter: 1 }],
    ['it says internal_error', 'http', { kind: 'error', error: 'internal_error' }],
  ] as const)(
    '%s: it is waited for, said once, and /readyz answers 503 meanwhile',
    async (_what, mode, fault) => {
      const opened = await startWorld({ mode });
      world = opened;
      opened.slack.fail('auth.test', fault, Infinity);
      const started = opened.apps[0].start();
      await eventually('/readyz', async () => (await readyz(opened)).status === 503);
      await eventually('a second try', () =>
        Promise.resolve(opened.slack.journal.filter(({ method }) => method === 'auth.test').length > 1),
      );
      expect(await readyz(opened)).toMatchObject({ status: 503, body: { slack: false, storage: true } });
      opened.slack.heal();
      await started;
      expect(linesOf(opened, 'the start waits for it')).toHaveLength(1);
      expect(await play(opened, () => {})).toBe(9);
    },
  );
});

test('HaloPSA is out of reach: /readyz stays 200 and says so, and so does the form', async () => {
  const opened = await startWorld({ mode: 'http' });
  world = opened;
  opened.halo.fail({ path: '/*' }, { kind: 'status', status: 503 }, Infinity);
  await opened.apps[0].start();
  await eventually('the fact', async () => JSON.stringify(await readyz(opened)).includes('"halopsa":false'));
  expect(await readyz(opened)).toEqual({ status: 200, body: { slack: true, storage: true, halopsa: false } });
  expect(linesOf(opened, 'a list of HaloPSA could not be read').length).toBeGreaterThan(0);
  opened.halo.heal();
});

test('the token is revoked while it runs: /readyz answers 503, and the log says why once', async () => {
  const opened = await startWorld({ mode: 'http' });
  world = opened;
  const { slack } = opened;
  const revoke = slack.until('the start to know who it is', () => {
    if (!slack.journal.some(({ method }) => method === 'auth.test')) return false;
    slack.fail('auth.test', { kind: 'error', error: 'token_revoked' }, Infinity);
    return true;
  });
  void opened.apps[0].start().catch(() => {});
  await revoke;
  await eventually('the refusal', async () => {
    await readyz(opened);
    return linesOf(opened, 'Slack refuses the bot token').length === 1;
  });
  for (let probe = 0; probe < 3; probe += 1)
    expect(await readyz(opened)).toMatchObject({ status: 503, body: { slack: false, storage: true } });
  expect(linesOf(opened, 'Slack refuses the bot token')).toHaveLength(1);
});

describe.runIf(findPostgres() !== undefined)('two processes on one PostgreSQL', () => {
  test('a Home tab that one of them drew shows what the other one did', async () => {
    const postgres = await startPostgres();
    try {
      const databaseUrl = await postgres.newDatabase();
      const opened = await startWorld({ mode: 'http', instances: 2, databaseUrl });
      world = opened;
      const [first, second] = opened.apps;
      await first.start();
      await second?.start();
      const cleo = opened.slack.as(people.cleo.id);
      await cleo.opensHome();
      await opened.slack.until('the tab', () => cleo.home()?.text().includes('No open requests'));
      opened.slack.sendTo(`${second?.url ?? ''}/slack/events`);
      await askAndApprove(opened);
      await opened.slack.until('the tab', () => cleo.home()?.text().includes('NEO-1'));
    } finally {
      await world?.stop();
      world = undefined;
      await postgres.stop();
    }
  });
});
