import type { App } from '@slack/bolt';
import type { Option } from '@slack/types';
import { z } from 'zod';
import type { DirectorySnapshot } from '../halo/directory.ts';
import { searchTimeZones } from '../halo/time-zones.ts';
import { describeHours } from '../halo/workdays.ts';
import { actionIds } from '../views/ids.ts';
import { mostOptions, roleOption, teamOption, timeZoneOption, workdayOption } from '../views/options.ts';
import type { Dependencies } from './dependencies.ts';

const suggestionSchema = z.object({ value: z.string().default('') });

/** What somebody finds while typing in a field of the form. All of it from memory: Slack waits three seconds. */
const searches: Record<string, (directory: DirectorySnapshot, query: string) => Option[]> = {
  [actionIds.roles]: ({ roles }, query) =>
    roles.value.filter(({ name }) => matches(query, name)).map(roleOption),
  [actionIds.teams]: ({ teams }, query) =>
    teams.value.filter((team) => matches(query, team.name, team.department_name)).map(teamOption),
  [actionIds.workday]: ({ workdays }, query) =>
    workdays.value
      .filter(({ name }) => matches(query, name))
      .map((workday) => workdayOption(workday, describeHours(workday))),
  [actionIds.timeZone]: (_directory, query) => searchTimeZones(query).map(timeZoneOption),
};

export function registerSetupOptions(app: App, { directory }: Dependencies): void {
  for (const [actionId, search] of Object.entries(searches))
    app.options(actionId, async ({ ack, options }) => {
      const { value } = suggestionSchema.parse(options);
      await ack({ options: search(directory.current(), value).slice(0, mostOptions) });
    });
}

/** Every word of the query stands somewhere in the texts. */
function matches(query: string, ...texts: (string | undefined)[]): boolean {
  const haystack = texts.join(' ').toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => haystack.includes(word));
}
