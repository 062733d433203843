import { z } from 'zod';
import {
  findTimeZone,
  isTimeZone,
  namesInUse,
  reportedZone,
  searchTimeZones,
  usedFirst,
  zoneForm,
  type TimeZone,
} from '../halo/time-zones.ts';
import { fillIn } from './entered.ts';
import { defineField, type Choice } from './field.ts';

/** Few tenants are there, so that a zone that HaloPSA sets by itself is not taken for the probe's. */
const probeZone = { iana: 'Asia/Kathmandu', windowsId: 'Nepal Standard Time' };

export const timezone = defineField({
  id: 'timeZone',
  section: 'Preferences',
  label: 'Timezone',
  hint: 'Decides how time entries are recorded. Use your primary service region’s timezone.',
  input: {
    kind: 'select',
    block: 'timezone',
    action: 'search_time_zones',
    placeholder: 'Search a city or zone',
    // A tenant's working hours tell which zones it uses.
    list: 'workdays',
    offers: ({ workdays }, query) => usedFirst(searchTimeZones(query), workdays.value).map(choice),
    take: ([iana], { workdays }) => {
      if (iana === undefined) return { problem: fillIn };
      const zone = findTimeZone(iana);
      if (zone === undefined)
        return { problem: 'HaloPSA has no name for this timezone. Please choose a nearby city.' };
      const name = namesInUse(workdays.value).get(zone.windowsId);
      return { planned: { ...zone, haloName: name === zone.windowsId ? undefined : name } };
    },
    initial: ({ timeZone }) => {
      const zone = timeZone === undefined ? undefined : findTimeZone(timeZone);
      return zone === undefined ? [] : [choice(zone)];
    },
    chosen: ({ iana, windowsId }) => [choice(findTimeZone(iana) ?? { iana, windowsId })],
  },
  /** `haloName`: how this tenant writes the zone, where it uses another name than the Windows id. */
  plan: z.strictObject({ iana: z.string(), windowsId: z.string(), haloName: z.string().optional() }),
  probe: () => ({ ...probeZone, haloName: undefined }),
  send: (zone) => ({ timezone: nameOf(zone) }),
  repairs: [({ windowsId }) => ({ timezone: windowsId }), ({ iana }) => ({ timezone: iana })],
  text: nameOf,
  row: ({ iana, windowsId }) => `${iana} (${windowsId} in HaloPSA)`,
  reported: (agent) => agent.timezone,
  entered: (agent) => {
    const zone = reportedZone(agent.timezone);
    return zone && [zone.iana];
  },
  same: ({ windowsId }, agent) => isTimeZone(agent.timezone, windowsId),
  byHand: (shown) => `on the tab *Preferences* set *Timezone* to ${shown}`,
  asGuide: (agent) => agent.timezone !== undefined && agent.timezone !== '',
  sentAs: (fields) => [`timezone (${zoneForm(fields.timezone)})`],
  forms: {
    key: 'timeZones',
    of: (agent, { workdays }) => ({
      agent: agent && zoneForm(agent.timezone),
      workdays: [...new Set(workdays.map(({ timezone }) => zoneForm(timezone)))].sort(),
    }),
  },
});

function nameOf({ haloName, windowsId }: { haloName?: string | undefined; windowsId: string }): string {
  return haloName ?? windowsId;
}

function choice({ iana, windowsId }: TimeZone): Choice {
  return { value: iana, text: iana, description: windowsId };
}
