import type { InputElement } from './block-kit/blocks.ts';
import type { Selected } from './block-kit/composition.ts';
import type { FieldState } from './state.ts';
import type { Store } from './store.ts';

/** The options that the app gave with the element. */
export function ownOptions(element: InputElement): Selected[] | undefined {
  if (element.type === 'radio_buttons' || element.type === 'checkboxes') return element.options;
  if (element.type !== 'static_select' && element.type !== 'multi_static_select') return undefined;
  return [...(element.options ?? []), ...(element.option_groups ?? []).flatMap(({ options }) => options)];
}

/** The field with these options chosen. Undefined: it has no options. */
export function withOptions({ type }: InputElement, chosen: Selected[]): FieldState | undefined {
  const [first = null] = chosen;
  if (type === 'static_select' || type === 'external_select' || type === 'radio_buttons')
    return { type, selected_option: first };
  if (type === 'multi_static_select' || type === 'multi_external_select' || type === 'checkboxes')
    return { type, selected_options: chosen };
  return undefined;
}

/** The field with the people or channels of these names chosen. Undefined: it lists neither. */
export function withNames({ type }: InputElement, names: string[], store: Store): FieldState | undefined {
  const peopleIds = () => names.map((name) => idNamed([...store.people.values()], name));
  const channelIds = () => names.map((name) => idNamed([...store.channels.values()], name));
  if (type === 'users_select') return { type, selected_user: peopleIds()[0] ?? null };
  if (type === 'multi_users_select') return { type, selected_users: peopleIds() };
  if (type === 'conversations_select') return { type, selected_conversation: channelIds()[0] ?? null };
  if (type === 'multi_conversations_select') return { type, selected_conversations: channelIds() };
  if (type === 'channels_select') return { type, selected_channel: channelIds()[0] ?? null };
  if (type === 'multi_channels_select') return { type, selected_channels: channelIds() };
  return undefined;
}

function idNamed(all: readonly { id: string; name: string }[], name: string): string {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`Nobody and nothing here is named ${name}`);
  return found.id;
}

/** How many may be chosen. */
export function maxChosen(element: InputElement): number {
  if ('max_selected_items' in element) return element.max_selected_items ?? Infinity;
  return element.type.startsWith('multi_') || element.type === 'checkboxes' ? Infinity : 1;
}
