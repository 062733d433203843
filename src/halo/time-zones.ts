import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };

/** HaloPSA stores what look like Windows ids; people know cities. */
export type TimeZone = { iana: string; windowsId: string };

/** CLDR and Intl each have their own favourite among aliases (Kyiv, Kiev): compared by what Intl makes of them. */
function canonicalZone(iana: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: iana }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** By every name that CLDR has, and by what Intl calls the same zone: most names are found without asking Intl. */
function readWindowsIds(): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { mapZone } of windowsZones.supplemental.windowsZones.mapTimezones)
    for (const iana of mapZone._type.split(' ').filter((one) => one !== ''))
      for (const key of [canonicalZone(iana), iana])
        if (key !== undefined && !ids.has(key)) ids.set(key, mapZone._other);
  return ids;
}

const windowsIds = readWindowsIds();
const knownWindowsIds = new Set(windowsIds.values());
const zones: readonly TimeZone[] = [...Intl.supportedValuesOf('timeZone'), 'UTC']
  .filter((iana, index, all) => all.indexOf(iana) === index)
  .flatMap((iana) => findTimeZone(iana) ?? []);
const searchable = zones.map((zone) => ({ zone, words: wordsOf(`${zone.iana} ${zone.windowsId}`) }));

/** The zone of this IANA name or alias. Undefined: no such zone, or Windows (and so HaloPSA) has no name for it. */
export function findTimeZone(iana: string): TimeZone | undefined {
  const windowsId = windowsIds.get(iana) ?? windowsIds.get(canonicalZone(iana) ?? '');
  return windowsId === undefined ? undefined : { iana, windowsId };
}

/** The city that CLDR prefers for each Windows id. */
const cities = new Map(
  windowsZones.supplemental.windowsZones.mapTimezones
    .filter(({ mapZone }) => mapZone._territory === '001')
    .map(({ mapZone }) => [mapZone._other, mapZone._type]),
);

/** The zone that HaloPSA reports. Undefined if it's unknown. */
export function reportedZone(reported = ''): TimeZone | undefined {
  return findTimeZone(cities.get(reported) ?? reported);
}

/** Is this what HaloPSA reports for the zone? Builds may speak of Windows ids or of cities. */
export function isTimeZone(reported: string | undefined, windowsId: string): boolean {
  if (reported === undefined || reported === '') return false;
  return reported === windowsId || findTimeZone(reported)?.windowsId === windowsId;
}

const namesOfList = new WeakMap<NamedZones, ReadonlyMap<string, string>>();
/** Rows of HaloPSA that may name a zone, such as working hours. */
type NamedZones = readonly { timezone?: string | undefined }[];

/**
 * How this tenant writes the zones that it uses: Windows id → the first name in the list that means it. Worked out once
 * for each list, because Intl needs a tenth of a millisecond for a name and people search with every letter they type.
 */
export function namesInUse(list: NamedZones): ReadonlyMap<string, string> {
  const known = namesOfList.get(list);
  if (known !== undefined) return known;
  const names = new Map<string, string>();
  for (const name of new Set(list.map(({ timezone }) => timezone))) {
    if (name === undefined || name === '') continue;
    const windowsId = knownWindowsIds.has(name) ? name : findTimeZone(name)?.windowsId;
    if (windowsId !== undefined && !names.has(windowsId)) names.set(windowsId, name);
  }
  namesOfList.set(list, names);
  return names;
}

/** The same zones, those first that this tenant uses. */
export function usedFirst(found: readonly TimeZone[], list: NamedZones): TimeZone[] {
  const used = namesInUse(list);
  return [
    ...found.filter(({ windowsId }) => used.has(windowsId)),
    ...found.filter(({ windowsId }) => !used.has(windowsId)),
  ];
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

export type ZoneForm = 'windows' | 'iana' | 'empty' | 'other' | 'not reported';

/** In which form HaloPSA writes a zone. */
export function zoneForm(reported: string | undefined): ZoneForm {
  if (reported === undefined) return 'not reported';
  if (reported === '') return 'empty';
  if (knownWindowsIds.has(reported)) return 'windows';
  return findTimeZone(reported) === undefined ? 'other' : 'iana';
}
