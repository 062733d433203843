import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { findPostgres, startPostgres, type LocalPostgres } from '../../sandbox/postgres.ts';
import { channels, people, teamId } from '../../sandbox/slack/workspace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import type { Plan } from '../../src/requests/plan.ts';
import type { Request } from '../../src/requests/request.ts';
import { amend } from '../../src/requests/states.ts';
import { submitRequest } from '../../src/requests/submit.ts';
import { ClaimTaken } from '../../src/requests/claims.ts';
import { openStore, type Db, type Store } from '../../src/storage/database.ts';
import { replaceRequest } from '../../src/requests/store.ts';
import { planNamed, policy } from '../request-model.ts';
import { approved } from '../version-1.ts';

const submitted = (db: Db, plan: Plan) =>
  submitRequest(
    db,
    {
      dedupeKey: `view:${randomUUID()}`,
      teamId,
      requester: people.ana.id,
      channel: channels.ops.id,
      plan,
      note: '',
      haloThen: undefined,
    },
    Date.now(),
    policy,
  );

describe.runIf(findPostgres() !== undefined)('two processes on one PostgreSQL', () => {
  let postgres: LocalPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  test('go by its clock, whoever sets the one of their machine', async () => {
    const store = await openStore({ databaseUrl: await postgres.newDatabase(), dataDir: '' });
    const before = store.now();
    vi.spyOn(Date, 'now').mockReturnValue(before + 7_200_000);
    expect(store.now() - before).toBeLessThan(60_000);
    vi.restoreAllMocks();
    await store.close();
  });

  test('take and release the claims of one another at once: one of them gets each, and nobody waits in a circle', async () => {
    const databaseUrl = await postgres.newDatabase();
    const stores = await Promise.all([1, 2].map(() => openStore({ databaseUrl, dataDir: '' })));
    const [one, two] = stores as [Store, Store];
    const intend = async ({ db }: Store, before: Request) => {
      const after = amend(before, before.updatedAt, {
        intent: { at: Date.now(), instance: 'https://acme.halopsa.com' },
      });
      try {
        await db
          .transaction()
          .execute((tx) => replaceRequest(tx, before, after, { tasks: [], event: { what: 'creating' } }));
        return after;
      } catch (error) {
        if (error instanceof ClaimTaken) return error;
        throw error;
      }
    };
    const takeBack = ({ db }: Store, before: Request) =>
      db.transaction().execute((tx) =>
        replaceRequest(tx, before, amend(before, before.updatedAt, { intent: undefined }), {
          tasks: [],
          event: { what: 'create_refused' },
        }),
      );
    for (let round = 0; round < 25; round += 1) {
      const named = (name: string, email: string) => ({
        ...planNamed(`${name} ${round}`),
        email: `${email}${round}@brightwater.example`,
      });
      // In a circle: each has its name from one and its address from another.
      const plans = [named('A', 'a'), named('a', 'b'), named('B', 'b'), named('b', 'a')];
      const requests = await Promise.all(plans.map((plan) => submitted(one.db, plan)));
      const outcomes = await Promise.all(
        requests.map((request, index) => intend(index % 2 === 0 ? one : two, request)),
      );
      const winners = outcomes.flatMap((outcome) => (outcome instanceof ClaimTaken ? [] : [outcome]));
      const names = winners.map(({ plan }) => plan.name.toLowerCase());
      expect(winners.length).toBeGreaterThan(0);
      expect(new Set(names).size).toBe(winners.length);
      expect(new Set(winners.map(({ plan }) => plan.email)).size).toBe(winners.length);
      for (const outcome of outcomes)
        if (outcome instanceof ClaimTaken)
          expect(winners.map(({ id }) => id)).toEqual(expect.arrayContaining([...outcome.holders]));
      // The winners give up what the others ask for again in the same moment.
      const losers = requests.filter((_one, index) => outcomes[index] instanceof ClaimTaken);
      await Promise.all([
        ...winners.map((winner) => takeBack(two, winner)),
        ...losers.map((loser) => intend(one, loser)),
      ]);
    }
    await Promise.all(stores.map((store) => store.close()));
  });

  describe('as they run', () => {
    let world: World;
    afterEach(() => world.stop());

    test('two requests for one agent are approved at once: one agent, and both people read how it stands', async () => {
      const databaseUrl = await postgres.newDatabase();
      // In a hurry: the loser looks again and again before it says that there is no agent.
      world = await startWorld({ mode: 'socket', instances: 2, databaseUrl, script: 'sandbox/chaos-app.ts' });
      const store = await openStore({ databaseUrl, dataDir: '' });
      const { plan } = approved;
      await submitted(store.db, plan);
      await submitted(store.db, { ...plan, name: plan.name.toUpperCase(), email: 'other@neoagent.io' });
      await store.close();
      await Promise.all(world.apps.map((app) => app.start()));
      const { slack, halo } = world;
      const ben = slack.as(people.ben.id);
      const seen = () => ben.sees(channels.ops.id).filter(({ ephemeral }) => !ephemeral);
      const cards = await Promise.all(
        ['NEO-1 ·', 'NEO-2 ·'].map((name) =>
          slack.until('the card', () =>
            seen().find(({ text, threadTs }) => threadTs === undefined && text.includes(name)),
          ),
        ),
      );
      // The agent of the first shows only after both have looked.
      halo.quirks.lagReads = 6;
      await Promise.all(cards.map((card) => ben.press(card, 'Approve')));
      const replies = await Promise.all(
        cards.map(({ ts }) =>
          slack.until('the result', () => seen().find(({ threadTs }) => threadTs === ts), 45_000),
        ),
      );
      expect(replies.filter(({ text }) => text.includes('Agent ID'))).toHaveLength(1);
      expect(replies.filter(({ text }) => /name or email address: NEO-[12]/.test(text))).toHaveLength(1);
      const wanted = plan.name.toLowerCase();
      expect(halo.agents.filter(({ name }) => name.toLowerCase() === wanted)).toHaveLength(1);
    }, 90_000);
  });
});
