import type { Checkboxes, RadioButtons } from '@slack/types';
import type { FieldValue } from '../../control/screen.ts';
import { heldOption, heldOptions, useField, type Option } from './field.ts';
import type { ElementProps } from './kit.ts';
import { Text } from './text.tsx';

/** A group of checkboxes or of radio buttons: native ones, so the browser's own keys work. */
export function BoxesField(props: ElementProps<Checkboxes | RadioButtons>) {
  const { element, labelling } = props;
  const { held, set } = useField(props);
  const isRadio = element.type === 'radio_buttons';
  const chosen = isRadio ? heldOption(held) : heldOptions(held);
  const isOn = (option: Option) => chosen.some(({ value }) => value === option.value);
  const toggle = (option: Option, on: boolean) => {
    const next = element.options.filter((one) => (one.value === option.value ? on : isOn(one)));
    const state: FieldValue = isRadio
      ? { type: element.type, selected_option: option }
      : { type: element.type, selected_options: next };
    void set(state, element.confirm);
  };
  return (
    <div
      class="boxes"
      role={isRadio ? 'radiogroup' : 'group'}
      aria-labelledby={labelling.labelledBy}
      aria-label={labelling.labelledBy === undefined ? labelling.name : undefined}
      aria-describedby={labelling.describedBy}
      aria-required={isRadio ? labelling.isRequired : undefined}
    >
      {element.options.map((option, index) => {
        const description = option.description === undefined ? undefined : `${labelling.id}-${index}-more`;
        return (
          <div class="box" key={option.value}>
            <input
              type={isRadio ? 'radio' : 'checkbox'}
              id={index === 0 ? labelling.id : `${labelling.id}-${index}`}
              name={labelling.id}
              checked={isOn(option)}
              aria-invalid={labelling.isInvalid}
              aria-describedby={description}
              onChange={({ currentTarget }) => {
                toggle(option, currentTarget.checked);
              }}
            />
            <label for={index === 0 ? labelling.id : `${labelling.id}-${index}`}>
              <Text text={option.text} />
            </label>
            {option.description !== undefined && (
              <small id={description}>
                <Text text={option.description} />
              </small>
            )}
          </div>
        );
      })}
    </div>
  );
}
