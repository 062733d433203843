import type { FormField } from '../requests/draft.ts';
import type { Plan } from '../requests/plan.ts';
import { fieldLabels, planRows } from './plan-rows.ts';
import { maxRowValue, rowLines } from './text.ts';
import { visible } from './visible.ts';

/**
 * Characters of all rows of a plan as a screen reader gets them. Slack takes 4,000 in all, and the rows stand behind a
 * few lines that are never as long as the rest.
 */
const maxRows = 1_600;

/** In the order of the form: which field can be made shorter. */
const longFields = ['name', 'email', 'roles', 'teams', 'workday'] as const satisfies readonly FormField[];

/** A field of a plan that can't be shown letter by letter where it is approved, and how many characters it may have. */
export type NotShownWhole = { field: FormField; is: number; max: number };

/**
 * An approver approves what they read, so a plan that would be cut on a card or in a direct message must not be put to
 * them. Undefined: each of its rows is shown whole.
 */
export function notShownWhole(plan: Plan): NotShownWhole | undefined {
  const rows = planRows(plan, '');
  const lengths = longFields.map((field) => {
    const row = rows.find(({ label }) => label === fieldLabels[field]);
    return { field, is: Array.from(visible(row?.value ?? '')).length };
  });
  const cut = lengths.find(({ is }) => is > maxRowValue);
  if (cut !== undefined) return { ...cut, max: maxRowValue };
  const over = rowLines(rows).join('\n').length - maxRows;
  if (over <= 0) return undefined;
  const longest = lengths.reduce((one, other) => (other.is > one.is ? other : one));
  return { ...longest, max: Math.max(0, longest.is - over) };
}
