import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useAnchored } from './anchored.ts';

type MenuEntry = { key: string; text: string; description?: string; choose: () => void };

type MenuProps = {
  /** The name of its button. */
  label: string;
  /** The name of the menu itself. */
  name: string;
  icon: ComponentChildren;
  class: string;
  align: 'start' | 'end';
  isBusy: boolean;
  entries: readonly MenuEntry[];
};

/** A button with a menu, after the menu button pattern of the ARIA guide. */
export function Menu({ label, name, icon, align, isBusy, entries, ...rest }: MenuProps) {
  const isOpen = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const leave = () => {
    isOpen.value = false;
    opener.current?.focus();
  };
  return (
    <>
      <button
        ref={opener}
        type="button"
        class={rest.class}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={isOpen.value}
        aria-busy={isBusy}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          isOpen.value = true;
        }}
      >
        {icon}
      </button>
      {isOpen.value && (
        <Entries
          name={name}
          align={align}
          anchor={opener.current}
          entries={entries}
          onLeave={leave}
          onFocusLost={() => {
            isOpen.value = false;
          }}
        />
      )}
    </>
  );
}

type EntriesProps = Pick<MenuProps, 'name' | 'align' | 'entries'> & {
  anchor: HTMLElement | null;
  onLeave: () => void;
  onFocusLost: () => void;
};

/** Arrows, Home and End move in it, Escape leaves it. In the top layer, so that nothing that scrolls cuts it off. */
function Entries({ name, align, anchor, entries, onLeave, onFocusLost }: EntriesProps) {
  const menu = useRef<HTMLDivElement>(null);
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
  useLayoutEffect(() => {
    menu.current?.showPopover();
    items()[0]?.focus();
  }, []);
  useAnchored(menu, anchor, align);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = items();
    const at = all.findIndex((one) => one === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) onLeave();
    else all.at(to % all.length)?.focus();
  };
  return (
    <div
      ref={menu}
      popover="manual"
      class="menu"
      role="menu"
      aria-label={name}
      onKeyDown={onKeyDown}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        // A press on the button itself closes it there.
        const isInside = relatedTarget instanceof Node && currentTarget.contains(relatedTarget);
        if (!isInside && relatedTarget !== anchor) onFocusLost();
      }}
    >
      {entries.map(({ key, text, description, choose }) => (
        <button
          key={key}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class="menu-item"
          onClick={() => {
            onLeave();
            choose();
          }}
        >
          {text}
          {description !== undefined && <small>{description}</small>}
        </button>
      ))}
    </div>
  );
}
