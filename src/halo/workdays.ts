import { z } from 'zod';
import type { HaloClient } from './client.ts';
import { readList, type Listed } from './lists.ts';
import { flag, integer, optional, optionalText, text } from './shapes.ts';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** A moment without a zone. Its date is a sentinel such as 1901-01-01: only the time of day counts. */
const clock = optionalText.transform((moment) => /T(\d\d:\d\d)/.exec(moment ?? '')?.[1]);

const workdaySchema = z
  .object({
    id: integer,
    name: text,
    /** Empty: the zone of the HaloPSA instance. */
    timezone: optionalText,
    alldayssame: optional(flag),
    start: clock,
    end: clock,
    incmonday: optional(flag),
    inctuesday: optional(flag),
    incwednesday: optional(flag),
    incthursday: optional(flag),
    incfriday: optional(flag),
    incsaturday: optional(flag),
    incsunday: optional(flag),
    startmonday: clock,
    starttuesday: clock,
    startwednesday: clock,
    startthursday: clock,
    startfriday: clock,
    startsaturday: clock,
    startsunday: clock,
    endmonday: clock,
    endtuesday: clock,
    endwednesday: clock,
    endthursday: clock,
    endfriday: clock,
    endsaturday: clock,
    endsunday: clock,
  })
  .transform(({ id, name, timezone, alldayssame, start, end, ...perDay }) => ({
    id,
    name,
    timezone,
    week: days.map((day) => ({
      isOpen: perDay[`inc${day}` as const] === true,
      start: (alldayssame ? undefined : perDay[`start${day}` as const]) ?? start,
      end: (alldayssame ? undefined : perDay[`end${day}` as const]) ?? end,
    })),
  }));

/** `week`: Monday first; `start` and `end` as `HH:mm`. */
export type Workday = z.output<typeof workdaySchema>;

/** HaloPSA's working hours. May be repeated. @throws {HaloError} */
export function listWorkdays(http: HaloClient): Promise<Listed<Workday>> {
  return readList(http, { path: '/api/Workday', name: 'workdays' }, workdaySchema);
}

const shortNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** `Mon–Thu 09:00–17:00, Fri 09:00–16:30, UTC`: days in a row with the same hours stand together, the zone last. */
export function describeHours(workday: Workday): string {
  const groups: { first: number; last: number; hours: string }[] = [];
  for (const [index, { isOpen, start, end }] of workday.week.entries()) {
    if (!isOpen) continue;
    const hours = start === undefined || end === undefined ? 'hours not given' : `${start}–${end}`;
    const group = groups.at(-1);
    if (group?.hours === hours && group.last === index - 1) group.last = index;
    else groups.push({ first: index, last: index, hours });
  }
  const named = groups.map(({ first, last, hours }) => {
    const until = last === first ? '' : `–${shortNames[last] ?? ''}`;
    return `${shortNames[first] ?? ''}${until} ${hours}`;
  });
  return [named.join(', ') || 'hours not given', workday.timezone].filter(Boolean).join(', ');
}
