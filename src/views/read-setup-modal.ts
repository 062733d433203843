import { z } from 'zod';
import { fieldOf, fields, type AnyField, type FieldId } from '../fields/index.ts';
import type { FormProblem, SetupForm } from '../requests/draft.ts';
import { actionIds, blockIds } from './ids.ts';
import { placeSchema } from './request-shown.ts';
import { lateBlockId } from './setup-modal.ts';
import { cleanLine, cleanText, requestName } from './text.ts';
import { cut } from '../text/cut.ts';
import { visible } from '../text/visible.ts';

/** The values of all fields, each in its block under its action. */
const valuesSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
type Values = z.infer<typeof valuesSchema>;

const text = z.object({ value: z.string().nullish() }).transform(({ value }) => value ?? '');
const line = text.transform((value) => [cleanLine(value)]);
const option = z
  .object({ selected_option: z.object({ value: z.string() }).nullish() })
  .transform(({ selected_option: chosen }) => (chosen ? [chosen.value] : []));
const options = z
  .object({ selected_options: z.array(z.object({ value: z.string() })).nullish() })
  .transform(({ selected_options: chosen }) => (chosen ?? []).map(({ value }) => value));
const channel = z
  .object({ selected_conversation: z.string() })
  .transform(({ selected_conversation: id }) => id);

type FieldInput = NonNullable<AnyField['input']>;
/** What an input of each kind holds, as the values that were entered. */
const readers: Record<FieldInput['kind'], z.ZodType<string[]>> = {
  text: line,
  email: line,
  checkbox: options,
  select: option,
  multi_select: options,
};

const metadataSchema = z.object({
  channel: z.string().optional(),
  edited: z.object({ requestId: z.uuid(), shown: z.string(), place: placeSchema }).optional(),
});

const submittedView = z.object({
  id: z.string(),
  private_metadata: z.string().transform((json) => metadataSchema.parse(JSON.parse(json))),
  state: z.object({ values: valuesSchema }),
});

type Submitted = {
  viewId: string;
  form: SetupForm;
  edited: z.infer<typeof metadataSchema>['edited'];
  /** Where the card goes. `isChosen`: in the form, so nobody has looked at that channel yet. */
  channel: { id: string; isChosen: boolean };
};

/** What was entered, and the id of the view it was entered in. @throws ZodError: not our modal. */
export function readSetupModal(view: unknown): Submitted {
  const { id, private_metadata: metadata, state } = submittedView.parse(view);
  const { values } = state;
  return {
    viewId: id,
    edited: metadata.edited,
    channel: readChannel(metadata.channel, values),
    form: {
      entered: new Map(
        fields.flatMap(({ id, input }) => (input === undefined ? [] : [[id, readInput(input, values)]])),
      ),
      note: cleanText(text.parse(values[blockIds.note]?.[actionIds.input])),
    },
  };
}

/** A form that was opened before a field was added has none of it. */
function readInput(input: FieldInput, values: Values): string[] {
  const action = 'action' in input ? input.action : actionIds.input;
  const entered = values[blockIdIn(input, values)]?.[action];
  return entered === undefined ? [] : readers[input.kind].parse(entered);
}

/** A field may have got a new id while the form was open. */
function blockIdIn(input: FieldInput, values: Values): string {
  const late = lateBlockId(input);
  return late in values ? late : input.block;
}

/** Slack lets nobody submit a field that is empty and not optional. @throws ZodError */
function readChannel(given: string | undefined, values: Values): Submitted['channel'] {
  if (given !== undefined) return { id: given, isChosen: false };
  return { id: channel.parse(values[blockIds.channel]?.[actionIds.input]), isChosen: true };
}

/** Each problem under the field that it is about. `view`: the submitted one, which knows the ids of its fields. */
export function setupErrors(
  problems: ReadonlyMap<FieldId, FormProblem>,
  view: unknown,
): Record<string, string> {
  const { values } = submittedView.parse(view).state;
  return Object.fromEntries(
    [...problems].flatMap(([id, problem]) => {
      const field = fieldOf(id);
      return field.input === undefined ? [] : [[blockIdIn(field.input, values), problemText(problem, field)]];
    }),
  );
}

/** The form has no place for what is wrong with no field: its first one says it. */
export function errorOfForm(text: string): Record<string, string> {
  const [first] = fields.flatMap(({ input }) => input ?? []);
  return first === undefined ? {} : { [first.block]: text };
}

/** A name in a sentence under a field. */
const maxNamedUnderField = 150;

/** What is wrong with a field, as it stands under it: no formatting. */
export function problemText(problem: FormProblem, { lengthHint }: AnyField): string {
  switch (problem.problem) {
    case 'entered':
      return problem.sentence;
    case 'not_shown_whole':
      return [
        `Too long to show an approver in full: ${problem.is} characters, and the limit here is ${problem.max}. Choose less.`,
        ...(lengthHint === undefined ? [] : [lengthHint]),
      ].join(' ');
    case 'taken_by_agent':
      return `Already in HaloPSA: ${cut(visible(problem.agent), maxNamedUnderField)}.`;
    case 'taken_by_request':
      return `Taken by ${requestName(problem)}. /neo-status ${requestName(problem)} shows how it stands.`;
  }
}
