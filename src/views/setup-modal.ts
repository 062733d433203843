import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { TimeZone } from '../halo/time-zones.ts';
import type { Plan } from '../requests/plan.ts';
import type { Request } from '../requests/request.ts';
import { actionIds, blockIds, callbackIds } from './ids.ts';
import { roleOption, teamOption, timeZoneOption, workdayOption } from './options.ts';
import type { Place } from './request-shown.ts';
import { context, plain, requestName, section } from './text.ts';

/** What the modal knows beyond its fields. It opens with what is in memory and is drawn again with the rest. */
export type SetupModalFacts = {
  /** Where the card will go. Undefined: the form asks for it. */
  channel: string | undefined;
  /** The requester's own zone, once Slack told it. */
  timeZone: TimeZone | undefined;
  /** The default comes after the modal was open: the field gets a new id, or Slack would keep it empty. */
  timeZoneCameLate: boolean;
  /** One line each, in mrkdwn: who could approve, licences, HaloPSA out of reach, the bot not in the channel. */
  notices: readonly string[];
  /** The request that is edited, as it was when its form was opened. Undefined: a new one. */
  edited: { request: Request; place: Place } | undefined;
};

/** What the fields show when the form opens. */
type Filled = Pick<Plan, 'name' | 'email' | 'roles' | 'isActive' | 'teams'> & {
  workday: Plan['workday'] | undefined;
  note: string;
};

const blank: Filled = {
  name: 'Neo Agent',
  email: 'team@neoagent.io',
  roles: [],
  isActive: true,
  teams: [],
  workday: undefined,
  note: '',
};
export const yes: PlainTextOption = { text: plain('Yes', 75), value: 'yes' };

/** What the form opens with. */
export function filledWith({ edited }: Pick<SetupModalFacts, 'edited'>): Filled {
  return edited === undefined ? blank : { ...edited.request.plan, note: edited.request.note };
}

/** The page "Creating the Agent" as a modal: its three sections, its fields, its words. */
export function setupModal(facts: SetupModalFacts): ModalView {
  const { channel, edited, notices } = facts;
  const before = edited?.request;
  const filled = filledWith(facts);
  return {
    type: 'modal',
    callback_id: before === undefined ? callbackIds.setup : callbackIds.edit,
    title: plain(before === undefined ? 'Set up Neo Agent' : `Edit ${requestName(before)}`, 24),
    submit: plain(before === undefined ? 'Ask for approval' : 'Ask anew', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({
      channel,
      ...(edited && {
        edited: { requestId: edited.request.id, shown: edited.request.planHash, place: edited.place },
      }),
    }),
    blocks: [
      section(lead(facts)),
      ...notices.map((notice) => context(notice)),
      ...(channel === undefined ? [channelField] : []),
      ...accountDetails(filled),
      ...departmentsAndTeams(filled),
      ...preferences(filled, facts),
      {
        type: 'input',
        block_id: blockIds.note,
        optional: true,
        label: plain('Note for the approver', 2000),
        element: {
          type: 'plain_text_input',
          action_id: actionIds.input,
          multiline: true,
          max_length: 3000,
          ...(filled.note !== '' && { initial_value: filled.note }),
        },
      },
    ],
  };
}

function lead({ channel, edited }: SetupModalFacts): string {
  const place = channel === undefined ? 'the channel that you choose' : `<#${channel}>`;
  return edited === undefined
    ? `Submitting posts a card in ${place}. An approver other than you decides there; then the agent is created in HaloPSA and its Agent ID comes in the thread.`
    : `Submitting changes the card in ${place}, which will show what changed. Approval starts anew: approvals given so far are void.`;
}

/** Channels that another company sees are left out here, and refused again when the form is submitted. */
const channelField: InputBlock = {
  ...input(blockIds.channel, 'Channel', {
    type: 'conversations_select',
    action_id: actionIds.input,
    placeholder: plain('Choose a channel', 150),
    filter: {
      include: ['public', 'private'],
      exclude_external_shared_channels: true,
      exclude_bot_users: true,
    },
  }),
  hint: plain('Where the card goes that a second admin approves. I must be in that channel.', 2000),
};

function accountDetails(filled: Filled): KnownBlock[] {
  return [
    { type: 'header', text: plain('Account details', 150) },
    {
      ...input(blockIds.name, 'Username', {
        type: 'plain_text_input',
        action_id: actionIds.input,
        initial_value: filled.name,
      }),
      hint: plain(
        'Visible in ticket histories, time entries and notes. “Neo Agent” makes clear who did it; a real person’s name makes messages to end users more personal.',
        2000,
      ),
    },
    input(blockIds.email, 'Email Address', {
      type: 'email_text_input',
      action_id: actionIds.input,
      initial_value: filled.email,
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
        ...chosen(filled.roles.map(roleOption)),
      }),
      hint: plain('For example 1st Line Support or Administrator.', 2000),
    },
    checkbox(
      blockIds.isActive,
      'Account Active',
      filled.isActive,
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

/** Slack refuses an empty list of what is chosen. */
function chosen(options: PlainTextOption[]): { initial_options?: PlainTextOption[] } {
  return options.length === 0 ? {} : { initial_options: options };
}

function departmentsAndTeams({ teams }: Filled): KnownBlock[] {
  return [
    { type: 'header', text: plain('Departments & Teams', 150) },
    {
      ...input(blockIds.teams, 'Teams', {
        type: 'multi_external_select',
        action_id: actionIds.teams,
        placeholder: plain('Choose at least one team', 150),
        min_query_length: 0,
        ...chosen(teams.map((team) => teamOption({ ...team, department_name: team.departmentName }))),
      }),
      hint: plain('The teams whose tickets Neo Agent will work on. The first one is its default team.', 2000),
    },
  ];
}

function preferences({ workday }: Filled, { timeZone, timeZoneCameLate }: SetupModalFacts): KnownBlock[] {
  return [
    { type: 'header', text: plain('Preferences', 150) },
    {
      ...input(blockIds.workday, 'Working Hours', {
        type: 'external_select',
        action_id: actionIds.workday,
        placeholder: plain('Choose working hours', 150),
        min_query_length: 0,
        ...(workday && { initial_option: workdayOption(workday, workday.hours) }),
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
