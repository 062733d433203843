import { fields, labelOf, settingsInOrder, type AnyField } from '../fields/index.ts';
import type { Generated } from '../fields/field.ts';
import type { Plan } from '../requests/plan.ts';
import type { Request } from '../requests/request.ts';
import { cut, maxNamed } from '../text/cut.ts';
import type { Row } from './text.ts';

type Planned = Pick<Request, 'plan' | 'repairs'>;

/** The whole plan, as an approver must judge it. */
export function planRows(planned: Planned): Row[] {
  return settingsInOrder.flatMap((setting) => rowOf(setting, planned) ?? []);
}

function rowOf(setting: AnyField | Generated, { plan, repairs }: Planned): Row | undefined {
  const { label } = setting;
  if (!('id' in setting)) return { label, value: setting.row[repairs === undefined ? 'create' : 'repair'] };
  if (setting.row === 'none') return undefined;
  return { label, value: (setting.row ?? setting.text)(plan) };
}

/** The row of each field, without what nobody can choose. */
export function fieldRows(plan: Plan): { field: AnyField; row: Row }[] {
  return fields.flatMap((field) => {
    const row = rowOf(field, { plan });
    return row === undefined ? [] : [{ field, row }];
  });
}

/** What differs between two plans, field by field: before and after. */
export function changedRows(before: Plan, after: Plan): Row[] {
  return fields.flatMap((field) => {
    const was = rowOf(field, { plan: before });
    const is = rowOf(field, { plan: after });
    if (was === undefined || is === undefined || was.value === is.value) return [];
    return [{ label: field.label, value: `${was.value} → ${is.value}` }];
  });
}

/** What an approver must not overlook in the plan. */
export function planWarnings(plan: Plan): string[] {
  return fields.flatMap(({ warnings }) => warnings?.(plan) ?? []);
}

/** Somebody may take the agent for another one. */
export function lookalikeWarnings(resembles: Request['resembles'] = []): string[] {
  return resembles.map(
    ({ field, what }) => `${labelOf(field)} looks like ${cut(what, maxNamed)}, but is spelled differently.`,
  );
}

/** What was noticed in HaloPSA when the request was submitted. */
export function noticedWarnings({ haloThen, plan }: Pick<Request, 'haloThen' | 'plan'>): string[] {
  return fields.flatMap(({ noticed }) => {
    const count = noticed && haloThen?.[noticed.key];
    return typeof count === 'number' ? (noticed?.warning(plan, count) ?? []) : [];
  });
}
