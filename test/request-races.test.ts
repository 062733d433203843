import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAgain } from '../src/actions/check-again.ts';
import { settleAction, type ClickOutcome } from '../src/actions/settle.ts';
import { tryAgain } from '../src/actions/try-again.ts';
import { expireHandler } from '../src/requests/expiry.ts';
import { decideRequest } from './deciding.ts';
import type { Request } from '../src/requests/request.ts';
import { fail, startProvisioning } from '../src/requests/states.ts';
import { submitRequest } from '../src/requests/submit.ts';
import { auditOfRequest } from '../src/storage/audit/audit.ts';
import { openFile, type Db, type Store } from '../src/storage/database.ts';
import { getRequest, replaceRequest } from '../src/requests/store.ts';
import { clickers, deciders, everyClicker, planNamed, policy, type Clicker } from './request-model.ts';

const createdAt = 1_700_000_000_000;
const expiresAt = createdAt + policy.approvalTtlMs;

const dataDir = mkdtempSync(join(tmpdir(), 'neo-setup-test-'));
let store: Store;
beforeAll(async () => {
  store = await openFile(dataDir);
});
afterAll(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

/** The store as one of several listeners meets it: after each of its queries the scheduler may let others go first. */
function interleaved(scheduler: fc.Scheduler): Db {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: ({ result }) => scheduler.schedule(Promise.resolve(result), 'query'),
  };
  return store.db.withPlugin(plugin);
}

/** All of them come to their end, also when one throws: a transaction left open would lock the store for the next run. */
async function race<T>(scheduler: fc.Scheduler, running: Promise<T>[]): Promise<T[]> {
  await scheduler.waitFor(Promise.allSettled(running));
  return Promise.all(running);
}

const submission = (teamId: string, dedupeKey: string) => ({
  dedupeKey,
  teamId,
  requester: clickers.ana.id,
  channel: 'C07MSPOPS11',
  plan: planNamed('Neo Agent'),
  note: '',
  haloThen: undefined,
});
const asked = `submitted by ${clickers.ana.id}`;
const submitted = () => submitRequest(store.db, submission(randomUUID(), randomUUID()), createdAt, policy);

async function stored({ id }: Request): Promise<Request> {
  const request = await getRequest(store.db, id);
  if (request === undefined) throw new Error('The request is lost');
  return request;
}

/** A request whose create went out and got no answer. */
async function failedRequest(): Promise<Request> {
  const request = await submitted();
  const click = {
    by: clickers.ben,
    policy,
    shown: request.planHash,
    decision: { kind: 'approved' as const },
    at: createdAt,
  };
  const { current } = await decideRequest(store.db, request.id, click);
  if (current === undefined) throw new Error('The request is lost');
  // In a HaloPSA of its own: each run asks for the same agent.
  const intent = { at: createdAt, instance: request.id };
  const provisioning = { ...startProvisioning(current, createdAt), intent };
  const failed = fail(
    provisioning,
    { step: 'find', cause: 'outcome_unknown', changed: 'unknown', reference: '5f0c9be4' },
    undefined,
    createdAt,
  );
  await store.db.transaction().execute((tx) => replaceRequest(tx, current, failed, { tasks: [] }));
  return failed;
}

/** What is stored of a request beside itself. */
async function traces({ id }: Request) {
  const events = await auditOfRequest(store.db, id);
  const tasks = await store.db.selectFrom('task').select('kind').where('request_id', '=', id).execute();
  return {
    events: events.map(({ what, by }) => (by === null ? what : `${what} by ${by}`)),
    tasks: tasks.map(({ kind }) => kind).sort(),
  };
}

/** One of several things that happen to a request at the same moment. */
type Move = { do: 'approved' | 'denied'; by: Clicker; isLate: boolean } | { do: 'expired' };

const moves = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom('approved', 'denied'),
        by: fc.constantFrom(...everyClicker),
        isLate: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('expired') }) },
  ),
  { minLength: 2, maxLength: 6 },
);

const mayWin = (move: Move) => move.do === 'expired' || (!move.isLate && deciders.includes(move.by));

/** Undefined: this move does not say. */
async function make(db: Db, { id, planHash }: Request, move: Move): Promise<ClickOutcome | undefined> {
  if (move.do === 'expired') {
    // The worker does a task again that failed because the request was changed under it.
    await runExpiry(db, id).catch(() => runExpiry(db, id));
    return undefined;
  }
  const decision = move.do === 'denied' ? { kind: move.do, reason: 'No' } : { kind: move.do };
  const at = move.isLate ? expiresAt : expiresAt - 1;
  return decideRequest(db, id, { by: clickers[move.by], policy, shown: planHash, decision, at });
}

async function runExpiry(db: Db, id: string): Promise<void> {
  const task = {
    key: `${id}:expire`,
    request_id: id,
    kind: 'expire',
    payload: '',
    due_at: expiresAt,
    lease_until: null,
    last_error: null,
    lane: '',
    sent: 0,
  } as const;
  const commit = await expireHandler({ db, now: () => expiresAt })(
    { ...task, attempts: 1, lease_id: randomUUID() },
    { save: (work) => db.transaction().execute(work), assertMaySend: () => Promise.resolve() },
  );
  await db.transaction().execute(commit);
}

const tasksOf = {
  pending: ['expire', 'post_card'],
  approved: ['expire', 'post_card', 'provision', 'redraw_card'],
  denied: ['expire', 'post_card', 'post_outcome', 'redraw_card'],
  expired: ['expire', 'post_card', 'post_outcome', 'redraw_card'],
};

test('people click while the deadline passes: exactly one wins, and all that is stored says which', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), moves, async (scheduler, all) => {
      const request = await submitted();
      const db = interleaved(scheduler);
      const outcomes = await race(
        scheduler,
        all.map((move) => make(db, request, move)),
      );
      const after = await stored(request);

      const [winner, ...others] = all.filter((_move, index) => outcomes[index]?.accepted);
      expect(others).toEqual([]);
      const state = winner?.do ?? (all.some(({ do: what }) => what === 'expired') ? 'expired' : 'pending');
      expect(winner === undefined || mayWin(winner)).toBe(true);
      expect(state === 'pending').toBe(!all.some(mayWin));
      expect(after).toMatchObject({ state, version: state === 'pending' ? 1 : 2 });
      for (const outcome of outcomes.filter((one) => one?.accepted === false))
        if (outcome.refused === 'already_decided') expect(outcome.current).toEqual(after);
      const end =
        winner === undefined || winner.do === 'expired' ? state : `${state} by ${clickers[winner.by].id}`;
      expect(await traces(request)).toEqual({
        events: [asked, ...(state === 'pending' ? [] : [end])],
        tasks: tasksOf[state],
      });
    }),
    { numRuns: 150 },
  );
});

const presses = fc.array(fc.record({ by: fc.constantFrom(...everyClicker), looksOnly: fc.boolean() }), {
  minLength: 2,
  maxLength: 5,
});

test('several people send a failed request again at once: it is provisioned once more', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), presses, async (scheduler, all) => {
      const failed = await failedRequest();
      const before = await traces(failed);
      const db = interleaved(scheduler);
      const outcomes = await race(
        scheduler,
        all.map(({ by, looksOnly }) =>
          settleAction(
            db,
            failed.id,
            looksOnly ? checkAgain : tryAgain,
            { by: clickers[by], policy, at: createdAt, shown: failed.planHash },
            undefined,
          ),
        ),
      );
      const winners = all.filter((_press, index) => outcomes[index]?.accepted);
      const mayWin = all.filter(({ by }) => by === 'ana' || deciders.includes(by));
      expect(winners).toHaveLength(Math.min(mayWin.length, 1));
      expect(mayWin).toEqual(expect.arrayContaining(winners));
      const { events, tasks } = await traces(failed);
      expect(events.slice(before.events.length)).toEqual(
        winners.map(({ by, looksOnly }) => `${looksOnly ? 'checked' : 'tried'}_again by ${clickers[by].id}`),
      );
      expect(tasks.filter((kind) => kind === 'provision')).toHaveLength(1 + winners.length);
      expect(await stored(failed)).toMatchObject({
        state: winners.length === 1 ? 'approved' : 'failed',
        version: failed.version + winners.length,
        intent: failed.intent,
      });
    }),
    { numRuns: 60 },
  );
});

const views = fc.array(
  fc.record({ team: fc.constantFrom('T1', 'T2'), deliveries: fc.integer({ min: 1, max: 3 }) }),
  { minLength: 1, maxLength: 5 },
);

test('forms that are delivered several times, all at once: one request each, numbered without a gap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), views, async (scheduler, forms) => {
      const run = randomUUID();
      const db = interleaved(scheduler);
      const delivered = forms.flatMap(({ team, deliveries }, view) =>
        Array.from({ length: deliveries }, () => submission(`${team}-${run}`, `${view}-${run}`)),
      );
      const requests = await race(
        scheduler,
        delivered.map((form) => submitRequest(db, form, createdAt, policy)),
      );
      const byView = new Map(requests.map((request, index) => [delivered[index]?.dedupeKey, request]));
      expect(requests).toEqual(delivered.map(({ dedupeKey }) => byView.get(dedupeKey)));
      for (const request of byView.values())
        expect(await traces(request)).toEqual({ events: [asked], tasks: tasksOf.pending });
      for (const team of ['T1', 'T2']) {
        const ofTeam = [...byView.values()].filter(({ teamId }) => teamId === `${team}-${run}`);
        const numbers = ofTeam.map(({ number }) => number).sort((a, b) => a - b);
        expect(numbers).toEqual(ofTeam.map((_request, index) => index + 1));
      }
    }),
    { numRuns: 60 },
  );
});
