import { z } from 'zod';

/** HaloPSA leaves a property out, or sends null: both mean that it says nothing. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** `total`: how many rows HaloPSA says that the whole list has. Undefined: it does not say. */
type Page<T> = { rows: T[]; total: number | undefined };

const count = optional(z.int().nonnegative());
const rows = z.array(z.unknown());

/**
 * A page of a list of HaloPSA: a bare array, or an object that holds it as `results` or `agents`. The first row that
 * doesn't fit ends the look: zod's own arrays would note a problem for each of 100,000 rows, which takes seconds.
 */
export function pageOf<T extends z.ZodType>(schema: T): z.ZodType<Page<z.output<T>>> {
  return z
    .union([
      rows.transform((found) => ({ found, total: undefined })),
      z
        .object({ results: rows, record_count: count })
        .transform((page) => ({ found: page.results, total: page.record_count })),
      z
        .object({ agents: rows, record_count: count })
        .transform((page) => ({ found: page.agents, total: page.record_count })),
    ])
    .transform(({ found, total }, context) => {
      const list: z.output<T>[] = [];
      for (const row of found) {
        const parsed = schema.safeParse(row);
        if (!parsed.success) {
          context.addIssue({ code: 'custom', message: parsed.error.message });
          return z.NEVER;
        }
        list.push(parsed.data);
      }
      return { rows: list, total };
    });
}
