import { sql } from 'kysely';
import { z } from 'zod';
import { bringUpToDate, openPostgres, type Db, type Tx } from './database.ts';
import { lockFile, readMove, writeMove, type LockedFile, type Move } from './file.ts';
import { NotDone, reasonOf } from './problems.ts';
import { rowOf, type Schema } from './schema.ts';

/** What was copied; or everything was there before. */
export type Copied = { requests: number; tasks: number } | 'there_before';

const batchSize = 500;

/**
 * Moves everything from the file in `dataDir` to an empty PostgreSQL: requests keep their numbers, what is
 * still to be done goes on there. From right before it is written there, the file is never worked on again:
 * the same task carried out on two stores would make two agents. May be repeated until it gets to its end. `isRequest`:
 * is this a request as this program stores one? What is not one stops it.
 * @throws {StorageInUse} {StorageUnavailable} {NotDone}
 */
export async function copyToPostgres(
  dataDir: string,
  url: string,
  isRequest: (data: string) => boolean,
): Promise<Copied> {
  const file = lockFile(dataDir, 'exists');
  await bringUpToDate(file);
  const target = await openPostgres(url);
  try {
    return await move(file, target.db, isRequest);
  } finally {
    await target.close();
    await file.db.destroy();
  }
}

async function move(file: LockedFile, target: Db, isRequest: (data: string) => boolean): Promise<Copied> {
  const tx = await target.startTransaction().execute();
  const copied = await copyUnlessThere(file, tx, isRequest).catch(async (error: unknown) => {
    // PostgreSQL rolls back by itself when it lost this connection.
    await tx
      .rollback()
      .execute()
      .catch(() => {});
    throw error;
  });
  try {
    await tx.commit().execute();
  } catch (error) {
    throw new NotDone(
      `PostgreSQL did not say whether it kept the copy (${reasonOf(error)}). Run this again with the same address: it ends the copy, or says that it is done.`,
      { cause: error },
    );
  }
  writeMove(file, 'done');
  return copied;
}

/** All but the commit. When it throws, nothing was copied and the file is as it was. @throws {NotDone} */
async function copyUnlessThere(
  file: LockedFile,
  tx: Tx,
  isRequest: (data: string) => boolean,
): Promise<Copied> {
  const before = readMove(file);
  try {
    // Nobody may add a request or a record meanwhile. In the order in which a new request takes the three.
    await sql`lock table request_number, request, audit_head in share row exclusive mode`.execute(tx);
    if (await isThere(file.db, tx, before)) return 'there_before';
    writeMove(file, 'begun');
    return await copyAll(file.db, tx, isRequest);
  } catch (error) {
    if (readMove(file) !== before) writeMove(file, before);
    throw error instanceof NotDone
      ? error
      : new NotDone(`Nothing was copied (${reasonOf(error)}). The file is as it was.`, { cause: error });
  }
}

/** True: an earlier run copied these requests to `target`. @throws {NotDone} when they must not be copied there */
async function isThere(source: Db, target: Tx, before: Move): Promise<boolean> {
  const there = new Set((await target.selectFrom('request').select('id').execute()).map(({ id }) => id));
  if (there.size === 0 && (await headOf(target)).seq === 0) {
    if (before !== 'done') return false;
    throw new NotDone(
      'These requests were moved to another PostgreSQL before. Nothing was copied: a second copy would be worked on twice.',
    );
  }
  const ours = await source.selectFrom('request').select('id').execute();
  const isAudited = await holds(target, await headOf(source));
  if (before !== 'none' && isAudited && ours.every(({ id }) => there.has(id))) return true;
  throw new NotDone(
    `${there.size > 0 ? 'That PostgreSQL holds requests already.' : 'An app was at work on that PostgreSQL: its audit holds records already.'} Nothing was copied. Give the address of an empty database.`,
  );
}

type Head = Schema['audit_head'];

async function headOf(db: Db | Tx): Promise<Head> {
  return rowOf.audit_head.parse(await db.selectFrom('audit_head').selectAll().executeTakeFirst());
}

/** Is this record part of its chain? Then so is every record before it. */
async function holds(target: Tx, { seq, hash }: Head): Promise<boolean> {
  if (seq === 0) return true;
  const found = await target
    .selectFrom('audit')
    .select('seq')
    .where('seq', '=', seq)
    .where('hash', '=', hash)
    .executeTakeFirst();
  return found !== undefined;
}

/** In an order in which every row finds those that it refers to; the audit's chain as it is, and never joined to another. */
async function copyAll(
  source: Db,
  target: Tx,
  isRequest: (data: string) => boolean,
): Promise<{ requests: number; tasks: number }> {
  const storedRequest = rowOf.request.refine(({ data }) => isRequest(data), {
    path: ['data'],
    error: 'is no request',
  });
  await copyRows(source.selectFrom('request_number').selectAll().stream(), rowOf.request_number, (rows) =>
    target.insertInto('request_number').values(rows).execute(),
  );
  const requests = await copyRows(source.selectFrom('request').selectAll().stream(), storedRequest, (rows) =>
    target.insertInto('request').values(rows).execute(),
  );
  await copyRows(source.selectFrom('claim').selectAll().stream(), rowOf.claim, (rows) =>
    target.insertInto('claim').values(rows).execute(),
  );
  await copyRows(source.selectFrom('message').selectAll().stream(), rowOf.message, (rows) =>
    target.insertInto('message').values(rows).execute(),
  );
  const tasks = await copyRows(source.selectFrom('task').selectAll().stream(), rowOf.task, (rows) =>
    target.insertInto('task').values(rows).execute(),
  );
  await copyRows(source.selectFrom('audit').selectAll().orderBy('seq').stream(), rowOf.audit, (rows) =>
    target.insertInto('audit').values(rows).execute(),
  );
  await target
    .updateTable('audit_head')
    .set(await headOf(source))
    .execute();
  await copyRows(source.selectFrom('limiter').selectAll().stream(), rowOf.limiter, (rows) =>
    target
      .insertInto('limiter')
      .values(rows)
      .onConflict((conflict) =>
        // An app that ran on the empty PostgreSQL has called HaloPSA too.
        conflict.column('name').doUpdateSet({
          next_at: sql`greatest(limiter.next_at, excluded.next_at)`,
          opens_at: sql`greatest(limiter.opens_at, excluded.opens_at)`,
        }),
      )
      .execute(),
  );
  await copyRows(source.selectFrom('call_window').selectAll().stream(), rowOf.call_window, (rows) =>
    target
      .insertInto('call_window')
      .values(rows)
      // An app that ran on the empty PostgreSQL has called HaloPSA too, and counts on.
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  return { requests, tasks };
}

/** Returns how many there were. @throws {NotDone} for a row that is not as this program writes it */
async function copyRows<Row extends object>(
  rows: AsyncIterable<Row>,
  schema: z.ZodType<Row>,
  insert: (rows: Row[]) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  let batch: Row[] = [];
  for await (const row of rows) {
    const parsed = schema.safeParse(row);
    if (!parsed.success)
      throw new NotDone(
        `The row ${String(Object.values(row)[0])} is not as neo-setup writes it (${z.prettifyError(parsed.error)}). Nothing was copied.`,
      );
    batch.push(parsed.data);
    count += 1;
    if (batch.length < batchSize) continue;
    await insert(batch);
    batch = [];
  }
  if (batch.length > 0) await insert(batch);
  return count;
}
