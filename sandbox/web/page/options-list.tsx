import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useAnchored } from './anchored.ts';
import type { Option } from './field.ts';

/** `option`: as the app gave it, to be handed back unchanged. */
export type Choice = {
  value: string;
  text: string;
  description?: string | undefined;
  group?: string;
  option?: Option;
};

export type Offer =
  { state: 'closed' } | { state: 'loading' | 'failed' } | { state: 'open'; choices: Choice[] };

type OptionsListProps = {
  id: string;
  name: string;
  offer: Offer;
  active: number;
  anchor: HTMLElement | null;
  children: (choice: Choice, index: number) => JSX.Element;
};

/** The offered choices, under their field or, where there is no room, above it. */
export function OptionsList({ id, name, offer, active, anchor, children }: OptionsListProps) {
  const list = useRef<HTMLUListElement>(null);
  useAnchored(list, anchor?.parentElement, 'stretch');
  useLayoutEffect(() => {
    list.current
      ?.querySelector(`#${CSS.escape(`${id}-option-${active}`)}`)
      ?.scrollIntoView({ block: 'nearest' });
  }, [active, offer]);
  const choices = offer.state === 'open' ? offer.choices : [];
  return (
    <>
      <span class="visually-hidden" role="status">
        {said(offer)}
      </span>
      <ul
        ref={list}
        id={`${id}-list`}
        class="options"
        role="listbox"
        aria-label={name}
        hidden={offer.state === 'closed'}
      >
        {choices.map((choice, index) => (
          <>
            {choice.group !== undefined && choice.group !== choices[index - 1]?.group && (
              <li class="option-group" role="presentation">
                {choice.group}
              </li>
            )}
            {children(choice, index)}
          </>
        ))}
        {choices.length === 0 && offer.state !== 'closed' && (
          <li class="option-none" role="option" aria-disabled="true" aria-selected="false">
            {said(offer)}
          </li>
        )}
      </ul>
    </>
  );
}

function said(offer: Offer): string {
  switch (offer.state) {
    case 'closed':
      return '';
    case 'loading':
      return 'Loading…';
    case 'failed':
      return 'We had some trouble connecting. Try again?';
    case 'open':
      return offer.choices.length === 0 ? 'No results' : `${offer.choices.length} results`;
  }
}
