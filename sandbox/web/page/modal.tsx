import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Modal as Open } from '../../control/screen.ts';
import { Blocks } from './blocks.tsx';
import { Dialog } from './dialog.tsx';
import { Icon } from './icons.tsx';
import type { KnownBlock } from './kit.ts';
import { performAt, screen } from './state.ts';

/** The view on top of the stack. Those below it wait in the local Slack with what was entered. */
export function Modals() {
  const stack = screen.value?.modals ?? [];
  const top = stack.at(-1);
  return top === undefined ? null : <ModalView key={top.id} modal={top} depth={stack.length} />;
}

function ModalView({ modal, depth }: { modal: Open<KnownBlock>; depth: number }) {
  const isBusy = useSignal(false);
  const failure = useSignal<string | undefined>(undefined);
  const form = useRef<HTMLFormElement>(null);
  const place = { on: 'modal', view: modal.id } as const;
  const wrong = Object.keys(modal.errors).join(' ');
  useEffect(() => {
    if (wrong !== '') form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [wrong, isBusy.value]);
  const submit = async () => {
    if (isBusy.value) return;
    isBusy.value = true;
    failure.value = undefined;
    const answer = await performAt(place, { do: 'submit' });
    failure.value = answer.failure;
    isBusy.value = false;
  };
  const leave = (all: boolean) => {
    void performAt(place, { do: 'close', all });
  };
  return (
    <Dialog
      class="modal"
      labelledBy="modal-title"
      onClose={() => {
        leave(false);
      }}
    >
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header class="modal-head">
          {depth > 1 && (
            <button
              type="button"
              class="icon-button"
              aria-label="Back"
              onClick={() => {
                leave(false);
              }}
            >
              <Icon name="back" />
            </button>
          )}
          <h2 id="modal-title">{modal.title}</h2>
          <button
            type="button"
            class="icon-button"
            aria-label="Close"
            onClick={() => {
              leave(true);
            }}
          >
            <Icon name="close" />
          </button>
        </header>
        <div class="modal-body">
          <Blocks blocks={modal.blocks} at={{ place, values: modal.values }} errors={modal.errors} />
        </div>
        <div role="alert">
          {failure.value !== undefined && (
            <p class="modal-failure">
              <Icon name="alert" /> {failure.value}
            </p>
          )}
        </div>
        <footer class="modal-foot">
          <button
            type="button"
            class="button"
            onClick={() => {
              leave(false);
            }}
          >
            {modal.close ?? 'Cancel'}
          </button>
          {modal.submit !== undefined && (
            <button type="submit" class="button button-primary" aria-busy={isBusy.value}>
              {modal.submit}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
