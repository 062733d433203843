import { useSignal } from '@preact/signals';
import { Icon } from './icons.tsx';
import { Menu } from './menu.tsx';
import { perform, screen } from './state.ts';
import { Trouble } from './trouble.tsx';

type Target = { on: 'message'; channel: string; ts: string };

/** `run` resolves when the app has answered. */
function useShortcuts(message?: Target) {
  const isBusy = useSignal(false);
  const failed = useSignal(false);
  return {
    isBusy: isBusy.value,
    failed: failed.value,
    run: async (callbackId: string): Promise<void> => {
      if (isBusy.value) return;
      isBusy.value = true;
      const { failure } = await perform({ do: 'shortcut', callbackId, ...(message && { message }) });
      failed.value = failure !== undefined;
      isBusy.value = false;
    },
  };
}

/** The lightning menu of the composer. Nothing where this person finds no global shortcut. */
export function GlobalShortcuts() {
  const { isBusy, failed, run } = useShortcuts();
  const offered = screen.value?.shortcuts.global ?? [];
  if (offered.length === 0) return null;
  return (
    <>
      <Menu
        label="Shortcuts"
        name="Shortcuts"
        icon={<Icon name="bolt" />}
        class="icon-button"
        align="start"
        isBusy={isBusy}
        entries={offered.map(({ callbackId, name, description }) => ({
          key: callbackId,
          text: name,
          description,
          choose: () => void run(callbackId),
        }))}
      />
      <Trouble when={failed} />
    </>
  );
}

/** What can be done with a message, behind its three dots. */
export function MessageShortcuts({ message, author }: { message: Target; author: string }) {
  const { isBusy, failed, run } = useShortcuts(message);
  const offered = screen.value?.shortcuts.message ?? [];
  if (offered.length === 0) return null;
  return (
    <div class="message-tools">
      <Menu
        label={`More actions for the message of ${author}`}
        name="More actions"
        icon={<Icon name="more" />}
        class="icon-button"
        align="end"
        isBusy={isBusy}
        entries={offered.map(({ callbackId, name }) => ({
          key: callbackId,
          text: name,
          choose: () => void run(callbackId),
        }))}
      />
      <Trouble when={failed} />
    </div>
  );
}
