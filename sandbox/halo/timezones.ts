import windowsZones from 'cldr-core/supplemental/windowsZones.json' with { type: 'json' };
import type { HaloQuirks } from './quirks.ts';

const zones = windowsZones.supplemental.windowsZones.mapTimezones.map(({ mapZone }) => mapZone);
const windowsIds = new Set<string>(zones.map(({ _other }) => _other));
/** The zone that stands for each Windows id where no country is named. */
const ianaNames = new Map<string, string>(
  zones.filter(({ _territory }) => _territory === '001').map(({ _other, _type }) => [_other, _type]),
);

/** Empty is the instance's own zone, for every build. */
export function isKnownTimezone(name: string, names: HaloQuirks['timezones']): boolean {
  if (name === '' || names === 'any') return true;
  return names === 'windows' ? windowsIds.has(name) : isIana(name);
}

/** How a build writes a zone that is kept as a Windows id. */
export function reportedTimezone(windowsId: string, names: HaloQuirks['timezones']): string {
  return names === 'iana' ? (ianaNames.get(windowsId) ?? windowsId) : windowsId;
}

function isIana(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
