import type { z } from 'zod';
import type { HaloClient } from './client.ts';
import { HaloError } from './errors.ts';
import { keyOf, pageReader, type Page } from './lenient.ts';

/** `isWhole`: these are all rows that HaloPSA has. Else nothing follows from what is not among them. */
export type Listed<T> = { rows: T[]; isWhole: boolean };

type Row = { id?: string | number | undefined };
type List = { path: string; query?: Record<string, string | number | boolean>; name: string };

const maxPages = 100;

/**
 * Reads a list to its end. HaloPSA cuts some lists at 100 rows; then it says how many there are (`record_count`), or
 * nothing, so the next page is asked for until it brings no row that was not there before: some lists ignore the size of
 * pages and answer all of it each time. Rows that can't be used are left out; one of them that may matter leaves the list
 * incomplete. May be repeated. @throws {HaloError}
 */
export async function readList<T extends z.ZodType<Row>>(
  http: HaloClient,
  { path, query = {}, name }: List,
  schema: T,
): Promise<Listed<z.output<T>>> {
  const page = pageReader(schema, name);
  const first = await http.get(path, query, page);
  let all = collected(first);
  for (let number = 2; number <= maxPages; number += 1) {
    if (isEnd(all)) return listed(all, true);
    if (first.keys.length === 0) return listed(all, all.total === undefined);
    const size = { pageinate: true, page_size: first.keys.length, page_no: number };
    const next = await nextPage(() => http.get(path, { ...query, ...size }, page));
    if (next === undefined) break;
    const { isMore, ...together } = withPage(all, next);
    all = together;
    if (!isMore) return listed(all, all.total === undefined || isEnd(all));
  }
  return listed(all, false);
}

/** The rows of several pages, each once. */
type Collected<T> = Omit<Page<T>, 'keys'> & { ids: Set<string>; withoutId: number };

function collected<T extends Row>({ keys, ...page }: Page<T>): Collected<T> {
  const ids = new Set(keys.filter((key) => key !== undefined));
  return { ...page, ids, withoutId: keys.filter((key) => key === undefined).length };
}

/** `isMore`: the page brought a row that was not there. Rows without an id count where others of their page are new. */
function withPage<T extends Row>(all: Collected<T>, page: Page<T>): Collected<T> & { isMore: boolean } {
  const { ids, withoutId, ...next } = collected(page);
  const total = all.total ?? next.total;
  const fresh = new Set([...ids].filter((id) => !all.ids.has(id)));
  if (fresh.size === 0) return { ...all, total, isMore: false };
  const isFresh = ({ id }: T) => id === undefined || fresh.has(keyOf(id) ?? '');
  return {
    rows: [...all.rows, ...next.rows.filter(isFresh)],
    ids: new Set([...all.ids, ...fresh]),
    withoutId: all.withoutId + withoutId,
    total,
    isUnclear: all.isUnclear || next.isUnclear,
    isMore: true,
  };
}

function isEnd<T>({ total, ids, withoutId }: Collected<T>): boolean {
  return total !== undefined && ids.size + withoutId >= total;
}

function listed<T>({ rows, isUnclear }: Collected<T>, isWhole: boolean): Listed<T> {
  return { rows, isWhole: isWhole && !isUnclear };
}

/** Undefined: HaloPSA has no such pages, so nobody knows whether there is more. @throws {HaloError} */
async function nextPage<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HaloError && error.kind !== 'not_halopsa' && [400, 404].includes(error.status ?? 0))
      return undefined;
    throw error;
  }
}
