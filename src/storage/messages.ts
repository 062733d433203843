import type { Db, Tx } from './database.ts';
import { rowOf, type Schema } from './schema.ts';

export type MessageKind = Schema['message']['kind'];

/**
 * One message among all of a request. `nth`: of a card, what `cardFor` says of the request that it was posted for; of an
 * outcome and of drift, the version of the request that it is about; of an edit and a problem, when it was; of a question,
 * its index; of what is asked of approvers, when the approval was asked for. Times are epoch milliseconds. `recipient`: who is told directly. Empty: the channel.
 */
export type MessageId = { requestId: string; kind: MessageKind; nth: number; recipient: string };

type MessageRef = { channel: string; ts: string };

/** `at` undefined: it stands nowhere, because of `problem`. See the table for the rest. */
export type StoredMessage = MessageId & {
  at: MessageRef | undefined;
  link: string | undefined;
  version: number;
  content: string;
  problem: string | undefined;
};

/** All messages of a request, the older first. */
export async function listMessages(
  db: Db | Tx,
  requestId: string,
  kinds?: readonly MessageKind[],
): Promise<StoredMessage[]> {
  let query = db.selectFrom('message').selectAll().where('request_id', '=', requestId);
  if (kinds !== undefined) query = query.where('kind', 'in', kinds);
  const rows = await query.orderBy('nth').execute();
  return rows.map(parse);
}

export async function getMessage(db: Db | Tx, id: MessageId): Promise<StoredMessage | undefined> {
  const row = await db
    .selectFrom('message')
    .selectAll()
    .where((row) => row.and(columnsOf(id)))
    .executeTakeFirst();
  return row && parse(row);
}

/** The card of a request, that which was posted last. Undefined: it has none. */
export async function cardOf(db: Db | Tx, requestId: string): Promise<CardMessage | undefined> {
  const cards = await listMessages(db, requestId, ['card']);
  return cards.filter(stands).at(-1);
}
export type CardMessage = StoredMessage & { at: MessageRef };

function stands(message: StoredMessage): message is CardMessage {
  return message.at !== undefined;
}

/** Stores it, in place of what was stored of the same message. A link that was known stays. */
export async function putMessage(tx: Tx, message: StoredMessage): Promise<void> {
  const { requestId, kind, nth, recipient, at, link, version, content, problem } = message;
  const facts = {
    channel: at?.channel ?? null,
    ts: at?.ts ?? null,
    version,
    content,
    problem: problem ?? null,
  };
  const known = link ?? null;
  await tx
    .insertInto('message')
    .values({ request_id: requestId, kind, nth, recipient, link: known, ...facts })
    .onConflict((conflict) =>
      conflict.columns(['request_id', 'kind', 'nth', 'recipient']).doUpdateSet((row) => ({
        ...facts,
        link: row.fn.coalesce('excluded.link', 'message.link'),
      })),
    )
    .execute();
}

/** What became of it when it was drawn again: not stored if it stands elsewhere by now. */
export async function noteDrawn(
  tx: Tx,
  { at, version, content, problem, ...id }: StoredMessage,
): Promise<void> {
  if (at === undefined) return;
  await tx
    .updateTable('message')
    .set({ version, content, problem: problem ?? null })
    .where((row) => row.and({ ...columnsOf(id), ts: at.ts }))
    .execute();
}

export async function noteLink(tx: Tx, id: MessageId, link: string): Promise<void> {
  await tx
    .updateTable('message')
    .set({ link })
    .where((row) => row.and(columnsOf(id)))
    .execute();
}

export async function removeMessage(tx: Tx, id: MessageId): Promise<void> {
  await tx
    .deleteFrom('message')
    .where((row) => row.and(columnsOf(id)))
    .execute();
}

/** What people read of where a request's messages stand. `cardStands` false: its card was not posted. */
export type Posted = {
  cardStands: boolean;
  link: string | undefined;
  cardProblem: string | undefined;
  outcomeProblem: { code: string; toldDirectly: boolean } | undefined;
};

/** Where messages of these requests stand, as people read it. Of the last outcome alone: an earlier one is past. */
export async function listPosted(
  db: Db,
  requestIds: readonly string[],
): Promise<(requestId: string) => Posted> {
  if (requestIds.length === 0) return () => postedOf([]);
  const rows = await db
    .selectFrom('message')
    .selectAll()
    .where('request_id', 'in', requestIds)
    .where('kind', 'in', ['card', 'outcome', 'denied'])
    .orderBy('nth')
    .execute();
  const messages = rows.map(parse);
  return (id) => postedOf(messages.filter(({ requestId }) => requestId === id));
}

function postedOf(messages: readonly StoredMessage[]): Posted {
  const card = messages.findLast(({ kind }) => kind === 'card');
  const outcomes = messages.filter(({ kind }) => kind !== 'card');
  const last = outcomes.filter(({ nth }) => nth === outcomes.at(-1)?.nth);
  const code = last.find(({ recipient }) => recipient === '')?.problem;
  const direct = last.find(({ recipient }) => recipient !== '');
  return {
    cardStands: card?.at !== undefined,
    link: card?.problem === undefined ? card?.link : undefined,
    cardProblem: card?.problem,
    // As long as it isn't told directly either, that is still to come.
    outcomeProblem:
      code === undefined || direct === undefined
        ? undefined
        : { code, toldDirectly: direct.problem === undefined },
  };
}

function columnsOf({ requestId, kind, nth, recipient }: MessageId) {
  return { request_id: requestId, kind, nth, recipient };
}

function parse(row: Schema['message']): StoredMessage {
  const { request_id: requestId, channel, ts, link, problem, ...rest } = rowOf.message.parse(row);
  return {
    requestId,
    ...rest,
    at: channel === null || ts === null ? undefined : { channel, ts },
    link: link ?? undefined,
    problem: problem ?? undefined,
  };
}
