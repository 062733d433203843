import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Labelling } from './kit.ts';
import { Icon } from './icons.tsx';
import { OptionsList, type Choice, type Offer } from './options-list.tsx';

type ComboboxProps = {
  labelling: Labelling;
  placeholder: string;
  chosen: readonly Choice[];
  /** Several may be chosen; `most` of them. */
  isMulti: boolean;
  most: number;
  autoFocus: boolean;
  /** What is offered for this text. Rejects when there is no answer. */
  find: (query: string) => Choice[] | Promise<Choice[]>;
  /** Wait this long after a key before asking. */
  debounceMs: number;
  onChoose: (chosen: Choice[]) => void;
};

/** A text field with a list under it, after the combobox pattern of the ARIA guide. Chosen ones of several are tokens. */
export function Combobox(props: ComboboxProps) {
  const { labelling, placeholder, chosen, isMulti, most, find, debounceMs, onChoose } = props;
  const { id } = labelling;
  const input = useRef<HTMLInputElement>(null);
  const query = useSignal<string | undefined>(undefined);
  const offer = useSignal<Offer>({ state: 'closed' });
  const active = useSignal(0);
  const asking = useRef(0);
  const timer = useRef<number>(undefined);

  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );

  const close = () => {
    asking.current += 1;
    window.clearTimeout(timer.current);
    offer.value = { state: 'closed' };
    query.value = undefined;
  };
  const ask = (text: string, afterMs: number) => {
    const turn = (asking.current += 1);
    window.clearTimeout(timer.current);
    const take = (found: Offer) => {
      if (turn !== asking.current) return;
      offer.value = found;
      active.value = 0;
    };
    timer.current = window.setTimeout(() => {
      const found = find(text);
      if (found instanceof Promise) {
        take({ state: 'loading' });
        found.then(
          (choices) => {
            take({ state: 'open', choices });
          },
          () => {
            take({ state: 'failed' });
          },
        );
      } else take({ state: 'open', choices: found });
    }, afterMs);
  };
  const isChosen = (choice: Choice) => chosen.some(({ value }) => value === choice.value);
  const choose = (choice: Choice) => {
    if (!isMulti) onChoose([choice]);
    else if (isChosen(choice)) onChoose(chosen.filter(({ value }) => value !== choice.value));
    else if (chosen.length < most) onChoose([...chosen, choice]);
    close();
    input.current?.focus();
  };
  const choices = offer.value.state === 'open' ? offer.value.choices : [];
  const isOpen = offer.value.state !== 'closed';

  const onKeyDown = (event: KeyboardEvent) => {
    const move = (to: number) => {
      event.preventDefault();
      if (!isOpen) ask('', 0);
      else if (choices.length > 0) active.value = (to + choices.length) % choices.length;
    };
    switch (event.key) {
      case 'ArrowDown':
        move(active.value + 1);
        return;
      case 'ArrowUp':
        move(active.value - 1);
        return;
      case 'Enter': {
        // Enter in a field of choices never submits the form around it.
        event.preventDefault();
        const choice = choices[active.value];
        if (choice !== undefined) choose(choice);
        return;
      }
      case 'Escape':
        if (!isOpen) return;
        event.preventDefault();
        event.stopPropagation();
        close();
        return;
      case 'Backspace':
        if (query.value === undefined && isMulti && chosen.length > 0) onChoose(chosen.slice(0, -1));
        return;
      default:
        // What is typed looks for another choice: it is not added to the name of the chosen one.
        if (isCharacter(event) && query.value === undefined) input.current?.select();
    }
  };

  const only = isMulti ? undefined : chosen[0];
  return (
    <div class={labelling.isInvalid ? 'combobox field-invalid' : 'combobox'}>
      {isMulti && chosen.length > 0 && (
        <ul class="tokens" aria-label={`Chosen: ${labelling.name}`}>
          {chosen.map((choice) => (
            <li key={choice.value}>
              <button
                type="button"
                class="token"
                aria-label={`Remove ${choice.text}`}
                onClick={() => {
                  onChoose(chosen.filter(({ value }) => value !== choice.value));
                  input.current?.focus();
                }}
              >
                <span>{choice.text}</span>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        id={id}
        class="combobox-input"
        role="combobox"
        type="text"
        autoComplete="off"
        spellcheck={false}
        autoFocus={props.autoFocus}
        aria-label={labelling.labelledBy === undefined ? labelling.name : undefined}
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={choices.length > 0 ? `${id}-option-${active.value}` : undefined}
        aria-describedby={labelling.describedBy}
        aria-invalid={labelling.isInvalid}
        aria-required={labelling.isRequired}
        placeholder={isMulti && chosen.length > 0 ? '' : placeholder}
        value={query.value ?? only?.text ?? ''}
        onInput={({ currentTarget }) => {
          query.value = currentTarget.value;
          if (!isMulti && currentTarget.value === '' && only !== undefined) onChoose([]);
          ask(currentTarget.value, debounceMs);
        }}
        onClick={() => {
          if (!isOpen) ask('', 0);
        }}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      <span class="combobox-arrow">
        <Icon name="down" />
      </span>
      <OptionsList
        id={id}
        name={labelling.name}
        offer={offer.value}
        active={active.value}
        anchor={input.current}
      >
        {(choice, index) => (
          <li
            key={choice.value}
            id={`${id}-option-${index}`}
            role="option"
            class={index === active.value ? 'option option-active' : 'option'}
            aria-selected={isChosen(choice)}
            // Before the field loses its focus.
            onMouseDown={(event) => {
              event.preventDefault();
              choose(choice);
            }}
            onMouseMove={() => {
              active.value = index;
            }}
          >
            <span class="option-text">
              {choice.text}
              {choice.description !== undefined && <small>{choice.description}</small>}
            </span>
            {isChosen(choice) && <Icon name="check" />}
          </li>
        )}
      </OptionsList>
    </div>
  );
}

function isCharacter({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return Array.from(key).length === 1 && !ctrlKey && !metaKey && !altKey;
}
