import type { MultiSelect, Select } from '@slack/types';
import type { FieldValue } from '../../control/screen.ts';
import { Combobox } from './combobox.tsx';
import { heldOption, heldOptions, heldText, heldTexts, useField, type Option } from './field.ts';
import type { ElementProps } from './kit.ts';
import type { Choice } from './options-list.tsx';
import { performAt, screen } from './state.ts';

const searchAfterMs = 200;

/** Every menu of Block Kit: with options of its own, of the app, or of the workspace. */
export function SelectField(props: ElementProps<Select | MultiSelect>) {
  const { element, labelling } = props;
  const field = useField(props);
  const isMulti = element.type.startsWith('multi_');
  const most = 'max_selected_items' in element ? (element.max_selected_items ?? Infinity) : Infinity;
  return (
    <Combobox
      labelling={labelling}
      placeholder={element.placeholder?.text ?? (isMulti ? 'Select options' : 'Select an option')}
      chosen={chosenIn(element, field.held)}
      isMulti={isMulti}
      most={most}
      autoFocus={element.focus_on_load === true}
      find={(query) => find(props, query)}
      debounceMs={element.type.endsWith('external_select') ? searchAfterMs : 0}
      onChoose={(chosen) => {
        void field.set(heldBy(element, chosen), element.confirm);
      }}
    />
  );
}

function find(props: ElementProps<Select | MultiSelect>, query: string): Choice[] | Promise<Choice[]> {
  const { element, blockId, at, labelling } = props;
  const matching = (choices: Choice[]) =>
    choices.filter(({ text }) => text.toLowerCase().includes(query.toLowerCase()));
  switch (element.type) {
    case 'external_select':
    case 'multi_external_select': {
      const step = { do: 'search', block: blockId, action: element.action_id, label: labelling.name, query };
      return performAt(at.place, step).then(({ failure, options = [] }) => {
        if (failure !== undefined) throw new Error(failure);
        return options.map(choiceOf);
      });
    }
    case 'static_select':
    case 'multi_static_select':
      return matching([
        ...(element.options ?? []).map(choiceOf),
        ...(element.option_groups ?? []).flatMap(({ label, options }) =>
          options.map((option) => ({ ...choiceOf(option), group: label.text })),
        ),
      ]);
    case 'users_select':
    case 'multi_users_select':
      return matching(
        (screen.value?.people ?? []).map(({ id, name, role }) => ({
          value: id,
          text: name,
          description: role,
        })),
      );
    case 'conversations_select':
    case 'multi_conversations_select':
    case 'channels_select':
    case 'multi_channels_select':
      return matching(
        (screen.value?.conversations ?? []).map(({ id, name, kind }) => ({
          value: id,
          text: kind === 'im' ? name : `#${name}`,
        })),
      );
  }
}

function choiceOf(option: Option): Choice {
  return { value: option.value ?? '', text: option.text.text, description: option.description?.text, option };
}

function named(id: string): Choice {
  return { value: id, text: screen.value?.names[id] ?? id };
}

function chosenIn(element: Select | MultiSelect, held: FieldValue | undefined): Choice[] {
  switch (element.type) {
    case 'static_select':
    case 'external_select':
      return heldOption(held).map(choiceOf);
    case 'multi_static_select':
    case 'multi_external_select':
      return heldOptions(held).map(choiceOf);
    case 'users_select':
      return heldText(held, 'selected_user').map(named);
    case 'conversations_select':
      return heldText(held, 'selected_conversation').map(named);
    case 'channels_select':
      return heldText(held, 'selected_channel').map(named);
    case 'multi_users_select':
      return heldTexts(held, 'selected_users').map(named);
    case 'multi_conversations_select':
      return heldTexts(held, 'selected_conversations').map(named);
    case 'multi_channels_select':
      return heldTexts(held, 'selected_channels').map(named);
  }
}

/** What the field holds once these are chosen, in the shape of `view.state.values`. */
function heldBy({ type }: Select | MultiSelect, chosen: Choice[]): FieldValue {
  const ids = chosen.map(({ value }) => value);
  const options = chosen.flatMap(({ option }) => option ?? []);
  switch (type) {
    case 'static_select':
    case 'external_select':
      return { type, selected_option: options[0] ?? null };
    case 'multi_static_select':
    case 'multi_external_select':
      return { type, selected_options: options };
    case 'users_select':
      return { type, selected_user: ids[0] ?? null };
    case 'conversations_select':
      return { type, selected_conversation: ids[0] ?? null };
    case 'channels_select':
      return { type, selected_channel: ids[0] ?? null };
    case 'multi_users_select':
      return { type, selected_users: ids };
    case 'multi_conversations_select':
      return { type, selected_conversations: ids };
    case 'multi_channels_select':
      return { type, selected_channels: ids };
  }
}
