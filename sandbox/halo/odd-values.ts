import type { z } from 'zod';
import type { HaloQuirks } from './quirks.ts';

type Json = z.infer<ReturnType<typeof z.json>>;

/** The same answer as HaloPSA's sloppier endpoints give it. */
export function asSloppy(json: Json, { oddValues, nullRows }: HaloQuirks): Json {
  const odd = oddValues ? oddly(json) : json;
  return nullRows ? withNullRows(odd) : odd;
}

/** Ids and counts as texts, flags as 0, 1 and "True", nothing as "". */
function oddly(json: Json, property = ''): Json {
  if (Array.isArray(json)) return json.map((one) => oddly(one));
  if (typeof json === 'object' && json !== null) {
    const entries = Object.entries(json).map(([key, value]) => [key, oddly(value, key)] as const);
    return Object.fromEntries(entries);
  }
  const isNumber = /(^|_)(id|count)$/.test(property) && typeof json === 'number';
  if (isNumber) return String(json);
  if (json === true) return property.length % 2 === 0 ? 1 : 'True';
  if (json === false) return property.length % 2 === 0 ? 0 : 'False';
  return json ?? '';
}

/** Lists, and lists within what they hold, have rows that say nothing. */
function withNullRows(json: Json): Json {
  if (Array.isArray(json)) {
    const rows = json.map(withNullRows);
    const [first] = rows;
    return isRow(first) ? [null, ...rows, emptied(first)] : rows;
  }
  return isRow(json)
    ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withNullRows(value)]))
    : json;
}

function isRow(json: Json | undefined): json is Record<string, Json> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function emptied(row: Record<string, Json>): Json {
  return Object.fromEntries(Object.keys(row).map((key) => [key, null]));
}
