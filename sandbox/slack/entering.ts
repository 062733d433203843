import type { InputBlock, InputElement } from './block-kit/blocks.ts';
import { datePatterns } from './block-kit/inputs.ts';
import { most } from './block-kit/limits.ts';
import { isEmpty, type FieldState, type Names } from './state.ts';

/** The field after somebody typed this into it. @throws where Slack's client would not let them */
export function entered(element: InputElement, label: string, text: string): FieldState {
  const { type } = element;
  const value = text === '' ? null : text;
  if (type === 'plain_text_input') {
    const longest = element.max_length ?? most['plain_text_input.length'];
    if (Array.from(text).length > longest) throw new Error(`${label} takes ${longest} characters`);
    return { type, value };
  }
  if (type === 'email_text_input' || type === 'url_text_input' || type === 'number_input')
    return { type, value };
  if (type === 'rich_text_input')
    return { type, ...(value !== null && { rich_text_value: richTextOf(value) }) };
  if (type === 'datepicker') return { type, selected_date: matching(label, value, datePatterns.date) };
  if (type === 'timepicker') {
    const zone = element.timezone === undefined ? {} : { timezone: element.timezone };
    return { type, selected_time: matching(label, value, datePatterns.time), ...zone };
  }
  if (type === 'datetimepicker') {
    const seconds = matching(label, value, datePatterns.timestamp);
    return { type, selected_date_time: seconds === null ? null : Number(seconds) };
  }
  throw new Error(`${label} is not a field to type in`);
}

function matching(label: string, value: string | null, pattern: RegExp): string | null {
  if (value !== null && !pattern.test(value)) throw new Error(`${label} does not take ${value}`);
  return value;
}

function richTextOf(text: string) {
  return {
    type: 'rich_text' as const,
    block_id: 'entered',
    elements: [{ type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text }] }],
  };
}

const requiredMessage = 'Please complete this required field.';

/** What Slack's client says under a field before it lets anybody submit. */
export function complaintAbout(
  { element, optional }: InputBlock,
  state: FieldState | undefined,
  names: Names,
): string | undefined {
  if (isEmpty(state, names)) return optional === true ? undefined : requiredMessage;
  if (state === undefined || !('value' in state)) return undefined;
  const value = state.value ?? '';
  if (element.type === 'plain_text_input') {
    const shortest = element.min_length ?? 0;
    return Array.from(value).length < shortest ? `Please enter at least ${shortest} characters.` : undefined;
  }
  if (element.type === 'email_text_input')
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Please enter a valid email address.';
  if (element.type === 'url_text_input') return URL.canParse(value) ? undefined : 'Please enter a valid URL.';
  return element.type === 'number_input' ? complaintAboutNumber(element, value) : undefined;
}

function complaintAboutNumber(
  element: Extract<InputElement, { type: 'number_input' }>,
  value: string,
): string | undefined {
  const pattern = element.is_decimal_allowed ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/;
  if (!pattern.test(value))
    return element.is_decimal_allowed ? 'Please enter a number.' : 'Please enter a whole number.';
  const { min_value: least, max_value: greatest } = element;
  if (least !== undefined && Number(value) < Number(least)) return `Please enter ${least} or more.`;
  if (greatest !== undefined && Number(value) > Number(greatest)) return `Please enter ${greatest} or less.`;
  return undefined;
}
