import { useSignal } from '@preact/signals';
import type { FieldValue } from '../../control/screen.ts';
import type { ConfirmationDialog, Element, ElementProps } from './kit.ts';
import { isSure, performAt, trouble } from './state.ts';

/** An option as the app gave it. */
export type Option = {
  text: { type: string; text: string };
  value?: string | undefined;
  description?: { type: string; text: string } | undefined;
};

/** What a field holds, and how to change it. Asks first where the element wants it. */
export function useField<E extends Element>({ element, blockId, at }: ElementProps<E>) {
  const failed = useSignal<string | undefined>(undefined);
  const action = element.action_id ?? '';
  return {
    held: at.values[blockId]?.[action],
    failed: failed.value,
    set: async (state: FieldValue, confirm?: ConfirmationDialog): Promise<void> => {
      if (!(await isSure(confirm))) return;
      const { failure } = await performAt(at.place, { do: 'set', block: blockId, action, state });
      failed.value = failure === undefined ? undefined : trouble;
    },
  };
}

const isOption = (value: unknown): value is Option =>
  typeof value === 'object' && value !== null && 'text' in value && 'value' in value;

export function heldOption(held: FieldValue | undefined): Option[] {
  return isOption(held?.['selected_option']) ? [held['selected_option']] : [];
}

export function heldOptions(held: FieldValue | undefined): Option[] {
  const all = held?.['selected_options'];
  return Array.isArray(all) ? all.filter(isOption) : [];
}

export function heldText(held: FieldValue | undefined, key: string): string[] {
  const value = held?.[key];
  return typeof value === 'string' ? [value] : [];
}

export function heldTexts(held: FieldValue | undefined, key: string): string[] {
  const all = held?.[key];
  return Array.isArray(all) ? all.filter((one) => typeof one === 'string') : [];
}
