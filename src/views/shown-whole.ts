import type { FieldId } from '../fields/index.ts';
import type { Plan } from '../requests/plan.ts';
import { visible } from '../text/visible.ts';
import { fieldRows } from './plan-rows.ts';
import { maxRowValue, rowLines } from './text.ts';

/**
 * Characters of all rows of a plan as a screen reader gets them. Slack takes 4,000 in all, and the rows stand behind a
 * few lines that are never as long as the rest.
 */
const maxRows = 1_600;

/** A field of a plan that can't be shown letter by letter where it is approved, and how many characters it may have. */
export type NotShownWhole = { field: FieldId; is: number; max: number };

/**
 * An approver approves what they read, so a plan that would be cut on a card or in a direct message must not be put to
 * them. Undefined: each of its rows is shown whole.
 */
export function notShownWhole(plan: Plan): NotShownWhole | undefined {
  const rows = fieldRows(plan);
  const lengths = rows.map(({ field, row }) => ({
    field: field.id,
    is: Array.from(visible(row.value)).length,
  }));
  const cut = lengths.find(({ is }) => is > maxRowValue);
  if (cut !== undefined) return { ...cut, max: maxRowValue };
  const over = rowLines(rows.map(({ row }) => row)).join('\n').length - maxRows;
  const [longest] = lengths.toSorted((one, other) => other.is - one.is);
  if (over <= 0 || longest === undefined) return undefined;
  return { ...longest, max: Math.max(0, longest.is - over) };
}
