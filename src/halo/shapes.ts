import { z } from 'zod';

/** HaloPSA leaves a property out, or sends null: both mean that it says nothing. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/**
 * HaloPSA's lists: a bare array, or an object that holds it as `results` or `agents`. The first row that doesn't fit
 * ends the look: zod's own arrays would note a problem for each of 100,000 rows, which takes seconds.
 */
export function listOf<T extends z.ZodType>(schema: T): z.ZodType<z.output<T>[]> {
  const rows = z.array(z.unknown());
  return z
    .union([
      rows,
      z.object({ results: rows }).transform(({ results }) => results),
      z.object({ agents: rows }).transform(({ agents }) => agents),
    ])
    .transform((found, context) => {
      const list: z.output<T>[] = [];
      for (const row of found) {
        const parsed = schema.safeParse(row);
        if (!parsed.success) {
          context.addIssue({ code: 'custom', message: parsed.error.message });
          return z.NEVER;
        }
        list.push(parsed.data);
      }
      return list;
    });
}
