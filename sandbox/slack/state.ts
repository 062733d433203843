import type { Block } from './block-kit.ts';
import type { InputElement, Interactive } from './block-kit/blocks.ts';
import type { Selected } from './block-kit/composition.ts';
import { interactiveIn } from './block-kit/interactive.ts';
import { cellText } from './block-kit/newer-blocks.ts';
import type { RichText } from './block-kit/rich-text.ts';

export type UploadedFile = { id: string; name: string; title: string; filetype: string; user: string };

/** What one field holds, in the shape of `view.state.values`. */
export type FieldState =
  | {
      type: 'plain_text_input' | 'email_text_input' | 'url_text_input' | 'number_input';
      value: string | null;
    }
  | { type: 'rich_text_input'; rich_text_value?: RichText }
  | { type: 'datepicker'; selected_date: string | null }
  | { type: 'timepicker'; selected_time: string | null; timezone?: string }
  | { type: 'datetimepicker'; selected_date_time: number | null }
  | { type: 'static_select' | 'external_select' | 'radio_buttons'; selected_option: Selected | null }
  | { type: 'multi_static_select' | 'multi_external_select' | 'checkboxes'; selected_options: Selected[] }
  | { type: 'users_select'; selected_user: string | null }
  | { type: 'multi_users_select'; selected_users: string[] }
  | { type: 'conversations_select'; selected_conversation: string | null }
  | { type: 'multi_conversations_select'; selected_conversations: string[] }
  | { type: 'channels_select'; selected_channel: string | null }
  | { type: 'multi_channels_select'; selected_channels: string[] }
  | { type: 'file_input'; files: UploadedFile[] };

export type Values = Record<string, Record<string, FieldState>>;

/**
 * What the fields hold when they are first drawn, outside input blocks too. `conversation` is where the
 * person was, for `default_to_current_conversation`.
 */
export function initialValues(blocks: readonly Block[], conversation?: string): Values {
  const values: Values = {};
  for (const { blockId, element } of interactiveIn(blocks)) {
    if (!hasState(element)) continue;
    values[blockId] = { ...values[blockId], [element.action_id]: initialState(element, conversation) };
  }
  return values;
}

/** What was entered survives a new view only where block_id, action_id and type are the same. */
export function keptValues(before: Values, blocks: readonly Block[], conversation?: string): Values {
  const values = initialValues(blocks, conversation);
  for (const [blockId, fields] of Object.entries(values))
    for (const [actionId, fresh] of Object.entries(fields)) {
      const old = before[blockId]?.[actionId];
      if (old?.type === fresh.type) fields[actionId] = old;
    }
  return values;
}

/** Buttons and overflow menus hold nothing. */
export function hasState(element: Interactive): element is InputElement {
  return !['button', 'feedback_buttons', 'icon_button', 'overflow', 'workflow_button'].includes(element.type);
}

/** Text is told to the app only when its `dispatch_action_config` says so. */
export function isTypedInto(
  element: InputElement,
): element is Extract<InputElement, { dispatch_action_config?: unknown }> {
  return (
    element.type === 'plain_text_input' ||
    element.type === 'email_text_input' ||
    element.type === 'url_text_input' ||
    element.type === 'number_input' ||
    element.type === 'rich_text_input'
  );
}

function initialState(element: InputElement, conversation: string | undefined): FieldState {
  switch (element.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return { type: element.type, value: element.initial_value ?? null };
    case 'rich_text_input':
      return {
        type: element.type,
        ...(element.initial_value !== undefined && { rich_text_value: element.initial_value }),
      };
    case 'datepicker':
      return { type: element.type, selected_date: element.initial_date ?? null };
    case 'timepicker':
      return {
        type: element.type,
        selected_time: element.initial_time ?? null,
        ...(element.timezone !== undefined && { timezone: element.timezone }),
      };
    case 'datetimepicker':
      return { type: element.type, selected_date_time: element.initial_date_time ?? null };
    case 'external_select':
    case 'static_select':
    case 'radio_buttons':
      return { type: element.type, selected_option: element.initial_option ?? null };
    case 'multi_external_select':
    case 'multi_static_select':
    case 'checkboxes':
      return { type: element.type, selected_options: element.initial_options ?? [] };
    case 'file_input':
      return { type: element.type, files: [] };
    case 'users_select':
      return { type: element.type, selected_user: element.initial_user ?? null };
    case 'multi_users_select':
      return { type: element.type, selected_users: element.initial_users ?? [] };
    case 'channels_select':
      return { type: element.type, selected_channel: element.initial_channel ?? null };
    case 'multi_channels_select':
      return { type: element.type, selected_channels: element.initial_channels ?? [] };
    case 'conversations_select': {
      const current = element.default_to_current_conversation === true ? conversation : undefined;
      return { type: element.type, selected_conversation: element.initial_conversation ?? current ?? null };
    }
    case 'multi_conversations_select': {
      const current =
        element.default_to_current_conversation === true && conversation !== undefined ? [conversation] : [];
      return { type: element.type, selected_conversations: element.initial_conversations ?? current };
    }
  }
}

/** How ids read to a person. */
export type Names = { user: (id: string) => string; channel: (id: string) => string };

/** What a person sees in the field. */
export function shownValue(state: FieldState | undefined, names: Names): string {
  if (state === undefined) return '';
  switch (state.type) {
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
      return state.value ?? '';
    case 'rich_text_input':
      return state.rich_text_value === undefined ? '' : cellText(state.rich_text_value);
    case 'datepicker':
      return state.selected_date ?? '';
    case 'timepicker':
      return state.selected_time ?? '';
    case 'datetimepicker':
      return String(state.selected_date_time ?? '');
    case 'file_input':
      return state.files.map(({ name }) => name).join(', ');
    case 'static_select':
    case 'external_select':
    case 'radio_buttons':
      return state.selected_option?.text.text ?? '';
    case 'multi_static_select':
    case 'multi_external_select':
    case 'checkboxes':
      return state.selected_options.map(({ text }) => text.text).join(', ');
    case 'users_select':
      return (state.selected_user ?? '') && names.user(state.selected_user ?? '');
    case 'multi_users_select':
      return state.selected_users.map(names.user).join(', ');
    case 'conversations_select':
      return (state.selected_conversation ?? '') && names.channel(state.selected_conversation ?? '');
    case 'channels_select':
      return (state.selected_channel ?? '') && names.channel(state.selected_channel ?? '');
    case 'multi_conversations_select':
      return state.selected_conversations.map(names.channel).join(', ');
    case 'multi_channels_select':
      return state.selected_channels.map(names.channel).join(', ');
  }
}

export function isEmpty(state: FieldState | undefined, names: Names): boolean {
  return shownValue(state, names) === '';
}
