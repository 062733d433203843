import type { Transaction } from 'kysely';
import type { z } from 'zod';
import type { Schema } from './schema.ts';

const batchSize = 500;

type StoredThen<T> = { id: string; number: number; createdAt: number; stored: T };

/**
 * For migrations: every stored request, as `schema` reads what was stored then. What is no request is left out: it keeps no
 * other from being taken over.
 */
export async function* requestsThen<T>(
  tx: Transaction<Schema>,
  schema: z.ZodType<T>,
): AsyncGenerator<StoredThen<T>> {
  for (let after = ''; ;) {
    const rows = await tx
      .selectFrom('request')
      .select(['id', 'number', 'created_at as createdAt', 'data'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(batchSize)
      .execute();
    for (const { data, ...row } of rows) {
      const read = schema.safeParse(jsonIn(data));
      if (read.success) yield { ...row, stored: read.data };
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < batchSize) return;
  }
}

function jsonIn(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
