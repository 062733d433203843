import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };

/** HaloPSA stores what look like Windows ids; people know cities. */
export type TimeZone = { iana: string; windowsId: string };

/** CLDR and Intl each have their own favourite among aliases (Kyiv, Kiev): compared by what Intl makes of them. */
function canonical(iana: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: iana }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function readWindowsIds(): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { mapZone } of windowsZones.supplemental.windowsZones.mapTimezones)
    for (const iana of mapZone._type.split(' ')) {
      const key = canonical(iana);
      if (key !== undefined && !ids.has(key)) ids.set(key, mapZone._other);
    }
  return ids;
}

const windowsIds = readWindowsIds();
const zones: readonly TimeZone[] = [...Intl.supportedValuesOf('timeZone'), 'UTC']
  .filter((iana, index, all) => all.indexOf(iana) === index)
  .flatMap((iana) => findTimeZone(iana) ?? []);
const searchable = zones.map((zone) => ({ zone, words: wordsOf(`${zone.iana} ${zone.windowsId}`) }));

/** The zone of this IANA name or alias. Undefined: no such zone, or Windows (and so HaloPSA) has no name for it. */
export function findTimeZone(iana: string): TimeZone | undefined {
  const windowsId = windowsIds.get(canonical(iana) ?? '');
  return windowsId === undefined ? undefined : { iana, windowsId };
}

/** Is this what HaloPSA reports for the zone? Builds may speak of Windows ids or of cities. */
export function isTimeZone(reported: string | undefined, windowsId: string): boolean {
  if (reported === undefined || reported === '') return false;
  return reported === windowsId || findTimeZone(reported)?.windowsId === windowsId;
}

/** The zone's name as this tenant writes it, if one of the names that it uses already means this zone. */
export function nameInUse(windowsId: string, used: readonly string[]): string | undefined {
  return used.find((name) => isTimeZone(name, windowsId));
}

/** The same zones, those first that this tenant's names (`used`) mean. */
export function usedFirst(found: readonly TimeZone[], used: readonly string[]): TimeZone[] {
  const isUsed = (zone: TimeZone) => nameInUse(zone.windowsId, used) !== undefined;
  return [...found.filter(isUsed), ...found.filter((zone) => !isUsed(zone))];
}

/** Zones in whose names every word of the query stands; all of them for an empty query. */
export function searchTimeZones(query: string): TimeZone[] {
  const words = wordsOf(query).split(' ');
  return searchable
    .filter((entry) => words.every((word) => entry.words.includes(word)))
    .map(({ zone }) => zone);
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[_/\s]+/g, ' ')
    .trim();
}
