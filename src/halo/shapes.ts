import { z } from 'zod';

/** HaloPSA leaves a property out, or sends null: both mean that it says nothing. */
export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined);
}

/** HaloPSA's lists: a bare array, or an object that holds it as `results` or `agents`. */
export function listOf<T extends z.ZodType>(schema: T): z.ZodType<z.output<T>[]> {
  const array = z.array(schema);
  return z.union([
    array,
    z.object({ results: array }).transform(({ results }) => results),
    z.object({ agents: array }).transform(({ agents }) => agents),
  ]);
}
