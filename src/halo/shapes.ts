import { z } from 'zod';

/**
 * HaloPSA's specification allows null nearly everywhere, and clients met ids as texts and flags as 0, 1 and "True".
 * What can be meant in one way only is read so.
 */
const wholeNumber = /^\s*-?\d{1,15}\s*$/;

/** An id or a count, as a number or as the digits of one. */
export const integer = z.preprocess(
  (value) => (typeof value === 'string' && wholeNumber.test(value) ? Number(value) : value),
  z.int(),
);

/** A name or another text. Digits alone may come as a number. */
export const text = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string());

const flags = new Map<unknown, boolean>([
  [1, true],
  ['1', true],
  ['true', true],
  [0, false],
  ['0', false],
  ['false', false],
]);

export const flag = z.preprocess((value) => {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  return flags.get(word) ?? value;
}, z.boolean());

/** HaloPSA leaves a property out, or sends null or an empty text: each means that it says nothing. */
export function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (isUnsaid(value) ? undefined : value), schema.optional());
}

/** The same for a text that may be empty, which says something: a timezone of '' is the instance's own. */
export const optionalText = z.preprocess((value) => value ?? undefined, text.optional());

export function isUnsaid(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
