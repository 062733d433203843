import type { Button, FeedbackButtons, IconButton, Overflow, WorkflowButton } from '@slack/types';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';
import type { At, ConfirmationDialog, ElementProps } from './kit.ts';
import { isSure, performAt, trouble } from './state.ts';

type Pressed = { block: string; action: string | undefined; button: string };

/** A press: asked about where the app wants it, in hand until the app has answered, and told when it has not. */
function usePress(at: At) {
  const isBusy = useSignal(false);
  const failed = useSignal(false);
  return {
    isBusy: isBusy.value,
    failed: failed.value,
    press: async (pressed: Pressed, confirm?: ConfirmationDialog): Promise<void> => {
      if (isBusy.value) return;
      if (!(await isSure(confirm))) return;
      isBusy.value = true;
      const { failure } = await performAt(at.place, { do: 'press', ...pressed });
      isBusy.value = false;
      failed.value = failure !== undefined;
    },
  };
}

function Failed({ when }: { when: boolean }) {
  return (
    <span class="press-failed" role="alert">
      {when && (
        <>
          <Icon name="alert" /> {trouble}
        </>
      )}
    </span>
  );
}

export function PressButton({ element, blockId, at }: ElementProps<Button | WorkflowButton | IconButton>) {
  const { isBusy, failed, press } = usePress(at);
  const style = 'style' in element ? element.style : undefined;
  const pressed = { block: blockId, action: element.action_id, button: element.text.text };
  return (
    <>
      <button
        type="button"
        class={style === undefined ? 'button' : `button button-${style}`}
        aria-label={element.accessibility_label}
        aria-busy={isBusy}
        onClick={() => {
          if ('url' in element) window.open(element.url, '_blank', 'noopener,noreferrer');
          void press(pressed, element.confirm);
        }}
      >
        {element.type === 'icon_button' && <Icon name="trash" />}
        {element.text.text}
      </button>
      <Failed when={failed} />
    </>
  );
}

export function Feedback({ element, blockId, at }: ElementProps<FeedbackButtons>) {
  const { isBusy, failed, press } = usePress(at);
  return (
    <>
      {[element.positive_button, element.negative_button].map(({ text, accessibility_label: label }) => (
        <button
          type="button"
          class="button"
          aria-label={label}
          aria-busy={isBusy}
          onClick={() => {
            void press({ block: blockId, action: element.action_id, button: text.text });
          }}
        >
          {text.text}
        </button>
      ))}
      <Failed when={failed} />
    </>
  );
}

/** The menu behind the three dots. Arrows move in it, Escape leaves it. */
export function OverflowMenu({ element, blockId, at, labelling }: ElementProps<Overflow>) {
  const { isBusy, failed, press } = usePress(at);
  const isOpen = useSignal(false);
  const menu = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const entries = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useEffect(() => {
    if (isOpen.value) entries()[0]?.focus();
  }, [isOpen.value]);
  const leave = () => {
    isOpen.value = false;
    opener.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.findIndex((one) => one === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all.at(to % all.length)?.focus();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      leave();
    }
  };
  return (
    <span class="overflow">
      <button
        ref={opener}
        type="button"
        class="button button-icon"
        aria-label="More actions"
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-busy={isBusy}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name="more" />
      </button>
      {isOpen.value && (
        <div
          ref={menu}
          class="menu"
          role="menu"
          aria-label={labelling.name}
          onKeyDown={onKeyDown}
          onFocusOut={(event) => {
            if (!event.currentTarget.contains(event.relatedTarget as Node | null)) isOpen.value = false;
          }}
        >
          {element.options.map(({ text, value }) => (
            <button
              key={value}
              type="button"
              role="menuitem"
              tabIndex={-1}
              class="menu-item"
              onClick={() => {
                leave();
                void press({ block: blockId, action: element.action_id, button: text.text }, element.confirm);
              }}
            >
              {text.text}
            </button>
          ))}
        </div>
      )}
      <Failed when={failed} />
    </span>
  );
}
