import type { z } from 'zod';
import { accountActive } from './account-active.ts';
import { apiOnly } from './api-only.ts';
import { defaultTeam } from './default-team.ts';
import { email } from './email.ts';
import type { Field, Generated } from './field.ts';
import { name } from './name.ts';
import { password } from './password.ts';
import { roles } from './roles.ts';
import { teams } from './teams.ts';
import { timezone } from './timezone.ts';
import { workingHours } from './working-hours.ts';

/** Every setting of the agent, in the order of the form and of the plan's rows. */
const settings = [
  name,
  email,
  password,
  roles,
  accountActive,
  apiOnly,
  teams,
  defaultTeam,
  workingHours,
  timezone,
] as const;

export type Defined = Exclude<(typeof settings)[number], Generated>;
export type FieldId = Defined['id'];
/** The fields' own reasons to stop a request. */
export type StopCause = CauseOf<Defined>;
type CauseOf<F> = F extends Field<string, z.ZodType | undefined, infer Cause> ? Cause : never;
export type AnyField = Field<FieldId, z.ZodType | undefined, StopCause>;

const isDefined = (setting: (typeof settings)[number]): setting is Defined => 'id' in setting;
const isGenerated = (setting: (typeof settings)[number]): setting is Generated => !('id' in setting);

/** With what nobody chooses, for whoever shows them. */
export const settingsInOrder: readonly (AnyField | Generated)[] = settings;
export const fields: readonly AnyField[] = settings.filter(isDefined);
export const generated: readonly Generated[] = settings.filter(isGenerated);
export const stops = fields.flatMap(({ stops = [] }) => stops);

export function isStopCause(cause: string): cause is StopCause {
  return stops.some((stop) => stop.cause === cause);
}

/** @throws Error: no field has such a reason */
export function stopOf(cause: StopCause): (typeof stops)[number] {
  const stop = stops.find((one) => one.cause === cause);
  if (stop === undefined) throw new Error(`No stop ${cause}`);
  return stop;
}

/** @throws Error: there is no such field */
export function fieldOf(id: FieldId): AnyField {
  const field = fields.find((one) => one.id === id);
  if (field === undefined) throw new Error(`No field ${id}`);
  return field;
}

/** The guide's own name of it, wherever it is named. */
export function labelOf(id: FieldId): string {
  return fieldOf(id).label;
}
