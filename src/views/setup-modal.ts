import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { z } from 'zod';
import type { TimeZone } from '../halo/time-zones.ts';
import type { FormField, FormProblem, SetupForm } from '../requests/draft.ts';
import { actionIds, blockIds, callbackIds } from './ids.ts';
import { timeZoneOption } from './options.ts';
import { cleanLine, cleanText, context, plain, requestName, section } from './text.ts';

/** What the modal knows beyond its fields. It opens with what is in memory and is drawn again with the rest. */
export type SetupModalFacts = {
  /** Where the card will go. */
  channel: string;
  /** The requester's own zone, once Slack told it. */
  timeZone: TimeZone | undefined;
  /** The default comes after the modal was open: the field gets a new id, or Slack would keep it empty. */
  timeZoneCameLate: boolean;
  /** One line each, in mrkdwn: licences, HaloPSA out of reach, the bot not in the channel. */
  notices: readonly string[];
};

const defaultName = 'Neo Agent';
const defaultEmail = 'team@neoagent.io';
const yes: PlainTextOption = { text: plain('Yes', 75), value: 'yes' };

/** The page "Creating the Agent" as a modal: its three sections, its fields, its words. */
export function setupModal(facts: SetupModalFacts): ModalView {
  return {
    type: 'modal',
    callback_id: callbackIds.setup,
    title: plain('Set up Neo Agent', 24),
    submit: plain('Ask for approval', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({ channel: facts.channel }),
    blocks: [
      section(
        `Submitting posts a card in <#${facts.channel}>. An approver other than you decides there; then the agent is created in HaloPSA and its Agent ID comes in the thread.`,
      ),
      ...facts.notices.map((notice) => context(notice)),
      ...accountDetails(),
      ...departmentsAndTeams(),
      ...preferences(facts),
      {
        type: 'input',
        block_id: blockIds.note,
        optional: true,
        label: plain('Note for the approver', 2000),
        element: { type: 'plain_text_input', action_id: actionIds.input, multiline: true, max_length: 3000 },
      },
    ],
  };
}

function accountDetails(): KnownBlock[] {
  return [
    { type: 'header', text: plain('Account details', 150) },
    {
      ...input(blockIds.name, 'Username', {
        type: 'plain_text_input',
        action_id: actionIds.input,
        initial_value: defaultName,
      }),
      hint: plain(
        'Visible in ticket histories, time entries and notes. “Neo Agent” makes clear who did it; a real person’s name makes messages to end users more personal.',
        2000,
      ),
    },
    input(blockIds.email, 'Email Address', {
      type: 'email_text_input',
      action_id: actionIds.input,
      initial_value: defaultEmail,
    }),
    section(
      '*Password*\nNothing to enter: a strong random password is generated when the agent is created and set in HaloPSA. It is shown to nobody and stored nowhere. Neo Agent signs in by API and does not need it.',
    ),
    {
      ...input(blockIds.roles, 'Roles', {
        type: 'multi_external_select',
        action_id: actionIds.roles,
        placeholder: plain('Choose roles', 150),
        min_query_length: 0,
      }),
      hint: plain('For example 1st Line Support or Administrator.', 2000),
    },
    checkbox(
      blockIds.isActive,
      'Account Active',
      true,
      'Leave checked: Neo Agent cannot work with a disabled account.',
    ),
    checkbox(
      blockIds.isApiOnly,
      'Is an API-only Agent',
      false,
      'Leave unchecked: Neo Agent assigns tickets to itself and books time, which needs a full agent account.',
    ),
  ];
}

function departmentsAndTeams(): KnownBlock[] {
  return [
    { type: 'header', text: plain('Departments & Teams', 150) },
    {
      ...input(blockIds.teams, 'Teams', {
        type: 'multi_external_select',
        action_id: actionIds.teams,
        placeholder: plain('Choose at least one team', 150),
        min_query_length: 0,
      }),
      hint: plain('The teams whose tickets Neo Agent will work on. The first one is its default team.', 2000),
    },
  ];
}

function preferences({ timeZone, timeZoneCameLate }: SetupModalFacts): KnownBlock[] {
  return [
    { type: 'header', text: plain('Preferences', 150) },
    {
      ...input(blockIds.workday, 'Working Hours', {
        type: 'external_select',
        action_id: actionIds.workday,
        placeholder: plain('Choose working hours', 150),
        min_query_length: 0,
      }),
      hint: plain('Match your primary support hours.', 2000),
    },
    {
      ...input(timeZoneCameLate ? blockIds.timeZoneWithDefault : blockIds.timeZone, 'Timezone', {
        type: 'external_select',
        action_id: actionIds.timeZone,
        placeholder: plain('Search a city or zone', 150),
        min_query_length: 0,
        ...(timeZone && { initial_option: timeZoneOption(timeZone) }),
      }),
      hint: plain('Decides how time entries are recorded. Use your primary service region’s timezone.', 2000),
    },
  ];
}

function input(blockId: string, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id: blockId, label: plain(label, 2000), element };
}

function checkbox(blockId: string, label: string, checked: boolean, hint: string): InputBlock {
  return {
    ...input(blockId, label, {
      type: 'checkboxes',
      action_id: actionIds.input,
      options: [yes],
      ...(checked && { initial_options: [yes] }),
    }),
    optional: true,
    hint: plain(hint, 2000),
  };
}

const text = z.object({ value: z.string().nullish() });
const option = z.object({ selected_option: z.object({ value: z.string() }).nullish() });
const options = z.object({ selected_options: z.array(z.object({ value: z.string() })).nullish() });

const stateSchema = z.object({
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

const submittedView = z.object({
  id: z.string(),
  private_metadata: z.string().transform((json) => z.object({ channel: z.string() }).parse(JSON.parse(json))),
  state: z.object({ values: stateSchema }),
});

/** What was entered, and the id of the view it was entered in. @throws ZodError: not our modal. */
export function readSetupModal(view: unknown): { viewId: string; channel: string; form: SetupForm } {
  const { id, private_metadata: metadata, state } = submittedView.parse(view);
  const { values } = state;
  const zone = values[blockIds.timeZoneWithDefault] ?? values[blockIds.timeZone];
  return {
    viewId: id,
    channel: metadata.channel,
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
  return Object.fromEntries([...problems].map(([field, problem]) => [blockOf(field), problemText(problem)]));
}

function problemText(problem: FormProblem): string {
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
    case 'taken_by_agent':
      return `HaloPSA already has this one: ${problem.agent}.`;
    case 'taken_by_request':
      return `${requestName(problem)} already asks for this one. /neo-status ${requestName(problem)} shows how it stands.`;
  }
}
