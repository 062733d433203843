import type { z } from 'zod';
import type { AgentDetails, AgentFields } from '../halo/agents.ts';
import type { Choices } from '../halo/choices.ts';
import type { HaloClient } from '../halo/client.ts';
import type { Control } from '../halo/control.ts';
import type { DirectorySnapshot, ListName } from '../halo/directory.ts';
import type { RoleReader } from '../halo/role-rights.ts';

/** The parts of the form, as HaloPSA's own screen has them. */
export const sections = ['Account details', 'Departments & Teams', 'Preferences'] as const;

/** Something to choose. `description` stands in grey below it. */
export type Choice = { value: string; text: string; description?: string | undefined };

/** The values that were entered: a text as the only one, the ids that were chosen, or one that says "checked". */
export type Entered = readonly string[];
/** What is planned by them, or a sentence for under the field. */
export type Taken<P> = { planned: P } | { problem: string };

/** What Slack tells of whoever fills in the form. */
export type Requester = { timeZone: string | undefined };

/** How the form asks for it. `block` and `action` travel to Slack and back; `initial` is the default in a new form. */
type Input<P, Out = P> = {
  block: string;
  take: (entered: Entered, lists: DirectorySnapshot) => Taken<Out>;
} & (
  | { kind: 'text' | 'email'; initial: string; value: (planned: P) => string }
  | { kind: 'checkbox'; initial: boolean; isChecked: (planned: P) => boolean }
  | {
      kind: 'select' | 'multi_select';
      action: string;
      placeholder: string;
      /** The list of HaloPSA's that it offers. */
      list: ListName;
      offers: (lists: DirectorySnapshot, query: string) => Choice[];
      initial?: (requester: Requester) => Choice[];
      chosen: (planned: P) => Choice[];
    }
);

/** HaloPSA at this moment, right before it is sent something. */
export type HaloNow = { halo: HaloClient; lists: DirectorySnapshot; roles: RoleReader };

/**
 * All that is particular to one setting of the agent. `P`: what the plan holds of it. `Out`: what it gives to the plan.
 * `Cause`: its own reasons to stop a request.
 */
type Definition<P, Out, Cause extends string> = {
  section: (typeof sections)[number];
  /** The guide's own name of it, wherever it is named. */
  label: string;
  hint?: string | undefined;
  input?: Input<P, Out> | undefined;
  /** What HaloPSA is sent on create. */
  send: (planned: P) => AgentFields;
  /**
   * What is sent by updates, one after the other, while HaloPSA reports another value. Its specification names several
   * properties for a thing and does not say which of them a build honours, or when.
   */
  repairs: readonly ((planned: P) => AgentFields)[];
  /** As a person reads it beside what HaloPSA reports. */
  text: (planned: P) => string;
  /**
   * As an approver must judge it, where that is more than `text`. `none`: the row of another field says it. `constant`: it
   * is the same for every agent, so it stands below the rows in these words.
   */
  row?: ((planned: P) => string) | 'none' | { constant: string } | undefined;
  /** As HaloPSA reports it, for a person. Undefined: it reports nothing. */
  reported: (agent: AgentDetails) => string | undefined;
  /** What HaloPSA reports, as it would be entered in the form. Undefined: it can't be entered so. */
  entered?: ((agent: AgentDetails) => Entered | undefined) | undefined;
  /** Is what HaloPSA reports what was planned? `granted`: what all fields grant. */
  same: (planned: P, agent: AgentDetails, granted: ReadonlySet<string>) => boolean;
  /** HaloPSA gives more along with it: the ids that it then names as the reason. Whoever approves this approves that too. */
  grants?: ((planned: P) => readonly string[]) | undefined;
  /** The clicks that set it by hand in HaloPSA's screens. `shown`: its text, in mrkdwn. */
  byHand: (shown: string) => string;
  /** What /neo-status says of it, where that is not what is reported. `if_reported`: without a value it isn't mentioned. */
  status?: ((agent: AgentDetails) => string | undefined) | 'if_reported' | undefined;
  /** Does Neo's guide want it so? Left out: the guide leaves it open. */
  asGuide?: ((agent: AgentDetails) => boolean) | undefined;
  /** What an approver must not overlook. */
  warnings?: ((planned: P) => string[]) | undefined;
  /** Where it counts more characters than are seen: a sentence. */
  lengthHint?: string | undefined;
  /** What of it HaloPSA no longer has, by name, and the list that this is seen in. */
  gone?: { list: ListName; find: (planned: P, lists: DirectorySnapshot) => string[] } | undefined;
  /** What a plan of before means today, when it is to be carried out again. */
  refresh?: ((planned: P, lists: DirectorySnapshot) => Out) | undefined;
  /** Right before HaloPSA is sent it: is it still what was approved? @throws {HaloError} one that passes by itself */
  recheck?: ((planned: P, now: HaloNow) => Promise<Stopped<Cause> | undefined>) | undefined;
  /** Why it may stop a request, in words. `again`: how somebody asks once more. */
  stops?: readonly { cause: Cause; what: string; next: (again: string) => string }[] | undefined;
  /** A number that is looked up when the request is submitted, and stored under `key`: what it means to the approver, and beside the result. */
  noticed?:
    | {
        key: string;
        look: (planned: P, lists: DirectorySnapshot) => number | undefined;
        warning: (planned: P, count: number) => string;
        besideResult: (count: number) => string;
      }
    | undefined;
  /** HaloPSA's names of what was sent, where the name alone doesn't tell in which form. */
  sentAs?: ((fields: AgentFields) => string[]) | undefined;
  /** For the doctor's report: in which forms HaloPSA writes it. Nothing by which a tenant is known. */
  forms?: { key: string; of: (agent: AgentDetails | undefined, choices: Choices) => unknown } | undefined;
};

type Stopped<Cause> = { cause: Cause; found: string };

/** What of the plan a field keeps. `probe`: a value for the agent that the doctor makes; undefined: HaloPSA has none to choose. */
type Kept<Id, Schema extends z.ZodType> = {
  id: Id;
  plan: Schema;
  probe: (choices: Choices, mark: string, at: Date) => z.output<Schema> | undefined;
};

/** A plan as data. Each field reads its own part of it, by its schema. */
type PlanData = Readonly<Record<string, unknown>>;

/** A field as the loops see it, which know none by name: all of its functions take the whole plan. */
export type Field<
  Id extends string = string,
  Schema extends z.ZodType | undefined = z.ZodType | undefined,
  Cause extends string = string,
> = Definition<PlanData, unknown, Cause> & {
  id: Id;
  /** Undefined: the plan keeps nothing of it. It follows from another field, or is the same for every agent. */
  plan: Schema;
  probe?: ((choices: Choices, mark: string, at: Date) => unknown) | undefined;
};

/** What nobody chooses: it is made when the agent is created, and HaloPSA never tells it. */
export type Generated = Pick<Definition<unknown, unknown, never>, 'section' | 'label'> & {
  /** In the form, in place of an input. */
  inForm: string;
  /** Below the plan's rows. */
  constant: { create: string; repair: string };
  besideResult: string;
  send: (rules: Control) => AgentFields;
};

/** A setting that the plan keeps under its id. */
export function defineField<
  const Id extends string,
  Schema extends z.ZodType,
  const Cause extends string = never,
>(field: Kept<Id, Schema> & Definition<z.output<Schema>, z.output<Schema>, Cause>): Field<Id, Schema, Cause> {
  return {
    ...onPlan((plan) => field.plan.parse(plan[field.id]), field),
    id: field.id,
    plan: field.plan,
    probe: field.probe,
  };
}

/** A setting that follows from what the plan keeps of another one. */
export function deriveField<const Id extends string, Schema extends z.ZodType, P>(
  from: { id: string; plan: Schema },
  of: (planned: z.output<Schema>) => P,
  field: { id: Id } & Definition<P, P, never>,
): Field<Id, undefined, never> {
  return { ...onPlan((plan) => of(from.plan.parse(plan[from.id])), field), id: field.id, plan: undefined };
}

/** A setting that is the same for every agent. */
export function fixField<const Id extends string, P>(
  value: P,
  field: { id: Id } & Definition<P, P, never>,
): Field<Id, undefined, never> {
  return { ...onPlan(() => value, field), id: field.id, plan: undefined };
}

function onPlan<P, Cause extends string>(
  of: (plan: PlanData) => P,
  field: Definition<P, P, Cause>,
): Definition<PlanData, unknown, Cause> {
  const { input, row, gone, noticed, warnings, refresh, recheck, grants } = field;
  const on =
    <Rest extends unknown[], R>(read: (planned: P, ...rest: Rest) => R) =>
    (plan: PlanData, ...rest: Rest): R =>
      read(of(plan), ...rest);
  return {
    ...field,
    input: input && inputOnPlan(on, input),
    send: on(field.send),
    repairs: field.repairs.map((repair) => on(repair)),
    text: on(field.text),
    row: typeof row === 'function' ? on(row) : row,
    same: on(field.same),
    grants: grants && on(grants),
    warnings: warnings && on(warnings),
    gone: gone && { ...gone, find: on(gone.find) },
    refresh: refresh && on(refresh),
    recheck: recheck && on(recheck),
    noticed: noticed && { ...noticed, look: on(noticed.look), warning: on(noticed.warning) },
  };
}

function inputOnPlan<P>(
  on: <R>(read: (planned: P) => R) => (plan: PlanData) => R,
  input: Input<P>,
): Input<PlanData, unknown> {
  switch (input.kind) {
    case 'text':
    case 'email':
      return { ...input, value: on(input.value) };
    case 'checkbox':
      return { ...input, isChecked: on(input.isChecked) };
    case 'select':
    case 'multi_select':
      return { ...input, chosen: on(input.chosen) };
  }
}
