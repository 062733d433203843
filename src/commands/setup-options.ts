import type { App } from '@slack/bolt';
import type { PlainTextOption } from '@slack/types';
import { z } from 'zod';
import type { DirectorySnapshot, ListName } from '../halo/directory.ts';
import { searchTimeZones, usedFirst } from '../halo/time-zones.ts';
import { describeHours } from '../halo/workdays.ts';
import { actionIds } from '../views/ids.ts';
import { offer, roleOption, teamOption, timeZoneOption, workdayOption } from '../views/options.ts';
import { visible } from '../views/visible.ts';
import { userSchema, whoIs } from './clicks.ts';
import { beforeAck } from './deadline.ts';
import type { Dependencies } from './dependencies.ts';

const suggestionSchema = z.object({ value: z.string().default('') });

/**
 * One instance may draw the form and another, that has just started and read nothing yet, may be asked what a field
 * offers: "no such role" would be a lie. Slack waits three seconds for the answer.
 */
const firstLookMs = 2_000;

/** What somebody finds while typing in a field of the form. All of it from memory: Slack waits three seconds. */
type Search = { list: ListName; find: (directory: DirectorySnapshot, query: string) => PlainTextOption[] };
const searches: Record<string, Search> = {
  [actionIds.roles]: {
    list: 'roles',
    find: ({ roles }, query) => find(roles.value, query, ({ name }) => [name]).map(roleOption),
  },
  [actionIds.teams]: {
    list: 'teams',
    find: ({ teams }, query) =>
      find(teams.value, query, (team) => [team.name, team.department_name ?? '']).map(teamOption),
  },
  [actionIds.workday]: {
    list: 'workdays',
    find: ({ workdays }, query) =>
      find(workdays.value, query, ({ name }) => [name]).map((workday) =>
        workdayOption(workday, describeHours(workday)),
      ),
  },
  [actionIds.timeZone]: {
    list: 'workdays',
    find: ({ workdays }, query) => usedFirst(searchTimeZones(query), workdays.value).map(timeZoneOption),
  },
};

const bodySchema = z.object({ user: userSchema });
/** Somebody who is typing is not looked up with every letter. Whoever sends the form in is, in milliseconds. */
const knownForMs = 3_600_000;

export function registerSetupOptions(app: App, deps: Dependencies): void {
  for (const [actionId, { list, find: search }] of Object.entries(searches))
    app.options(actionId, async ({ ack, body, options }) => {
      const { user } = bodySchema.parse(body);
      const { value } = suggestionSchema.parse(options);
      const found = async () => {
        const person = deps.people.known(user.id, knownForMs) ?? (await whoIs(deps, user));
        // What HaloPSA has is no business of guests and of other companies.
        if ('reference' in person || person.standing !== 'member') return { options: [] };
        return offer(search(await deps.directory.currentSoon(firstLookMs, list), value), value);
      };
      await ack(await beforeAck(found, () => ({ options: [] })));
    });
}

/**
 * Those in whose texts every word of the query stands. First whose first text begins with the query, then those
 * of which a word does, then the rest; each in HaloPSA's order.
 */
function find<T>(items: readonly T[], query: string, textsOf: (item: T) => [string, ...string[]]): T[] {
  const wanted = query.trim().toLowerCase();
  const words = wanted.split(/\s+/);
  const ranks: [T[], T[], T[]] = [[], [], []];
  for (const item of items) {
    const texts = textsOf(item).map((text) => visible(text).toLowerCase());
    const all = texts.join(' ');
    if (!words.every((word) => all.includes(word))) continue;
    ranks[texts[0]?.startsWith(wanted) ? 0 : ` ${all}`.includes(` ${wanted}`) ? 1 : 2].push(item);
  }
  return ranks.flat();
}
