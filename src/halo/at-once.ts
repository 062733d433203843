/** Does all of it, so many at a time, in order. The first that rejects ends it. */
export async function atOnce<T, R>(
  most: number,
  items: readonly T[],
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += most)
    results.push(...(await Promise.all(items.slice(from, from + most).map(run))));
  return results;
}
