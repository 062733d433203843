import type { Fetched } from '../halo/directory.ts';

/** A checkbox of HaloPSA's, as a person reads it. */
export function yesNo(isChecked: boolean): string {
  return isChecked ? 'Yes' : 'No';
}

/** Names as a person reads them in a row. */
export function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** Are those that HaloPSA reports the planned ones and no others, in whichever order? */
export function sameSet<T>(planned: readonly T[], reported: readonly T[] | undefined): boolean {
  const set = new Set(reported);
  return (
    reported !== undefined && set.size === new Set(planned).size && planned.every((item) => set.has(item))
  );
}

/** What was planned and HaloPSA no longer has, by name. A list that could not be read now, or not to its end, proves nothing. */
export function missing(
  what: string,
  planned: readonly { id: number | string; name: string }[],
  list: Fetched<readonly { id: number | string }[]>,
): string[] {
  if (list.fetchedAt === undefined || list.failure !== undefined || !list.isWhole) return [];
  const ids = new Set(list.value.map(({ id }) => id));
  return planned.filter(({ id }) => !ids.has(id)).map(({ name }) => `${what} ${name}`);
}
