import type { PlainTextElement, PlainTextOption } from '@slack/types';
import type { Role } from '../halo/roles.ts';
import type { Team } from '../halo/teams.ts';
import type { TimeZone } from '../halo/time-zones.ts';
import { plain } from './text.ts';
import { visible } from './visible.ts';

const mostText = 75;
/** Slack takes so many options or groups, and so many options in each group. */
const mostOptions = 100;
const mostGroups = 100;

export function roleOption(role: Pick<Role, 'id' | 'name'>): PlainTextOption {
  return option(role.name, role.id);
}

export function teamOption(team: Pick<Team, 'id' | 'name' | 'department_name'>): PlainTextOption {
  return option(team.name, String(team.id), team.department_name);
}

/** `hours` as people read them. */
export function workdayOption(workday: { id: number; name: string }, hours: string): PlainTextOption {
  return option(workday.name, String(workday.id), hours);
}

export function timeZoneOption(zone: TimeZone): PlainTextOption {
  return option(zone.iana, zone.iana, zone.windowsId);
}

type Offer = { options: PlainTextOption[] } | { option_groups: OptionGroup[] };
type OptionGroup = { label: PlainTextElement; options: PlainTextOption[] };

/**
 * What an external select offers. Where more is found than Slack takes as a list, it comes in groups, so that what
 * somebody typed letters for is there; without a letter only the first ones are.
 */
export function offer(found: readonly PlainTextOption[], query: string): Offer {
  if (found.length <= mostOptions || query.trim() === '') return { options: found.slice(0, mostOptions) };
  const groups = Math.min(mostGroups, Math.ceil(found.length / mostOptions));
  return {
    option_groups: Array.from({ length: groups }, (_unused, index) => {
      const from = index * mostOptions;
      const options = found.slice(from, from + mostOptions);
      return {
        label: plain(`${from + 1}–${from + options.length} of ${found.length}`, mostText),
        options,
      };
    }),
  };
}

/** Slack refuses an empty text. */
function option(text: string, value: string, description?: string): PlainTextOption {
  return {
    text: plain(visible(text) || `(no name, ID ${value})`, mostText),
    value,
    ...(description && visible(description) && { description: plain(description, mostText) }),
  };
}
