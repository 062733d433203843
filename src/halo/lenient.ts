import { z } from 'zod';
import { integer, isUnsaid } from './shapes.ts';

type Path = readonly PropertyKey[];

/** What was there and could not be read. It holds types and HaloPSA's names of properties, and never a value. */
export type LeftOut = { place: Path; found: string; expected: string };

/** What was made of an answer, and what of it was left out. Without a value nothing could be made of it. */
type Read<T> = { leftOut: LeftOut[] } & ({ value: T } | { value?: never; problem: LeftOut });

/** Makes something of the JSON of an answer. `schema`: of what is read of it, or of each of its rows. */
export type Reader<T> = { schema: z.ZodType; read: (body: unknown) => Read<T> };

/** One answer may hold so many odd values, far more than an agent has memberships. */
const maxLeftOut = 1_000;

/**
 * Reads a value, and leaves out what does not fit and isn't needed: a property that may be missing is read as missing,
 * and an element that can't do without it is left out with it.
 */
export function readerOf<T extends z.ZodType>(schema: T): Reader<z.output<T>> {
  const read = (body: unknown): Read<z.output<T>> => {
    const leftOut: LeftOut[] = [];
    let current = body;
    while (leftOut.length < maxLeftOut) {
      const parsed = schema.safeParse(current);
      if (parsed.success) return { value: parsed.data, leftOut };
      // The last one first: taking it out of an array leaves the places of the others as they are.
      const issue = parsed.error.issues.at(-1);
      const place = whereIs(current, issue?.path ?? []);
      // What goes because of a part that was noted is not noted again.
      const isNews = !leftOut.some(
        (one) => isWithin(one.place, place) || isSame(one.place, issue?.path ?? []),
      );
      if (isNews) leftOut.push(noteOf(place, current, issue));
      if (place.length === 0) break;
      current = without(current, place);
    }
    const [first] = leftOut.splice(-1);
    return { leftOut, problem: first ?? { place: [], found: 'too much', expected: 'less' } };
  };
  return { schema, read };
}

/** `teams[2].department_id: string, expected number`. `of`: what the answer itself is called. */
export function describeLeftOut({ place, found, expected }: LeftOut, of = ''): string {
  const words = place.reduce<string>((path, key) => {
    if (typeof key === 'number') return `${path}[${key}]`;
    return path === '' ? String(key) : `${path}.${String(key)}`;
  }, of);
  return `${words === '' ? 'the answer' : words}: ${found}, expected ${expected}`;
}

/** What is missing is missing in the thing that holds it, as far as that is there. */
function whereIs(body: unknown, place: Path): Path {
  return place.length > 0 && valueAt(body, place) === undefined ? whereIs(body, place.slice(0, -1)) : place;
}

function isSame(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((key, index) => b[index] === key);
}

function isWithin(place: Path, outer: Path): boolean {
  return outer.length > 0 && outer.every((key, index) => place[index] === key);
}

function noteOf(place: Path, body: unknown, issue: z.core.$ZodIssue | undefined): LeftOut {
  const wanted = issue?.path ?? [];
  const isMissing = wanted.length > place.length;
  return {
    place: isMissing ? wanted : place,
    found: isMissing ? 'missing' : typeName(valueAt(body, place)),
    expected: expectedBy(issue),
  };
}

function expectedBy(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type') return issue.expected === 'int' ? 'number' : issue.expected;
  return issue?.code === 'custom' ? issue.message : 'another value';
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const isRecord = (value: unknown): value is Record<PropertyKey, unknown> =>
  typeof value === 'object' && value !== null;

function valueAt(body: unknown, place: Path): unknown {
  return place.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), body);
}

/** A copy without what stands there. */
function without(body: unknown, [key, ...rest]: Path): unknown {
  if (key === undefined || !isRecord(body)) return body;
  if (Array.isArray(body)) {
    const list: unknown[] = body;
    return rest.length === 0
      ? list.filter((_one, index) => index !== key)
      : list.map((one, index) => (index === key ? without(one, rest) : one));
  }
  const { [key]: here, ...others } = body;
  return rest.length === 0 ? others : { ...others, [key]: without(here, rest) };
}

/** So many rows are looked at in vain: a list of nothing else would take seconds. */
const maxUnusable = 1_000;

/** `total`: how many rows HaloPSA says that the whole list has. Undefined: it does not say. */
export type Page<T> = {
  rows: T[];
  /** Of each row of the answer, those that were left out too: what tells it from the others, where it has an id. */
  keys: (string | undefined)[];
  total: number | undefined;
  /** A row, or a name or address in one, is there and could not be read: it may be the one that is looked for. */
  isUnclear: boolean;
};

const array = z.array(z.unknown());
const countSchema = z.object({ record_count: z.unknown() });

/**
 * A page of a list of HaloPSA: a bare array, or an object that holds it as `results`, or by the name of what it lists. Rows
 * are read one by one, and those that can't be used are left out. `name`: what the list is called.
 */
export function pageReader<T extends z.ZodType>(schema: T, name: string): Reader<Page<z.output<T>>> {
  const row = readerOf(schema);
  const read = (body: unknown): Read<Page<z.output<T>>> => {
    const found = rowsIn(body, name);
    if (found === undefined)
      return { leftOut: [], problem: { place: [name], found: typeName(body), expected: 'array' } };
    const rows: z.output<T>[] = [];
    const leftOut: LeftOut[] = [];
    let isUnclear = false;
    let unusable = 0;
    for (const [index, one] of found.entries()) {
      const read = row.read(one);
      const notes = 'problem' in read ? [...read.leftOut, read.problem] : read.leftOut;
      for (const note of notes) leftOut.push({ ...note, place: [name, index, ...note.place] });
      if ('problem' in read) unusable += 1;
      if (unusable > maxUnusable)
        return {
          leftOut: [],
          problem: { place: [name], found: 'too many unusable rows', expected: 'fewer' },
        };
      if (!('problem' in read)) rows.push(read.value);
      isUnclear ||= 'problem' in read ? saysSomething(one) : read.leftOut.some(isOfNameOrEmail);
    }
    const count = integer.safeParse(countSchema.safeParse(body).data?.record_count);
    const total = count.success && count.data >= 0 ? count.data : undefined;
    const keys = found.map((one) => keyOf(isRecord(one) ? one['id'] : undefined));
    return { value: { rows, keys, total, isUnclear }, leftOut };
  };
  return { schema, read };
}

function rowsIn(body: unknown, name: string): unknown[] | undefined {
  const places = isRecord(body) ? [body, body['results'], body[name]] : [];
  return places.map((place) => array.safeParse(place).data).find((rows) => rows !== undefined);
}

/** An id as it compares: some endpoints have it as a text, and GUIDs go in any case. */
export function keyOf(id: unknown): string | undefined {
  return (typeof id === 'string' && id !== '') || typeof id === 'number'
    ? String(id).trim().toLowerCase()
    : undefined;
}

const telling = ['id', 'name', 'email'] as const;

function saysSomething(row: unknown): boolean {
  if (!isRecord(row)) return !isUnsaid(row);
  return telling.some((property) => !isUnsaid(row[property]));
}

function isOfNameOrEmail({ place }: LeftOut): boolean {
  return place.at(-1) === 'name' || place.at(-1) === 'email';
}
