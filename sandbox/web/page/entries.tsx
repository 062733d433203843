import type {
  Datepicker,
  DateTimepicker,
  EmailInput,
  FileInput,
  NumberInput,
  PlainTextInput,
  RichTextInput,
  Timepicker,
  URLInput,
} from '@slack/types';
import { useSignal } from '@preact/signals';
import type { FieldValue } from '../../control/screen.ts';
import { heldText, useField } from './field.ts';
import { Icon } from './icons.tsx';
import type { ElementProps, Labelling } from './kit.ts';
import { performAt } from './state.ts';

type TypedInto = PlainTextInput | EmailInput | URLInput | NumberInput | RichTextInput;

/** What a screen reader is told of a native field. */
function described(labelling: Labelling) {
  return {
    id: labelling.id,
    'aria-label': labelling.labelledBy === undefined ? labelling.name : undefined,
    'aria-describedby': labelling.describedBy,
    'aria-invalid': labelling.isInvalid,
    'aria-required': labelling.isRequired,
  };
}

/** A field of text. What is being typed stays as it is typed; the rest of the time it shows what Slack holds. */
export function TextField(props: ElementProps<TypedInto>) {
  const { element, labelling, at, blockId } = props;
  const { held, set } = useField(props);
  const draft = useSignal<string | undefined>(undefined);
  const isLong = element.type === 'rich_text_input' || ('multiline' in element && element.multiline);
  const common = {
    ...described(labelling),
    autoFocus: element.focus_on_load === true,
    class: labelling.isInvalid ? 'input field-invalid' : 'input',
    placeholder: element.placeholder?.text,
    maxLength: 'max_length' in element ? element.max_length : 3000,
    value: draft.value ?? textIn(element, held),
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      draft.value = currentTarget.value;
      void set(heldBy(element, currentTarget.value));
    },
    onBlur: () => {
      draft.value = undefined;
    },
  };
  if (isLong) return <textarea {...common} rows={4} />;
  return (
    <input
      {...common}
      inputMode={keyboards[element.type]}
      autoComplete="off"
      onKeyDown={(event) => {
        const action = element.action_id;
        if (event.key === 'Enter')
          void performAt(at.place, { do: 'enter', block: blockId, action, label: labelling.name });
      }}
    />
  );
}

/** Texts all: what is wrong with an address or a number Slack says itself. */
const keyboards = {
  plain_text_input: 'text',
  number_input: 'decimal',
  rich_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
} as const;

const pickerTypes = { datepicker: 'date', timepicker: 'time', datetimepicker: 'datetime-local' } as const;

function textIn(element: TypedInto, held: FieldValue | undefined): string {
  if (element.type !== 'rich_text_input') return heldText(held, 'value')[0] ?? '';
  return textOf(held?.['rich_text_value']);
}

/** The words of a rich text. */
function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  if ('text' in value && typeof value.text === 'string') return value.text;
  return 'elements' in value ? textOf(value.elements) : '';
}

function heldBy({ type }: TypedInto, text: string): FieldValue {
  if (type !== 'rich_text_input') return { type, value: text === '' ? null : text };
  const section = { type: 'rich_text_section', elements: [{ type: 'text', text }] };
  return text === ''
    ? { type }
    : { type, rich_text_value: { type: 'rich_text', block_id: 'entered', elements: [section] } };
}

/** Days and times, by the browser's own pickers. */
export function PickerField(props: ElementProps<Datepicker | Timepicker | DateTimepicker>) {
  const { element, labelling } = props;
  const { held, set } = useField(props);
  const zone = element.type === 'timepicker' ? element.timezone : undefined;
  return (
    <span class="picker">
      <input
        {...described(labelling)}
        class={labelling.isInvalid ? 'input field-invalid' : 'input'}
        type={pickerTypes[element.type]}
        value={picked(element, held)}
        onChange={({ currentTarget }) => {
          void set(heldByPicker(element, currentTarget.value), element.confirm);
        }}
      />
      {zone !== undefined && <span class="hint">{zone}</span>}
    </span>
  );
}

function picked(element: Datepicker | Timepicker | DateTimepicker, held: FieldValue | undefined): string {
  if (element.type === 'datepicker') return heldText(held, 'selected_date')[0] ?? '';
  if (element.type === 'timepicker') return heldText(held, 'selected_time')[0] ?? '';
  const seconds = held?.['selected_date_time'];
  if (typeof seconds !== 'number') return '';
  const date = new Date(seconds * 1000);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

function heldByPicker(element: Datepicker | Timepicker | DateTimepicker, text: string): FieldValue {
  const value = text === '' ? null : text;
  switch (element.type) {
    case 'datepicker':
      return { type: element.type, selected_date: value };
    case 'timepicker':
      return {
        type: element.type,
        selected_time: value,
        ...(element.timezone !== undefined && { timezone: element.timezone }),
      };
    case 'datetimepicker':
      return {
        type: element.type,
        selected_date_time: value === null ? null : Math.floor(new Date(value).getTime() / 1000),
      };
  }
}

/** Files by name: their content stays on this machine. */
export function FileField(props: ElementProps<FileInput>) {
  const { element, labelling, at, blockId } = props;
  const { held } = useField(props);
  const files = Array.isArray(held?.['files']) ? held['files'] : [];
  return (
    <div class="file-field">
      <input
        {...described(labelling)}
        type="file"
        multiple={(element.max_files ?? 10) > 1}
        accept={element.filetypes?.map((type) => `.${type}`).join(',')}
        onChange={({ currentTarget }) => {
          const names = [...(currentTarget.files ?? [])].map(({ name }) => name);
          void performAt(at.place, {
            do: 'upload',
            block: blockId,
            action: element.action_id,
            label: labelling.name,
            names,
          });
        }}
      />
      {files.length > 0 && (
        <span class="hint">
          <Icon name="file" /> {files.length} chosen
        </span>
      )}
    </div>
  );
}
