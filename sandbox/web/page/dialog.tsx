import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** As Slack does; without one the browser takes the first button. */
const firstField = '[autofocus], .modal-body :is(input, textarea)';

type DialogProps = {
  labelledBy: string;
  describedBy?: string;
  class: string;
  role?: 'alertdialog';
  onClose: () => void;
  children: ComponentChildren;
};

/** Makes the rest of the page inert while it stands, and gives the focus back to where it was. */
export function Dialog({ labelledBy, describedBy, onClose, children, ...rest }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const own = dialog.current;
    const before = document.activeElement;
    own?.showModal();
    own?.querySelector<HTMLElement>(firstField)?.focus();
    return () => {
      own?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={rest.class}
      role={rest.role}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      onCancel={(event) => {
        event.preventDefault();
        if (event.target === dialog.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
