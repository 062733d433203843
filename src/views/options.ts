import type { PlainTextOption } from '@slack/types';
import type { Role } from '../halo/roles.ts';
import type { Team } from '../halo/teams.ts';
import type { TimeZone } from '../halo/time-zones.ts';
import { plain } from './text.ts';

const mostText = 75;
/** Slack shows no more of an external select's answer. */
export const mostOptions = 100;

export function roleOption(role: Role): PlainTextOption {
  return option(role.name, role.id);
}

export function teamOption(team: Team): PlainTextOption {
  return option(team.name, String(team.id), team.department_name);
}

/** `hours` as people read them. */
export function workdayOption(workday: { id: number; name: string }, hours: string): PlainTextOption {
  return option(workday.name, String(workday.id), hours);
}

export function timeZoneOption(zone: TimeZone): PlainTextOption {
  return option(zone.iana, zone.iana, zone.windowsId);
}

/** Slack refuses an empty text. */
function option(text: string, value: string, description?: string): PlainTextOption {
  return {
    text: plain(text.trim() || `(no name, ID ${value})`, mostText),
    value,
    ...(description?.trim() && { description: plain(description, mostText) }),
  };
}
