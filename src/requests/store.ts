import { planKeys } from '../storage/plan-keys.ts';
import { requestSchema, type Request } from './request.ts';
import { appendAudit, type NewAuditRecord } from '../storage/audit/audit.ts';
import { followIntent, idsOfClaimants, idsOfLatecomers } from './claims.ts';
import type { Db, Tx } from '../storage/database.ts';
import { rowOf } from '../storage/schema.ts';
import { addTasks, type NewTask } from '../storage/tasks.ts';

/** What happened to a request, for the audit. The rest of the record is in the request itself. */
export type NewEvent = Pick<NewAuditRecord, 'what' | 'by' | 'outcome' | 'detail'> & {
  /** Epoch milliseconds, when it is not a change of the request itself. */
  at?: number;
};

/**
 * Stores a new request under the next number of its workspace, with its first tasks. What was submitted before
 * (`dedupeKey`) stores nothing and gives the request of that time.
 */
export async function insertRequest(
  db: Db,
  dedupeKey: string,
  create: (number: number) => { request: Request; tasks: NewTask[]; event: NewEvent },
  teamId: string,
): Promise<Request> {
  return db.transaction().execute(async (tx) => {
    // Another process may be storing the same at this moment: only who has the turn sees all that is stored.
    await takeTurn(tx, teamId);
    const before = await findOne(tx, { dedupe_key: dedupeKey });
    if (before !== undefined) return before;
    const { request, tasks, event } = create(await nextNumber(tx, teamId));
    await tx
      .insertInto('request')
      .values({ ...columns(request), dedupe_key: dedupeKey })
      .execute();
    await addTasks(tx, tasks);
    await addEvent(tx, request, event);
    return request;
  });
}

type Extra = {
  tasks: NewTask[];
  event?: NewEvent;
  /** What else is stored with it. */
  also?: () => Promise<void>;
};

/**
 * Replaces `before` by `after` if nobody changed it meanwhile; adds the tasks and the event with it. With an intent to
 * create goes the claim on the name and the address: it is taken here, or nothing is stored.
 * @returns false when somebody was faster: nothing is stored then.
 * @throws {ClaimTaken} when another request has it
 */
export async function replaceRequest(
  tx: Tx,
  before: Request,
  after: Request,
  extra: Extra,
): Promise<boolean> {
  const result = await tx
    .updateTable('request')
    .set(columns(after))
    .where('id', '=', before.id)
    .where('version', '=', before.version)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) return false;
  await followIntent(tx, before, after);
  await extra.also?.();
  await addTasks(tx, extra.tasks);
  if (extra.event !== undefined) await addEvent(tx, after, extra.event);
  return true;
}

export function getRequest(db: Db | Tx, id: string): Promise<Request | undefined> {
  return findOne(db, { id });
}

/** As it is now. Whoever wants to change it waits until this transaction ends. */
export async function lockRequest(tx: Tx, id: string): Promise<Request> {
  const row = await tx
    .updateTable('request')
    .set({ id })
    .where('id', '=', id)
    .returning('data')
    .executeTakeFirstOrThrow();
  return parse(row.data);
}

/** The request that the submission of this Slack view made. */
export function findRequestByView(db: Db | Tx, viewId: string): Promise<Request | undefined> {
  return findOne(db, { dedupe_key: viewKey(viewId) });
}

export function findRequestByNumber(db: Db, teamId: string, number: number): Promise<Request | undefined> {
  return findOne(db, { team_id: teamId, number });
}

/** The request that made this agent, if one did. */
export async function findRequestByAgent(
  db: Db,
  teamId: string,
  agentId: number,
): Promise<Request | undefined> {
  return (await listRequestsOfAgent(db, teamId, agentId)).at(-1);
}

/** The request that made this agent, and those that repaired it or are to repair it. Newest first. */
export async function listRequestsOfAgent(db: Db, teamId: string, agentId: number): Promise<Request[]> {
  const rows = await db
    .selectFrom('request')
    .select('data')
    .where('team_id', '=', teamId)
    .where('agent_id', '=', agentId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map((row) => parse(row.data));
}

/** `unreadable`: the numbers of those that are not of this program's form. One bad row hides no other. */
export type Listed = { requests: Request[]; unreadable: number[] };

/** Those in one of `states`, newest first. Each state is read by its index, so that nothing grows with the history. */
export async function listRequests(
  db: Db,
  teamId: string,
  states: readonly Request['state'][],
  limit: number,
): Promise<Listed> {
  const found = await Promise.all(
    states.map((state) =>
      db
        .selectFrom('request')
        .select(['number', 'data'])
        .where('team_id', '=', teamId)
        .where('state', '=', state)
        .orderBy('number', 'desc')
        .limit(limit)
        .execute(),
    ),
  );
  const newest = found
    .flat()
    .sort((a, b) => b.number - a.number)
    .slice(0, limit)
    .map(({ number, data }) => ({ number, request: readable(data) }));
  return {
    requests: newest.flatMap(({ request }) => request ?? []),
    unreadable: newest.flatMap(({ number, request }) => (request === undefined ? [number] : [])),
  };
}

/** Those that plan this name or address, as people compare them, in any state. Newest first. */
export async function listRequestsNamed(
  db: Db,
  { teamId, by, text, limit }: { teamId: string; by: 'name' | 'email'; text: string; limit: number },
): Promise<Request[]> {
  const rows = await db
    .selectFrom('request')
    .select('data')
    .where(`${by}_key`, '=', planKeys({ name: text, email: text })[by])
    .where('team_id', '=', teamId)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return rows.flatMap(({ data }) => readable(data) ?? []);
}

/** How many requests of this person are in one of `states`. */
export async function countRequestsOf(
  db: Db,
  { teamId, requester, states }: { teamId: string; requester: string; states: readonly Request['state'][] },
): Promise<number> {
  const { count } = await db
    .selectFrom('request')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('team_id', '=', teamId)
    .where('requester', '=', requester)
    .where('state', 'in', states)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Every request that may be about to make the agent with this name or address, or made it: those in one of the `open`
 * states that plan it, and those that have a claim on it. Newest first.
 */
export async function listClaimants(
  db: Db,
  wanted: Parameters<typeof idsOfClaimants>[1],
): Promise<Request[]> {
  const rows = await db
    .selectFrom('request')
    .select('data')
    .where('id', 'in', idsOfClaimants(db, wanted))
    .orderBy('number', 'desc')
    .execute();
  return rows.map((row) => parse(row.data));
}

const pageSize = 500;

/** All requests by number, so many at a time. `request` is undefined where the row is not of this program's form. */
export async function* readRequests(
  db: Db,
): AsyncGenerator<{ number: number; request: Request | undefined }> {
  for (let after = { team_id: '', number: 0 }; ;) {
    const last = after;
    const page = await db
      .selectFrom('request')
      .select(['team_id', 'number', 'data'])
      .where((row) =>
        row.or([
          row('team_id', '>', last.team_id),
          row.and([row('team_id', '=', last.team_id), row('number', '>', last.number)]),
        ]),
      )
      .orderBy('team_id')
      .orderBy('number')
      .limit(pageSize)
      .execute();
    for (const { number, data } of page) yield { number, request: readable(data) };
    const end = page.at(-1);
    if (end === undefined || page.length < pageSize) return;
    after = end;
  }
}

/** Is this a whole request, as it is stored? */
export function isRequest(data: string): boolean {
  return readable(data) !== undefined;
}

function readable(data: string): Request | undefined {
  try {
    return parse(data);
  } catch {
    return undefined;
  }
}

/** How many of the numbers that were given out have no request. */
export async function countMissingRequests(db: Db): Promise<number> {
  const { given } = await db
    .selectFrom('request_number')
    .select(({ fn }) => fn.sum<number | null>('number').as('given'))
    .executeTakeFirstOrThrow();
  const { stored } = await db
    .selectFrom('request')
    .select(({ fn }) => fn.countAll<number>().as('stored'))
    .executeTakeFirstOrThrow();
  return (given ?? 0) - stored;
}

/** The requests in one of `states` that plan what an older one claims at this instance. One that can't be read is left out. */
export async function listLatecomers(
  db: Db,
  instance: string,
  states: readonly Request['state'][],
): Promise<Request[]> {
  const rows = await db
    .selectFrom('request')
    .select('data')
    .where('id', 'in', idsOfLatecomers(db, instance, states))
    .orderBy('number')
    .execute();
  return rows.flatMap(({ data }) => readable(data) ?? []);
}

async function findOne(
  db: Db | Tx,
  where: Partial<{ id: string; dedupe_key: string; team_id: string; number: number }>,
): Promise<Request | undefined> {
  const row = await db
    .selectFrom('request')
    .select('data')
    .where((column) => column.and(where))
    .executeTakeFirst();
  return row && parse(row.data);
}

/** Locks the workspace's row of numbers until the transaction ends. */
async function takeTurn(tx: Tx, teamId: string): Promise<void> {
  await tx
    .insertInto('request_number')
    .values({ team_id: teamId, number: 0 })
    .onConflict((conflict) =>
      conflict.column('team_id').doUpdateSet((old) => ({ number: old.ref('request_number.number') })),
    )
    .execute();
}

async function nextNumber(tx: Tx, teamId: string): Promise<number> {
  const row = await tx
    .updateTable('request_number')
    .set((old) => ({ number: old('number', '+', 1) }))
    .where('team_id', '=', teamId)
    .returningAll()
    .executeTakeFirstOrThrow();
  return rowOf.request_number.parse(row).number;
}

function addEvent(tx: Tx, request: Request, event: NewEvent): Promise<void> {
  const { id: requestId, updatedAt, teamId, planHash } = request;
  return appendAudit(tx, { ...event, at: event.at ?? updatedAt, teamId, requestId, planHash });
}

/** The key of what was submitted in this Slack view. */
export function viewKey(viewId: string): string {
  return `view:${viewId}`;
}

function columns(request: Request) {
  const keys = planKeys(request.plan);
  return {
    id: request.id,
    team_id: request.teamId,
    number: request.number,
    state: request.state,
    version: request.version,
    agent_id: request.agentId ?? request.repairs?.agentId ?? null,
    requester: request.requester,
    name_key: keys.name,
    email_key: keys.email,
    created_at: request.createdAt,
    updated_at: request.updatedAt,
    // What could not be read again must not be stored.
    data: JSON.stringify(requestSchema.parse(request)),
  };
}

/** A stored request is not of this program's form: an earlier fault, another program, or a hand made it so. */
export class UnreadableRequest extends Error {
  override readonly name = 'UnreadableRequest';
}

/** @throws {UnreadableRequest} */
function parse(data: string): Request {
  try {
    return requestSchema.parse(JSON.parse(data));
  } catch (error) {
    throw new UnreadableRequest('A stored request cannot be read', { cause: error });
  }
}
