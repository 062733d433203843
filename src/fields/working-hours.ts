import { z } from 'zod';
import { describeHours } from '../halo/workdays.ts';
import { matching, takeChosen } from './entered.ts';
import { defineField } from './field.ts';
import { missing } from './shown.ts';

/** The database's default, which would come back without being sent. */
const defaultWorkday = 1;

export const workingHours = defineField({
  id: 'workday',
  section: 'Preferences',
  label: 'Working Hours',
  hint: 'Match your primary support hours.',
  input: {
    kind: 'select',
    block: 'working_hours',
    action: 'search_workdays',
    placeholder: 'Choose working hours',
    list: 'workdays',
    offers: ({ workdays }, query) =>
      matching(workdays.value, query, ({ name }) => [name]).map((workday) => ({
        value: String(workday.id),
        text: workday.name,
        description: describeHours(workday),
      })),
    take: (entered, { workdays }) =>
      takeChosen(entered, workdays.value, ([workday]) => ({
        id: workday.id,
        name: workday.name,
        hours: describeHours(workday),
      })),
    chosen: ({ id, name, hours }) => [{ value: String(id), text: name, description: hours }],
  },
  plan: z.strictObject({ id: z.int(), name: z.string(), hours: z.string() }),
  probe: ({ workdays }) => {
    const workday = workdays.find(({ id }) => id !== defaultWorkday) ?? workdays[0];
    return workday && { id: workday.id, name: workday.name, hours: describeHours(workday) };
  },
  send: ({ id }) => ({ workday_id: id }),
  repairs: [({ id }) => ({ workday_id: id })],
  text: ({ name }) => name,
  row: ({ name, hours }) => `${name} (${hours})`,
  reported: ({ workday_id: id, workday_name: name }) =>
    id === undefined ? undefined : (name ?? `workday ${id}`),
  entered: ({ workday_id: id }) => (id === undefined ? undefined : [String(id)]),
  same: ({ id }, agent) => agent.workday_id === id,
  byHand: (shown) => `on the tab *Preferences* set *Working Hours* to ${shown}`,
  status: ({ workday_id: id, workday_name: name }) =>
    id === undefined ? undefined : (name ?? (id > 0 ? `workday ${id}` : 'none')),
  asGuide: ({ workday_id: id }) => id !== undefined && id > 0,
  gone: { list: 'workdays', find: (workday, lists) => missing('working hours', [workday], lists.workdays) },
});
