import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { CommandHint } from '../../control/screen.ts';
import { Icon } from './icons.tsx';
import { GlobalShortcuts } from './shortcuts.tsx';
import { perform, screen } from './state.ts';

type ComposerProps = { channel: string; label: string; threadTs?: string };

/** Where messages and commands are written. A `/` offers the commands of the manifest. */
export function Composer({ channel, label, threadTs }: ComposerProps) {
  const text = useSignal('');
  const active = useSignal(0);
  const isDismissed = useSignal(false);
  const failure = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const id = threadTs === undefined ? 'composer' : 'thread-composer';
  const hints = threadTs === undefined && !isDismissed.value ? hintsFor(text.value) : [];

  const send = async () => {
    const line = text.value.trim();
    if (line === '' || isBusy.value) return;
    isBusy.value = true;
    text.value = '';
    const answer = await perform({ do: 'type', channel, line, ...(threadTs !== undefined && { threadTs }) });
    failure.value = answer.failure;
    if (answer.failure !== undefined && text.value === '') text.value = line;
    isBusy.value = false;
  };
  const complete = ({ command }: CommandHint) => {
    text.value = `${command} `;
    isDismissed.value = true;
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const hint = hints[active.value];
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      // A command that stands there whole is sent, not completed.
      if (hint !== undefined && hint.command !== text.value.trim()) complete(hint);
      else void send();
    } else if (hint === undefined) return;
    else if (event.key === 'Tab') {
      event.preventDefault();
      complete(hint);
    } else if (event.key === 'Escape') isDismissed.value = true;
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      active.value = (active.value + step + hints.length) % hints.length;
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div role="alert">
        {failure.value !== undefined && (
          <p class="composer-failure">
            <Icon name="alert" /> {failure.value}
          </p>
        )}
      </div>
      <ul id={`${id}-hints`} class="hints" role="listbox" aria-label="Commands" hidden={hints.length === 0}>
        {hints.map((hint, index) => (
          <li
            key={hint.command}
            id={`${id}-hint-${index}`}
            role="option"
            aria-selected={index === active.value}
            class={index === active.value ? 'option option-active' : 'option'}
            onMouseDown={(event) => {
              event.preventDefault();
              complete(hint);
            }}
          >
            <span class="option-text">
              <span>
                <strong>{hint.command}</strong> <span class="usage">{hint.usageHint}</span>
              </span>
              <small>{hint.description}</small>
            </span>
            <small>Neo Setup</small>
          </li>
        ))}
      </ul>
      <div class="composer-box">
        <GlobalShortcuts />
        <input
          ref={input}
          id={id}
          role="combobox"
          type="text"
          autoComplete="off"
          aria-label={label}
          aria-expanded={hints.length > 0}
          aria-controls={`${id}-hints`}
          aria-autocomplete="list"
          aria-activedescendant={hints.length > 0 ? `${id}-hint-${active.value}` : undefined}
          placeholder={label}
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
            isDismissed.value = false;
            active.value = 0;
            failure.value = undefined;
          }}
          onKeyDown={onKeyDown}
          onBlur={() => {
            isDismissed.value = true;
          }}
        />
        <button type="submit" class="send" aria-label="Send" aria-busy={isBusy.value}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}

/** Commands show until the first space after them. */
function hintsFor(text: string): CommandHint[] {
  if (!text.startsWith('/') || text.includes(' ')) return [];
  return (screen.value?.commands ?? []).filter(({ command }) => command.startsWith(text));
}
