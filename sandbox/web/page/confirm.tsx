import { Dialog } from './dialog.tsx';
import { asked } from './state.ts';
import { Text } from './text.tsx';

/** The question in front of everything else. Words that the app left out are Slack's. */
export function ConfirmDialog() {
  if (asked.value === undefined) return null;
  const { confirm, answer } = asked.value;
  const no = () => {
    answer(false);
  };
  return (
    <Dialog
      class="modal confirm"
      role="alertdialog"
      labelledBy="confirm-title"
      describedBy="confirm-text"
      onClose={no}
    >
      <header class="modal-head">
        <h2 id="confirm-title">{confirm.title?.text ?? 'Are you sure?'}</h2>
      </header>
      <div class="modal-body" id="confirm-text">
        <Text text={confirm.text} />
      </div>
      <footer class="modal-foot">
        <button type="button" class="button" onClick={no}>
          {confirm.deny?.text ?? 'Cancel'}
        </button>
        <button
          type="button"
          class={confirm.style === 'danger' ? 'button button-danger' : 'button button-primary'}
          onClick={() => {
            answer(true);
          }}
        >
          {confirm.confirm?.text ?? 'Yes'}
        </button>
      </footer>
    </Dialog>
  );
}
