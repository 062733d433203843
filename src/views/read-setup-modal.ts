import { z } from 'zod';
import type { FormField, FormProblem, SetupForm } from '../requests/draft.ts';
import { actionIds, blockIds } from './ids.ts';
import { placeSchema } from './request-shown.ts';
import { yes } from './setup-modal.ts';
import { cleanLine, cleanText, cut, requestName } from './text.ts';
import { visible } from './visible.ts';

const text = z.object({ value: z.string().nullish() });
const option = z.object({ selected_option: z.object({ value: z.string() }).nullish() });
const options = z.object({ selected_options: z.array(z.object({ value: z.string() })).nullish() });

const conversation = z.object({ selected_conversation: z.string().nullish() });

const stateSchema = z.object({
  [blockIds.channel]: z.object({ [actionIds.input]: conversation }).optional(),
  [blockIds.name]: z.object({ [actionIds.input]: text }),
  [blockIds.email]: z.object({ [actionIds.input]: text }),
  [blockIds.roles]: z.object({ [actionIds.roles]: options }),
  [blockIds.isActive]: z.object({ [actionIds.input]: options }),
  [blockIds.isApiOnly]: z.object({ [actionIds.input]: options }),
  [blockIds.teams]: z.object({ [actionIds.teams]: options }),
  [blockIds.workday]: z.object({ [actionIds.workday]: option }),
  [blockIds.timeZone]: z.object({ [actionIds.timeZone]: option }).optional(),
  [blockIds.timeZoneWithDefault]: z.object({ [actionIds.timeZone]: option }).optional(),
  [blockIds.note]: z.object({ [actionIds.input]: text }),
});

const metadataSchema = z.object({
  channel: z.string().optional(),
  edited: z.object({ requestId: z.uuid(), shown: z.string(), place: placeSchema }).optional(),
});

const submittedView = z.object({
  id: z.string(),
  private_metadata: z.string().transform((json) => metadataSchema.parse(JSON.parse(json))),
  state: z.object({ values: stateSchema }),
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
  const zone = values[blockIds.timeZoneWithDefault] ?? values[blockIds.timeZone];
  return {
    viewId: id,
    edited: metadata.edited,
    channel: readChannel(metadata.channel, values[blockIds.channel]?.[actionIds.input]),
    form: {
      name: cleanLine(values[blockIds.name][actionIds.input].value ?? ''),
      email: cleanLine(values[blockIds.email][actionIds.input].value ?? ''),
      roles: chosen(values[blockIds.roles][actionIds.roles]),
      isActive: chosen(values[blockIds.isActive][actionIds.input]).includes(yes.value ?? ''),
      isApiOnly: chosen(values[blockIds.isApiOnly][actionIds.input]).length > 0,
      teams: chosen(values[blockIds.teams][actionIds.teams]),
      workday: values[blockIds.workday][actionIds.workday].selected_option?.value,
      timeZone: zone?.[actionIds.timeZone].selected_option?.value,
      note: cleanText(values[blockIds.note][actionIds.input].value ?? ''),
    },
  };
}

/** Slack lets nobody submit a field that is empty and not optional. @throws ZodError */
function readChannel(given: string | undefined, field: z.infer<typeof conversation> | undefined) {
  if (given !== undefined) return { id: given, isChosen: false };
  return { id: z.string().parse(field?.selected_conversation), isChosen: true };
}

function chosen(element: z.infer<typeof options>): string[] {
  return (element.selected_options ?? []).map(({ value }) => value);
}

const fieldBlocks: Record<FormField, string> = {
  name: blockIds.name,
  email: blockIds.email,
  roles: blockIds.roles,
  isApiOnly: blockIds.isApiOnly,
  teams: blockIds.teams,
  workday: blockIds.workday,
  timeZone: blockIds.timeZone,
};

/** Each problem under the field that it is about. `view`: the submitted one, which knows which timezone field it has. */
export function setupErrors(
  problems: ReadonlyMap<FormField, FormProblem>,
  view: unknown,
): Record<string, string> {
  const { state } = submittedView.parse(view);
  const late = state.values[blockIds.timeZoneWithDefault] !== undefined;
  const blockOf = (field: FormField) =>
    field === 'timeZone' && late ? blockIds.timeZoneWithDefault : fieldBlocks[field];
  return Object.fromEntries(
    [...problems].map(([field, problem]) => [blockOf(field), problemText(problem, field)]),
  );
}

/** A name in a sentence under a field. */
const mostNamed = 150;

function problemText(problem: FormProblem, field: FormField): string {
  switch (problem.problem) {
    case 'missing':
      return 'Please fill this in.';
    case 'too_long':
      return 'This is too long: HaloPSA takes 256 characters.';
    case 'not_an_email':
      return 'This is not an email address. It should look like team@neoagent.io.';
    case 'gone':
      return 'HaloPSA no longer has one of these. Please choose again.';
    case 'api_only':
      return 'Leave this unchecked: Neo Agent needs to assign tickets to itself and create time entries, which require a full agent account.';
    case 'no_windows_zone':
      return 'HaloPSA has no name for this timezone. Please choose a nearby city.';
    case 'not_shown_whole':
      return `This is too long to be shown whole to an approver: ${problem.is} characters, and ${problem.max} is the limit here. Please choose less.${field === 'roles' ? ' The teams that come with a role count too.' : ''}`;
    case 'taken_by_agent':
      return `HaloPSA already has this one: ${cut(visible(problem.agent), mostNamed)}.`;
    case 'taken_by_request':
      return `${requestName(problem)} already asks for this one. /neo-status ${requestName(problem)} shows how it stands.`;
  }
}
