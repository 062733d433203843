import type { InputElement, Option, View } from './block-kit.ts';

type Selected = { text: { text: string }; value: string };

/** What one field holds, in the shape of `view.state.values`. */
export type FieldState =
  | { type: 'plain_text_input' | 'email_text_input'; value: string | null }
  | { type: 'external_select' | 'static_select'; selected_option: Selected | null }
  | { type: 'multi_external_select' | 'checkboxes'; selected_options: Selected[] };

export type Values = Record<string, Record<string, FieldState>>;

/** What the fields hold when the view opens. Only fields with a block_id of their own can be named. */
export function initialValues(view: View): Values {
  const values: Values = {};
  for (const block of view.blocks)
    if (block.type === 'input' && block.block_id !== undefined)
      values[block.block_id] = { [block.element.action_id]: initialState(block.element) };
  return values;
}

/** What was entered survives a new view only where block_id, action_id and type are the same. */
export function keptValues(before: Values, view: View): Values {
  const values = initialValues(view);
  for (const [blockId, fields] of Object.entries(values))
    for (const [actionId, fresh] of Object.entries(fields)) {
      const old = before[blockId]?.[actionId];
      if (old?.type === fresh.type) fields[actionId] = old;
    }
  return values;
}

function initialState(element: InputElement): FieldState {
  switch (element.type) {
    case 'plain_text_input':
    case 'email_text_input':
      return { type: element.type, value: element.initial_value ?? null };
    case 'external_select':
    case 'static_select':
      return { type: element.type, selected_option: element.initial_option ?? null };
    case 'multi_external_select':
    case 'checkboxes':
      return { type: element.type, selected_options: element.initial_options ?? [] };
  }
}

/** What a person sees in the field. */
export function shownValue(state: FieldState | undefined): string {
  if (state === undefined) return '';
  if ('value' in state) return state.value ?? '';
  if ('selected_option' in state) return state.selected_option?.text.text ?? '';
  return state.selected_options.map((option) => option.text.text).join(', ');
}

export function isEmpty(state: FieldState | undefined): boolean {
  return shownValue(state) === '';
}

export type { Option };
