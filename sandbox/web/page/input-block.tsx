import { Element } from './element.tsx';
import { Icon } from './icons.tsx';
import type { At, InputBlock } from './kit.ts';

/** A labelled field with its hint, and what is wrong with it right under it. */
export function Input({ block, at, error }: { block: InputBlock; at: At; error: string | undefined }) {
  const { element, label, hint, optional } = block;
  const blockId = block.block_id ?? '';
  const id = `field-${blockId}-${element.action_id ?? ''}`;
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const isGroup = element.type === 'checkboxes' || element.type === 'radio_buttons';
  const words = (
    <>
      {label.text}
      {optional === true && <span class="optional"> (optional)</span>}
    </>
  );
  return (
    <div class="input-block">
      {isGroup ? (
        <span id={`${id}-label`} class="label">
          {words}
        </span>
      ) : (
        <label id={`${id}-label`} class="label" for={id}>
          {words}
        </label>
      )}
      <Element
        element={element}
        blockId={blockId}
        at={at}
        labelling={{
          id,
          name: label.text,
          labelledBy: `${id}-label`,
          describedBy: describedBy === '' ? undefined : describedBy,
          isInvalid: error !== undefined,
          isRequired: optional !== true,
        }}
      />
      {error !== undefined && (
        <p id={`${id}-error`} class="error">
          <Icon name="alert" /> {error}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint.text}
        </p>
      )}
    </div>
  );
}
