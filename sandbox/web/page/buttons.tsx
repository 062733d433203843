import type { Button, FeedbackButtons, IconButton, Overflow, WorkflowButton } from '@slack/types';
import { useSignal } from '@preact/signals';
import { Icon } from './icons.tsx';
import type { At, ConfirmationDialog, ElementProps } from './kit.ts';
import { Menu } from './menu.tsx';
import { followPermalink } from './permalink.ts';
import { isSure, performAt } from './state.ts';
import { Trouble } from './trouble.tsx';

type Pressed = { block: string; action: string | undefined; label: string };

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

export function PressButton({ element, blockId, at }: ElementProps<Button | WorkflowButton | IconButton>) {
  const { isBusy, failed, press } = usePress(at);
  const style = 'style' in element ? element.style : undefined;
  const pressed = { block: blockId, action: element.action_id, label: element.text.text };
  return (
    <>
      <button
        type="button"
        class={style === undefined ? 'button' : `button button-${style}`}
        aria-label={element.accessibility_label}
        aria-busy={isBusy}
        onClick={() => {
          if ('url' in element) openAddress(element.url);
          void press(pressed, element.confirm);
        }}
      >
        {element.type === 'icon_button' && <Icon name="trash" />}
        {element.text.text}
      </button>
      <Trouble when={failed} />
    </>
  );
}

function openAddress(url: string | undefined): void {
  if (url === undefined || followPermalink(url)) return;
  window.open(url, '_blank', 'noopener,noreferrer');
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
            void press({ block: blockId, action: element.action_id, label: text.text });
          }}
        >
          {text.text}
        </button>
      ))}
      <Trouble when={failed} />
    </>
  );
}

/** The menu behind the three dots. */
export function OverflowMenu({ element, blockId, at, labelling }: ElementProps<Overflow>) {
  const { isBusy, failed, press } = usePress(at);
  return (
    <span>
      <Menu
        label="More actions"
        name={labelling.name}
        icon={<Icon name="more" />}
        class="button button-icon"
        align="end"
        isBusy={isBusy}
        entries={element.options.map(({ text, value, description }) => ({
          key: value ?? text.text,
          text: text.text,
          ...(description && { description: description.text }),
          choose: () => {
            void press({ block: blockId, action: element.action_id, label: text.text }, element.confirm);
          },
        }))}
      />
      <Trouble when={failed} />
    </span>
  );
}
