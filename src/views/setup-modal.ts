import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { fieldOf, fields, settingsInOrder, type AnyField } from '../fields/index.ts';
import { sections, type Choice, type Generated, type Requester } from '../fields/field.ts';
import type { Plan } from '../requests/plan.ts';
import type { Request } from '../requests/request.ts';
import { actionIds, blockIds, callbackIds } from './ids.ts';
import { option } from './options.ts';
import type { Notice } from './setup-notices.ts';
import type { Place } from './request-shown.ts';
import { context, plain, requestName, section } from './text.ts';

/** What the modal knows beyond its fields. It opens with what is in memory and is drawn again with the rest. */
export type SetupModalFacts = {
  /** Where the card will go. Undefined: the form asks for it. */
  channel: string | undefined;
  /** What Slack told of the requester, by which some fields get a default. */
  requester: Requester | undefined;
  /** It came after the form was open: those fields get a new id, or Slack would keep them empty. */
  requesterCameLate: boolean;
  /** Who could approve, licences, HaloPSA out of reach, the bot not in the channel. */
  notices: readonly Notice[];
  /** What stands in the fields. Undefined: what the guide recommends. */
  filled: Filled | undefined;
  /** The request that is edited, as it was when its form was opened. Undefined: a new one. */
  edited: { request: Request; place: Place } | undefined;
};

/** Settings by the id of their field, as a plan holds them. Those that are missing are empty in the form. */
type Filled = { settings: Readonly<Record<string, unknown>>; note: string };

const checked: PlainTextOption = { text: plain('Yes', 75), value: 'yes' };

/** The name and the address that stand in the form when it opens. */
export function identityShown({ filled }: Pick<SetupModalFacts, 'filled'>): Pick<Plan, 'name' | 'email'> {
  const shown = (id: 'name' | 'email') => textShown(fieldOf(id), filled);
  return { name: shown('name'), email: shown('email') };
}

function textShown({ id, input }: AnyField, filled: Filled | undefined): string {
  if (input?.kind !== 'text' && input?.kind !== 'email') return '';
  if (filled === undefined) return input.initial;
  return id in filled.settings ? input.value(filled.settings) : '';
}

/** Of the form of a new request. */
export const setupTitle = 'Set up Neo Agent';

/** The page "Creating the Agent" as a modal: its three sections, its fields, its words. */
export function setupModal(facts: SetupModalFacts): ModalView {
  const { channel, edited, notices } = facts;
  const before = edited?.request;
  return {
    type: 'modal',
    callback_id: before === undefined ? callbackIds.setup : callbackIds.edit,
    title: plain(before === undefined ? setupTitle : `Edit ${requestName(before)}`, 24),
    submit: plain(before === undefined ? 'Request approval' : 'Update request', 24),
    close: plain('Cancel', 24),
    private_metadata: JSON.stringify({
      channel,
      ...(edited && {
        edited: { requestId: edited.request.id, shown: edited.request.planHash, place: edited.place },
      }),
    }),
    blocks: [
      section(lead(facts)),
      ...notices.flatMap(alertBlock),
      ...(channel === undefined ? [channelField] : []),
      ...sections.flatMap((title) => [
        { type: 'header' as const, text: plain(title, 150) },
        ...settingsInOrder
          .filter((setting) => setting.section === title)
          .flatMap((setting) => settingBlock(setting, facts) ?? []),
      ]),
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
          ...initialValue(facts.filled?.note ?? ''),
        },
      },
      ...hintBlock(notices),
    ],
  };
}

/** So long the text of an alert may be, in characters. */
const maxAlert = 200;

/** Alerts stand above the fields. */
function alertBlock({ text, isAlert }: Notice): KnownBlock[] {
  if (!isAlert) return [];
  return text.length > maxAlert
    ? [alertSection(text)]
    : [{ type: 'alert', level: 'warning', text: { type: 'mrkdwn', text, verbatim: true } }];
}

/** Hints stand below the fields. */
function hintBlock(notices: readonly Notice[]): KnownBlock[] {
  const hints = notices.filter(({ isAlert }) => !isAlert).map(({ text }) => text);
  return hints.length === 0 ? [] : [context(hints.join('\n'))];
}

function alertSection(text: string): KnownBlock {
  return section(`⚠️ ${text}`);
}

/** The same form for where Slack refuses its alerts. */
export function withoutAlerts(view: ModalView): ModalView {
  const blocks = view.blocks.map((block) =>
    'text' in block && block.type === 'alert' ? alertSection(block.text.text) : block,
  );
  return { ...view, blocks };
}

function lead({ channel, edited }: SetupModalFacts): string {
  const place = channel === undefined ? 'the channel that you choose' : `<#${channel}>`;
  return edited === undefined
    ? `This posts a request in ${place}. Once it’s approved, I create the agent and post its ID in the thread.`
    : `This updates the request in ${place} and shows what changed. Approval starts over: approvals given so far no longer count.`;
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
  hint: plain('Where a second admin approves it. I need to be in that channel.', 2000),
};

function settingBlock(setting: AnyField | Generated, facts: SetupModalFacts): KnownBlock | undefined {
  if (!('id' in setting)) return section(`*${setting.label}:* ${setting.inForm}`);
  if (setting.input === undefined) return undefined;
  const { label, hint } = setting;
  return {
    ...input(inputBlockId(setting.input, facts), label, element(setting, setting.input, facts)),
    ...(isOptional(setting) && { optional: true }),
    ...(hint !== undefined && { hint: plain(hint, 2000) }),
  };
}

/** Slack lets nobody submit an empty field that isn't: an unchecked box is empty too. */
function isOptional({ input, plan }: AnyField): boolean {
  return input?.kind === 'checkbox' || plan?.safeParse(undefined).success === true;
}

type FieldInput = NonNullable<AnyField['input']>;

/** Slack keeps what a field with a known id shows: a default that comes later needs a field of its own. */
function inputBlockId(
  input: FieldInput,
  { requester, requesterCameLate }: Pick<SetupModalFacts, 'requester' | 'requesterCameLate'>,
): string {
  return requesterCameLate && chosenAtFirst(input, requester).length > 0 ? lateBlockId(input) : input.block;
}

export function lateBlockId({ block }: FieldInput): string {
  return `${block}_with_default`;
}

/** Does some field of the form get a default, now that this is known of the requester? */
export function hasDefaults(requester: Requester | undefined): boolean {
  return fields.some(({ input }) => input !== undefined && chosenAtFirst(input, requester).length > 0);
}

function chosenAtFirst(input: FieldInput, requester: Requester | undefined): Choice[] {
  const isSelect = input.kind === 'select' || input.kind === 'multi_select';
  return isSelect && requester !== undefined ? (input.initial?.(requester) ?? []) : [];
}

/** Slack refuses an empty one. */
function initialValue(text: string): { initial_value?: string } {
  return text === '' ? {} : { initial_value: text };
}

function element(
  field: AnyField,
  input: FieldInput,
  { filled, requester }: SetupModalFacts,
): InputBlock['element'] {
  const settings = filled !== undefined && field.id in filled.settings ? filled.settings : undefined;
  switch (input.kind) {
    case 'text':
    case 'email':
      return {
        type: input.kind === 'text' ? 'plain_text_input' : 'email_text_input',
        action_id: actionIds.input,
        ...initialValue(textShown(field, filled)),
      };
    case 'checkbox': {
      const isChecked = settings === undefined ? input.initial : input.isChecked(settings);
      return {
        type: 'checkboxes',
        action_id: actionIds.input,
        options: [checked],
        ...(isChecked && { initial_options: [checked] }),
      };
    }
    case 'select':
    case 'multi_select': {
      const { action, placeholder } = input;
      const chosen = (settings === undefined ? chosenAtFirst(input, requester) : input.chosen(settings)).map(
        option,
      );
      const offered = { action_id: action, placeholder: plain(placeholder, 150), min_query_length: 0 };
      // Slack refuses an empty list of what is chosen.
      if (input.kind === 'select')
        return { type: 'external_select', ...offered, ...(chosen[0] && { initial_option: chosen[0] }) };
      return {
        type: 'multi_external_select',
        ...offered,
        ...(chosen.length > 0 && { initial_options: chosen }),
      };
    }
  }
}

function input(blockId: string, label: string, element: InputBlock['element']): InputBlock {
  return { type: 'input', block_id: blockId, label: plain(label, 2000), element };
}
