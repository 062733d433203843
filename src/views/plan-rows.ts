import { fields, labelOf, settingsInOrder, type AnyField } from '../fields/index.ts';
import type { Plan } from '../requests/plan.ts';
import type { Request } from '../requests/request.ts';
import { cut, maxNamed } from '../text/cut.ts';
import type { Row } from './text.ts';

/** The plan as an approver must judge it: what somebody chose. */
export function planRows({ plan }: Pick<Request, 'plan'>): Row[] {
  return fields.flatMap((field) => rowOf(field, plan) ?? []);
}

function rowOf({ label, row, text }: AnyField, plan: Plan): Row | undefined {
  if (row === 'none' || typeof row === 'object') return undefined;
  return { label, value: (row ?? text)(plan) };
}

/** What is the same for every agent, in one line. */
export function constantsText({ repairs }: Pick<Request, 'repairs'>): string {
  const how = repairs === undefined ? 'create' : 'repair';
  return settingsInOrder
    .flatMap((setting) => {
      if (!('id' in setting)) return [setting.constant[how]];
      return typeof setting.row === 'object' ? [setting.row.constant] : [];
    })
    .join(' · ');
}

/** The row of each field, without what nobody can choose. */
export function fieldRows(plan: Plan): { field: AnyField; row: Row }[] {
  return fields.flatMap((field) => {
    const row = rowOf(field, plan);
    return row === undefined ? [] : [{ field, row }];
  });
}

/** What differs between two plans, field by field: before and after. */
export function changedRows(before: Plan, after: Plan): Row[] {
  return fields.flatMap((field) => {
    const was = rowOf(field, before);
    const is = rowOf(field, after);
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
    ({ field, what }) =>
      `${labelOf(field)} looks almost the same as ${cut(what, maxNamed)}. Check that it isn’t a mistake.`,
  );
}

/** What was noticed in HaloPSA when the request was submitted. */
export function noticedWarnings({ haloThen, plan }: Pick<Request, 'haloThen' | 'plan'>): string[] {
  return fields.flatMap(({ noticed }) => {
    const count = noticed && haloThen?.[noticed.key];
    return typeof count === 'number' ? (noticed?.warning(plan, count) ?? []) : [];
  });
}
