import type { z } from 'zod';
import type { HaloClient } from './client.ts';
import { HaloError, type HaloErrorKind } from './errors.ts';
import { pageOf } from './shapes.ts';

/** `isWhole`: these are all rows that HaloPSA has. Else nothing follows from what is not among them. */
export type Listed<T> = { rows: T[]; isWhole: boolean };

const maxPages = 100;

/**
 * Reads a list to its end. HaloPSA cuts some lists at 100 rows; then it says how many there are (`record_count`), or
 * nothing, so the next page is asked for until it brings no row that was not there before: some lists ignore the size of
 * pages and answer all of it each time. May be repeated. @throws {HaloError}
 */
export async function readList<T extends z.ZodType<{ id?: string | number | undefined }>>(
  http: HaloClient,
  path: string,
  query: Record<string, string | number | boolean>,
  schema: T,
): Promise<Listed<z.output<T>>> {
  const page = pageOf(schema);
  const first = await http.get(path, query, page);
  const all = first.rows;
  let { total } = first;
  const ids = new Set(all.map(({ id }) => id));
  for (let number = 2; number <= maxPages; number += 1) {
    if (total !== undefined && ids.size >= total) return { rows: all, isWhole: true };
    if (first.rows.length === 0) return { rows: all, isWhole: total === undefined };
    const next = await nextPage(() =>
      http.get(path, { ...query, pageinate: true, page_size: first.rows.length, page_no: number }, page),
    );
    if (next === undefined) return { rows: all, isWhole: false };
    total ??= next.total;
    const fresh = next.rows.filter(({ id }) => !ids.has(id));
    for (const row of fresh) ids.add(row.id);
    all.push(...fresh);
    if (fresh.length === 0) return { rows: all, isWhole: total === undefined || ids.size >= total };
  }
  return { rows: all, isWhole: false };
}

const noSuchPages: readonly HaloErrorKind[] = ['invalid', 'not_found'];

/** Undefined: HaloPSA has no such pages, so nobody knows whether there is more. @throws {HaloError} */
async function nextPage<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HaloError && noSuchPages.includes(error.kind)) return undefined;
    throw error;
  }
}
